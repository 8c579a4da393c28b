"""Read a review's tables: baseline studies, reports and effects, and what others decided later."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from review.decision import Stage, Verdict
from review.effect import AnalysisKey, ArmCounts, Better, Estimate, SharedControl
from review.errors import ReviewError
from review.ids import StudyId
from review.prisma import BASELINE
from review.protocol import Protocol
from review.record import Record

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
Row = Mapping[str, str]


class TableError(ReviewError):
    """A line of a table cannot be read; nothing of the table was taken in."""


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
    """A report of a baseline study, as a record whose notes say what was not seen or not verified."""

    study: StudyId
    record: Record


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
    """Read ``studies.csv``; a line that cannot be read raises `TableError` with its number."""
    return _read(path, _study)


def read_reports(path: Path) -> tuple[BaselineReport, ...]:
    """Read ``reports.csv``: one record for each report, identifiers only where a source showed them."""
    return _read(path, _report)


def read_effects(path: Path, protocol: Protocol) -> tuple[PublishedEffect, ...]:
    """Read a table of effects; keys must be declared by the protocol and each direction stated."""
    return _read(path, lambda row: _effect(row, protocol))


def read_decisions(path: Path) -> tuple[PublishedDecision, ...]:
    """Read the decisions of another review on later trials."""
    return _read(path, _decision)


def read_trials(path: Path) -> tuple[LaterTrial, ...]:
    """Read the list of known later trials."""
    return _read(path, _trial)


def _read(path: Path, build: Callable[[Row], Noun]) -> tuple[Noun, ...]:
    return tuple(_built(path, number, row, build) for number, row in _rows(path))


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, UnicodeDecodeError) as problem:
        raise TableError(str(path), str(problem), "a CSV file in UTF-8", "add or convert the file") from None
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = next(reader, [])
        for cells in reader:
            where = f"{path}: line {reader.line_num}"
            if len(cells) != len(header):
                found = f"{len(cells)} cells"
                raise TableError(where, found, f"{len(header)} as in the header", "mend the commas or quotes")
            yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as problem:
        raise TableError(
            f"{path}: line {reader.line_num}", str(problem), "a row of CSV", "mend its quotes"
        ) from None


def _built(path: Path, number: int, row: Row, build: Callable[[Row], Noun]) -> Noun:
    try:
        return build(row)
    except KeyError as problem:
        where = f"{path}: line {number}"
        raise TableError(where, f"no {problem}", "a column or declared id of that name", "add it") from None
    except ValueError as problem:
        raise TableError(f"{path}: line {number}", str(problem), "a valid row", "correct the cell") from None


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
        title=row["title"] or f"[Title not seen] {row['study']}",
        authors=_split(row["authors"]),
        journal=row["journal"],
        year=int(row["year"]) if row["year"] else None,
        volume=row["volume"],
        pages=row["pages"],
        pmid=row["pmid"] if _yes(row["pmid_verified"]) else "",
        doi=row["doi"] if _yes(row["doi_verified"]) else "",
        notes=_report_notes(row),
    )
    return BaselineReport(study=StudyId(row["study"]), record=record)


def _report_notes(row: Row) -> tuple[str, ...]:
    doubts = (
        ("citation not seen", not row["citation"]),
        ("PMID not verified", bool(row["pmid"]) and not _yes(row["pmid_verified"])),
        ("DOI not verified", bool(row["doi"]) and not _yes(row["doi_verified"])),
    )
    return tuple(text for text, holds in doubts if holds) + ((row["note"],) if row["note"] else ())


def _effect(row: Row, protocol: Protocol) -> PublishedEffect:
    estimate = Estimate(
        study=StudyId(row["study"]),
        label=row["row"] or row["study"],
        key=_declared(row, protocol),
        measure=row["measure"],
        better=_direction(row["better"]),
        value=float(row["value"]) if row["value"] else None,
        se=float(row["se"]) if row["se"] else None,
        arms=_arms(row),
        instrument=row["instrument"] or "not stated",
        shared_control=SharedControl(row["shared_control"] or "unknown"),
        n=int(row["n"]) if row["n"] else None,
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
