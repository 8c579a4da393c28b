"""The PRISMA 2020 numbers of an updated review, as a fold over the ledgers: never typed, never counted up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from review.decision import ImportedDecision, Verdict
from review.ids import ReportId
from review.ledger import AsWritten, Ledger, Sighting
from review.merging import last_links
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
    duplicates
        Records that are no report of their own: of a report that another record names, or that the published
        review brought along.
    duplicates_by_people
        Those of `duplicates` that a person said; the others the service tied by identical identifiers.
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
    duplicates_by_people: int = 0

    @property
    def duplicates_by_identifiers(self) -> int:
        """Duplicates that the service tied."""
        return self.duplicates - self.duplicates_by_people

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
    """Return the reports that the published review included, under what they mean at present."""
    means = ledger.means()
    return frozenset(means.get(report, report) for report in _brought_included(ledger.as_written))


def _brought_included(written: AsWritten) -> dict[ReportId, ImportedDecision]:
    """Return what the published review included, by the last import of each of its reports as it came."""
    baseline = {one.report for one in written.sightings if one.source == BASELINE}
    last = {one.report: one for one in written.imported_decisions if one.report in baseline}
    return {report: one for report, one in last.items() if one.verdict in {Verdict.INCLUDE, Verdict.SIBLING}}


def _boxes(
    ledger: Ledger, settlements: Mapping[ReportId, Settlement], new: Mapping[ReportId, Settlement]
) -> PrismaFlow:
    statuses = Counter(found.status for found in new.values())
    identified = Counter(one.source for one in ledger.sightings if one.source != BASELINE)
    before = previously_included(ledger)
    brought = _brought_included(ledger.as_written)
    duplicates = _duplicates(ledger, new)
    included = included_studies(settlements).values()
    in_now = [report for study in included for report in study.reports]
    return PrismaFlow(
        previous_studies=len({one.study or one.report for one in brought.values()}),
        previous_reports=len(brought),
        identified=tuple(sorted(identified.items())),
        duplicates=len(duplicates),
        duplicates_by_people=len(_by_people(ledger, duplicates)),
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


def _duplicates(ledger: Ledger, new: Mapping[ReportId, Settlement]) -> tuple[Sighting, ...]:
    return tuple(
        one
        for one in ledger.sightings
        if one.source != BASELINE and (str(one.record) != one.report or one.report not in new)
    )


def _by_people(ledger: Ledger, duplicates: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Return the duplicates that are some by a person's link: their own, or a brought report's to theirs."""
    said = {record for record, link in last_links(ledger.duplicates).items() if link.by}
    brought = {one.report for one in ledger.sightings if one.source == BASELINE and one.record in said}
    return tuple(
        one
        for one in duplicates
        if one.record in said or (str(one.record) == one.report and one.report in brought)
    )


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
