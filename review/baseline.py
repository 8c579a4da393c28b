"""Read a review's tables: baseline studies, reports and effects, and what others decided later."""

from dataclasses import dataclass, replace
from pathlib import Path

from review.decision import Stage, Verdict
from review.ids import StudyId
from review.prisma import BASELINE
from review.record import Record
from review.tables import Row, TableError, member, read_table

__all__ = [
    "BaselineReport",
    "BaselineStudy",
    "LaterTrial",
    "PublishedDecision",
    "TableError",
    "read_decisions",
    "read_reports",
    "read_studies",
    "read_trials",
]

_UNSEEN = "[Title not seen]"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineStudy:
    """A study of the published review: included, or excluded at full text with its reason."""

    study: StudyId
    verdict: Verdict
    reason: str
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineReport:
    """A report of a baseline study, as a record whose notes say what was not seen or not verified.

    Parameters
    ----------
    stated_pmid, stated_doi
        Identifiers of the table, verified or not; the record has the verified ones only.
    """

    study: StudyId
    record: Record
    stated_pmid: str = ""
    stated_doi: str = ""

    @property
    def citation(self) -> Record:
        """The record with nothing in it that stands in for what was not seen."""
        return replace(self.record, title="") if self.record.title.startswith(_UNSEEN) else self.record


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDecision:
    """Another review's decision on a later trial, and why it may not hold under this protocol."""

    study: StudyId
    stage: Stage
    verdict: Verdict
    year: int
    source: str
    contested: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterTrial:
    """A trial known to be later than the baseline, and whether any source gave its report."""

    study: StudyId
    year: int
    in_catalogue: bool
    pmid: str
    doi: str
    title: str
    note: str


def read_studies(path: Path) -> tuple[BaselineStudy, ...]:
    """Read ``studies.csv``, each study once; a line that cannot be read raises `TableError`."""
    return read_table(path, _study, once=lambda study: study.study)


def read_reports(path: Path) -> tuple[BaselineReport, ...]:
    """Read ``reports.csv``: one record for each report, identifiers only where a source showed them."""
    return read_table(path, _report)


def read_decisions(path: Path) -> tuple[PublishedDecision, ...]:
    """Read the decisions of another review on later trials."""
    return read_table(path, _decision)


def read_trials(path: Path) -> tuple[LaterTrial, ...]:
    """Read the list of known later trials."""
    return read_table(path, _trial)


def _study(row: Row) -> BaselineStudy:
    verdicts = {"included": Verdict.INCLUDE, "excluded": Verdict.EXCLUDE}
    return BaselineStudy(
        study=StudyId(row["study"]),
        verdict=member(verdicts, row["status"], "status"),
        reason=row["reason"],
        source=row["source"],
        note=row["note"],
    )


def _report(row: Row) -> BaselineReport:
    record = Record(
        source=BASELINE,
        accession=f"{row['study']}/{row['report']}",
        title=row["title"] or f"{_UNSEEN} {row['study']}",
        authors=_split(row["authors"]),
        journal=row["journal"],
        year=int(row["year"]) if row["year"] else None,
        volume=row["volume"],
        pages=row["pages"],
        pmid=row["pmid"] if _yes(row["pmid_verified"]) else "",
        doi=row["doi"] if _yes(row["doi_verified"]) else "",
        notes=_report_notes(row),
    )
    return BaselineReport(
        study=StudyId(row["study"]), record=record, stated_pmid=row["pmid"], stated_doi=row["doi"]
    )


def _report_notes(row: Row) -> tuple[str, ...]:
    doubts = (
        ("citation not seen", not row["citation"]),
        ("PMID not verified", bool(row["pmid"]) and not _yes(row["pmid_verified"])),
        ("DOI not verified", bool(row["doi"]) and not _yes(row["doi_verified"])),
    )
    return tuple(text for text, holds in doubts if holds) + ((row["note"],) if row["note"] else ())


def _decision(row: Row) -> PublishedDecision:
    return PublishedDecision(
        study=StudyId(row["study"]),
        stage=Stage(row["stage"]),
        verdict=Verdict(row["verdict"]),
        year=int(row["year"]),
        source=row["source"],
        contested=row["contested"],
    )


def _trial(row: Row) -> LaterTrial:
    return LaterTrial(
        study=StudyId(row["study"]),
        year=int(row["year"]),
        in_catalogue=_yes(row["in_catalogue"]),
        pmid=row["pmid"],
        doi=row["doi"],
        title=row["title"],
        note=row["note"],
    )


def _yes(cell: str) -> bool:
    return cell.strip().lower() in {"yes", "true", "1"}


def _split(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(";") if name.strip())
