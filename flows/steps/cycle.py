"""One cycle of the living review: search, rank, pool again, and say so in a status entry."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flows.errors import Refused
from flows.files import alone
from flows.place import Place
from flows.steps.asking import pubmed_plan
from flows.steps.baseline import take_in_baseline
from flows.steps.ranking import Ranking, fetch_background, rank_waiting
from flows.steps.resynthesis import resynthesise
from flows.steps.surveillance import search_pubmed
from review.clocks import candidates
from review.edition import StatusEntry
from review.ids import ReportId
from review.ledger import Ledger
from review.result import Synthesis
from review.searching import RunStatus, SearchRun, Window
from search.blocks import read as read_blocks
from search.errors import SourceError
from search.pubmed import PubMed
from store.store import Store

__all__ = ["Cycle", "Stage", "run_cycle", "status_entry"]

Stage = Callable[[str], None]
"""Told the name of each stage as it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """What one cycle did.

    Parameters
    ----------
    new
        Reports that this cycle saw first.
    background_problem
        Why presumed negatives could not be fetched; empty where they could.
    """

    run: SearchRun
    new: frozenset[ReportId]
    ranking: Ranking | None
    candidates: tuple[Synthesis, ...]
    entry: StatusEntry
    background_problem: str = ""

    @property
    def exit_code(self) -> int:
        """0 done, 1 failed, 3 partial: a gap was left."""
        return {RunStatus.COMPLETE: 0, RunStatus.FAILED: 1}.get(self.run.status, 3)


def run_cycle(
    place: Place,
    store: Store,
    pubmed: PubMed,
    *,
    clock: Callable[[], datetime],
    window: Window | None = None,
    stage: Stage = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
) -> Cycle:
    """Run one cycle; running it twice adds nothing but a line in the search log.

    Raises
    ------
    Refused
        When another run is at work on this review, or its protocol still holds the template's words.
    """
    with alone(place.home, "run"):
        return _cycle(place, store, pubmed, clock=clock, window=window, stage=stage, progress=progress)


def _cycle(
    place: Place,
    store: Store,
    pubmed: PubMed,
    *,
    clock: Callable[[], datetime],
    window: Window | None,
    stage: Stage,
    progress: Callable[[int, int], None] | None,
) -> Cycle:
    _refuse_template(place)
    blocks = read_blocks(place.folder / pubmed_plan(place.protocol).strategy)
    stage("taking in the baseline")
    take_in_baseline(place.folder, place.protocol, store, clock())
    before = _reports(store)
    stage("searching PubMed")
    run = search_pubmed(place.protocol, blocks, store, pubmed, clock=clock, window=window, progress=progress)
    problem = ""
    if run.status is not RunStatus.FAILED:
        stage("fetching presumed negatives")
        try:
            fetch_background(place.protocol, blocks, store, pubmed, until=run.window.end, now=clock())
        except SourceError as error:
            problem = str(error)
    stage("ranking what waits")
    ranking = rank_waiting(place.protocol, store, clock())
    stage("pooling again")
    changed = resynthesise(place.protocol, store, clock())
    entry = status_entry(run, store.ledger())
    store.add_status(entry)
    return Cycle(
        run=run,
        new=_reports(store) - before,
        ranking=ranking,
        candidates=changed,
        entry=entry,
        background_problem=problem,
    )


def _refuse_template(place: Place) -> None:
    text = (place.folder / "protocol.toml").read_text(encoding="utf-8") + place.strategy_text()
    if "REPLACE" in text or '"your population"' in text:
        raise Refused(
            f"{place.folder}: found words of the template (REPLACE, your population); expected your own; "
            "fill in protocol.toml and the strategy first"
        )


def status_entry(run: SearchRun, ledger: Ledger) -> StatusEntry:
    """Return the dated line that the searches of one day leave on the site.

    It is a fold over all runs that ended with the same window, so that a run which was broken off and begun
    again says what an unbroken one would have said.
    """
    same = [one for one in ledger.runs if one.source == run.source and one.window.end == run.window.end]
    new = sum(one.counts.queued for one in same)
    return StatusEntry(
        id=f"{run.source}-{run.window.end}-{run.status}-{new}",
        at=run.ended,
        title=_title(run, new),
        text=_text(run, new, sum(one.counts.duplicates for one in same), len(candidates(ledger))),
    )


def _reports(store: Store) -> frozenset[ReportId]:
    return frozenset(sighting.report for sighting in store.ledger().sightings)


def _title(run: SearchRun, new: int) -> str:
    if run.status is RunStatus.FAILED:
        return f"Search of {run.source} failed on {run.ended:%Y-%m-%d}"
    state = "" if run.status is RunStatus.COMPLETE else f" ({run.status})"
    return f"Searched {run.source} through {run.window.end}{state}: {_count(new, 'new report')}"


def _text(run: SearchRun, new: int, duplicates: int, waiting: int) -> str:
    if run.status is RunStatus.FAILED:
        return f"{run.message} The days {run.window} stay open until a later run has searched them."
    pooled = f"{_count(waiting, 'pooled result')} to sign." if waiting else "Nothing new to pool."
    doubt = f"{run.message}. " if run.message else ""
    found = f"{_count(new, 'new report')}, {_count(duplicates, 'duplicate')} of known ones"
    return f"{found}. {doubt}{pooled}"


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
