"""Look again at everything known: retractions, errata, abstracts that came late, records that went away.

Each finding becomes a notice for people; nothing about a report changes by itself. The pass stands in the
search log under a name of its own, with its own clock and gap.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flows.steps.asking import Progress
from flows.steps.due_days import Days, next_window
from flows.steps.findings import ByPmid, findings, gone, known_by_pmid, untold
from flows.steps.recording import Answer, Question, record_answer, record_failure
from review.edition import Notice, StatusEntry
from review.protocol import Protocol
from review.record import Record
from review.searching import SECOND_LOOK, RunStatus, SearchRun, Window
from search.errors import SourceError
from search.pubmed import Fetched, PubMed
from store.store import Store

__all__ = ["KnownPass", "look_again"]

_ALONE = 100
"""PMIDs that were not delivered and are asked for one by one: more than this is no list of deletions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPass:
    """One pass over everything known.

    Parameters
    ----------
    notices
        What nobody was told before.
    """

    run: SearchRun
    notices: tuple[Notice, ...]
    entry: StatusEntry

    @property
    def exit_code(self) -> int:
        """0 done, 1 failed, 3 partial: some records were not looked at."""
        return {RunStatus.COMPLETE: 0, RunStatus.FAILED: 1}.get(self.run.status, 3)


def look_again(
    protocol: Protocol,
    store: Store,
    pubmed: PubMed,
    *,
    clock: Callable[[], datetime],
    only: Collection[str] | None = None,
    progress: Progress | None = None,
) -> KnownPass:
    """Fetch every known PMID once more and write a notice for each thing not told before.

    Reports of the published review and of files are looked at like those that a search found. What was seen
    before a failure is told; the rest waits, in a gap, for the next pass.

    Parameters
    ----------
    only
        PMIDs beyond which nothing is asked: those that a rehearsal's stand-in holds.
    """
    started = clock()
    known = {pmid: ones for pmid, ones in known_by_pmid(store).items() if only is None or pmid in only}
    question = Question(
        source=SECOND_LOOK,
        protocol_version=protocol.version,
        strategy_sha256="",
        query=f"the {len(known)} PMIDs known so far",
        window=_window(store, started.date()),
        started=started,
    )
    try:
        seen = _look(known, pubmed, progress)
    except SourceError as problem:
        return _told(store, record_failure(store, question, clock(), str(problem)), ())
    found = (*_found(seen, known, started), *_gone(seen, known, started))
    notices = untold(found, store.ledger().notices)
    for notice in notices:
        store.add_notice(notice)
    return _told(store, record_answer(store, question, clock(), _answer(seen)), notices)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What became of every PMID that was asked for.

    Parameters
    ----------
    into
        PMIDs that are gone, each with the one it was merged into; empty where it was deleted.
    open
        PMIDs of which nothing is known, each with the reason.
    """

    records: tuple[Record, ...]
    into: Mapping[str, str]
    open: tuple[tuple[str, str], ...]
    why_open: str


def _look(pmids: Iterable[str], pubmed: PubMed, progress: Progress | None) -> _Seen:
    """Fetch PMIDs, and once more by itself each that was not delivered.

    Raises
    ------
    SourceError
        When nothing was received at all; what comes before a later failure is kept, and the rest is open.
    """
    fetched = pubmed.fetch(pmids, progress=progress)
    if fetched.stopped:
        return _Seen(records=fetched.records, into={}, open=fetched.missing, why_open=fetched.stopped)
    alone, failure = _one_by_one([pmid for pmid, _ in fetched.missing[:_ALONE]], pubmed)
    replaced = {
        **dict(fetched.replaced),
        **{pmid: other for one in alone.values() for pmid, other in one.replaced},
    }
    return _Seen(
        records=(*fetched.records, *(record for one in alone.values() for record in one.records)),
        into={pmid: replaced.get(pmid, "") for pmid, one in alone.items() if not one.records},
        open=tuple((pmid, failure or why) for pmid, why in fetched.missing if pmid not in alone),
        why_open=failure or "too many were not delivered to ask for each",
    )


def _one_by_one(pmids: Iterable[str], pubmed: PubMed) -> tuple[dict[str, Fetched], str]:
    """Fetch each PMID by itself up to the first failure; return what came, and the failure in words."""
    came: dict[str, Fetched] = {}
    for pmid in pmids:
        try:
            came[pmid] = pubmed.fetch([pmid])
        except SourceError as problem:
            return came, f"not received: {problem}"
    return came, ""


def _window(store: Store, today: date) -> Window:
    """Return the days since the last complete pass, whose changes this one sees."""
    first = min((one.at.date() for one in store.ledger().sightings), default=today)
    plan = Days(since=min(first, today), overlap_days=1)
    return next_window(plan, store, today, strategy="", source=SECOND_LOOK)


def _found(seen: _Seen, known: ByPmid, at: datetime) -> Iterator[Notice]:
    for record in seen.records:
        for one in known[record.pmid]:
            yield from findings(one, record, at)


def _gone(seen: _Seen, known: ByPmid, at: datetime) -> Iterator[Notice]:
    for pmid, into in seen.into.items():
        for one in known[pmid]:
            yield gone(one, pmid, into, at)


def _answer(seen: _Seen) -> Answer:
    count = len(seen.open)
    gone_now = ((pmid, f"merged into {into}" if into else "deleted") for pmid, into in seen.into.items())
    return Answer(
        status=RunStatus.PARTIAL if count else RunStatus.COMPLETE,
        known=len(seen.records),
        message=f"{count} known records were not looked at: {seen.why_open}" if count else "",
        missing=(*gone_now, *seen.open),
    )


def _told(store: Store, run: SearchRun, notices: tuple[Notice, ...]) -> KnownPass:
    entry = StatusEntry(
        id=f"{run.source}-{run.window.end}-{run.status}-{len(notices)}",
        at=run.ended,
        title=_title(run, len(notices)),
        text=run.message or "Retractions, errata, added abstracts and index terms, records that went away.",
    )
    store.add_status(entry)
    return KnownPass(run=run, notices=notices, entry=entry)


def _title(run: SearchRun, notices: int) -> str:
    if run.status is RunStatus.FAILED:
        return f"The look at what is known failed on {run.ended:%Y-%m-%d}"
    state = "" if run.status is RunStatus.COMPLETE else f" ({run.status})"
    said = f"{notices or 'no'} notice{'' if notices == 1 else 's'}"
    return f"Looked again at {run.counts.known} known records{state}: {said}"
