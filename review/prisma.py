"""The PRISMA 2020 numbers of an updated review, as a fold over the ledgers: never typed, never counted up."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from review.ids import ReportId
from review.ledger import Ledger
from review.screening import SettledBy, Settlement, Status
from review.studies import included_studies

__all__ = ["BASELINE", "PrismaFlow", "PrismaMismatchError", "prisma_flow"]

BASELINE = "baseline"
"""The source name of what the published review brought along."""


class PrismaMismatchError(ValueError):
    """The numbers do not add up: a record is lost or counted twice. Nothing may be published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrismaFlow:
    """Boxes of the flow diagram; *previous* is the review that is kept up to date.

    Parameters
    ----------
    identified
        Records per source, each counted once, at first sight.
    reports
        What is left after duplicates: one of the boxes below holds each of them.
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


def _boxes(
    ledger: Ledger, settlements: Mapping[ReportId, Settlement], new: Mapping[ReportId, Settlement]
) -> PrismaFlow:
    statuses = Counter(found.status for found in new.values())
    identified = Counter(one.source for one in ledger.sightings if one.source != BASELINE)
    old = {report: found for report, found in settlements.items() if report not in new}
    included, before = included_studies(settlements), included_studies(old)
    in_now = [one for one in settlements.values() if one.status in {Status.INCLUDED, Status.SIBLING}]
    return PrismaFlow(
        previous_studies=len(before),
        previous_reports=sum(len(study.reports) for study in before.values()),
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
        new_reports=statuses[Status.INCLUDED] + statuses[Status.SIBLING],
        new_studies=len(included) - len(before),
        settled_by_import=sum(1 for one in new.values() if one.by is SettledBy.IMPORT),
        total_studies=len(included),
        total_reports=len(in_now),
    )


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
