"""What RIS and Web of Science share: lines that bear a tag, and lines that continue the one before."""

from collections.abc import Collection

from search.files.importing import Rejected
from search.files.raw import Raw

__all__ = ["Cut"]


class Cut:
    """The lines of one entry, while they are gathered.

    Parameters
    ----------
    line
        Where it begins.
    opened_by
        The tag that it should begin with; empty where it did.
    lists
        Tags whose further lines are further values.
    """

    def __init__(self, line: int, lists: Collection[str], *, opened_by: str = "") -> None:
        self._line = line
        self._lists = lists
        self._missing = opened_by
        self._values: list[tuple[str, list[str]]] = []

    def add(self, tag: str, value: str) -> None:
        """Add a line; without a tag it belongs to the one before."""
        if tag or (self._values and self._values[-1][0] in self._lists):
            self._values.append((tag or self._values[-1][0], [value]))
        elif self._values:
            self._values[-1][1].append(value)

    def done(self) -> Raw | Rejected:
        """Return the entry."""
        if self._missing:
            return Rejected(self._line, f"lines without a {self._missing} line before them")
        return Raw(self._line, tuple((tag, "\n".join(lines)) for tag, lines in self._values))
