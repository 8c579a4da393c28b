"""Places in a query, what a person should look at there, and the error of a query without a reading."""

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Finding", "Place", "Places", "Severity", "StrategyError"]


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """PubMed would answer another question than the one written."""
    WARNING = "warning"
    """Allowed, and seldom what was meant; or an answer that changes with time."""
    NOTE = "note"
    """True and harmless: it adds nothing, or cannot be evaluated offline."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in the text; both count from 1."""

    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


class Places:
    """Turns offsets of one text into places, quickly for many of them.

    Parameters
    ----------
    first
        The line at which the text begins in its file.
    """

    def __init__(self, text: str, first: int = 1) -> None:
        self._before = first - 1
        self._starts = [0, *(offset + 1 for offset, sign in enumerate(text) if sign == "\n")]

    def at(self, offset: int) -> Place:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return Place(self._before + line, offset - self._starts[line - 1] + 1)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something in a strategy that a person should look at.

    Parameters
    ----------
    line, column
        Where, counting from 1.
    code
        A stable name of the kind of finding; docs/reference/strategies.md lists them.
    advice
        What to do about it.
    """

    line: int
    column: int
    code: str
    severity: Severity
    message: str
    advice: str = ""

    def __str__(self) -> str:
        advice = f"; {self.advice}" if self.advice else ""
        return f"line {self.line}, column {self.column}: {self.message}{advice}"


class StrategyError(ValueError):
    """A query that has no reading.

    Parameters
    ----------
    line, column
        Where, counting from 1.
    where
        The file, where it comes from one.
    """

    def __init__(self, line: int, column: int, found: str, expected: str, where: str = "") -> None:
        self.line, self.column, self.found, self.expected, self.where = line, column, found, expected, where
        source = f"{where}: " if where else ""
        super().__init__(f"{source}line {line}, column {column}: found {found}; expected {expected}")

    def inside(self, where: str) -> "StrategyError":
        """Restate the error with the file that the query was taken from."""
        return StrategyError(self.line, self.column, self.found, self.expected, where)
