"""The published table pooled by itself, beside what the replay could reach through its own search."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flows.place import Place
from flows.replay.material import Material
from flows.steps.resynthesis import code_version
from review.clocks import latest_syntheses
from review.effect import AnalysisKey
from review.ids import ReportId
from review.ledger import Ledger
from review.published_effects import PublishedEffect
from review.record import Record
from review.result import PooledNumbers, Sensitivity
from review.screening import Settlement, settle
from review.studies import included_studies
from synthesis.living.analysis import synthesise

__all__ = ["analysis_key", "table_figures"]


def analysis_key(material: Material) -> AnalysisKey:
    """Return the analysis that the rehearsal is about."""
    comparison, outcome, timepoint, stratum = material.rehearsal.analysis.split("/")
    return AnalysisKey(comparison, outcome, timepoint, stratum)


def table_figures(place: Place, material: Material, ledger: Ledger, now: datetime) -> tuple[Sensitivity, ...]:
    """Pool the published table: the baseline's trials, every trial, every trial not contested.

    The last figure is what the replay's own search reached, with every trial that it lacks and why.
    """
    contested = {one.study for one in material.decisions if one.contested}
    before, later = material.baseline_effects, material.effects
    sets = {
        "the trials of the published review": before,
        "every trial of the published table": (*before, *later),
    }
    if contested:
        name = f"every trial of the published table but {', '.join(sorted(contested))}"
        sets[name] = tuple(one for one in (*before, *later) if one.estimate.study not in contested)
    figures = tuple(
        Sensitivity(name=name, numbers=_pooled(rows, place, material, now), note=_note(rows, material))
        for name, rows in sets.items()
    )
    return (*figures, *_reached(place, material, ledger))


def _reached(place: Place, material: Material, ledger: Ledger) -> tuple[Sensitivity, ...]:
    settlements = settle(ledger, place.protocol)
    table = {row.estimate.study for row in material.effects if row.estimate.key == analysis_key(material)}
    lacking: dict[str, list[str]] = defaultdict(list)
    for study in sorted(table - set(included_studies(settlements))):
        lacking[_why_lacking(material.reports.get(study), settlements)].append(study)
    note = "; ".join(f"{why}: {', '.join(studies)}" for why, studies in sorted(lacking.items()))
    return tuple(
        Sensitivity(name="the trials that this replay's own search reached", numbers=one.numbers, note=note)
        for one in latest_syntheses(ledger)
        if one.key == analysis_key(material)
    )


def _why_lacking(record: Record | None, settlements: Mapping[ReportId, Settlement]) -> str:
    if record is None:
        return "effect published, report not in the catalogue"
    found = settlements.get(record.report_id)
    return "missed by the strategy" if found is None else found.status.value


def _pooled(
    rows: Iterable[PublishedEffect], place: Place, material: Material, now: datetime
) -> PooledNumbers:
    key = analysis_key(material)
    estimates = [row.estimate for row in rows if row.estimate.key == key]
    return synthesise(
        key,
        estimates,
        imported=[True] * len(estimates),
        protocol=place.protocol,
        at=now,
        code_version=code_version(),
    ).numbers


def _note(rows: Sequence[PublishedEffect], material: Material) -> str:
    unseen = sorted(
        {row.estimate.study for row in rows if row.estimate.key == analysis_key(material)}
        & {trial.study for trial in material.trials if trial.study not in material.reports}
    )
    return f"effect published, report not in the catalogue: {', '.join(unseen)}" if unseen else ""
