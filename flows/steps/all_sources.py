"""Ask every source that the protocol names, or read PubMed's own files instead of asking."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.steps.asking import SOURCE
from flows.steps.hand import Hand
from flows.steps.ingesting import ingest
from flows.steps.surveillance import question_sha256, search_pubmed, search_source
from review.searching import SearchRun, Window
from search.blocks import Blocks
from search.pubmed import PubMed
from search.sources.contract import Source

__all__ = ["Searched", "Sources", "ask_all", "read_files"]

Sources = Callable[[], Sequence[Source]]
"""Makes the sources besides PubMed, once the baseline is in: citations are chased from what is included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """The runs of one cycle, the sources that nothing here could ask, and texts that could not be had."""

    run: SearchRun
    others: tuple[SearchRun, ...] = ()
    not_asked: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def ask_all(hand: Hand, blocks: Blocks, pubmed: PubMed, window: Window | None, sources: Sources) -> Searched:
    """Search PubMed, then the other sources in the protocol's order; each leaves a run of its own."""
    protocol = hand.place.protocol
    hand.stage("searching PubMed")
    run = search_pubmed(
        protocol, blocks, hand.store, pubmed, clock=hand.clock, window=window, progress=hand.progress
    )
    made = {one.name: one for one in sources()}
    asked = [name for name in protocol.search.automatic if name != SOURCE]
    return Searched(
        run=run,
        others=tuple(_search_other(hand, blocks, made[name]) for name in asked if name in made),
        not_asked=tuple(name for name in asked if name not in made),
    )


def _search_other(hand: Hand, blocks: Blocks, source: Source) -> SearchRun:
    hand.stage(f"searching {source.name}")
    return search_source(
        hand.place.protocol,
        hand.store,
        source,
        strategy=question_sha256(hand.place.protocol, blocks, source.name),
        clock=hand.clock,
        progress=hand.progress,
    )


def read_files(hand: Hand, blocks: Blocks, folder: Path, workers: int) -> Searched:
    """Put the strategy to PubMed's own files; the other sources are not asked."""
    hand.stage("reading PubMed's files")
    protocol = hand.place.protocol
    run = ingest(
        folder, protocol, blocks, hand.store, clock=hand.clock, workers=workers, progress=hand.progress
    )
    return Searched(run=run, not_asked=tuple(name for name in protocol.search.automatic if name != SOURCE))
