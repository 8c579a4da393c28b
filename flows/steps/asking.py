"""Put one window's questions to PubMed, before anything is written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

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

    The answer is *partial* when records were counted and not delivered, unless PubMed says the same in two
    runs, that they are deleted or merged into another (which is fetched instead); the message names these.
    It is *suspect* when a canary is missing. That PubMed reads the strategy otherwise than the last time is
    said in its message only.

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
        *lacking.sentences,
        _lost(canaries, blocks, pubmed),
        changed_reading(before, result.translation),
    )
    return Answer(
        status=_status(lacking.open, canaries),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lacking:
    """What PubMed counted and did not deliver.

    Parameters
    ----------
    open
        PMIDs that may yet come.
    gone
        PMIDs of which two runs were told the same, each with what they were told.
    """

    open: tuple[str, ...]
    gone: tuple[tuple[str, str], ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        undelivered = (f"{len(self.open)} records were counted but not delivered",) if self.open else ()
        gone = "; ".join(f"PMID {pmid}: {why}" for pmid, why in self.gone)
        return (*undelivered, *((f"counted, but gone as two runs were told ({gone})",) if gone else ()))


def _lacking(fetched: Iterable[Fetched], plan: PubMedSource, store: Store) -> _Lacking:
    """Tell what lacks, but for what a person looked at.

    That a record was deleted or merged contradicts its being counted, so two runs must be told the same of
    it: that it once was not delivered for another reason, or for none, is no first word.
    """
    told = {one for run in store.ledger().runs if run.source == SOURCE for one in run.missing}
    looked_at = set(map(str, plan.undeliverable))
    open_, gone = [], []
    for one in fetched:
        for pmid, why in one.missing:
            if pmid in looked_at:
                continue
            if pmid in one.undelivered or (pmid, why) not in told:
                open_.append(pmid)
            else:
                gone.append((pmid, why))
    return _Lacking(open=tuple(open_), gone=tuple(gone))


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
