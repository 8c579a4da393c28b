"""What a row of files holds together: a later file replaces what an earlier one said of the same PMID."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from review.record import Record
from search.bulk.folder import BulkFile, Checksum
from search.bulk.sifting import Sifted, sift

__all__ = ["Harvest", "gather", "sift_all"]


@dataclass(slots=True)
class Harvest:
    """What the strategy finds in the files read so far, as the last of them says it.

    Attributes
    ----------
    found
        Records by PMID.
    met
        Records of watched PMIDs, found or not.
    deleted
        PMIDs that PubMed has deleted and not brought back since.
    read
        Records read, each as often as a file holds it.
    newest
        The last day on which a record entered PubMed, slips left out.
    unverified
        Names of files without a checksum beside them.
    problems
        Files that were not read, or not to their end, each with the reason.
    """

    found: dict[str, Record] = field(default_factory=dict)
    met: dict[str, Record] = field(default_factory=dict)
    deleted: dict[str, None] = field(default_factory=dict)
    read: int = 0
    newest: date | None = None
    unverified: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def take(self, sifted: Sifted) -> None:
        """Add the next file; files must come in their order."""
        for pmid in map(str, sifted.pmids):
            self.found.pop(pmid, None)
            self.deleted.pop(pmid, None)
        self.found |= {record.pmid: record for record in sifted.found}
        self.met |= {record.pmid: record for record in sifted.met}
        for pmid in sifted.deleted:
            self.found.pop(pmid, None)
            self.met.pop(pmid, None)
            self.deleted[pmid] = None
        self.read += sifted.read
        self.newest = max((day for day in (self.newest, sifted.newest) if day), default=None)
        self.unverified += [sifted.file.name] if sifted.checksum is Checksum.UNVERIFIED else []
        self.problems += [sifted.problem] if sifted.problem else []


def gather(sifted: Iterable[Sifted]) -> Harvest:
    """Fold files in their order into one harvest."""
    harvest = Harvest()
    for one in sifted:
        harvest.take(one)
    return harvest


def sift_all(
    files: Sequence[BulkFile],
    query: str,
    *,
    workers: int = 1,
    watched: Set[str] = frozenset(),
    today: date = date.max,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[Sifted]:
    """Sift files, in their order, in as many processes as `workers`.

    Each file is sifted by itself, so that a row of files can as well be spread over machines
    (`search.bulk.sifting.sift`) and its parts be given to `gather` in order.

    Parameters
    ----------
    progress
        Called with how many bytes of all files were read: after each file, and within it where one process
        reads.
    """
    put = partial(sift, query=query, watched=watched, today=today)
    with ExitStack() as stack:
        if workers <= 1:
            sifted = _one_by_one(put, files, progress)
        else:
            pool = stack.enter_context(ProcessPoolExecutor(max_workers=workers))
            sifted = pool.map(put, files)
        passed = 0
        for one in sifted:
            passed += one.file.size
            progress(passed)
            yield one


def _one_by_one(
    put: Callable[..., Sifted], files: Sequence[BulkFile], progress: Callable[[int], None]
) -> Iterator[Sifted]:
    before = 0
    for file in files:
        yield put(file, progress=partial(_add, progress, before))
        before += file.size


def _add(progress: Callable[[int], None], before: int, here: int) -> None:
    progress(before + here)
