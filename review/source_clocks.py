"""Up to which day each source was searched, and when everything known was looked at again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from review.ledger import Ledger
from review.protocol import Protocol
from review.protocol_sources import AUTOMATIC
from review.searched_days import data_through, searched_through
from review.searching import SECOND_LOOK, RunStatus, SearchGap, SearchRun

__all__ = [
    "RHYTHM_DAYS",
    "SourceClock",
    "answered",
    "any_in_doubt",
    "fully_searched_through",
    "known_pass_due",
    "known_pass_through",
    "open_gaps",
    "source_clocks",
    "sources_behind",
    "sources_out_of_date",
]

RHYTHM_DAYS: Mapping[str, int] = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceClock:
    """One source of the protocol.

    Parameters
    ----------
    through
        Every day up to this one was searched, without a gap: those that a source was asked for after they
        were over, with the question of its last run; of a file, those that people say. None where no day is
        known. Where nothing was
        searched yet this is the day from which the protocol searches, and it is never an earlier one.
    by_hand
        True where people search it and import a file.
    last
        How its last run ended; None where there was none.
    data_through
        The last day that the source itself can hold in full, by the version that it named when it answered
        last (PubMed's DbBuild); None where it named none.
    """

    name: str
    through: date | None
    by_hand: bool
    last: RunStatus | None
    data_through: date | None = None

    @property
    def ends_with_its_data(self) -> bool:
        """True where all that the source holds was searched, and the clock stands where its data end."""
        return self.through is not None and self.through == self.data_through


def source_clocks(ledger: Ledger, protocol: Protocol, today: date) -> tuple[SourceClock, ...]:
    """Return the clock of each source of the protocol at `today`, in its order."""
    last = {run.source: run.status for run in ledger.runs}
    return tuple(
        SourceClock(
            name=name,
            through=_through(ledger, name, protocol, today),
            by_hand=name in protocol.search.by_hand,
            last=last.get(name),
            data_through=data_through(ledger.runs, name),
        )
        for name in (*protocol.search.automatic, *protocol.search.by_hand)
    )


def fully_searched_through(sources: Iterable[SourceClock]) -> date | None:
    """Return the earliest day of all sources; None where there is none or one of them has no day."""
    days = [one.through for one in sources]
    known = [day for day in days if day is not None]
    return min(known) if known and len(known) == len(days) else None


def sources_behind(sources: Iterable[SourceClock]) -> tuple[str, ...]:
    """Return the sources with no day, or with one before PubMed's (without PubMed: the newest of them)."""
    all_ = tuple(sources)
    newest = max((one.through for one in all_ if one.through), default=None)
    leader = next((one.through for one in all_ if one.name == "pubmed"), newest)
    return tuple(
        one.name
        for one in all_
        if one.name != "pubmed" and (one.through is None or (leader and one.through < leader))
    )


def sources_out_of_date(
    sources: Iterable[SourceClock], protocol: Protocol, today: date
) -> tuple[SourceClock, ...]:
    """Return the sources the service asks whose day is further back than rhythm and overlap together.

    That they were asked in time does not help: a source can answer, and know nothing of the days since.
    """
    rhythm = RHYTHM_DAYS[protocol.living.search_every]
    return tuple(
        one
        for one in sources
        if not one.by_hand
        and (one.through is None or (today - one.through).days > rhythm + protocol.search.overlap(one.name))
    )


def answered(ledger: Ledger, source: str) -> list[SearchRun]:
    """Return the runs of a source that got an answer."""
    return [run for run in ledger.runs if run.source == source and run.status is not RunStatus.FAILED]


def open_gaps(ledger: Ledger, protocol: Protocol) -> tuple[SearchGap, ...]:
    """Return the days that wait to be searched: of a source that the protocol no longer names, none do."""
    watched = {*protocol.search.automatic, *protocol.search.by_hand}
    if protocol.search.pubmed is not None:
        watched.add(SECOND_LOOK)
    return tuple(gap for gap in ledger.gaps if gap.open and gap.source in watched)


def any_in_doubt(gaps: Collection[SearchGap], sources: Iterable[SourceClock]) -> bool:
    """Tell whether a source that the service asks went wrong last time, or any days wait to be searched."""
    wrong = any(not one.by_hand and one.last not in {None, RunStatus.COMPLETE} for one in sources)
    return wrong or bool(gaps)


def known_pass_through(ledger: Ledger) -> date | None:
    """Return the day of the last complete pass over everything known; None where there was none."""
    complete = (run for run in answered(ledger, SECOND_LOOK) if run.status is RunStatus.COMPLETE)
    return max((run.window.end for run in complete), default=None)


def known_pass_due(ledger: Ledger, protocol: Protocol) -> date | None:
    """Return when everything known must be looked at again; None before any search or without PubMed."""
    first = next((run.ended.date() for run in ledger.runs if run.source == "pubmed"), None)
    start = known_pass_through(ledger) or first
    if start is None or protocol.search.pubmed is None:
        return None
    return start + timedelta(days=RHYTHM_DAYS[protocol.living.known_pass_every])


def _through(ledger: Ledger, source: str, protocol: Protocol, today: date) -> date | None:
    since = protocol.search.since(source)
    # Up to the first day it was the published review that searched, where there is one.
    published = since if protocol.follows else None
    reached = (_asked if source in AUTOMATIC else _imported)(ledger, source, since, today) or published
    holes = [gap.window.start - timedelta(days=1) for gap in ledger.gaps if gap.open and gap.source == source]
    through = min([day for day in (reached, *holes) if day is not None], default=None)
    if published is None:
        return through if through and through >= (since or through) else None
    return max(through, published) if through else published


def _asked(ledger: Ledger, source: str, since: date | None, today: date) -> date | None:
    """Return the day up to which the question of a source's last run was answered."""
    strategy = next((run.strategy_sha256 for run in reversed(ledger.runs) if run.source == source), "")
    if since is None:
        return None
    return searched_through(ledger.runs, source, strategy=strategy, since=since, today=today)


def _imported(ledger: Ledger, source: str, since: date | None, today: date) -> date | None:
    """Return the last day that people say they searched; a partial file lacks that day, or entries."""
    days = (
        min(run.window.end, run.ended.date(), today)
        for run in answered(ledger, source)
        if run.status is not RunStatus.PARTIAL
    )
    reached = max(days, default=None)
    return max(reached, since) if reached and since else reached
