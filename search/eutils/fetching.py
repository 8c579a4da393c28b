"""Fetching records batch by batch, so that every PMID asked for is received or missing with a reason."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from review.record import Record
from search.errors import SourceError
from search.pubmed_xml import Deleted

__all__ = ["Delivery", "Fetched", "Progress", "fetch_all"]

Delivery = tuple[Record | Deleted, ...]
Progress = Callable[[int, int], None]

_BATCH = 200
"""NCBI asks for POST above 200 identifiers; batches of this size answer within seconds."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of the PMIDs that were asked for: each is in `records` or in `missing`.

    Parameters
    ----------
    records
        In the order in which they were asked for.
    missing
        PMIDs without a record, each with the reason.
    refused
        Records that came unasked, by PMID, each with the reason why they were not taken.
    replaced
        PMIDs in `missing` in whose place PubMed sent another record, each with the PMID of that one:
        probably merged into it.
    stopped
        Why the fetching ended early; empty when every PMID was asked for.
    deleted
        PMIDs in `missing` that PubMed says it has deleted.
    """

    records: tuple[Record, ...]
    missing: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, str], ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()
    stopped: str = ""
    deleted: tuple[str, ...] = ()

    @property
    def undelivered(self) -> tuple[str, ...]:
        """PMIDs in `missing` of which PubMed does not say what became of them."""
        explained = {*self.deleted, *dict(self.replaced)}
        return tuple(pmid for pmid, _ in self.missing if pmid not in explained)


def fetch_all(
    pmids: Iterable[str], deliver: Callable[[tuple[str, ...]], Delivery], progress: Progress | None = None
) -> Fetched:
    """Ask `deliver` for `pmids` in batches and account for each of them.

    PMIDs that a batch leaves out are asked for once more; where other records came in their place, each
    alone, to learn which stands for which. After a failure no further batch is asked.

    Raises
    ------
    SourceError
        The failure, when nothing was received before it.
    """
    tally = _Tally(asked=tuple(dict.fromkeys(pmids)))
    for batch in _batches(tally.askable):
        try:
            tally.take(batch, deliver)
        except SourceError as error:
            if not tally.records:
                raise
            tally.stopped = str(error)
            break
        if progress is not None:
            progress(tally.settled, len(tally.asked))
    return tally.close()


def _batches(pmids: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (pmids[start : start + _BATCH] for start in range(0, len(pmids), _BATCH))


@dataclass(slots=True)
class _Tally:
    asked: tuple[str, ...]
    records: dict[str, Record] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    replaced: dict[str, str] = field(default_factory=dict)
    stopped: str = ""
    deleted: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for pmid in self.asked:
            if not (pmid.isascii() and pmid.isdecimal()):
                self.reasons[pmid] = "no PMID: expected digits; not asked for"

    @property
    def askable(self) -> tuple[str, ...]:
        return tuple(pmid for pmid in self.asked if pmid not in self.reasons)

    @property
    def settled(self) -> int:
        return len(self.records) + len(self.reasons)

    def take(self, batch: tuple[str, ...], deliver: Callable[[tuple[str, ...]], Delivery]) -> None:
        came = self._sort(batch, deliver(batch))
        if lacking := self._open(batch):
            came = self._sort(lacking, deliver(lacking))
        alone = len(lacking) == 1
        for pmid in self._open(batch):
            instead = came if alone or not came else self._sort((pmid,), deliver((pmid,)))
            if pmid not in self.records and pmid not in self.reasons:
                self._explain(pmid, instead)

    def close(self) -> Fetched:
        for pmid in self._open(self.asked):
            self.reasons[pmid] = f"not received: {self.stopped}"
        return Fetched(
            records=tuple(self.records[pmid] for pmid in self.asked if pmid in self.records),
            missing=tuple((pmid, self.reasons[pmid]) for pmid in self.asked if pmid in self.reasons),
            refused=tuple(self.refused.items()),
            replaced=tuple(self.replaced.items()),
            stopped=self.stopped,
            deleted=tuple(self.deleted),
        )

    def _open(self, pmids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(pmid for pmid in pmids if pmid not in self.records and pmid not in self.reasons)

    def _sort(self, asked: tuple[str, ...], delivery: Delivery) -> tuple[str, ...]:
        """File what came, and return the PMIDs that were not in this question."""
        wanted = frozenset(self.asked)
        for item in delivery:
            if item.pmid not in wanted:
                self.refused[item.pmid] = "PubMed returned it unasked"
            elif isinstance(item, Deleted):
                self.reasons[item.pmid] = "PubMed has deleted it"
                self.deleted[item.pmid] = None
                self.records.pop(item.pmid, None)
            elif item.pmid not in self.reasons:
                self.records[item.pmid] = item
        return tuple(dict.fromkeys(item.pmid for item in delivery if item.pmid not in asked))

    def _explain(self, pmid: str, instead: tuple[str, ...]) -> None:
        if len(instead) != 1:
            self.reasons[pmid] = "PubMed returned no record for it, asked twice"
            return
        self.reasons[pmid] = (
            f"PubMed returned {instead[0]} in its place: it was probably merged into that one"
        )
        self.replaced[pmid] = instead[0]
        self.refused.pop(instead[0], None)
