"""How alike two citations are: titles, first authors, places; each may also be unknown."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from functools import lru_cache
from itertools import takewhile
from unicodedata import name

from review.record import Record
from search.words import folded_words

__all__ = ["Likeness", "Titles", "compare", "normal_title", "title_words"]

NEAR = 0.9
"""Titles whose letters agree at least so far (difflib's ratio) may be one title with a slip in it."""

_MARKUP = re.compile(r"</?[a-z]+[^<>]*>|&lt;/?[a-z]+&gt;", re.IGNORECASE)
_GREEK = re.compile("[α-ω]")
_ARTICLES = frozenset({"the", "a", "an"})
_NUMBER = re.compile(r"\d+[a-z]*|[ivx]+")
_TELLING = re.compile(
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|first|second|third|fourth|fifth|"
    "part|protocol|followup|follow|pilot|feasibility|rationale|design|secondary|subgroup|preliminary|baseline|"
    "erratum|correction|corrigendum|retraction|retracted|withdrawn|reply|response|comment|commentary|letter|"
    "editorial|cost|economic|longterm|long|term|weeks?|months?|years?|updated?|replication"
)
"""Words by which reports of one study differ from each other; one of them in one title only is no slip."""

_INITIALS = re.compile(r"[A-Z][A-Z.\-]{0,5}\.?")
_PAGE = re.compile(r"[a-z]*0*(\d+)")


class Titles(Enum):
    """How far two titles agree."""

    SAME = "same"
    NEAR = "near"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Likeness:
    """What agrees between two citations; None where one of them does not say.

    Parameters
    ----------
    closeness
        Ratio of agreeing letters of the titles, 0 to 1.
    years
        Years between them.
    """

    titles: Titles
    closeness: float
    author: bool | None
    page: bool | None
    volume: bool | None
    years: int | None


def compare(one: Record, other: Record) -> Likeness:
    """Return how alike two citations are, identifiers left aside."""
    closeness = _closeness(one.title, other.title)
    return Likeness(
        titles=_titles(one.title, other.title, closeness),
        closeness=closeness,
        author=_same_author(_first_author(one), _first_author(other)),
        page=_equal(_first_page(one.pages), _first_page(other.pages)),
        volume=_equal(_volume(one.volume), _volume(other.volume)),
        years=None if one.year is None or other.year is None else abs(one.year - other.year),
    )


def normal_title(title: str) -> str:
    """Return the letters and digits of a title, without markup, accents, case and leading article."""
    return "".join(title_words(title))


@lru_cache(maxsize=4096)
def title_words(title: str) -> tuple[str, ...]:
    """Return the words that `normal_title` joins; Greek letters are spelled out."""
    plain = _MARKUP.sub("", title).lower()
    words = folded_words(_GREEK.sub(_spelled, plain))
    return tuple(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


def _spelled(letter: re.Match[str]) -> str:
    return name(letter[0]).split()[-1].lower().replace("lamda", "lambda")


def _closeness(one: str, other: str) -> float:
    first, second = normal_title(one), normal_title(other)
    return 1.0 if first == second else SequenceMatcher(None, first, second, autojunk=False).ratio()


def _titles(one: str, other: str, closeness: float) -> Titles:
    if not title_words(one) or not title_words(other):
        return Titles.OTHER
    if closeness == 1.0:
        return Titles.SAME
    return Titles.NEAR if closeness >= NEAR and not _telling_difference(one, other) else Titles.OTHER


def _telling_difference(one: str, other: str) -> set[str]:
    """Return the words that one title has and the other lacks, where they tell reports apart."""
    difference = set(title_words(one)) ^ set(title_words(other))
    return {word for word in difference if _TELLING.fullmatch(word) or _NUMBER.fullmatch(word)}


def _equal(one: str, other: str) -> bool | None:
    return one == other if one and other else None


def _first_author(record: Record) -> tuple[str, ...]:
    """Return the first author's surname: the words before a comma or initials, or after leading initials."""
    before, comma, _ = (record.authors[0] if record.authors else "").partition(",")
    words = before.replace(".", ". ").split()
    surname = words if comma else list(takewhile(lambda word: not _INITIALS.fullmatch(word), words))
    return tuple(folded_words(" ".join(surname or words[-1:])))


def _same_author(one: tuple[str, ...], other: tuple[str, ...]) -> bool | None:
    """Return whether one surname is the other, or begins it (where a given name follows)."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared] if shared else None


def _first_page(pages: str) -> str:
    match = _PAGE.match(pages.strip().lower())
    return match[1] if match else ""


def _volume(volume: str) -> str:
    found = re.search(r"\d+", volume)
    return found[0].lstrip("0") if found else ""
