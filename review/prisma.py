"""The PRISMA 2020 numbers of an updated review, as a fold over the ledgers: never typed, never counted up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from review.decision import Verdict
from review.ids import ReportId
from review.ledger import Ledger
from review.screening import SettledBy, Settlement, Status
from review.studies import Study, included_studies

__all__ = ["BASELINE", "PrismaFlow", "PrismaMismatchError", "previously_included", "prisma_flow"]

BASELINE = "baseline"
"""The source name of what the published review brought along."""


class PrismaMismatchError(ValueError):
    """The numbers do not add up: a record is lost or counted twice. Nothing may be published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrismaFlow:
    """Boxes of the flow diagram; *previous* is the review that is kept up to date.

    Parameters
    ----------
    previous_studies, previous_reports
        What the published review included, as it was taken in: history, whatever is included now.
    identified
        Records per source, each counted once, at first sight.
    reports
        What is left after duplicates: one of the boxes below holds each of them.
    new_reports
        New reports of studies that are included now.
    new_studies
        Included studies of which the published review included no report.
    siblings_apart
        New reports that tell of a study of which no report is included (any more).
    settled_by_import
        How many reports of the boxes below rest on an imported decision and not on votes.
    """

    previous_studies: int
    previous_reports: int
    identified: tuple[tuple[str, int], ...]
    duplicates: int
    reports: int
    awaiting_screening: int
    screening_conflicts: int
    excluded_at_screening: int
    awaiting_full_text: int
    full_text_conflicts: int
    excluded_at_full_text: tuple[tuple[str, int], ...]
    awaiting_classification: int
    ongoing: int
    new_reports: int
    new_studies: int
    settled_by_import: int
    total_studies: int
    total_reports: int
    siblings_apart: int = 0

    @property
    def screened(self) -> int:
        """Reports past screening."""
        return self.reports - self.awaiting_screening - self.screening_conflicts

    @property
    def sought(self) -> int:
        """Reports sought in full."""
        return self.screened - self.excluded_at_screening

    @property
    def assessed(self) -> int:
        """Reports judged in full, or being judged."""
        return self.sought - self.awaiting_full_text


def prisma_flow(ledger: Ledger, settlements: Mapping[ReportId, Settlement]) -> PrismaFlow:
    """Count every box.

    Raises
    ------
    PrismaMismatchError
        When records identified are not duplicates plus reports, or differ from what the runs committed.
    """
    baseline = {one.report for one in ledger.sightings if one.source == BASELINE}
    new = {report: found for report, found in settlements.items() if report not in baseline}
    flow = _boxes(ledger, settlements, new)
    _check(flow, ledger)
    return flow


def previously_included(ledger: Ledger) -> frozenset[ReportId]:
    """Return the baseline reports that the published review included, by the last import of each."""
    baseline = {one.report for one in ledger.sightings if one.source == BASELINE}
    last = {one.report: one for one in ledger.imported_decisions if one.report in baseline}
    return frozenset(
        report for report, one in last.items() if one.verdict in {Verdict.INCLUDE, Verdict.SIBLING}
    )


def _boxes(
    ledger: Ledger, settlements: Mapping[ReportId, Settlement], new: Mapping[ReportId, Settlement]
) -> PrismaFlow:
    statuses = Counter(found.status for found in new.values())
    identified = Counter(one.source for one in ledger.sightings if one.source != BASELINE)
    before = previously_included(ledger)
    included = included_studies(settlements).values()
    in_now = [report for study in included for report in study.reports]
    return PrismaFlow(
        previous_studies=_count_studies(ledger, before),
        previous_reports=len(before),
        identified=tuple(sorted(identified.items())),
        duplicates=sum(
            1 for one in ledger.sightings if one.source != BASELINE and str(one.record) != one.report
        ),
        reports=len(new),
        awaiting_screening=statuses[Status.AWAITING_SCREENING] + statuses[Status.AWAITING_SECOND_VOTE],
        screening_conflicts=statuses[Status.SCREENING_CONFLICT],
        excluded_at_screening=statuses[Status.EXCLUDED_AT_SCREENING],
        awaiting_full_text=statuses[Status.AWAITING_FULL_TEXT]
        + statuses[Status.AWAITING_SECOND_FULL_TEXT_VOTE],
        full_text_conflicts=statuses[Status.FULL_TEXT_CONFLICT],
        excluded_at_full_text=_reasons(new),
        awaiting_classification=statuses[Status.AWAITING_CLASSIFICATION],
        ongoing=statuses[Status.ONGOING],
        new_reports=sum(1 for report in in_now if report in new),
        new_studies=_without(included, before),
        settled_by_import=sum(1 for one in new.values() if one.by is SettledBy.IMPORT),
        total_studies=len(included),
        total_reports=len(in_now),
        siblings_apart=statuses[Status.INCLUDED]
        + statuses[Status.SIBLING]
        - sum(1 for report in in_now if report in new),
    )


def _count_studies(ledger: Ledger, reports: frozenset[ReportId]) -> int:
    last = {one.report: one for one in ledger.imported_decisions if one.report in reports}
    return len({one.study or one.report for one in last.values()})


def _without(studies: Iterable[Study], reports: frozenset[ReportId]) -> int:
    return sum(1 for study in studies if reports.isdisjoint(study.reports))


def _reasons(settlements: Mapping[ReportId, Settlement]) -> tuple[tuple[str, int], ...]:
    excluded = (one for one in settlements.values() if one.status is Status.EXCLUDED)
    return tuple(sorted(Counter(one.reason or "not stated" for one in excluded).items()))


def _check(flow: PrismaFlow, ledger: Ledger) -> None:
    identified = sum(count for _, count in flow.identified)
    if identified != flow.duplicates + flow.reports:
        raise PrismaMismatchError(
            f"PRISMA: {identified} records identified; expected duplicates + reports = "
            f"{flow.duplicates} + {flow.reports}; run 'living-review verify'"
        )
    boxes = (
        flow.awaiting_screening
        + flow.screening_conflicts
        + flow.excluded_at_screening
        + flow.awaiting_full_text
        + flow.full_text_conflicts
        + sum(count for _, count in flow.excluded_at_full_text)
        + flow.awaiting_classification
        + flow.ongoing
        + flow.new_reports
        + flow.siblings_apart
    )
    if boxes != flow.reports:
        raise PrismaMismatchError(
            f"PRISMA: {flow.reports} reports but {boxes} in the boxes; expected the same"
        )
    searched = dict(flow.identified)
    for source in {run.source for run in ledger.runs}:
        committed = sum(
            run.counts.retrieved - run.counts.known for run in ledger.runs if run.source == source
        )
        if committed != searched.get(source, 0):
            raise PrismaMismatchError(
                f"PRISMA: {source}: the runs committed {committed} records but {searched.get(source, 0)} "
                "were sighted; expected the same; run 'living-review verify'"
            )
