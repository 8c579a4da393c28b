"""Search one source for one window and commit what came back, or that nothing did."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime

from flows.steps.asking import SOURCE, Progress, ask, pubmed_plan
from flows.steps.due_days import Days, next_window
from flows.steps.findings import Known, findings, untold
from flows.steps.recording import Answer, Question, record_answer, record_failure
from review.edition import Notice
from review.protocol import Protocol
from review.protocol_sources import CitationChasing
from review.record import Record
from review.searching import RunStatus, SearchRun, Window
from search.blocks import Blocks
from search.errors import BadReply, SourceError
from search.pubmed import PubMed
from search.sources.contract import Found, Source
from store.store import Store

__all__ = ["next_window", "question_sha256", "search_pubmed", "search_source", "source_window"]


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
    question = Question(
        source=SOURCE,
        protocol_version=protocol.version,
        strategy_sha256=blocks.sha256,
        query=blocks.full(),
        window=window or next_window(plan, store, started.date(), strategy=blocks.sha256),
        started=started,
    )
    try:
        answer = ask(plan, blocks, store, pubmed, window=question.window, progress=progress)
    except SourceError as problem:
        return record_failure(store, question, clock(), str(problem))
    return record_answer(store, question, clock(), answer)


def search_source(
    protocol: Protocol,
    store: Store,
    source: Source,
    *,
    strategy: str,
    clock: Callable[[], datetime],
    window: Window | None = None,
    progress: Progress | None = None,
) -> SearchRun:
    """Search another source as PubMed is searched: with its own run, watermark, overlap and gaps.

    A record that is known and comes in another wording stays as it was; what changed is a notice.

    Parameters
    ----------
    strategy
        SHA-256 of what is asked, from `question_sha256`.
    window
        The days to search; by default those that are due.
    """
    started = clock()
    question = Question(
        source=source.name,
        protocol_version=protocol.version,
        strategy_sha256=strategy,
        query="",
        window=window or source_window(protocol, store, source.name, started, strategy=strategy),
        started=started,
    )
    try:
        found = _filed(source.search(question.window, progress), source.name)
    except SourceError as problem:
        return record_failure(store, question, clock(), str(problem))
    held = store.known([record.id for record in found.records])
    for notice in _changes(store, [one for one in found.records if one.id in held], started):
        store.add_notice(notice)
    return record_answer(store, question, clock(), _answer(found, store))


def source_window(protocol: Protocol, store: Store, source: str, now: datetime, *, strategy: str) -> Window:
    """Return the days of a source of the protocol that are due at `now`."""
    table = getattr(protocol.search, source)
    since = protocol.search.since(source) or now.date()
    plan = Days(since=since, overlap_days=getattr(table, "overlap_days", 0))
    return next_window(plan, store, now.date(), strategy=strategy, source=source)


def question_sha256(protocol: Protocol, blocks: Blocks, source: str) -> str:
    """Return the digest of what a source is asked; the days do not count, PubMed's strategy where it is used.

    Included studies, whose citations are chased, do not count either: each run chases all of them.
    """
    table = getattr(protocol.search, source)
    asked = {name: value for name, value in asdict(table).items() if name not in {"since", "overlap_days"}}
    used = "" if isinstance(table, CitationChasing) or source == "clinicaltrials" else blocks.sha256
    return hashlib.sha256(json.dumps([source, asked, used], sort_keys=True).encode()).hexdigest()


def _filed(found: Found, source: str) -> Found:
    """Return what was found; BadReply where a record is filed under another name than its run."""
    strangers = {record.source for record in found.records} - {source}
    if strangers:
        raise BadReply(
            f"{source}: found records filed under {', '.join(sorted(strangers))}; expected all under "
            f"{source!r}; nothing was taken in: report this"
        )
    return found


def _changes(store: Store, records: Sequence[Record], at: datetime) -> tuple[Notice, ...]:
    """Return what must be told of known records that a source gives again: it gives what was changed."""
    if not records:
        return ()
    ledger = store.ledger()
    reports = {one.record: one.report for one in ledger.sightings}
    before = {
        record.id: Known(report=report.id, record=record)
        for report in store.reports({reports[one.id] for one in records}).values()
        for record in report.records
    }
    found = (notice for one in records if one.id in before for notice in findings(before[one.id], one, at))
    return untold(found, ledger.notices)


def _answer(found: Found, store: Store) -> Answer:
    records = {record.id: record for record in found.records}
    known = store.known(records)
    lacking = max(found.count - len(records), len(found.missing))
    problem = f"{lacking} records were counted but not delivered" if lacking else ""
    return Answer(
        status=RunStatus.PARTIAL if lacking else RunStatus.COMPLETE,
        records=tuple(record for id_, record in records.items() if id_ not in known),
        known=len(known),
        message="; ".join(filter(None, (problem, *found.messages))),
        query=found.query,
        missing=found.missing,
        build=found.build,
    )
