"""Put one window's questions to PubMed, before anything is written."""

from collections.abc import Callable, Iterable, Mapping

from flows.errors import Refused
from flows.steps.recording import Answer
from review.ids import RecordId
from review.protocol import Protocol
from review.protocol_sources import PubMedSource
from review.record import Record
from review.searching import BlockCount, RunStatus, Window
from review.translations import changed_reading, last_translation
from search.blocks import Blocks
from search.pubmed import Fetched, PubMed
from store.store import Store

__all__ = ["SOURCE", "Progress", "ask", "pubmed_id", "pubmed_plan"]

SOURCE = "pubmed"

Progress = Callable[[int, int], None]


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

    The answer is *partial* when records were counted and not delivered, unless PubMed says in two runs that
    they are deleted or merged into another (which is fetched instead), and *suspect* when a canary is
    missing. That PubMed reads the strategy otherwise than the last time is said in its message only.

    Raises
    ------
    SourceError
        When any of the questions goes unanswered.
    """
    query = blocks.full()
    result = pubmed.search(query, window)
    ids = {pmid: pubmed_id(pmid) for pmid in result.pmids}
    known = store.known(ids.values())
    counts = tuple(BlockCount(name, pubmed.count(blocks.joined(name), window)) for name in blocks.names)
    canaries = _canaries_missing(plan, query, pubmed)
    build = pubmed.build()
    fetched = pubmed.fetch([pmid for pmid, id_ in ids.items() if id_ not in known], progress=progress)
    survivors = _survivors(fetched, ids, store, pubmed)
    lacking = _lacking((fetched, survivors), plan, store)
    before = last_translation(store.ledger().runs, SOURCE, blocks.sha256)
    doubts = (
        f"{len(lacking)} records were counted but not delivered" if lacking else "",
        _lost(canaries, blocks, pubmed),
        changed_reading(before, result.translation),
    )
    return Answer(
        status=_status(lacking, canaries),
        records=(*fetched.records, *survivors.records),
        known=len(known),
        message="; ".join(filter(None, doubts)),
        blocks=counts,
        missing=(*fetched.missing, *survivors.missing),
        canaries_missing=canaries,
        translation=result.translation,
        build=build,
    )


def pubmed_id(pmid: str) -> RecordId:
    """Return the name under which PubMed's record of a PMID is filed."""
    return Record(source=SOURCE, accession=pmid, title="").id


def pubmed_plan(protocol: Protocol) -> PubMedSource:
    """Return where and since when PubMed is searched; Refused for a review that is not searched."""
    if protocol.search.pubmed is None:
        raise Refused(
            f"{protocol.id}: search.pubmed: found nothing; expected a table that says where to look; "
            "add it, or use 'living-review pool' for a review that is not searched"
        )
    return protocol.search.pubmed


def _survivors(fetched: Fetched, counted: Mapping[str, RecordId], store: Store, pubmed: PubMed) -> Fetched:
    """Fetch the records into which counted ones were merged, where they are neither counted nor known."""
    came = {pmid: pubmed_id(pmid) for _, pmid in fetched.replaced if pmid not in counted}
    known = store.known(came.values())
    return pubmed.fetch([pmid for pmid, id_ in came.items() if id_ not in known])


def _lacking(fetched: Iterable[Fetched], plan: PubMedSource, store: Store) -> tuple[str, ...]:
    """Return what PubMed counted and did not deliver, but for what is known to be undeliverable.

    That it was deleted or merged contradicts its being counted, so it must be said in two runs.
    """
    before = {pmid for run in store.ledger().runs if run.source == SOURCE for pmid, _ in run.missing}
    looked_at = set(map(str, plan.undeliverable))
    return tuple(
        pmid
        for one in fetched
        for pmid, _ in one.missing
        if pmid not in looked_at and (pmid in one.undelivered or pmid not in before)
    )


def _status(lacking: tuple[str, ...], canaries_missing: tuple[str, ...]) -> RunStatus:
    if lacking:
        return RunStatus.PARTIAL
    return RunStatus.SUSPECT if canaries_missing else RunStatus.COMPLETE


def _canaries_missing(plan: PubMedSource, query: str, pubmed: PubMed) -> tuple[str, ...]:
    wanted = [str(pmid) for pmid in plan.canaries]
    if not wanted:
        return ()
    uids = " OR ".join(f"{pmid}[uid]" for pmid in wanted)
    found = set(pubmed.search(f"({query}) AND ({uids})", None).pmids)
    return tuple(pmid for pmid in wanted if pmid not in found)


def _lost(canaries: tuple[str, ...], blocks: Blocks, pubmed: PubMed) -> str:
    """Say of each missing canary which block does not find it, or that PubMed has it no more."""
    if not canaries:
        return ""
    why = "; ".join(f"{pmid}: {_lost_by(pmid, blocks, pubmed)}" for pmid in canaries)
    return f"the strategy no longer finds PMID {', '.join(canaries)}, which it must find ({why})"


def _lost_by(pmid: str, blocks: Blocks, pubmed: PubMed) -> str:
    if pubmed.count(f"{pmid}[uid]") == 0:
        return "PubMed has no such record"
    lost = [name for name in blocks.names if pubmed.count(f"({blocks.joined(name)}) AND {pmid}[uid]") == 0]
    return f"no match in block {', '.join(lost)}" if lost else "each block by itself finds it"
