"""What one year of the replay shows: which later trials the strategy found or lost, and where they ranked."""

from collections.abc import Mapping
from dataclasses import dataclass

from classifier.history import Place as Rank
from classifier.history import places
from flows.place import Place
from flows.replay.listing import flagged_reports, state_of
from flows.replay.material import Material
from flows.steps.cycle import Cycle
from flows.steps.known_pass import KnownPass
from review.baseline import LaterTrial
from review.decision import Verdict
from review.ids import ReportId, StudyId
from review.record import Record
from review.replay import ReplayYear, TrialOutcome, Watch
from review.screening import Settlement, settle
from review.suggestion import Suggestion
from search.blocks import Blocks
from store.store import Store

__all__ = ["replay_year"]


def replay_year(
    place: Place, material: Material, store: Store, *, cycle: Cycle, again: KnownPass, headline: str
) -> ReplayYear:
    """Return the facts of the cycle's year, after its decisions were imported.

    Parameters
    ----------
    again
        The year's look at everything known.
    headline
        What was pooled anew, or that there was nothing new to pool.
    """
    year = cycle.run.window.end.year
    suggested = _suggested(cycle)
    trials = [trial for trial in material.trials if _entry_year(trial, material) == year]
    judge = _Judge(
        material=material,
        blocks=place.blocks(),
        settlements=settle(store.ledger(), place.protocol),
        ranks=_ranks({one.report: one.score for one in suggested}, material),
        flagged=frozenset(one.report for one in suggested if one.flagged),
        included=frozenset(one.study for one in material.decisions if one.verdict is Verdict.INCLUDE),
    )
    return ReplayYear(
        year=year,
        retrieved=cycle.run.counts.retrieved,
        new=cycle.run.counts.queued,
        ranked=len(suggested),
        flagged=sum(one.flagged for one in suggested),
        listed=flagged_reports(suggested, judge.settlements, _trials_by_report(material)),
        headline=headline,
        card=cycle.ranking.model if cycle.ranking else None,
        drift=cycle.drift,
        trials=tuple(_outcome(trial, judge) for trial in trials),
        watch=_watch(place, cycle, again, _not_looked_at(material, store)),
    )


def _watch(place: Place, cycle: Cycle, again: KnownPass, not_looked_at: int) -> Watch:
    pubmed, run = place.protocol.search.pubmed, cycle.run
    return Watch(
        status=run.status.value,
        canaries=len(pubmed.canaries) if pubmed else 0,
        canaries_missing=run.canaries_missing,
        blocks=run.blocks,
        message=run.message,
        known_status=again.run.status.value,
        known=again.run.counts.known,
        notices=tuple((one.kind, f"{one.report}: {one.text}") for one in again.notices),
        not_looked_at=not_looked_at,
    )


def _not_looked_at(material: Material, store: Store) -> int:
    held = {record.pmid for record in material.catalogue}
    reports = store.reports().values()
    return sum(not any(record.pmid in held for record in report.records) for report in reports)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    """What is needed to say what became of a trial."""

    material: Material
    blocks: Blocks | None
    settlements: Mapping[ReportId, Settlement]
    ranks: Mapping[ReportId, Rank]
    flagged: frozenset[ReportId]
    included: frozenset[StudyId]


def _suggested(cycle: Cycle) -> list[Suggestion]:
    suggestions = cycle.ranking.suggestions if cycle.ranking else ()
    return [one for one in suggestions if one.report in cycle.new]


def _trials_by_report(material: Material) -> Mapping[ReportId, str]:
    return {record.report_id: study for study, record in material.reports.items()}


def _ranks(scores: Mapping[ReportId, float], material: Material) -> Mapping[ReportId, Rank]:
    trials = {record.report_id for record in material.reports.values()}
    near = {record.report_id for record in material.catalogue if record.accession in material.near_misses}
    return places(scores, trials, near - trials)


def _entry_year(trial: LaterTrial, material: Material) -> int:
    record = material.reports.get(trial.study)
    return record.entered.year if record and record.entered else trial.year


def _outcome(trial: LaterTrial, judge: _Judge) -> TrialOutcome:
    record = judge.material.reports.get(trial.study)
    if record is None:
        state = _unreported(trial, judge.material)
        return TrialOutcome(study=trial.study, in_catalogue=False, found=False, state=state, why=trial.note)
    settlement = judge.settlements.get(record.report_id)
    if settlement is None:
        lost = _lost_by(record, judge.blocks)
        return TrialOutcome(
            study=trial.study, in_catalogue=True, found=False, state="missed by the strategy", why=lost
        )
    rank, flagged = judge.ranks.get(record.report_id), settlement.report in judge.flagged
    return TrialOutcome(
        study=trial.study,
        in_catalogue=True,
        found=True,
        state=state_of(settlement, flagged=flagged),
        rank=rank.rank if rank else None,
        of=rank.of if rank else None,
        rank_near=rank.rank_near if rank else None,
        of_near=rank.of_near if rank else None,
        why=settlement.reason or trial.note,
        flagged=flagged,
        included=trial.study in judge.included,
    )


def _unreported(trial: LaterTrial, material: Material) -> str:
    measured = any(effect.estimate.study == trial.study for effect in material.effects)
    return "effect published, report not in the catalogue" if measured else "report not in the catalogue"


def _lost_by(record: Record, blocks: Blocks | None) -> str:
    names = blocks.names if blocks else ()
    lost = [name for name in names if blocks and not blocks.block(name).matches(record)]
    return f"no match in block {', '.join(lost)}" if lost else "every block matches: outside the window"
