"""One cycle of the living review: search, rank, pool again, and say so in status entries."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flows.errors import Refused
from flows.files import alone
from flows.place import Place
from flows.steps.all_sources import Searched, Sources, ask_all, read_files
from flows.steps.asking import pubmed_plan
from flows.steps.baseline import take_in_baseline
from flows.steps.drift import look_for_drift
from flows.steps.hand import Hand, Stage
from flows.steps.known_pass import KnownPass, look_again
from flows.steps.ranking import Ranking, rank_waiting
from flows.steps.resynthesis import resynthesise
from flows.steps.setting_aside import set_aside_and_draw, standing_now
from flows.steps.status_entries import status_entry
from flows.steps.strategy import read_strategy, refuse_days_to_come
from flows.steps.texts import fetch_negatives, fetch_reference_texts
from review.audit import AuditDraw
from review.drift import Drift
from review.edition import StatusEntry
from review.ids import ReportId
from review.result import Synthesis
from review.searching import RunStatus, SearchRun, Window
from search.blocks import Blocks
from search.pubmed import PubMed
from store.store import Store

__all__ = ["Cycle", "Sources", "Stage", "look_again_alone", "run_cycle", "run_ingest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """What one cycle did.

    Parameters
    ----------
    run
        The search of PubMed.
    others
        The searches of the protocol's other sources.
    not_asked
        Sources of the protocol that nothing here could ask.
    new
        Reports that this cycle saw first.
    entry, entries
        What the search of PubMed, and those of the other sources, leave on the site.
    problems
        What the ranking had to do without, and why.
    drift
        What the last batch ranked looks like beside what was known; None without a model.
    draw
        What was set aside and drawn for audit; None where nothing was.
    withdrawn
        Why the promise is withdrawn, by the audit or by drift; empty where it is not.
    """

    run: SearchRun
    new: frozenset[ReportId]
    ranking: Ranking | None
    candidates: tuple[Synthesis, ...]
    entry: StatusEntry
    problems: tuple[str, ...] = ()
    others: tuple[SearchRun, ...] = ()
    entries: tuple[StatusEntry, ...] = ()
    not_asked: tuple[str, ...] = ()
    drift: Drift | None = None
    draw: AuditDraw | None = None
    withdrawn: str = ""

    @property
    def exit_code(self) -> int:
        """0 done, 1 failed: no source answered, 3 partial: a gap was left, or a source was not asked."""
        ends = {run.status for run in (self.run, *self.others)}
        if ends == {RunStatus.FAILED}:
            return 1
        return 0 if ends == {RunStatus.COMPLETE} and not self.not_asked else 3


def run_cycle(
    place: Place,
    store: Store,
    pubmed: PubMed,
    *,
    clock: Callable[[], datetime],
    window: Window | None = None,
    sources: Sources = tuple,
    stage: Stage = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
) -> Cycle:
    """Run one cycle; running it twice adds nothing but a line in the search log.

    A source that fails leaves its own failed run and gap; the others are asked all the same.

    Parameters
    ----------
    window
        The days to search in PubMed; by default those that are due, as always for the other sources.

    Raises
    ------
    Refused
        When another run is at work on this review, its protocol still holds the template's words or begins on
        a day to come, or PubMed would read the strategy otherwise than it is written.
    """
    hand = Hand(place=place, store=store, clock=clock, stage=stage, progress=progress)
    with alone(place.home, "run"):
        return _cycle(hand, lambda blocks: _ask(hand, blocks, pubmed, window, sources))


def run_ingest(
    place: Place,
    store: Store,
    folder: Path,
    *,
    clock: Callable[[], datetime],
    workers: int = 1,
    stage: Stage = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
) -> Cycle:
    """Run one cycle on PubMed's own files in `folder`; nothing is asked of anybody.

    Parameters
    ----------
    workers
        Files that are read at the same time, each in a process of its own.

    Raises
    ------
    UnreadableFile
        When the folder holds no row of PubMed's files.
    Refused
        As in `run_cycle`.
    """
    hand = Hand(place=place, store=store, clock=clock, stage=stage, progress=progress)
    with alone(place.home, "run"):
        return _cycle(hand, lambda blocks: read_files(hand, blocks, folder, workers))


def look_again_alone(
    place: Place,
    store: Store,
    pubmed: PubMed,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int, int], None] | None = None,
) -> KnownPass:
    """Look again at everything known; what it finds is told, nothing is changed.

    Raises
    ------
    Refused
        When another run is at work on this review, or it has no PubMed search.
    """
    pubmed_plan(place.protocol)
    with alone(place.home, "run"):
        return look_again(place.protocol, store, pubmed, clock=clock, progress=progress)


def _ask(hand: Hand, blocks: Blocks, pubmed: PubMed, window: Window | None, sources: Sources) -> Searched:
    # The references come first, so that a search which finds them meets them under their PMIDs.
    lacking = fetch_reference_texts(hand, pubmed)
    found = ask_all(hand, blocks, pubmed, window, sources)
    if found.run.status is not RunStatus.FAILED:
        lacking += fetch_negatives(hand, blocks, pubmed, found.run.window.end)
    return replace(found, problems=lacking)


def _cycle(hand: Hand, search: Callable[[Blocks], Searched]) -> Cycle:
    place, store = hand.place, hand.store
    _refuse_template(place)
    plan = pubmed_plan(place.protocol)
    refuse_days_to_come(place, hand.clock().date())
    blocks = read_strategy(place.folder / plan.strategy)
    hand.stage("taking in the baseline")
    take_in_baseline(place.folder, place.protocol, store, hand.clock())
    before = _reports(store)
    found = search(blocks)
    hand.stage("ranking what waits")
    ranking = rank_waiting(place.protocol, store, hand.clock())
    drift = look_for_drift(place.protocol, store, hand.clock())
    draw = set_aside_and_draw(place.protocol, store, hand.clock())
    hand.stage("pooling again")
    changed = resynthesise(place.protocol, store, hand.clock())
    entry, *entries = (status_entry(one, store.ledger()) for one in (found.run, *found.others))
    for one in (*entries, entry):
        store.add_status(one)
    return Cycle(
        run=found.run,
        others=found.others,
        entries=tuple(entries),
        not_asked=found.not_asked,
        new=_reports(store) - before,
        ranking=ranking,
        candidates=changed,
        entry=entry,
        problems=found.problems,
        drift=drift,
        draw=draw,
        withdrawn=standing_now(place.protocol, store).withdrawn,
    )


def _refuse_template(place: Place) -> None:
    text = (place.folder / "protocol.toml").read_text(encoding="utf-8") + place.strategy_text()
    if "REPLACE" in text or '"your population"' in text:
        raise Refused(
            f"{place.folder}: found words of the template (REPLACE, your population); expected your own; "
            "fill in protocol.toml and the strategy first"
        )


def _reports(store: Store) -> frozenset[ReportId]:
    return frozenset(sighting.report for sighting in store.ledger().sightings)
