"""Read a review's tables: baseline studies, reports and effects, and what others decided later."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from review.decision import Stage, Verdict
from review.effect import AnalysisKey, ArmCounts, Better, Estimate, SharedControl
from review.ids import StudyId
from review.prisma import BASELINE
from review.protocol import Protocol
from review.record import Record
from review.tables import Row, TableError, finite, read_table

__all__ = [
    "BaselineReport",
    "BaselineStudy",
    "LaterTrial",
    "PublishedDecision",
    "PublishedEffect",
    "TableError",
    "read_decisions",
    "read_effects",
    "read_reports",
    "read_studies",
    "read_trials",
]

Noun = TypeVar("Noun")
_UNSEEN = "[Title not seen]"
_COUNTED = frozenset({"RR", "OR", "RD"})


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
class PublishedEffect:
    """A row of another team's table with where it was printed."""

    estimate: Estimate
    source: str
    note: str


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


def read_effects(path: Path, protocol: Protocol) -> tuple[PublishedEffect, ...]:
    """Read a table of effects: keys and measures as the protocol has them, directions stated, rows once."""
    return read_table(path, lambda row: _effect(row, protocol), once=_row_name)


def read_decisions(path: Path) -> tuple[PublishedDecision, ...]:
    """Read the decisions of another review on later trials."""
    return read_table(path, _decision)


def read_trials(path: Path) -> tuple[LaterTrial, ...]:
    """Read the list of known later trials."""
    return read_table(path, _trial)


def _row_name(effect: PublishedEffect) -> str:
    one = effect.estimate
    return f"{one.study}, row {one.label}, {one.key}"


def _study(row: Row) -> BaselineStudy:
    verdicts = {"included": Verdict.INCLUDE, "excluded": Verdict.EXCLUDE}
    return BaselineStudy(
        study=StudyId(row["study"]),
        verdict=_member(verdicts, row["status"], "status"),
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


def _effect(row: Row, protocol: Protocol) -> PublishedEffect:
    key = _declared(row, protocol)
    estimate = Estimate(
        study=StudyId(row["study"]),
        label=row["row"] or row["study"],
        key=key,
        measure=_measure(row, key, protocol),
        better=_direction(row["better"]),
        value=finite(row, "value"),
        se=finite(row, "se"),
        arms=_arms(row),
        instrument=row["instrument"] or "not stated",
        shared_control=SharedControl(row["shared_control"] or "unknown"),
        n=_participants(row["n"]),
        subgroups=_subgroups(row["subgroups"], protocol),
    )
    return PublishedEffect(estimate=estimate, source=row["source"], note=row["note"])


def _direction(text: str) -> Better:
    if not text:
        raise ValueError(
            "better is empty: which way is good for the patient must be declared, lower or higher"
        )
    return Better(text)


def _declared(row: Row, protocol: Protocol) -> AnalysisKey:
    declared = {
        "comparison": {one.id for one in protocol.comparison},
        "outcome": {one.id for one in protocol.outcome},
        "timepoint": {one.id for one in protocol.timepoint},
        "stratum": {one.id for one in protocol.stratum},
    }
    for column, ids in declared.items():
        _member(dict.fromkeys(ids), row[column], column)
    return AnalysisKey(row["comparison"], row["outcome"], row["timepoint"], row["stratum"])


def _measure(row: Row, key: AnalysisKey, protocol: Protocol) -> str:
    measure = protocol.measure_of(key.outcome, key.stratum)
    if row["measure"] != measure:
        raise ValueError(
            f"measure {row['measure']!r}, where the protocol declares {measure!r} "
            f"for {key.outcome} in {key.stratum}"
        )
    if row.get("ai") and measure not in _COUNTED:
        raise ValueError(f"counts per arm, where {measure} takes a value and its standard error")
    return measure


def _participants(cell: str) -> int | None:
    if not cell:
        return None
    if int(cell) < 1:
        raise ValueError(f"n {cell!r}, which is no number of participants")
    return int(cell)


def _arms(row: Row) -> ArmCounts | None:
    if not row.get("ai"):
        return None
    return ArmCounts(ai=int(row["ai"]), n1i=int(row["n1i"]), ci=int(row["ci"]), n2i=int(row["n2i"]))


def _subgroups(text: str, protocol: Protocol) -> tuple[tuple[str, str], ...]:
    pairs = tuple(part.partition("=")[::2] for part in text.split(";") if part)
    for name, level in pairs:
        subgroup = _member(protocol.subgroup, name, "subgroups")
        _member(dict.fromkeys(subgroup.levels), level, f"subgroups: {name}")
    return pairs


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


def _member(table: Mapping[str, Noun], name: str, column: str) -> Noun:
    if name not in table:
        raise ValueError(f"{column} {name!r}, which is none of {', '.join(sorted(table))}")
    return table[name]


def _yes(cell: str) -> bool:
    return cell.strip().lower() in {"yes", "true", "1"}


def _split(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(";") if name.strip())
