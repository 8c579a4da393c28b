"""Studies and reports as readers look them up: included, excluded, awaiting, pending and held."""

from collections.abc import Iterable
from dataclasses import dataclass

from publisher.snapshot import Snapshot
from publisher.words import count, doi_url, pubmed_url
from review.ids import StudyId
from review.record import Report
from review.result import Pending
from review.screening import SettledBy, Settlement, Status
from review.studies import Study, contested_studies, included_studies, pending_studies

__all__ = [
    "AWAITING",
    "Evidence",
    "PendingRow",
    "ReportRow",
    "StudyRow",
    "evidence",
    "report_row",
]

AWAITING = (
    Status.AWAITING_SCREENING,
    Status.AWAITING_SECOND_VOTE,
    Status.SCREENING_CONFLICT,
    Status.AWAITING_FULL_TEXT,
    Status.AWAITING_SECOND_FULL_TEXT_VOTE,
    Status.FULL_TEXT_CONFLICT,
    Status.AWAITING_CLASSIFICATION,
    Status.ONGOING,
)
"""Where a report is neither in nor out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """A report with the words that tell a reader where it stands and on whose word."""

    id: str
    title: str
    citation: str
    url: str
    status: str
    basis: str
    reason: str
    study: str
    flagged: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRow:
    """A study with its reports; `pooled` names the analyses that use it."""

    label: str
    basis: str
    pooled: str
    reports: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRow:
    """An included study that adds nothing to the pool yet."""

    label: str
    why: str
    participants: str
    reports: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that was found, by what became of it."""

    included: tuple[StudyRow, ...]
    excluded: tuple[ReportRow, ...]
    pending: tuple[PendingRow, ...]
    held: tuple[StudyRow, ...]
    flagged: tuple[ReportRow, ...]
    awaiting: tuple[ReportRow, ...]
    awaiting_counts: tuple[tuple[str, int], ...]


def evidence(snapshot: Snapshot) -> Evidence:
    """Return what was found; awaiting reports stand newest first, the others by label."""
    awaiting = [one for one in reversed(tuple(snapshot.settlements.values())) if one.status in AWAITING]
    rows = tuple(report_row(snapshot, one) for one in awaiting)
    return Evidence(
        included=_studies(snapshot, included_studies(snapshot.settlements)),
        excluded=_excluded(snapshot),
        pending=tuple(_pending_row(snapshot, one) for one in _pending(snapshot)),
        held=_studies(snapshot, contested_studies(snapshot.settlements)),
        flagged=tuple(sorted((row for row in rows if row.flagged), key=lambda row: row.title)),
        awaiting=rows,
        awaiting_counts=_counts(awaiting),
    )


def report_row(snapshot: Snapshot, settlement: Settlement) -> ReportRow:
    """Return one report as readers see it; a report whose record is not at hand shows its identifier."""
    report = snapshot.material.reports.get(settlement.report)
    return ReportRow(
        id=str(settlement.report),
        title=report.record.title if report else str(settlement.report),
        citation=report.record.citation if report else str(settlement.report),
        url=_url(report) if report else "",
        status=settlement.status.value,
        basis=_basis(settlement),
        reason=settlement.reason,
        study=str(settlement.study or ""),
        flagged=settlement.report in snapshot.flagged,
        notes=report.record.notes if report else (),
    )


def _url(report: Report) -> str:
    record = report.record
    return pubmed_url(record.pmid) or doi_url(record.doi)


def _basis(settlement: Settlement) -> str:
    if settlement.by is SettledBy.IMPORT:
        return f"imported: {settlement.source}"
    return settlement.by.value


def _studies(snapshot: Snapshot, studies: dict[StudyId, Study]) -> tuple[StudyRow, ...]:
    return tuple(_study(snapshot, studies[label]) for label in sorted(studies))


def _study(snapshot: Snapshot, study: Study) -> StudyRow:
    reports = tuple(report_row(snapshot, snapshot.settlements[one]) for one in study.reports)
    return StudyRow(
        label=str(study.id), basis=reports[0].basis, pooled=_pooled(snapshot, study.id), reports=reports
    )


def _pooled(snapshot: Snapshot, study: StudyId) -> str:
    using = [one for one in snapshot.syntheses if any(row.study == study for row in one.rows)]
    if not using:
        return "no"
    imported = any(row.imported for one in using for row in one.rows if row.study == study)
    return f"in {count(len(using), 'analysis', 'analyses')}" + (", imported effect" if imported else "")


def _excluded(snapshot: Snapshot) -> tuple[ReportRow, ...]:
    found = (one for one in snapshot.settlements.values() if one.status is Status.EXCLUDED)
    return tuple(
        sorted((report_row(snapshot, one) for one in found), key=lambda row: (row.study or row.title, row.id))
    )


def _pending(snapshot: Snapshot) -> Iterable[Pending]:
    """Pending by the ledger, then what a published synthesis says of studies it could not use."""
    found = {
        one.study: one for one in pending_studies(snapshot.ledger, snapshot.settlements, snapshot.protocol)
    }
    said = {one.study: one for synthesis in snapshot.syntheses for one in synthesis.pending}
    still = {study: said.get(study, one) for study, one in found.items()}
    return [still[study] for study in sorted(still)]


def _pending_row(snapshot: Snapshot, pending: Pending) -> PendingRow:
    known = (snapshot.settlements[one] for one in pending.reports if one in snapshot.settlements)
    return PendingRow(
        label=str(pending.study),
        why=pending.why,
        participants="not stated" if pending.participants is None else f"{pending.participants:,}",
        reports=tuple(report_row(snapshot, one) for one in known),
    )


def _counts(awaiting: Iterable[Settlement]) -> tuple[tuple[str, int], ...]:
    statuses = [one.status for one in awaiting]
    return tuple((status.value, statuses.count(status)) for status in AWAITING if status in statuses)
