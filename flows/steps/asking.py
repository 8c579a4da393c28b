"""Put one window's questions to PubMed, before anything is written."""

from collections.abc import Callable
from dataclasses import dataclass

from flows.errors import Refused
from review.protocol import Protocol
from review.protocol_sources import PubMedSource
from review.record import Record
from review.searching import BlockCount, RunStatus, Window
from search.blocks import Blocks
from search.pubmed import Fetched, PubMed, SearchResult
from store.store import Store

__all__ = ["SOURCE", "Answer", "Progress", "ask", "pubmed_plan"]

SOURCE = "pubmed"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything PubMed said of one window.

    Parameters
    ----------
    known
        How many of the records are in the store already: the overlap with the last window.
    """

    result: SearchResult
    blocks: tuple[BlockCount, ...]
    canaries_missing: tuple[str, ...]
    build: str
    fetched: Fetched
    known: int

    @property
    def status(self) -> RunStatus:
        """*Partial* when records were counted but not delivered, *suspect* when a canary is missing."""
        if self.fetched.missing:
            return RunStatus.PARTIAL
        return RunStatus.SUSPECT if self.canaries_missing else RunStatus.COMPLETE

    @property
    def message(self) -> str:
        """Why the status is not *complete*; empty where it is."""
        if self.fetched.missing:
            return f"{len(self.fetched.missing)} records were counted but not delivered"
        if self.canaries_missing:
            return f"the strategy no longer finds PMID {', '.join(self.canaries_missing)}, which it must find"
        return ""


def ask(
    plan: PubMedSource,
    blocks: Blocks,
    store: Store,
    pubmed: PubMed,
    *,
    window: Window,
    progress: Progress | None = None,
) -> Answer:
    """Search the window, count each block, look for the canaries, and fetch what the store does not know.

    Raises
    ------
    SourceError
        When any of the questions goes unanswered.
    """
    query = blocks.full()
    result = pubmed.search(query, window)
    ids = {pmid: Record(source=SOURCE, accession=pmid, title="").id for pmid in result.pmids}
    known = store.known(ids.values())
    counts = tuple(BlockCount(name, pubmed.count(blocks.joined(name), window)) for name in blocks.names)
    return Answer(
        result=result,
        blocks=counts,
        canaries_missing=_canaries_missing(plan, query, pubmed),
        build=pubmed.build(),
        fetched=pubmed.fetch([pmid for pmid, id_ in ids.items() if id_ not in known], progress=progress),
        known=len(known),
    )


def pubmed_plan(protocol: Protocol) -> PubMedSource:
    """Return where and since when PubMed is searched; Refused for a review that is not searched."""
    if protocol.search.pubmed is None:
        raise Refused(
            f"{protocol.id}: search.pubmed: found nothing; expected a table that says where to look; "
            "add it, or use 'living-review pool' for a review that is not searched"
        )
    return protocol.search.pubmed


def _canaries_missing(plan: PubMedSource, query: str, pubmed: PubMed) -> tuple[str, ...]:
    wanted = [str(pmid) for pmid in plan.canaries]
    if not wanted:
        return ()
    uids = " OR ".join(f"{pmid}[uid]" for pmid in wanted)
    found = set(pubmed.search(f"({query}) AND ({uids})", None).pmids)
    return tuple(pmid for pmid in wanted if pmid not in found)
