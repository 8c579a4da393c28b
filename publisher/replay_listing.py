"""The flagged reports of a replayed year, best first, each with what its model went by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from classifier.design import Design, design_at
from publisher.words import number, pubmed_url
from review.ids import ReportId
from review.record import Report
from review.replay import RankedReport, ReplayYear
from review.suggestion import Suggestion, TermWeight

__all__ = ["MOST_LISTED", "Listed", "listing"]

MOST_LISTED = 150
"""More would make a page heavy; the page says how many it leaves out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One flagged report in words: titles and single terms may be shown, abstracts may not.

    Parameters
    ----------
    facts
        Place, scores, tag and state, in the order in which they are read.
    upward, downward
        Terms that moved the score towards inclusion and away from it, each with its weight.
    """

    title: str
    url: str
    rank: int
    study: str
    facts: tuple[str, ...]
    upward: tuple[str, ...]
    downward: tuple[str, ...]
    nearest_included: str
    nearest_excluded: str


def listing(year: ReplayYear, reports: Mapping[ReportId, Report]) -> tuple[Listed, ...]:
    """Return the first `MOST_LISTED` of a year's flagged reports; one that is missing is named."""
    return tuple(_listed(one, reports.get(one.suggestion.report)) for one in year.listed[:MOST_LISTED])


def _listed(one: RankedReport, report: Report | None) -> Listed:
    said = one.suggestion
    return Listed(
        title=(report.record.title if report else "") or said.report,
        url=pubmed_url(report.record.pmid) if report else "",
        rank=one.rank,
        study=one.study,
        facts=(f"{one.rank} of {one.of}", *_scores(said), one.state),
        upward=_terms(term for term in said.terms if term.weight > 0),
        downward=_terms(term for term in said.terms if term.weight < 0),
        nearest_included=said.nearest_included,
        nearest_excluded=said.nearest_excluded,
    )


def _scores(said: Suggestion) -> tuple[str, ...]:
    known = (
        ("score", said.score),
        ("worth a reader’s time", said.triage),
        ("probability", said.probability),
    )
    told = tuple(f"{name} {number(value, 3)}" for name, value in known if value is not None)
    return told if said.trial_likelihood is None else (*told, _tag(said.trial_likelihood))


def _tag(likelihood: float) -> str:
    like = "a" if design_at(likelihood) is Design.LIKELY else "no"
    return f"reads like {like} randomised trial {number(likelihood, 2)}"


def _terms(terms: Iterable[TermWeight]) -> tuple[str, ...]:
    return tuple(f"{one.term} {'+' if one.weight > 0 else ''}{number(one.weight, 2)}" for one in terms)
