"""One cycle of the living review: search, rank, pool again, and say so in status entries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.errors import Refused
from flows.files import alone
from flows.place import Place
from flows.steps.asking import SOURCE, pubmed_plan
from flows.steps.baseline import take_in_baseline
from flows.steps.known_pass import KnownPass, look_again
from flows.steps.ranking import Ranking, fetch_background, rank_waiting
from flows.steps.resynthesis import resynthesise
from flows.steps.status_entries import status_entry
from flows.steps.surveillance import question_sha256, search_pubmed, search_source
from review.edition import StatusEntry
from review.ids import ReportId
from review.result import Synthesis
from review.searching import RunStatus, SearchRun, Window
from search.blocks import Blocks
from search.blocks import read as read_blocks
from search.errors import SourceError
from search.pubmed import PubMed
from search.sources.contract import Source
from store.store import Store

__all__ = ["Cycle", "Sources", "Stage", "look_again_alone", "run_cycle"]

Stage = Callable[[str], None]
"""Told the name of each stage as it begins."""

Sources = Callable[[], Sequence[Source]]
"""Makes the sources besides PubMed, once the baseline is in: citations are chased from what is included."""


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
    background_problem
        Why presumed negatives could not be fetched; empty where they could.
    """

    run: SearchRun
    new: frozenset[ReportId]
    ranking: Ranking | None
    candidates: tuple[Synthesis, ...]
    entry: StatusEntry
    background_problem: str = ""
    others: tuple[SearchRun, ...] = ()
    entries: tuple[StatusEntry, ...] = ()
    not_asked: tuple[str, ...] = ()

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
        When another run is at work on this review, or its protocol still holds the template's words.
    """
    with alone(place.home, "run"):
        return _cycle(
            place,
            store,
            pubmed,
            clock=clock,
            window=window,
            sources=sources,
            stage=stage,
            progress=progress,
        )


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


def _cycle(
    place: Place,
    store: Store,
    pubmed: PubMed,
    *,
    clock: Callable[[], datetime],
    window: Window | None,
    sources: Sources,
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
    made = {one.name: one for one in sources()}
    others = tuple(
        _search_other(place, blocks, store, made[name], clock=clock, stage=stage, progress=progress)
        for name in place.protocol.search.automatic
        if name in made
    )
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
    entry, *entries = (status_entry(one, store.ledger()) for one in (run, *others))
    for one in (*entries, entry):
        store.add_status(one)
    return Cycle(
        run=run,
        others=others,
        entries=tuple(entries),
        not_asked=tuple(
            name for name in place.protocol.search.automatic if name != SOURCE and name not in made
        ),
        new=_reports(store) - before,
        ranking=ranking,
        candidates=changed,
        entry=entry,
        background_problem=problem,
    )


def _search_other(
    place: Place,
    blocks: Blocks,
    store: Store,
    source: Source,
    *,
    clock: Callable[[], datetime],
    stage: Stage,
    progress: Callable[[int, int], None] | None,
) -> SearchRun:
    stage(f"searching {source.name}")
    strategy = question_sha256(place.protocol, blocks, source.name)
    return search_source(place.protocol, store, source, strategy=strategy, clock=clock, progress=progress)


def _refuse_template(place: Place) -> None:
    text = (place.folder / "protocol.toml").read_text(encoding="utf-8") + place.strategy_text()
    if "REPLACE" in text or '"your population"' in text:
        raise Refused(
            f"{place.folder}: found words of the template (REPLACE, your population); expected your own; "
            "fill in protocol.toml and the strategy first"
        )


def _reports(store: Store) -> frozenset[ReportId]:
    return frozenset(sighting.report for sighting in store.ledger().sightings)
