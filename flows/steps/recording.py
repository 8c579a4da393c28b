"""Commit the outcome of a search of any source: run, records, links, gaps and cursor together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flows.steps.gaps import closed, new_gaps
from flows.steps.linked import duplicate_links, link_hints, sightings
from review.record import Record
from review.searched_days import searched_through, unsearched
from review.searching import BlockCount, RunCounts, RunStatus, SearchGap, SearchRun, Window
from search.linking import link
from store.store import Store

__all__ = ["Answer", "Question", "record_answer", "record_failure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is known of a run before its answer."""

    source: str
    protocol_version: int
    strategy_sha256: str
    query: str
    window: Window
    started: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a source said of one window.

    Parameters
    ----------
    records
        Those that the store does not hold, each once.
    known
        How many more are in the store already: the overlap with the last window.
    message
        Why the status is not *complete*, or what people must look at although it is.
    query
        The question as it was put, where only the answer tells.
    """

    status: RunStatus
    records: tuple[Record, ...] = ()
    known: int = 0
    message: str = ""
    query: str = ""
    blocks: tuple[BlockCount, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    canaries_missing: tuple[str, ...] = ()
    translation: str = ""
    build: str = ""


def record_answer(store: Store, question: Question, ended: datetime, answer: Answer) -> SearchRun:
    """Link what was answered to what is known, and write it; only a complete run closes gaps.

    What a doubtful answer did bring is written too, but its days stay open and the watermark where it was.
    """
    linking = link(answer.records, store.link_index())
    run = replace(
        _run(store, question, ended, answer.status, answer.message),
        query=answer.query or question.query,
        counts=RunCounts(
            retrieved=answer.known + len(answer.records),
            known=answer.known,
            duplicates=len(linking.merged),
            queued=len(linking.new),
        ),
        blocks=answer.blocks,
        missing=answer.missing,
        canaries_missing=answer.canaries_missing,
        translation=answer.translation,
        build=answer.build,
    )
    complete = run.status is RunStatus.COMPLETE
    store.commit_search(
        run,
        sightings=sightings(answer.records, linking),
        duplicates=duplicate_links(linking, ended),
        hints=link_hints(linking, ended),
        opens=() if complete else _new_gaps(store, run),
        closes=_closed(store, run) if complete else (),
        cursor=_moved(store, run) if complete else store.cursor(run.source),
    )
    return run


def record_failure(store: Store, question: Question, ended: datetime, problem: str) -> SearchRun:
    """Write a run that got no answer, with the days that it leaves unsearched."""
    run = _run(store, question, ended, RunStatus.FAILED, problem)
    store.commit_search(
        run,
        sightings=(),
        duplicates=(),
        hints=(),
        opens=_new_gaps(store, run),
        closes=(),
        cursor=store.cursor(run.source),
    )
    return run


def _run(store: Store, question: Question, ended: datetime, status: RunStatus, message: str) -> SearchRun:
    return SearchRun(
        id=store.next_run_id(question.source),
        source=question.source,
        strategy_sha256=question.strategy_sha256,
        protocol_version=question.protocol_version,
        query=question.query,
        window=question.window,
        started=question.started,
        ended=ended,
        status=status,
        counts=RunCounts(),
        message=message,
    )


def _moved(store: Store, run: SearchRun) -> date:
    """Return the new watermark, the last day asked for: never past the day of the run, whatever it asked."""
    reached, cursor = min(run.window.end, run.ended.date()), store.cursor(run.source)
    return max(reached, cursor) if cursor else reached


def _new_gaps(store: Store, run: SearchRun) -> Sequence[SearchGap]:
    """Return the parts of the window that this strategy has not searched and no open gap holds yet."""
    through = searched_through(
        store.ledger().runs,
        run.source,
        strategy=run.strategy_sha256,
        since=run.window.start,
        today=run.started.date(),
    )
    open_ = [gap.window for gap in store.open_gaps(run.source)]
    return new_gaps(run, unsearched(run.window, through, open_))


def _closed(store: Store, run: SearchRun) -> Sequence[SearchGap]:
    """Return the open gaps that the run searched; what a wrong clock left open after its day counts not."""
    today = run.started.date()
    searched = (
        gap
        for gap in store.open_gaps(run.source)
        if run.window.start <= gap.window.start and min(gap.window.end, today) <= run.window.end
    )
    return closed(searched, run)
