"""The years of a replay: search, rank, import what others decided, pool, and make an edition nobody signs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flows.place import Place
from flows.replay.material import Material
from flows.replay.years import replay_year
from flows.steps.baseline import import_effects, take_in_baseline
from flows.steps.cycle import Cycle, run_cycle
from flows.steps.known_pass import look_again
from flows.steps.publication import make_editions
from flows.steps.resynthesis import resynthesise
from review.baseline import PublishedDecision
from review.clocks import candidates
from review.decision import ImportedDecision
from review.edition import UpdateDecision, UpdateVerdict
from review.ids import ReportId
from review.replay import ReplayYear
from review.screening import settle
from review.searching import Window
from search.pubmed import PubMed
from store.store import Store

__all__ = ["ReplayProgress", "Theatre", "noon", "play"]

ReplayProgress = Callable[[int, str], None]
"""Told how many years are done and what is being done now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theatre:
    """Where the replay plays: the review, what it is played from, and the real parts it is played with."""

    place: Place
    material: Material
    store: Store
    pubmed: PubMed
    progress: ReplayProgress


def play(theatre: Theatre, today: date) -> tuple[ReplayYear, ...]:
    """Play every year from the published review to `today`."""
    place, first = theatre.place, theatre.material.rehearsal.first_year
    plan = place.protocol.search.pubmed
    since = plan.since if plan else date(first, 1, 1)
    theatre.progress(0, "taking in the published review")
    take_in_baseline(place.folder, place.protocol, theatre.store, noon(since))
    _edition_of_what_changed(theatre, noon(since))
    # The last day of a year is not over at its noon: the next year's search asks for it again.
    starts = [since, *(date(year, 12, 31) for year in range(first, today.year))]
    windows = [Window(start, min(date(first + n, 12, 31), today)) for n, start in enumerate(starts)]
    return tuple(_year(theatre, window, number) for number, window in enumerate(windows))


def noon(day: date) -> datetime:
    """Return noon of a day in universal time: the moment at which a replayed day happens."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _year(theatre: Theatre, window: Window, number: int) -> ReplayYear:
    year, moment = window.end.year, noon(window.end)
    cycle = run_cycle(
        theatre.place,
        theatre.store,
        theatre.pubmed,
        clock=lambda: moment,
        window=window,
        stage=lambda what: theatre.progress(number, f"{year}: {what}"),
    )
    _refuse_failure(cycle)
    theatre.progress(number, f"{year}: looking again at what is known")
    again = look_again(
        theatre.place.protocol,
        theatre.store,
        theatre.pubmed,
        clock=lambda: moment,
        only={record.pmid for record in theatre.material.catalogue},
    )
    _import_what_others_decided(theatre, moment)
    headline = _edition_of_what_changed(theatre, moment)
    return replay_year(
        theatre.place, theatre.material, theatre.store, cycle=cycle, again=again, headline=headline
    )


def _refuse_failure(cycle: Cycle) -> None:
    if cycle.exit_code == 1:
        raise RuntimeError(f"replay: the search of {cycle.run.window} failed: {cycle.run.message}")


def _import_what_others_decided(theatre: Theatre, moment: datetime) -> None:
    """Import the decisions and effects of those trials whose report has been found by now."""
    material, ledger = theatre.material, theatre.store.ledger()
    seen = {sighting.record: sighting.report for sighting in ledger.sightings}
    decided = {decision.report for decision in ledger.imported_decisions}
    found = {
        decision: seen[record.id]
        for decision in material.decisions
        if (record := material.reports.get(decision.study)) and record.id in seen
    }
    new = {decision: report for decision, report in found.items() if report not in decided}
    theatre.store.import_decisions([_imported(one, report, moment) for one, report in new.items()])
    studies = {decision.study for decision in new}
    effects = [one for one in material.effects if one.estimate.study in studies]
    import_effects(theatre.store, effects, moment)


def _imported(decision: PublishedDecision, report: ReportId, moment: datetime) -> ImportedDecision:
    return ImportedDecision(
        report=report,
        stage=decision.stage,
        verdict=decision.verdict,
        source=decision.source,
        at=moment,
        study=decision.study,
        contested=decision.contested,
    )


def _edition_of_what_changed(theatre: Theatre, moment: datetime) -> str:
    """Make a rehearsal edition of new results, which nobody signs; return the year's headline."""
    place, store = theatre.place, theatre.store
    resynthesise(place.protocol, store, moment)
    ledger = store.ledger()
    fresh = candidates(ledger, settle(ledger, place.protocol))
    if not fresh:
        return "searched, nothing new to pool"
    store.sign(
        UpdateDecision(
            verdict=UpdateVerdict.PUBLISH,
            reason="Rehearsal: made by a replay of published decisions; nobody signed it.",
            signer=None,
            at=moment,
            syntheses=tuple(one.digest for one in fresh),
        )
    )
    made = make_editions(store, place, moment)
    about = f"{theatre.material.rehearsal.analysis}: "
    lines = (line for edition in made for line in edition.changes)
    return " ".join(dict.fromkeys(line.removeprefix(about) for line in lines))
