"""Reading what people type: fields are bounded, numbers finite, choices one of those offered."""

import math
from collections.abc import Iterable, Mapping
from typing import TypeVar

from triage.errors import WrongError

__all__ = ["Fields", "identifier"]

LONGEST_ID = 200
LONGEST_TEXT = 2_000
_MOST = 100_000_000

Choice = TypeVar("Choice", bound=str)


def identifier(text: str, what: str) -> str:
    """Return an identifier from an address or a form: one line of at most 200 printable characters.

    Raises
    ------
    WrongError
        When it is empty, too long, or holds control characters.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_ID or not text.isprintable():
        raise WrongError(f"{what}: found {text[:40]!r}; expected 1 to {LONGEST_ID} printable characters")
    return text


class Fields:
    """The fields of one form, or of one JSON body."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = dict(values)

    def text(self, name: str, longest: int = LONGEST_TEXT) -> str:
        """Return a field's text without surrounding space; empty where it is not there."""
        found = self.values.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()
        if len(found) > longest:
            raise WrongError(f"{_said(name)}: found {len(found)} characters; expected at most {longest}")
        return found

    def required(self, name: str, why: str, longest: int = LONGEST_TEXT) -> str:
        """Return a field that must not be empty; `why` is the sentence said where it is."""
        found = self.text(name, longest)
        if not found:
            raise WrongError(why)
        return found

    def choice(self, name: str, choices: Iterable[Choice], *, empty: Choice | None = None) -> Choice:
        """Return one of the choices offered; `empty` stands for a field left open, where that is allowed."""
        found = self.text(name, LONGEST_ID)
        if not found and empty is not None:
            return empty
        offered = list(choices)
        match = next((one for one in offered if str(one) == found), None)
        if match is None:
            raise WrongError(
                f"{_said(name)}: found {found[:40]!r}; choose one of: {', '.join(map(str, offered))}"
            )
        return match

    def number(self, name: str) -> float | None:
        """Return a finite number, written with a decimal point; None where the field is empty."""
        found = self.text(name, 40)
        if not found:
            return None
        try:
            value = float(found.replace("−", "-"))
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or abs(value) > _MOST:
            raise WrongError(f"{_said(name)}: found {found!r}; expected a number such as 0.25")
        return value

    def count(self, name: str) -> int | None:
        """Return a whole number from 0 up; None where the field is empty."""
        found = self.text(name, 12)
        if not found:
            return None
        if not (found.isascii() and found.isdigit()) or int(found) > _MOST:
            raise WrongError(f"{_said(name)}: found {found!r}; expected a whole number, 0 or more")
        return int(found)

    def ticked(self, name: str) -> bool:
        """Return whether a box is ticked."""
        return bool(self.values.get(name))


def _said(name: str) -> str:
    return name.replace("_", " ")
