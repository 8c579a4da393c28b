"""Whether two records are one report: identical identifiers say so, anything else only suggests it.

Confidence orders suggestions by what would have to be wrong for them to be false; it is no probability. The
steps follow from what places and titles are, not from a labelled set (docs/decisions/linking.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from search.links.keys import DISTINCT, LONG
from search.links.likeness import Likeness, Titles, closeness
from search.links.study_words import kind_of_report
from search.links.traits import Traits, same_journal

__all__ = ["YEARS", "Verdict", "conflict", "same_report"]

YEARS = 2
"""Labels, online and print dates of one report were seen up to two years apart."""

_PLACED = 0.98
"""One title on one page of one volume: two documents cannot stand there."""
_TITLED = 0.95
"""One title by one author in one volume."""
_LIKELY = 0.9
_LIKELY_BUT = 0.85
"""As likely, were it not for an identifier, a page or a year that speaks against it."""
_PLACE_ONLY = 0.8
"""One page of one volume of one journal by one author, under quite another title: often a translated one."""
_SPELT = 0.8
"""One title by one author but for some words that are spelt in two ways, or differ in one volume."""
_UNSURE = 0.6
"""One title, and too little else to go by."""
_DOUBTFUL = 0.5

_ONE_WORD = 0.8
"""Closeness of two spellings of a word: *tumor* and *tumour*, not *men* and *women*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What speaks for two records being one report, in words, and whether it is enough to merge them.

    Parameters
    ----------
    confidence
        0 to 1; 1 where the two merge.
    """

    rule: str
    confidence: float
    merges: bool = False


def same_report(one: Traits, other: Traits, like: Likeness) -> Verdict | None:
    """Return what speaks for two records being one report; None where nothing does, or a word says no.

    Parameters
    ----------
    like
        How alike the two are; with `like.telling`, such as *protocol* or *follow-up*, they are two reports.
    """
    identifier = next(
        (kind for kind, mine, theirs in _identifiers(one, other) if mine and mine == theirs), ""
    )
    if identifier:
        return _by_identifier(one, other, like, identifier)
    if one.preprint != other.preprint or bool(one.registered) != bool(other.registered):
        return None
    if conflict(one, other):
        return _despite_identifiers(one, other, like)
    return _by_title(one, other, like) or _by_place(one, other, like)


def conflict(one: Traits, other: Traits) -> str:
    """Return the kind of identifier that both have and that differs; empty where none does."""
    pairs = _identifiers(one, other)
    return next((kind for kind, mine, theirs in pairs if mine and theirs and mine != theirs), "")


def _identifiers(one: Traits, other: Traits) -> Iterator[tuple[str, str, str]]:
    yield "PMID", one.pmid, other.pmid
    yield "DOI", one.doi, other.doi
    yield "PMCID", one.pmcid, other.pmcid
    yield "registration", one.registered, other.registered


def _by_identifier(one: Traits, other: Traits, like: Likeness, identifier: str) -> Verdict | None:
    """Merge where nothing speaks against it: a DOI may be a whole supplement's, or copied by mistake."""
    # A PMID or a register's number is one entry's only: its title may change, but files copy numbers wrongly.
    numbered = identifier in {"PMID", "registration"}
    told_apart = not numbered and like.titles is Titles.OTHER and _told_apart(like)
    if told_apart and not (like.page and _begins(one, other)):
        return None
    titles = _titles(one, other, like)
    doubts = _misassigned(one, other, like, titles) if identifier == "PMID" else ()
    against = _against(one, other, doubts if numbered else _misplaced(like))
    untitled = not one.sketch.words or not other.sketch.words
    if not against and (numbered or untitled or like.titles is not Titles.OTHER):
        rule = f"same {identifier}" if numbered else f"same {identifier}, {titles}"
        return Verdict(rule=rule, confidence=1.0, merges=True)
    believed = _LIKELY_BUT if doubts else _shared(like, titles, against)
    return Verdict(rule=f"same {identifier}, {titles}{against}", confidence=believed)


def _misassigned(one: Traits, other: Traits, like: Likeness, titles: str) -> tuple[str, ...]:
    """Return what says that a PMID stands on two documents: titles, and first author or year, differ.

    A title that many share (*Reply*) says as little as another one. Trials of one group differ in a number or
    a word of the title and in nothing else that a citation says, but for the page.
    """
    apart = (
        *(("another first author",) if like.author is False else ()),
        *((f"{like.years} years apart",) if (like.years or 0) > YEARS else ()),
    )
    if like.titles is Titles.OTHER and like.telling and not like.page:
        return (*apart, f"{', '.join(sorted(like.telling))} in one title only")
    if titles == _ANOTHER:
        return apart or (() if like.author else ("no first author to compare",))
    return apart if 0 < min(len(one.sketch.title), len(other.sketch.title)) < DISTINCT else ()


def _told_apart(like: Likeness) -> bool:
    """Return whether a word tells the two apart; numbers alone may be a database's, put behind the title."""
    return bool(kind_of_report([word for word in like.telling if not word.isdigit()]))


def _shared(like: Likeness, titles: str, against: str) -> float:
    """Return how far two records with one identifier are to be believed that do not merge."""
    if titles == _ANOTHER:
        return _LIKELY_BUT if like.page and like.author else _DOUBTFUL
    return _LIKELY_BUT if against else _LIKELY


def _despite_identifiers(one: Traits, other: Traits, like: Likeness) -> Verdict | None:
    """Two documents have no place in common: one of the identifiers is wrong, or a second one."""
    timed = like.volume or (like.volume is None and like.years == 0)
    if like.titles is Titles.OTHER or not like.page or like.author is False or not (timed or like.author):
        return None
    if (like.years or 0) > YEARS:
        return None
    rule = f"{like.titles.value} title, same first page{_against(one, other, ())}"
    return Verdict(rule=rule, confidence=_LIKELY_BUT)


def _by_title(one: Traits, other: Traits, like: Likeness) -> Verdict | None:
    titles = _titles(one, other, like)
    if titles in {_ANOTHER, "no title"} or like.telling:
        return None
    length = min(len(one.sketch.title), len(other.sketch.title))
    verdict = _in_place(like, titles, length, spelt=_only_slips(one, other))
    if verdict and (like.years or 0) > YEARS:
        return Verdict(rule=f"{verdict.rule}, but {like.years} years apart", confidence=_UNSURE)
    return verdict


def _in_place(like: Likeness, titles: str, length: int, *, spelt: bool) -> Verdict | None:
    """Weigh one title by its place: page before volume before author.

    Parameters
    ----------
    spelt
        The titles are one but for the spelling of some words.
    """
    short = length < DISTINCT
    slip = titles != f"{Titles.SAME.value} title"
    if like.page and (like.author if short else like.author is not False or like.volume):
        return Verdict(rule=f"{titles}, same first page", confidence=_TITLED if slip else _PLACED)
    if like.page is False or like.volume is False or like.author is False or (short and not like.volume):
        return None
    if not like.author:
        return (
            None if short else Verdict(rule=f"{titles}, nothing that differs", confidence=_bare(like, length))
        )
    rule = f"{titles}, same first author, no place that differs"
    if slip:
        return Verdict(rule=rule, confidence=_SPELT if like.volume or spelt else _UNSURE)
    return Verdict(rule=rule, confidence=_TITLED if like.volume else _LIKELY)


def _bare(like: Likeness, length: int) -> float:
    timely = like.years is not None and like.years <= 1
    return _PLACE_ONLY if like.titles is Titles.SAME and timely and length >= LONG else _UNSURE


def _by_place(one: Traits, other: Traits, like: Likeness) -> Verdict | None:
    placed = like.page and like.volume and like.years == 0 and like.author
    if not placed or like.telling or not same_journal(one.record.journal, other.record.journal):
        return None
    return Verdict(
        rule="another title, same journal, volume, first page and first author", confidence=_PLACE_ONLY
    )


def _only_slips(one: Traits, other: Traits) -> bool:
    """Return whether the words that differ are the same ones spelt, or parted, in two ways."""
    mine = [word for word in one.sketch.words if word not in other.sketch.words]
    theirs = [word for word in other.sketch.words if word not in one.sketch.words]
    if "".join(mine) == "".join(theirs):
        return True
    paired = zip(mine, theirs, strict=False)
    return len(mine) == len(theirs) and all(closeness(a, b) >= _ONE_WORD for a, b in paired)


def _titles(one: Traits, other: Traits, like: Likeness) -> str:
    if like.titles is not Titles.OTHER:
        return f"{like.titles.value} title"
    if not one.sketch.words or not other.sketch.words:
        return "no title"
    return "one title begins the other" if _begins(one, other) else _ANOTHER


_ANOTHER = "another title"


def _begins(one: Traits, other: Traits) -> bool:
    """Return whether a title lacks nothing but the end of the other, such as a subtitle."""
    short, long = sorted((one.sketch.title, other.sketch.title), key=len)
    return len(short) >= DISTINCT and long.startswith(short)


def _misplaced(like: Likeness) -> tuple[str, ...]:
    page = ("different first page",) if like.page is False else ()
    return (*page, f"{like.years} years apart") if (like.years or 0) > YEARS else page


def _against(one: Traits, other: Traits, more: tuple[str, ...]) -> str:
    differing = conflict(one, other)
    doubts = (*((f"different {differing}",) if differing else ()), *more)
    return f", but {' and '.join(doubts)}" if doubts else ""
