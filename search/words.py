"""Words as PubMed breaks them: case and accents folded, everything but letters and digits a break."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

__all__ = ["BREAK", "fold", "folded_line", "folded_stems", "folded_words"]

BREAK = "\x01"
"""Stands between two fields or keywords on a line of words."""

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_PUNCTUATION = str.maketrans({chr(sign): " " for sign in range(128) if not chr(sign).isalnum()})
_PUNCTUATION_BUT_STAR = {sign: blank for sign, blank in _PUNCTUATION.items() if sign != ord("*")}
_PUNCTUATION_BUT_BREAK = {sign: blank for sign, blank in _PUNCTUATION.items() if sign != ord(BREAK)}
# Letters that Unicode does not decompose but PubMed files under their base letter.
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)


def fold(text: str) -> str:
    """Lower-case, without accents, typographic signs as blanks; applying it twice changes nothing."""
    return (text if text.isascii() else _BEYOND_ASCII.sub(_folded_sign, text)).lower()


def folded_words(text: str) -> list[str]:
    """Give the words of a text in order: ``Web-based`` is ``web``, ``based``."""
    return fold(text).translate(_PUNCTUATION).split()


def folded_stems(text: str) -> list[str]:
    """Give the words of a text as `folded_words` does, but leave ``*`` where it stands in them."""
    return fold(text).translate(_PUNCTUATION_BUT_STAR).split()


def folded_line(parts: Iterable[str]) -> str:
    """Put the words of all parts on one line, in blanks; no phrase crosses the `BREAK` between two parts."""
    spaced = fold(BREAK.join(parts)).translate(_PUNCTUATION_BUT_BREAK).replace(BREAK, f" {BREAK} ")
    return f" {' '.join(spaced.split())} "


def _folded_sign(match: re.Match[str]) -> str:
    return _folded(match.group())


@cache
def _folded(sign: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", sign).casefold())
    plain = "".join(part for part in decomposed if not unicodedata.combining(part))
    return "".join(part if part.isalnum() else " " for part in plain.translate(_UNDECOMPOSED))
