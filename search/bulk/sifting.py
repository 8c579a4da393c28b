"""Put a strategy to every record of one file: a pure function of the file, to be run wherever the file is."""

from array import array
from collections.abc import Callable, Set
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
    met
        The records of watched PMIDs, found or not, the last version of each.
    deleted
        PMIDs that PubMed has deleted.
    newest
        The last day on which one of the file's records entered PubMed. A day after today, or later than the
        day after a record (and any record of the file) was revised, is a slip and does not count.
    problem
        Why the file was not read, or not to its end; empty where it was.
    """

    file: BulkFile
    checksum: Checksum
    pmids: "array[int]"
    found: tuple[Record, ...]
    met: tuple[Record, ...]
    deleted: tuple[str, ...]
    newest: date | None
    problem: str = ""

    @property
    def read(self) -> int:
        """How many records were read, each PMID once."""
        return len(self.pmids)


def sift(
    file: BulkFile,
    query: str,
    progress: Callable[[int], None] | None = None,
    *,
    watched: Set[str] = frozenset(),
    today: date = date.max,
) -> Sifted:
    """Return what the file holds of the strategy; a file that is not what NLM published is not read.

    Parameters
    ----------
    query
        PubMed's syntax; what cannot be evaluated offline is said by the strategy itself.
    progress
        Called every thousand records with how many bytes of the file were read.
    watched
        PMIDs whose records are given whether the strategy finds them or not.
    today
        No record entered PubMed after this day.

    Raises
    ------
    StrategyError
        When the query has no reading.
    """
    sieve = _Sieve(parse(query), watched, _Days(today))
    state = checksum(file)
    if state is Checksum.WRONG:
        return sieve.sifted(file, state, f"{file.path.name}: not what its .md5 says; download it again")
    problem = ""
    try:
        with file.path.open("rb") as stream:
            for item in pubmed_xml.read(stream):
                sieve.take(item)
                if progress is not None and len(sieve.seen) % _STEP == 0:
                    progress(stream.tell())
    except Truncated as error:
        problem = f"{file.path.name}: {error}"
    return sieve.sifted(file, state, problem)


@dataclass(slots=True)
class _Days:
    """The days on which records entered PubMed, as far as they can be believed."""

    today: date
    entered: set[date] = field(default_factory=set)
    revised: date = date.min

    def take(self, record: Record) -> None:
        if record.revised is not None and record.revised <= self.today:
            self.revised = max(self.revised, record.revised)
        day, bound = record.entered, record.revised or self.today
        if day is not None and day <= self.today and _by(day, bound):
            self.entered.add(day)

    @property
    def newest(self) -> date | None:
        bound = self.today if self.revised == date.min else self.revised
        return max((day for day in self.entered if _by(day, bound)), default=None)


def _by(entered: date, revised: date) -> bool:
    # Of the real records at hand one in five entered PubMed on the day after its DateRevised, none later.
    return (entered - revised).days <= 1


@dataclass(slots=True)
class _Sieve:
    strategy: Strategy
    watched: Set[str]
    days: _Days
    seen: dict[int, None] = field(default_factory=dict)
    found: dict[str, Record] = field(default_factory=dict)
    met: dict[str, Record] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)

    def take(self, item: Record | Deleted) -> None:
        self.found.pop(item.pmid, None)
        self.met.pop(item.pmid, None)
        if isinstance(item, Deleted):
            self.deleted.append(item.pmid)
            return
        self.seen[int(item.pmid)] = None
        self.days.take(item)
        if item.pmid in self.watched:
            self.met[item.pmid] = item
        if self.strategy.matches(item):
            self.found[item.pmid] = item

    def sifted(self, file: BulkFile, state: Checksum, problem: str) -> Sifted:
        return Sifted(
            file=file,
            checksum=state,
            pmids=array("I", self.seen),
            found=tuple(self.found.values()),
            met=tuple(self.met.values()),
            deleted=tuple(self.deleted),
            newest=self.days.newest,
            problem=problem,
        )
