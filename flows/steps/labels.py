"""What people and other reviews decided, as labels to learn from, each with where it comes from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from classifier.grade import Grade
from classifier.labels import Label
from review.decision import Decision, ImportedDecision, Resolution, Stage
from review.ids import ReportId
from review.ledger import Ledger
from review.prisma import BASELINE
from review.screening import SettledBy, Settlement, Status, current_votes

__all__ = ["graded", "labelled"]

Row = TypeVar("Row", Decision, Resolution, ImportedDecision)

_GRADES: Mapping[Status, Grade] = {
    Status.INCLUDED: Grade.INCLUDED,
    Status.SIBLING: Grade.INCLUDED,
    Status.EXCLUDED: Grade.FULL_TEXT_EXCLUDED,
    Status.EXCLUDED_AT_SCREENING: Grade.ABSTRACT_EXCLUDED,
}


def graded(settlements: Mapping[ReportId, Settlement]) -> dict[ReportId, Grade]:
    """Return the reports that people judged, by how far each came."""
    return {report: _GRADES[found.status] for report, found in settlements.items() if found.status in _GRADES}


def labelled(ledger: Ledger, settlements: Mapping[ReportId, Settlement]) -> dict[ReportId, Label]:
    """Return the label of every report that was judged: its grade, and whose word it rests on.

    What a review decided names no reviewer: it is nobody's vote. What the one that is kept up to date decided
    on its own reports is told apart from what others did.
    """
    kept = _decided_by_the_kept_review(ledger)
    votes, resolutions = _by_report(ledger.decisions), _by_report(ledger.resolutions)
    imported = _by_report(ledger.imported_decisions)
    return {
        report: _label(
            grade,
            settlements[report],
            votes.get(report, ()),
            resolutions.get(report, ()),
            imported.get(report, ()),
            kept=(report, settlements[report].source) in kept,
        )
        for report, grade in graded(settlements).items()
    }


def _label(
    grade: Grade,
    found: Settlement,
    votes: Sequence[Decision],
    resolutions: Sequence[Resolution],
    imported: Sequence[ImportedDecision],
    *,
    kept: bool,
) -> Label:
    stage = Stage.SCREENING if grade is Grade.ABSTRACT_EXCLUDED else Stage.FULL_TEXT
    if found.by is SettledBy.VOTES:
        cast = list(current_votes(votes, stage).values())
        people = tuple(sorted(one.reviewer for one in cast))
        at = max((one.at for one in cast), default=None)
        return Label(grade=grade, by=found.by, stage=stage, reviewers=people, at=at)
    words = [one for one in resolutions if one.stage is stage]
    if found.by is SettledBy.RESOLUTION and words:
        last = words[-1]
        return Label(grade=grade, by=found.by, stage=stage, reviewers=(last.by,), at=last.at)
    taken = [one for one in imported if one.stage is stage]
    at = taken[-1].at if found.by is SettledBy.IMPORT and taken else None
    return Label(grade=grade, by=found.by, stage=stage, at=at, source=found.source, kept=kept)


def _decided_by_the_kept_review(ledger: Ledger) -> frozenset[tuple[ReportId, str]]:
    """Return the reports that the published review brought, as they mean now, each with its citation."""
    written, means = ledger.as_written, ledger.means()
    brought = {one.report for one in written.sightings if one.source == BASELINE}
    # A report enters the store with the decision that brought it; whatever another review says comes after.
    first = {one.report: one.source for one in reversed(written.imported_decisions) if one.report in brought}
    return frozenset((means.get(report, report), source) for report, source in first.items())


def _by_report(rows: Iterable[Row]) -> Mapping[ReportId, Sequence[Row]]:
    grouped: dict[ReportId, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.report].append(row)
    return grouped
