"""Put a strategy to every record of one file: a pure function of the file, to be run wherever the file is."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from review.record import Record
from search import pubmed_xml
from search.bulk.folder import BulkFile, Checksum, checksum
from search.errors import Truncated
from search.pubmed_xml import Deleted
from search.strategy import Strategy, parse

__all__ = ["Sifted", "sift"]

_STEP = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """What one file held.

    Parameters
    ----------
    pmids
        Every PMID of the file, found or not, as it replaces what earlier files said of it; 4 bytes each.
    found
        The records that the strategy finds, the last version of each.
    deleted
        PMIDs that PubMed has deleted.
    newest
        The last day on which one of the file's records entered PubMed.
    problem
        Why the file was not read, or not to its end; empty where it was.
    """

    file: BulkFile
    checksum: Checksum
    pmids: "array[int]"
    found: tuple[Record, ...]
    deleted: tuple[str, ...]
    newest: date | None
    problem: str = ""

    @property
    def read(self) -> int:
        """How many records were read, each PMID once."""
        return len(self.pmids)


def sift(file: BulkFile, query: str, progress: Callable[[int], None] | None = None) -> Sifted:
    """Return what the file holds of the strategy; a file that is not what NLM published is not read.

    Parameters
    ----------
    query
        PubMed's syntax; what cannot be evaluated offline is said by the strategy itself.
    progress
        Called now and then with how many records were read.

    Raises
    ------
    StrategyError
        When the query has no reading.
    """
    sieve = _Sieve(parse(query))
    state = checksum(file)
    if state is Checksum.WRONG:
        return sieve.sifted(file, state, f"{file.path.name}: not what its .md5 says; download it again")
    problem = ""
    try:
        with file.path.open("rb") as stream:
            for item in pubmed_xml.read(stream):
                sieve.take(item)
                if progress is not None and len(sieve.seen) % _STEP == 0:
                    progress(len(sieve.seen))
    except Truncated as error:
        problem = f"{file.path.name}: {error}"
    return sieve.sifted(file, state, problem)


@dataclass(slots=True)
class _Sieve:
    strategy: Strategy
    seen: dict[int, None] = field(default_factory=dict)
    found: dict[str, Record] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    newest: date = date.min

    def take(self, item: Record | Deleted) -> None:
        self.found.pop(item.pmid, None)
        if isinstance(item, Deleted):
            self.deleted.append(item.pmid)
            return
        self.seen[int(item.pmid)] = None
        self.newest = max(self.newest, item.entered or date.min)
        if self.strategy.matches(item):
            self.found[item.pmid] = item

    def sifted(self, file: BulkFile, state: Checksum, problem: str) -> Sifted:
        return Sifted(
            file=file,
            checksum=state,
            pmids=array("I", self.seen),
            found=tuple(self.found.values()),
            deleted=tuple(self.deleted),
            newest=None if self.newest == date.min else self.newest,
            problem=problem,
        )
