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

__all__ = [
    "NEAR",
    "Likeness",
    "Sketch",
    "Titles",
    "alike",
    "closeness",
    "compare",
    "normal_title",
    "sketch",
    "surname",
    "title_words",
]

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
    "editorial|cost|costs|economic|economics|longterm|long|term|weeks?|months?|years?|updated?|replication|"
    "review|meta|metaanalysis|moderators?|mediators?|predictors?|exploratory|interim|extension|process|methods"
)
"""Words by which reports of one study differ from each other; one of them in one title only is no slip."""

_WHOLE = 0.5
"""Share of letters in words that both titles have; below it they are not compared letter by letter."""

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
    telling
        Words of one title only by which reports of one study differ: numbers, parts, *protocol* and the like.
    """

    titles: Titles
    closeness: float
    author: bool | None
    page: bool | None
    volume: bool | None
    years: int | None
    telling: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A citation as it is compared; empty, or None, is what it does not say.

    Parameters
    ----------
    words
        Those of the title; `title` is the same in one piece.
    author
        The words of the first author's surname.
    page, volume
        Their first number.
    """

    words: tuple[str, ...]
    title: str
    author: tuple[str, ...]
    page: str
    volume: str
    year: int | None


def sketch(record: Record) -> Sketch:
    """Read from a record what is compared."""
    words = title_words(record.title)
    return Sketch(
        words=words,
        title="".join(words),
        author=surname(record.authors[0]) if record.authors else (),
        page=_first_page(record.pages),
        volume=_volume(record.volume),
        year=record.year,
    )


def compare(one: Record, other: Record) -> Likeness:
    """Return how alike two citations are, identifiers left aside."""
    return alike(sketch(one), sketch(other))


def alike(one: Sketch, other: Sketch, *, floor: float = 0.0) -> Likeness:
    """Return how alike two sketches are; a closeness below `floor` is given as 0, which is quicker."""
    ratio = 0.0 if floor and _far_apart(one, other, floor) else closeness(one.title, other.title)
    ratio = ratio if ratio >= floor else 0.0
    told = one.words and other.words and one.words != other.words
    telling = _telling(one.words, other.words) if told else frozenset()
    return Likeness(
        titles=_titles(one, other, ratio, telling),
        closeness=ratio,
        author=_same_author(one.author, other.author),
        page=_equal(one.page, other.page),
        volume=_equal(one.volume, other.volume),
        years=None if one.year is None or other.year is None else abs(one.year - other.year),
        telling=telling,
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


def surname(author: str) -> tuple[str, ...]:
    """Return the words of a surname: those before a comma or initials, or after leading initials."""
    before, comma, _ = author.partition(",")
    words = before.replace(".", ". ").split()
    name = words if comma else list(takewhile(lambda word: not _INITIALS.fullmatch(word), words))
    return tuple(folded_words(" ".join(name or words[-1:])))


def closeness(one: str, other: str) -> float:
    """Return the ratio of agreeing letters of two texts, 0 to 1 (difflib's)."""
    return 1.0 if one == other else _ratio(*sorted((one, other)))


@lru_cache(maxsize=16384)
def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _far_apart(one: Sketch, other: Sketch, floor: float) -> bool:
    """Return whether titles are below `floor`, by what is quick to see: lengths and shared words.

    Slips leave most words whole; of titles with few words in common the letters are not compared.
    """
    whole = len(one.title) + len(other.title)
    shared = sum(map(len, set(one.words) & set(other.words)))
    return 2 * min(len(one.title), len(other.title)) < floor * whole or 2 * shared < _WHOLE * whole


def _titles(one: Sketch, other: Sketch, ratio: float, telling: frozenset[str]) -> Titles:
    if not one.words or not other.words:
        return Titles.OTHER
    if ratio == 1.0:
        return Titles.SAME
    return Titles.NEAR if ratio >= NEAR and not telling else Titles.OTHER


def _telling(one: tuple[str, ...], other: tuple[str, ...]) -> frozenset[str]:
    """Return the words that one title has and the other lacks, where they tell reports apart."""
    return frozenset(word for word in set(one) ^ set(other) if _tells(word))


@lru_cache(maxsize=65536)
def _tells(word: str) -> bool:
    return bool(_TELLING.fullmatch(word) or _NUMBER.fullmatch(word))


def _equal(one: str, other: str) -> bool | None:
    return one == other if one and other else None


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
