"""Splits a PubMed query into operators, parentheses, quoted phrases, words and field tags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

__all__ = ["Finding", "Place", "Sign", "StrategyError", "Token", "place_of", "tokens", "unpaired_quote"]

_TYPOGRAPHIC = "“”„‟«»"
_SIGNS = re.compile(
    r"""
    (?P<blank>[\s“”„‟«»]+)
  | (?P<open>\() | (?P<close>\))
  | "(?P<quoted>[^"]*)"
  | (?P<stray>")
  | \[(?P<tag>[^\[\]"]*[^\s\[\]"][^\[\]"]*)\]
  | (?P<bracket>[\[\]])
  | (?P<word>[^\s()\[\]"“”„‟«»]+)
    """,
    re.VERBOSE,
)


class Sign(Enum):
    """What a token is."""

    OPEN = "open"
    CLOSE = "close"
    OPERATOR = "operator"
    QUOTED = "quoted"
    TAG = "tag"
    WORD = "word"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in the text; both count from 1."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Token:
    """One sign of the query, its text without quotes or brackets, and its place."""

    sign: Sign
    text: str
    place: Place


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something in a strategy that a person should look at; line and column count from 1."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"


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

    def moved(self, where: str, lines: int) -> "StrategyError":
        """Restate the error for the file that the query was taken from, `lines` further down."""
        return StrategyError(self.line + lines, self.column, self.found, self.expected, where)


def tokens(text: str) -> Iterator[Token]:
    """Give the tokens in order. Typographic quotes and a quote without its pair are passed over.

    Raises
    ------
    StrategyError
        For a square bracket without its pair.
    """
    for match in _SIGNS.finditer(text):
        kind = match.lastgroup or ""
        if kind in {"blank", "stray"}:
            continue
        place = place_of(text, match.start())
        if kind == "bracket":
            raise StrategyError(
                place.line, place.column, f"{match.group()!r}", "a tag in brackets, as in [tiab]"
            )
        yield Token(_sign(kind, match.group(kind)), " ".join(match.group(kind).split()), place)


def place_of(text: str, offset: int) -> Place:
    """Line and column of an offset."""
    before = text.rfind("\n", 0, offset)
    return Place(text.count("\n", 0, offset) + 1, offset - before)


def unpaired_quote(text: str) -> int | None:
    """Offset of the double quote that lacks its pair, or None."""
    return next((match.start() for match in _SIGNS.finditer(text) if match.lastgroup == "stray"), None)


def _sign(kind: str, text: str) -> Sign:
    if kind == "word" and text in {"AND", "OR", "NOT"}:
        return Sign.OPERATOR
    return Sign(kind)
