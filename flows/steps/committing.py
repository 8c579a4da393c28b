"""Commit a file of citations as a run of its source, so that it has a clock like any other."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from flows.steps.linked import duplicate_links, link_hints, sightings
from review.protocol import Protocol
from review.record import Record
from review.searching import RunCounts, RunStatus, SearchRun, Window
from search.linking import Linking
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
    through: date | None,
    now: datetime,
    file: Path,
) -> SearchRun:
    """Write the records of a file with their links; `through` moves the source's clock."""
    cursor = store.cursor(source)
    since = protocol.search.pubmed.since if protocol.search.pubmed else now.date()
    start = min(cursor or since, through or now.date())
    run = SearchRun(
        id=store.next_run_id(source),
        source=source,
        strategy_sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        protocol_version=protocol.version,
        query=f"file {file.name}, exported by people",
        window=Window(start, through or start),
        started=now,
        ended=now,
        status=RunStatus.COMPLETE if through else RunStatus.PARTIAL,
        counts=RunCounts(
            retrieved=known + len(records),
            known=known,
            duplicates=len(linking.merged),
            queued=len(linking.new),
        ),
        message="" if through else "nobody said up to which day the source was searched",
    )
    store.commit_search(
        run,
        sightings=sightings(records, linking),
        duplicates=duplicate_links(linking, now),
        hints=link_hints(linking, now),
        cursor=max(cursor or through, through) if through else cursor,
    )
    return run
