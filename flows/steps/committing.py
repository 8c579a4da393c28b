"""Commit a file of citations as a run of its source, so that it has a clock like any other."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from flows.steps.gaps import closed, new_gaps
from flows.steps.linked import duplicate_links, link_hints, sightings
from review.protocol import Protocol
from review.record import Record
from review.searched_days import unsearched
from review.searching import RunCounts, RunStatus, SearchGap, SearchRun, Window
from search.linking import Linking
from search.readers import Rejected
from store.store import Store

__all__ = ["commit_file"]


def commit_file(
    protocol: Protocol,
    store: Store,
    source: str,
    records: Sequence[Record],
    linking: Linking,
    *,
    known: int,
    rejected: Sequence[Rejected],
    through: date | None,
    now: datetime,
    file: Path,
) -> SearchRun:
    """Write the records of a file with their links; `through` moves the source's clock.

    An entry that was rejected is a part of the search that did not come in: the run is *partial*, the clock
    stays, and its days are a gap until a file of the same source comes in whole that reaches as far.
    """
    cursor = store.cursor(source)
    run = SearchRun(
        id=store.next_run_id(source),
        source=source,
        strategy_sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        protocol_version=protocol.version,
        query=f"file {file.name}, exported by people",
        window=_window(protocol.search.since(source), cursor, through, now.date()),
        started=now,
        ended=now,
        status=RunStatus.COMPLETE if through and not rejected else RunStatus.PARTIAL,
        counts=RunCounts(
            retrieved=known + len(records),
            known=known,
            duplicates=len(linking.merged),
            queued=len(linking.new),
        ),
        missing=tuple((f"{file.name}, line {one.line}", one.reason) for one in rejected),
        message=_message(rejected, through),
    )
    complete = run.status is RunStatus.COMPLETE
    store.commit_search(
        run,
        sightings=sightings(records, linking),
        duplicates=duplicate_links(linking, now),
        hints=link_hints(linking, now),
        opens=_gaps(store, run) if through and rejected else (),
        closes=_closed(store, run) if complete else (),
        cursor=max(cursor or run.window.end, run.window.end) if complete else cursor,
    )
    return run


def _window(since: date | None, cursor: date | None, through: date | None, today: date) -> Window:
    """Return the days of a file: those after the last that came in whole; of an older file its last day."""
    first = cursor + timedelta(days=1) if cursor else since or today
    end = through or min(first, today)
    return Window(min(first, end), end)


def _message(rejected: Sequence[Rejected], through: date | None) -> str:
    lost = (
        f"entries of the file that were rejected: {len(rejected)}, the first at line {rejected[0].line}: "
        f"{rejected[0].reason}; correct the file and import it again"
        if rejected
        else ""
    )
    undated = "" if through else "nobody said up to which day the source was searched"
    return "; ".join(filter(None, (lost, undated)))


def _gaps(store: Store, run: SearchRun) -> Sequence[SearchGap]:
    open_ = [gap.window for gap in store.open_gaps(run.source)]
    return new_gaps(run, unsearched(run.window, None, open_))


def _closed(store: Store, run: SearchRun) -> Sequence[SearchGap]:
    """Return the open gaps that a whole file closes: it holds all of its source up to its last day."""
    return closed([gap for gap in store.open_gaps(run.source) if gap.window.end <= run.window.end], run)
