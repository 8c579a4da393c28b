"""Whether two reports may tell of one study: what ties them, and what kind of report one is to the other."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from search.links.keys import DISTINCT, LONG, LONG_WORD, SUBJECT
from search.links.likeness import NEAR, Likeness, Titles, closeness, surname
from search.links.same_report import conflict
from search.links.study_words import core_words, kind_of_report
from search.links.traits import Traits

__all__ = ["ALIKE", "Kinship", "same_study"]

_STATED = 0.99
_REGISTERED = 0.9
_TITLED = 0.9
_NAMED = 0.85
_LONG_TITLED = 0.8
_UNSURE = 0.6
_DOUBTFUL = 0.5
_FEW = 3
"""Words of a subject that two trials of one name hardly share by chance."""
ALIKE = 0.8
"""Closeness from which titles of one author are worth a look."""

_CORRECTIONS = {
    "Erratum": "erratum",
    "Corrected": "erratum",
    "Retraction": "retraction",
    "ExpressionOfConcern": "expression of concern",
    "Update": "update",
    "Republished": "republication",
    "Comment": "comment",
    "Preprint": "preprint",
    "Reference": "registry entry",
}
"""What PubMed's RefTypes begin with, and those of the other sources (docs/reference/sources.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinship:
    """What ties two reports to one study.

    Parameters
    ----------
    kind
        *protocol*, *follow-up*, *secondary analysis*, *part*, *preprint*, *registry entry*, *erratum* ...;
        *report of one study* where nothing says more.
    confidence
        0 to 1, by the tie's own measure; not a probability.
    """

    kind: str
    evidence: str
    confidence: float


def same_study(one: Traits, other: Traits, like: Likeness, shared: Collection[str]) -> Kinship | None:
    """Return the strongest tie between two reports; None where there is none.

    Parameters
    ----------
    shared
        The keys that both are found under (see ``search.links.keys``).
    """
    ties = [
        *_stated(one, other),
        *_by_number(shared),
        *_by_title(one, other, like, shared),
        *_by_name(one, other, shared),
    ]
    if not ties:
        return None
    confidence = max(weight for weight, _ in ties)
    said = dict.fromkeys(words for _, words in sorted(ties, reverse=True))
    author = ("same first author",) if like.author else ()
    differing = conflict(one, other)
    against = (f"different {differing}",) if differing else ()
    kind = _kind(one, other, like)
    return Kinship(kind=kind, evidence=", ".join((kind, *said, *author, *against)), confidence=confidence)


def _kind(one: Traits, other: Traits, like: Likeness) -> str:
    if bool(one.registered) != bool(other.registered):
        return "registry entry"
    if one.preprint != other.preprint:
        return "preprint"
    if correction := _correction(one, other) or _correction(other, one):
        return correction
    kind = kind_of_report(like.telling, (*one.sketch.words, *other.sketch.words))
    # A number, or "I", says *part* only where the rest is the same.
    known = kind != "part" or like.closeness >= ALIKE or _same_subject(one, other) > 0
    return kind if kind and known else "report of one study"


def _stated(one: Traits, other: Traits) -> Iterator[tuple[float, str]]:
    stated = _correction(one, other) or _correction(other, one)
    if stated:
        # A comment discusses a report; it need not tell of the study.
        yield _UNSURE if stated == "comment" else _STATED, "the source ties the two"


def _correction(one: Traits, other: Traits) -> str:
    """Return what `one` says that `other` is to it."""
    for each in one.record.corrections:
        names = (each.pmid and each.pmid == other.pmid) or (other.doi and other.doi in each.citation.lower())
        if names:
            return next(
                (kind for begin, kind in _CORRECTIONS.items() if each.kind.startswith(begin)), each.kind
            )
    return ""


def _by_number(shared: Collection[str]) -> Iterator[tuple[float, str]]:
    for key in shared:
        kind, _, value = key.partition(" ")
        if kind == "trial":
            yield _REGISTERED, f"same registration {value}"
        elif kind in {"pmid", "doi", "pmcid"}:
            # Without a title in common it is a supplement's, or a mistake.
            yield _DOUBTFUL, f"same {kind.upper()}"


def _by_title(
    one: Traits, other: Traits, like: Likeness, shared: Collection[str]
) -> Iterator[tuple[float, str]]:
    known = bool(like.author) or _share_an_author(one, other)
    if like.author is False and not known:
        return
    if like.titles is not Titles.OTHER and min(len(one.sketch.title), len(other.sketch.title)) >= DISTINCT:
        length = min(len(one.sketch.title), len(other.sketch.title))
        yield _titled(length, known=known), f"{like.titles.value} title elsewhere"
    elif length := _same_subject(one, other):
        yield _titled(length, known=known), "same subject in the title"
    elif like.closeness >= ALIKE:
        told = known and kind_of_report(like.telling)
        yield _LONG_TITLED if told else _UNSURE, f"titles agree to {like.closeness:.0%}"
    elif like.author and any(key.startswith(("title ", "core ", "words ")) for key in shared):
        yield _UNSURE, "titles have a part in common"


def _titled(length: int, *, known: bool) -> float:
    """Return what so many letters in common weigh, by whether an author is known to be."""
    return _TITLED if known else _LONG_TITLED if length >= LONG else _UNSURE


def _same_subject(one: Traits, other: Traits) -> int:
    """Return the letters of two titles that are one but for words on design, part and kind; or 0."""
    short, long = sorted(("".join(core_words(each.sketch.words)) for each in (one, other)), key=len)
    if len(short) < SUBJECT:
        return 0
    same = long.startswith(short) or long.endswith(short) or closeness(short, long) >= NEAR
    return len(short) if same else 0


def _by_name(one: Traits, other: Traits, shared: Collection[str]) -> Iterator[tuple[float, str]]:
    # Trials of other people bear the same fine names.
    names = [key.partition(" ")[2] for key in shared if key.startswith("name ")]
    common = names and (_author_in_common(one, other) or _subject_in_common(one, other))
    if common:
        yield _NAMED, f"both name the trial {names[0].upper()}, {common}"


def _author_in_common(one: Traits, other: Traits) -> str:
    return "an author in common" if _share_an_author(one, other) else ""


def _subject_in_common(one: Traits, other: Traits) -> str:
    """Say which rarer words two titles share, where there are a few."""
    first, second = (set(core_words(each.sketch.words)) for each in (one, other))
    words = sorted(word for word in first & second if len(word) >= LONG_WORD)
    return f"and {', '.join(words[:_FEW])} in the titles" if len(words) >= _FEW else ""


def _share_an_author(one: Traits, other: Traits) -> bool:
    first, second = ({surname(name) for name in each.record.authors} for each in (one, other))
    return bool((first & second) - {()})
