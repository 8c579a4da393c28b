"""Search PubMed for one window and commit what came back: run, records, links, gaps and cursor together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flows.steps.asking import SOURCE, Answer, Progress, ask, pubmed_plan
from flows.steps.linked import duplicate_links, link_hints, sightings
from review.protocol import Protocol
from review.protocol_sources import PubMedSource
from review.searching import RunCounts, RunStatus, SearchGap, SearchRun, Window
from search.blocks import Blocks
from search.errors import SourceError
from search.linking import Linking, link
from search.pubmed import PubMed
from store.store import Store

__all__ = ["next_window", "search_pubmed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """What is known of a run before its answer."""

    protocol: Protocol
    blocks: Blocks
    store: Store
    window: Window
    started: datetime


def search_pubmed(
    protocol: Protocol,
    blocks: Blocks,
    store: Store,
    pubmed: PubMed,
    *,
    clock: Callable[[], datetime],
    window: Window | None = None,
    progress: Progress | None = None,
) -> SearchRun:
    """Search one window and commit the outcome; a failed search is committed as such, with its gap.

    Parameters
    ----------
    window
        The days to search; by default from the last watermark, less the overlap, to today, and from the
        first day of any open gap.

    Returns
    -------
    SearchRun
        *complete*, *suspect* (a canary is missing), *partial* (records counted but not delivered) or
        *failed*. Only a complete run moves the watermark and closes gaps.
    """
    plan = pubmed_plan(protocol)
    started = clock()
    attempt = _Attempt(
        protocol=protocol,
        blocks=blocks,
        store=store,
        window=window or next_window(plan, store, started.date(), strategy=blocks.sha256),
        started=started,
    )
    try:
        answer = ask(plan, blocks, store, pubmed, window=attempt.window, progress=progress)
    except SourceError as problem:
        return _commit_failure(attempt, clock(), str(problem))
    return _commit_answer(attempt, clock(), answer)


def next_window(plan: PubMedSource, store: Store, today: date, *, strategy: str) -> Window:
    """Return the days the next run must search.

    Parameters
    ----------
    strategy
        SHA-256 of the present strategy. Days that only another strategy searched are not searched: after an
        amendment, or an earlier `since`, everything is searched again, and what is known stays known.
    """
    reached = _searched_through(store, plan.since, strategy)
    start = reached + timedelta(days=1 - plan.overlap_days) if reached else plan.since
    gaps = [gap.window.start for gap in store.open_gaps(SOURCE)]
    start = max(min([start, *gaps]), min([plan.since, *gaps]))
    return Window(start, max(start, today))


def _searched_through(store: Store, since: date, strategy: str) -> date | None:
    """Return the last day of the unbroken stretch, from `since`, that this strategy searched completely."""
    complete = [
        run.window
        for run in store.ledger().runs
        if run.source == SOURCE and run.status is RunStatus.COMPLETE and run.strategy_sha256 == strategy
    ]
    reached = since - timedelta(days=1)
    for window in sorted(complete, key=lambda one: one.start):
        if window.start <= reached + timedelta(days=1):
            reached = max(reached, window.end)
    return reached if reached >= since else None


def _commit_answer(attempt: _Attempt, ended: datetime, answer: Answer) -> SearchRun:
    store, records = attempt.store, answer.fetched.records
    linking = link(records, store.link_index())
    run = replace(
        _run(attempt, ended, answer.status, answer.message),
        counts=_counts(answer, linking),
        blocks=answer.blocks,
        missing=answer.fetched.missing,
        canaries_missing=answer.canaries_missing,
        translation=answer.result.translation,
        build=answer.build,
    )
    complete = run.status is RunStatus.COMPLETE
    store.commit_search(
        run,
        sightings=sightings(records, linking),
        duplicates=duplicate_links(linking, ended),
        hints=link_hints(linking, ended),
        opens=() if complete else _new_gaps(store, run),
        closes=_closed(store, run) if complete else (),
        cursor=_moved(store, run) if complete else store.cursor(SOURCE),
    )
    return run


def _commit_failure(attempt: _Attempt, ended: datetime, problem: str) -> SearchRun:
    store = attempt.store
    run = _run(attempt, ended, RunStatus.FAILED, problem)
    store.commit_search(
        run,
        sightings=(),
        duplicates=(),
        hints=(),
        opens=_new_gaps(store, run),
        closes=(),
        cursor=store.cursor(SOURCE),
    )
    return run


def _run(attempt: _Attempt, ended: datetime, status: RunStatus, message: str) -> SearchRun:
    return SearchRun(
        id=attempt.store.next_run_id(SOURCE),
        source=SOURCE,
        strategy_sha256=attempt.blocks.sha256,
        protocol_version=attempt.protocol.version,
        query=attempt.blocks.full(),
        window=attempt.window,
        started=attempt.started,
        ended=ended,
        status=status,
        counts=RunCounts(),
        message=message,
    )


def _counts(answer: Answer, linking: Linking) -> RunCounts:
    return RunCounts(
        retrieved=answer.known + len(answer.fetched.records),
        known=answer.known,
        duplicates=len(linking.duplicates),
        queued=len(linking.new),
    )


def _moved(store: Store, run: SearchRun) -> date:
    """Return the new watermark: never past the day of the run, whatever window was asked for."""
    reached, cursor = min(run.window.end, run.ended.date()), store.cursor(SOURCE)
    return max(reached, cursor) if cursor else reached


def _new_gaps(store: Store, run: SearchRun) -> Sequence[SearchGap]:
    """Return the part of the window that is neither searched nor in an open gap yet."""
    cursor = store.cursor(SOURCE)
    start = max(run.window.start, cursor + timedelta(days=1)) if cursor else run.window.start
    for gap in store.open_gaps(SOURCE):
        if gap.window.start <= start <= gap.window.end:
            start = gap.window.end + timedelta(days=1)
    if start > run.window.end:
        return ()
    window = Window(start, run.window.end)
    return (SearchGap(source=SOURCE, window=window, opened_by=run.id, reason=run.message, at=run.ended),)


def _closed(store: Store, run: SearchRun) -> Sequence[SearchGap]:
    return [
        replace(gap, closed_by=run.id, closed_at=run.ended)
        for gap in store.open_gaps(SOURCE)
        if run.window.start <= gap.window.start and gap.window.end <= run.window.end
    ]
