"""Reports that were settled before they were found to be one document: where they differ, people must say.

Nothing is taken back or outvoted by a merge. Two words that cannot both stand are a conflict, held until
somebody settles it after the merge; a study that one of the reports was taken for is never dropped unseen.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from review.decision import Resolution, Stage, Verdict
from review.ids import StudyId
from review.link import StudyLink, StudyLinkKind

__all__ = ["Clash", "Side", "Word", "clash", "said_since", "still_said"]


class Side(Enum):
    """Where a report had come to by itself."""

    WAITING = "waiting"
    OUT_AT_SCREENING = "out at screening"
    KEPT = "kept at screening"
    READ = "being read in full"
    OUT = "out"
    IN = "in"
    SIBLING = "sibling"
    ONGOING = "ongoing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Where one of the reports had come to, and the study it was taken for.

    Parameters
    ----------
    since
        When it came to stand for another report; None for the one that gives the document its name.
    """

    side: Side
    said: str
    study: StudyId | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two words that cannot both stand: the stage at which to settle it, and the studies that hang on it."""

    stage: Stage
    why: str
    studies: tuple[StudyId, ...]


_JUDGED = {Side.IN, Side.SIBLING, Side.ONGOING}
_OUT = {Side.OUT_AT_SCREENING, Side.OUT}


def clash(words: Sequence[Word]) -> Clash | None:
    """Return how the words on one document contradict each other; None where they do not.

    An exclusion contradicts whatever kept the document at that stage or later, an ongoing study one with
    results, and one study another. An exclusion at full text does not contradict that the document was kept
    at screening, nor *another report of the study* the inclusion of that study.
    """
    sides = {word.side for word in words}
    studies = tuple(dict.fromkeys(word.study for word in words if word.study and word.side not in _OUT))
    if _apart_in_full(sides) or len(studies) > 1:
        stage = Stage.FULL_TEXT
    elif {Side.OUT_AT_SCREENING, Side.KEPT} <= sides and Side.OUT not in sides:
        stage = Stage.SCREENING
    else:
        return None
    said = "; ".join(_in_words(word) for word in words if word.side is not Side.WAITING)
    return Clash(stage=stage, why=f"one document, judged as two: {said}", studies=studies)


def still_said(
    words: Sequence[Word], resolutions: Sequence[Resolution], links: Sequence[StudyLink]
) -> Iterator[Word]:
    """Yield the words that nobody has settled since they came together.

    Parameters
    ----------
    resolutions, links
        Of the document. A resolution settles every word of its stage that was there before it; a link to a
        study settles which study it is.
    """
    for word in words:
        since = word.since
        if since is None:
            yield word
        elif not any(one.at > since and _settles(one, word.side) for one in resolutions):
            linked = any(one.at > since for one in links)
            yield replace(word, study=None) if linked else word


def said_since(
    words: Sequence[Word], resolutions: Sequence[Resolution], links: Sequence[StudyLink]
) -> StudyId | None:
    """Return the study that was named last after all the words had come together; None where none was."""
    since = max((word.since for word in words if word.since), default=None)
    named = [(one.at, one.study) for one in resolutions if one.study]
    named += [(one.at, one.study) for one in links if one.kind is StudyLinkKind.LINKED]
    later = [study for at, study in sorted(named) if since and at > since]
    return later[-1] if later else None


def _settles(resolution: Resolution, side: Side) -> bool:
    at_screening = side in {Side.WAITING, Side.OUT_AT_SCREENING, Side.KEPT}
    reaches = resolution.stage is Stage.FULL_TEXT or at_screening
    return reaches and resolution.verdict is not Verdict.WITHDRAWN


def _apart_in_full(sides: Set[Side]) -> bool:
    judged = sides & _JUDGED
    return bool(
        (sides & _OUT and judged)
        or {Side.OUT_AT_SCREENING, Side.READ} <= sides
        or (Side.ONGOING in judged and len(judged) > 1)
    )


def _in_words(word: Word) -> str:
    return f"{word.said} ({word.study})" if word.study else word.said
