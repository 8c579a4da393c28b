"""The review as tables for programs: CSV, one topic each, raw values, no reviewer's name."""

from collections import Counter
from collections.abc import Iterator

from publisher.evidence import report_row
from publisher.prisma_table import PRISMA_COLUMNS, prisma_rows
from publisher.snapshot import Snapshot
from publisher.table import Cells, Table
from publisher.tables_further import further_tables
from review.effect import Effect, ImportedEffect
from review.result import PooledNumbers, Synthesis
from review.studies import included_studies

__all__ = ["tables"]

_NUMBERS = tuple(PooledNumbers.__dataclass_fields__)


def tables(snapshot: Snapshot) -> tuple[Table, ...]:
    """Return every table of a snapshot."""
    return (
        _studies(snapshot),
        _reports(snapshot),
        _effects(snapshot),
        _results(snapshot),
        *further_tables(snapshot),
        _searches(snapshot),
        _notices(snapshot),
        _decisions(snapshot),
        Table(
            name="prisma.csv",
            about="the flow in the columns of the PRISMA2020 package",
            columns=PRISMA_COLUMNS,
            rows=prisma_rows(snapshot.flow),
        ),
    )


def _studies(snapshot: Snapshot) -> Table:
    pooled = {row.study for one in snapshot.syntheses for row in one.rows}
    rows = (
        (
            study.id,
            " ".join(study.reports),
            study.id in pooled,
            snapshot.settlements[study.reports[0]].by.value,
        )
        for study in included_studies(snapshot.settlements).values()
    )
    return Table(
        name="studies.csv",
        about="included studies, their reports, whether pooled, and whose word it rests on",
        columns=("study", "reports", "pooled", "included_by"),
        rows=tuple(sorted(rows)),
    )


def _reports(snapshot: Snapshot) -> Table:
    return Table(
        name="reports.csv",
        about="every report with its status, reason, and whose word it rests on",
        columns=(
            "report",
            "study",
            "status",
            "reason",
            "basis",
            "source",
            "pmid",
            "doi",
            "year",
            "citation",
            "notes",
        ),
        rows=tuple(_report_cells(snapshot)),
    )


def _report_cells(snapshot: Snapshot) -> Iterator[Cells]:
    for found in snapshot.settlements.values():
        row = report_row(snapshot, found)
        report = snapshot.material.reports.get(found.report)
        pmid, doi, year = (
            (report.record.pmid, report.record.doi, report.record.year) if report else ("", "", None)
        )
        notes = "; ".join(row.notes)
        place = (pmid, doi, year, row.citation, notes)
        yield (row.id, row.study, row.status, row.reason, found.by.value, found.source, *place)


_ARMS = ("ai", "n1i", "ci", "n2i", "m1i", "sd1i", "m2i", "sd2i")
"""Counts or means per arm, in metafor's letters; a row has one of the two."""


def _effects(snapshot: Snapshot) -> Table:
    rows: tuple[Effect | ImportedEffect, ...] = (*snapshot.ledger.effects, *snapshot.ledger.imported_effects)
    return Table(
        name="effects.csv",
        about="results as extracted or imported, on the scale of pooling, with direction and source",
        columns=(
            *("id", "study", "label", "comparison", "outcome", "timepoint", "stratum", "measure", "better"),
            *("value", "se", *_ARMS, "n", "instrument", "values", "months", "shared_control", "locator"),
            *("imported", "source", "supersedes", "at"),
        ),
        rows=tuple(_effect_cells(row) for row in rows),
    )


def _effect_cells(row: Effect | ImportedEffect) -> Cells:
    one = row.estimate
    arms = tuple(getattr(one.arms, name, None) for name in _ARMS)
    key = (one.key.comparison, one.key.outcome, one.key.timepoint, one.key.stratum)
    imported = isinstance(row, ImportedEffect)
    source, supersedes = (row.source, "") if isinstance(row, ImportedEffect) else (row.report, row.supersedes)
    what = (row.id, one.study, one.label, *key, one.measure, one.better.value, one.value, one.se, *arms)
    where = (one.n, one.instrument, one.values, one.months, one.shared_control.value, one.locator)
    return (*what, *where, imported, source, supersedes, row.at.isoformat())


def _results(snapshot: Snapshot) -> Table:
    return Table(
        name="results.csv",
        about="pooled results on the scale of pooling (RR and OR as logarithms): main and all others",
        columns=("comparison", "outcome", "timepoint", "stratum", "measure", "analysis", *_NUMBERS, "digest"),
        rows=tuple(cells for one in snapshot.syntheses for cells in _result_cells(one)),
    )


def _result_cells(synthesis: Synthesis) -> Iterator[Cells]:
    key = synthesis.key
    where = (key.comparison, key.outcome, key.timepoint, key.stratum, synthesis.measure)
    named = [("main", synthesis.numbers), *((one.name, one.numbers) for one in synthesis.sensitivity)]
    for subgroup in synthesis.subgroups:
        named.extend((f"{subgroup.name}: {level}", numbers) for level, numbers in subgroup.levels)
    for name, numbers in named:
        cells = [getattr(numbers, field) if numbers else None for field in _NUMBERS]
        yield (*where, name, *cells, synthesis.digest)


def _searches(snapshot: Snapshot) -> Table:
    return Table(
        name="search_log.csv",
        about="every search run with its window, status and where its records went; set_aside stays 0: "
        "reports are set aside after their run, and those are counted in release.json",
        columns=(
            *(
                "run",
                "source",
                "started",
                "ended",
                "window_start",
                "window_end",
                "status",
                "retrieved",
                "known",
            ),
            *("duplicates", "queued", "set_aside", "decided", "canaries_missing", "not_delivered"),
            *("strategy_sha256", "protocol_version", "build", "message"),
        ),
        rows=tuple(
            (
                *(run.id, run.source, run.started.isoformat(), run.ended.isoformat()),
                *(run.window.start, run.window.end, run.status.value, run.counts.retrieved, run.counts.known),
                *(run.counts.duplicates, run.counts.queued, run.counts.set_aside, run.counts.decided),
                *(" ".join(run.canaries_missing), " ".join(name for name, _ in run.missing)),
                *(run.strategy_sha256, run.protocol_version, run.build, run.message),
            )
            for run in snapshot.ledger.runs
        ),
    )


def _notices(snapshot: Snapshot) -> Table:
    return Table(
        name="notices.csv",
        about="what was found out about known reports: retractions, errata, added abstracts and index terms",
        columns=("seen", "report", "kind", "text"),
        rows=tuple((one.at.isoformat(), one.report, one.kind, one.text) for one in snapshot.ledger.notices),
    )


def _decisions(snapshot: Snapshot) -> Table:
    ledger = snapshot.ledger
    counted = Counter(
        [("vote", one.stage.value, one.verdict.value, one.reason, "") for one in ledger.decisions]
        + [("resolution", one.stage.value, one.verdict.value, one.reason, "") for one in ledger.resolutions]
        + [
            ("imported", one.stage.value, one.verdict.value, one.contested or one.reason, one.source)
            for one in ledger.imported_decisions
        ]
    )
    return Table(
        name="decisions.csv",
        about="decisions counted by kind, stage, verdict and reason, without names; imported ones apart",
        columns=("kind", "stage", "verdict", "reason", "source", "n"),
        rows=tuple((*what, n) for what, n in sorted(counted.items())),
    )
