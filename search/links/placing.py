"""Which of the reports that share a key with a record it belongs to, and which it is only tied to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from review.ids import ReportId
from review.record import Record, Report
from search.links.candidates import Candidate
from search.links.keys import keys_of
from search.links.likeness import alike
from search.links.same_report import Verdict, conflict, same_report
from search.links.same_study import ALIKE, Kinship, same_study
from search.links.traits import Traits, traits

__all__ = ["Weighed", "place"]

_CONFLICTING = 0.85
"""The most that is believed of a report one of whose records has another identifier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a record is to a report: perhaps one document, or perhaps one study; never both.

    Parameters
    ----------
    through
        The report as the record names itself by which it was found: of a report that several became, one.
    """

    report: ReportId
    through: ReportId
    verdict: Verdict | None = None
    kinship: Kinship | None = None

    @property
    def merges(self) -> bool:
        """Whether the record stands for the report."""
        return self.verdict is not None and self.verdict.merges


def place(record: Record, candidates: Sequence[Candidate]) -> list[Weighed]:
    """Weigh a record against reports: at most one merges; ties to the others are told where they are news.

    Parameters
    ----------
    candidates
        In the order in which they are believed.
    """
    if not candidates:
        return []
    found = [(each, weighed) for each in candidates if (weighed := _weigh(traits(record), each))]
    home = next((each for each, weighed in found if weighed.merges), None)
    if home is None:
        return [weighed for _, weighed in found]
    return [
        weighed if each is home else _set_apart(weighed)
        for each, weighed in found
        if each is home or not _told(home.report, each, weighed)
    ]


def _weigh(one: Traits, candidate: Candidate) -> Weighed | None:
    """Return the strongest of what a record is to the records of a report."""
    known = [traits(record) for record in candidate.report.records]
    compared = [(other, alike(one.sketch, other.sketch, floor=ALIKE)) for other in known]
    report = candidate.report.id
    verdicts = [(other, said) for other, like in compared if (said := same_report(one, other, like))]
    if verdicts:
        by, verdict = max(verdicts, key=lambda each: each[1].confidence)
        return Weighed(report=report, through=by.record.report_id, verdict=_unless(verdict, one, known))
    ties = [
        (other, tie) for other, like in compared if (tie := same_study(one, other, like, candidate.shared))
    ]
    if ties:
        by, kinship = max(ties, key=lambda each: each[1].confidence)
        return Weighed(report=report, through=by.record.report_id, kinship=kinship)
    return None


def _unless(verdict: Verdict, one: Traits, known: Sequence[Traits]) -> Verdict:
    """Hold a verdict back where any record of the report has another identifier than the one weighed."""
    differing = next(filter(None, (conflict(one, other) for other in known)), "")
    if not differing or f"different {differing}" in verdict.rule:
        return verdict
    rule = f"{verdict.rule}, but different {differing} in the report"
    return replace(verdict, rule=rule, confidence=min(verdict.confidence, _CONFLICTING), merges=False)


def _set_apart(weighed: Weighed) -> Weighed:
    """Turn a second report that a record would merge into into a suggestion: two reports never merge here."""
    if not weighed.merges or weighed.verdict is None:
        return weighed
    rule = f"{weighed.verdict.rule}, and the record is another report too"
    return replace(
        weighed, verdict=replace(weighed.verdict, rule=rule, confidence=_CONFLICTING, merges=False)
    )


def _told(home: Report, candidate: Candidate, weighed: Weighed) -> bool:
    """Return whether the records that a report has already say as much of another report."""
    earlier = (_weigh(traits(record), _seen_from(record, candidate)) for record in home.records)
    return any(each is not None and _strength(each) >= _strength(weighed) for each in earlier)


def _seen_from(record: Record, candidate: Candidate) -> Candidate:
    keys: Collection[str] = set(keys_of(record).asked)
    return replace(candidate, shared=tuple(key for key in candidate.shared if key in keys))


def _strength(weighed: Weighed) -> tuple[bool, float]:
    said = weighed.verdict or weighed.kinship
    return weighed.verdict is not None, said.confidence if said else 0.0
