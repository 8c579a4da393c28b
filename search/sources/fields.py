"""Fields of a JSON answer by path: absent is empty, a wrong type is an error that names the path."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from search.errors import BadReply

__all__ = ["Fields"]

T = TypeVar("T")

_UNSAYABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of characters: no text, and neither databases nor XML hold them."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object and where it came from.

    Parameters
    ----------
    where
        The question it answers or the record it is of, for the text of errors.

    Notes
    -----
    Every method takes a path of keys. ``null`` counts as absent.
    """

    where: str
    given: Mapping[str, object]

    def text(self, *path: str) -> str:
        """Return a text, trimmed, a whole number as its digits, or nothing; raises BadReply."""
        value = self._at(path)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return "" if value is None else _sayable(self._of(str, value, path))

    def number(self, *path: str) -> int | None:
        """Return a whole number, be it written as a text, or None; raises BadReply."""
        text = self.text(*path)
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) < 16):
            raise self._unlike(path, repr(text[:40]), "a number")
        return int(text)

    def day(self, *path: str) -> date | None:
        """Return the day that a text begins with, or None where it names none; raises BadReply."""
        match = _DAY.match(self.text(*path))
        try:
            return date.fromisoformat(match[0]) if match else None
        except ValueError:
            return None

    def texts(self, *path: str) -> tuple[str, ...]:
        """Return a list of texts, empty ones left out; one text alone is a list of one; raises BadReply."""
        value = self._at(path)
        several = [value] if isinstance(value, str) else self._list(value, path)
        return tuple(text for item in several if (text := _sayable(self._of(str, item, path))))

    def items(self, *path: str) -> tuple["Fields", ...]:
        """Return a list of objects; raises BadReply."""
        several = self._list(self._at(path), path)
        where = f"{self.where}, {'.'.join(path)}"
        return tuple(Fields(where, self._of(dict, item, path)) for item in several)

    def has(self, *path: str) -> bool:
        """Return whether anything but ``null`` is there; raises BadReply."""
        return self._at(path) is not None

    def expect(self, *path: str) -> None:
        """Raise BadReply unless something is there."""
        if not self.has(*path):
            raise self._unlike(path, "nothing", "something")

    def _at(self, path: tuple[str, ...]) -> object:
        value: object = self.given
        for depth, key in enumerate(path):
            if value is None:
                return None
            value = self._of(dict, value, path[:depth]).get(key)
        return value

    def _list(self, value: object, path: tuple[str, ...]) -> list[object]:
        return [] if value is None else self._of(list, value, path)

    def _of(self, kind: type[T], value: object, path: tuple[str, ...]) -> T:
        if not isinstance(value, kind):
            raise self._unlike(path, type(value).__name__, kind.__name__)
        return value

    def _unlike(self, path: tuple[str, ...], found: str, expected: str) -> BadReply:
        return BadReply(
            f"{self.where}: found {found} at {'.'.join(path) or 'the top'}; expected {expected}; try again"
        )


def _sayable(text: str) -> str:
    return (text if text.isprintable() else _UNSAYABLE.sub("\ufffd", text)).strip()
