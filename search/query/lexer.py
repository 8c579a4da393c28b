"""Splits a PubMed query into operators, parentheses, quoted phrases, words and field tags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from search.query.findings import Place, Places, StrategyError
from search.query.foreign import foreign

__all__ = ["LOOKALIKES", "MAX_LENGTH", "Sign", "Token", "tokens", "unpaired_quote"]

LOOKALIKES = "“”„‟«»″＂"
"""Signs that look like a double quote and are none to PubMed."""

MAX_LENGTH = 2_000_000
"""Characters; PubMed itself takes far fewer."""

_SHOWN = 40
_SIGNS = re.compile(
    rf"""
    (?P<blank>[\s{LOOKALIKES}]+)
  | (?P<open>\() | (?P<close>\))
  | "(?P<quoted>[^"]*)"
  | (?P<stray>")
  | \[(?P<tag>[^\[\]"]*)\]
  | (?P<bracket>[\[\]])
  | (?P<word>[^\s()\[\]"{LOOKALIKES}]+)
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


@dataclass(frozen=True, slots=True)
class Token:
    """One sign of the query, its text without quotes or brackets, and its place."""

    sign: Sign
    text: str
    place: Place


def tokens(text: str, first: int = 1) -> Iterator[Token]:
    """Give the tokens in order. Typographic quotes and a quote without its pair are passed over.

    Parameters
    ----------
    first
        The line at which the text begins in its file.

    Raises
    ------
    StrategyError
        For a square bracket without its pair or without a tag, a line number of a search history, the syntax
        of another database, or a text longer than `MAX_LENGTH`.
    """
    if len(text) > MAX_LENGTH:
        raise StrategyError(first, 1, f"{len(text)} characters", f"a query of at most {MAX_LENGTH}")
    places = Places(text, first)
    for match in _SIGNS.finditer(text):
        kind = match.lastgroup or ""
        if kind not in {"blank", "stray"}:
            yield _token(kind, " ".join(match.group(kind).split()), places.at(match.start()))


def unpaired_quote(text: str) -> int | None:
    """Offset of the double quote that lacks its pair, or None."""
    return next((match.start() for match in _SIGNS.finditer(text) if match.lastgroup == "stray"), None)


def _token(kind: str, text: str, place: Place) -> Token:
    if kind == "bracket" or (kind == "tag" and not text):
        found = f"{text!r}" if text else "empty brackets"
        raise StrategyError(place.line, place.column, found, "a tag in brackets, as in [tiab]")
    if kind == "word" and (expected := foreign(text)):
        raise StrategyError(place.line, place.column, f"{text[:_SHOWN]!r}", expected)
    return Token(_sign(kind, text), text, place)


def _sign(kind: str, text: str) -> Sign:
    if kind == "word" and text in {"AND", "OR", "NOT"}:
        return Sign.OPERATOR
    return Sign(kind)
