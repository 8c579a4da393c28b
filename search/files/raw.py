"""An entry as its file writes it, and the words by which each format calls what a record holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from search.files.importing import FieldUse, Rejected, Said, one_line

__all__ = ["Fields", "Raw", "Tally", "Vocabulary"]

Vocabulary = Mapping[str, tuple[str, ...]]
"""What a record holds, and the names under which a format writes it, the most telling first."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One entry: the line it begins on, and its names with their values, in the file's order."""

    line: int
    values: tuple[tuple[str, str], ...]


class Fields:
    """The values of one entry, asked for by what they mean."""

    def __init__(self, raw: Raw, vocabulary: Vocabulary) -> None:
        self.line = raw.line
        self._vocabulary = vocabulary
        self._values: dict[str, list[str]] = {}
        for name, value in raw.values:
            if text := one_line(value):
                self._values.setdefault(name, []).append(text)

    def first(self, meaning: str) -> str:
        """Return the first value under the most telling name that is filled; empty where none is."""
        return next(iter(self.under_first(meaning)), "")

    def under_first(self, meaning: str) -> list[str]:
        """Return all values under the most telling name that is filled."""
        names = self._vocabulary.get(meaning, ())
        return next((self._values[name] for name in names if name in self._values), [])

    def every(self, *meanings: str) -> list[str]:
        """Return the values under all names, each once."""
        names = [name for meaning in meanings for name in self._vocabulary.get(meaning, ())]
        return list(dict.fromkeys(value for name in names for value in self._values.get(name, ())))


@dataclass(slots=True)
class Tally:
    """Counts in how many entries each name is filled, while these pass by."""

    vocabulary: Vocabulary
    names: dict[str, str] = field(default_factory=dict)
    filled: dict[str, int] = field(default_factory=dict)

    def counting(self, entries: Iterable[Raw | Rejected | Said]) -> Iterator[Raw | Rejected | Said]:
        """Hand the entries on."""
        for entry in entries:
            if isinstance(entry, Raw):
                for name in dict.fromkeys(name for name, value in entry.values if value.strip()):
                    self.filled[name] = self.filled.get(name, 0) + 1
            yield entry

    def uses(self) -> tuple[FieldUse, ...]:
        """Return what became of each name.

        Notes
        -----
        `names` holds the words by which people know a bare tag.
        """
        becomes: dict[str, list[str]] = {}
        for meaning, names in self.vocabulary.items():
            for name in names:
                becomes.setdefault(name, []).append(meaning)
        return tuple(
            FieldUse(name=self._told(name), becomes=", ".join(becomes.get(name, ())), filled=count)
            for name, count in self.filled.items()
        )

    def _told(self, name: str) -> str:
        return f"{name} ({self.names[name]})" if name in self.names else name
