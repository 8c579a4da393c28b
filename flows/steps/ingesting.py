"""Take in PubMed's own files as a search of PubMed, and say what such a search cannot see."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from flows.steps.asking import SOURCE, pubmed_plan
from flows.steps.files_before import FilesBefore, files_before
from flows.steps.findings import known_by_pmid
from flows.steps.known_in_files import news
from flows.steps.recording import Answer, Question, record_answer
from review.protocol import Protocol
from review.protocol_sources import PubMedSource
from review.record import Record
from review.searching import RunStatus, SearchRun, Window
from search.blocks import Blocks
from search.bulk.folder import BulkFile, files_in, holes
from search.bulk.harvest import Harvest, gather, sift_all
from search.strategy import parse
from store.store import Store

__all__ = ["ingest"]

_SHOWN = 5


def ingest(
    folder: Path,
    protocol: Protocol,
    blocks: Blocks,
    store: Store,
    *,
    clock: Callable[[], datetime],
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> SearchRun:
    """Put the strategy to every record of the folder's files, and commit what it finds as a run of PubMed.

    What the files say of reports that are known already - retracted, corrected, deleted - becomes notices.

    Parameters
    ----------
    workers
        Processes that read at the same time.
    progress
        Called with how many bytes of the files were read, of how many: after each file, and every thousand
        records where one process reads.

    Returns
    -------
    SearchRun
        *Complete* only where the files follow one another from number 1 (those count that earlier runs
        with the same strategy read, since the same day or an earlier one),
        each is as NLM published it, and the strategy holds nothing that only PubMed can evaluate.
        Otherwise *partial* (something was not read) or *suspect* (all was read, but not as PubMed would).

    Raises
    ------
    UnreadableFile
        When the folder holds no row of PubMed's files; nothing is written.
    """
    files, started, plan = files_in(folder), clock(), pubmed_plan(protocol)
    before = files_before(store, files[0].year, strategy=blocks.sha256, since=plan.since)
    reports, size = known_by_pmid(store), sum(file.size for file in files)
    sifted = sift_all(
        files,
        blocks.full(),
        workers=workers,
        watched={*map(str, plan.canaries), *reports},
        today=started.date(),
        progress=lambda done: progress(done, size) if progress else None,
    )
    harvest = gather(sifted)
    lost = _lost_canaries(plan, harvest, files, before)
    findings = _Findings(
        unread=(*_unread(files, before), *harvest.problems),
        doubts=(*_doubts(harvest, blocks), *_told(lost), *_carried(files, before, blocks)),
    )
    found = [record for record in harvest.found.values() if _since(record, plan.since)]
    known = store.known([record.id for record in found])
    answer = Answer(
        status=findings.status,
        records=tuple(record for record in found if record.id not in known),
        known=len(known),
        message=findings.message,
        canaries_missing=lost,
        build=f"{files[0].name} to {files[-1].name}",
    )
    question = Question(
        source=SOURCE,
        protocol_version=protocol.version,
        strategy_sha256=blocks.sha256,
        query=blocks.full(),
        window=_window(plan, harvest, started.date()),
        started=started,
    )
    for notice in news(reports, harvest, store.ledger().notices, started):
        store.add_notice(notice)
    return record_answer(store, question, clock(), answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Findings:
    """What was not read, and what was read in a way that PubMed's own search is not."""

    unread: tuple[str, ...]
    doubts: tuple[str, ...]

    @property
    def status(self) -> RunStatus:
        if self.unread:
            return RunStatus.PARTIAL
        return RunStatus.SUSPECT if self.doubts else RunStatus.COMPLETE

    @property
    def message(self) -> str:
        told = (*self.unread, *self.doubts)
        more = (f"and {len(told) - _SHOWN} more",) if len(told) > _SHOWN else ()
        return "; ".join((*told[:_SHOWN], *more))


def _unread(files: tuple[BulkFile, ...], before: FilesBefore) -> Iterator[str]:
    lacking = [number for number in holes(files) if number not in before]
    if lacking:
        yield (
            f"{len(lacking)} files before {files[-1].name} were never read for this strategy, first number "
            f"{lacking[0]}; add them and read the folder again"
        )


def _doubts(harvest: Harvest, blocks: Blocks) -> Iterator[str]:
    if harvest.unverified:
        first = harvest.unverified[0]
        yield f"{len(harvest.unverified)} files without an .md5 beside them, the first is {first}"
    yield from parse(blocks.full()).offline_limits()


def _lost_canaries(
    plan: PubMedSource, harvest: Harvest, files: tuple[BulkFile, ...], before: FilesBefore
) -> tuple[str, ...]:
    """Return the canaries that the strategy does not find in all files so far, the present ones last."""
    lacking = holes(files)
    earlier = before.last.canaries_missing if before.last else ()

    def lost(pmid: str) -> bool:
        if pmid in harvest.met or pmid in harvest.deleted:
            return pmid not in harvest.found
        return pmid in earlier if lacking else True

    return tuple(pmid for pmid in map(str, plan.canaries) if lost(pmid))


def _told(lost: tuple[str, ...]) -> Iterator[str]:
    if lost:
        yield f"the strategy does not find PMID {', '.join(lost)}, which it must find"


def _carried(files: tuple[BulkFile, ...], before: FilesBefore, blocks: Blocks) -> Iterator[str]:
    """Tell of earlier files that a doubt hangs on; what the strategy by itself leaves open is told anyhow."""
    own = _Findings(unread=(), doubts=parse(blocks.full()).offline_limits()).message
    runs = {
        number: run
        for number in holes(files)
        if (run := before.doubtful.get(number)) is not None and run.message != own
    }
    if runs:
        first = runs[min(runs)]
        yield (
            f"{len(runs)} files before were read with a doubt, first number {min(runs)} in run {first.id} "
            f"({first.message.partition('; ')[0]}); read them again together with these"
        )


def _since(record: Record, day: date) -> bool:
    return record.entered is None or record.entered >= day


def _window(plan: PubMedSource, harvest: Harvest, today: date) -> Window:
    """Return the days that the files cover: the newest day in them may have gone on after they were made."""
    newest = harvest.newest or plan.since
    return Window(plan.since, max(plan.since, min(newest - timedelta(days=1), today)))
