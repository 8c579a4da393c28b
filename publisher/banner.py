"""The head of a page: what this is, how current it is, and what must be said before any number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from publisher.snapshot import Snapshot
from publisher.sources import known_pass_note, source_name
from publisher.words import count, day
from review.clocks import Badge, Clocks
from review.source_clocks import SourceClock

__all__ = ["Banner", "Clock", "banner"]

_MEANING = {
    Badge.CURRENT: "Searched on schedule; nothing waits for a decision.",
    Badge.EVIDENCE_PENDING: "Searched on schedule; evidence waits for people.",
    Badge.SUSPECT: "The last search has a gap or did not find what it must find.",
    Badge.OVERDUE: "The next search is late: newer evidence may exist.",
    Badge.NOT_SEARCHED: "No search has been run for this review.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A day up to which one part of the work is done."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """The head of a page.

    Parameters
    ----------
    overdue_after
        ISO day after which a reader's browser calls the page overdue; empty where there is none.
    warnings
        Sentences that stand before any number: rehearsal, disclaimers, unsigned analyses.
    """

    title: str
    label: str
    version: str
    badge: str
    meaning: str
    until: str
    overdue_after: str
    overdue_text: str
    clocks: tuple[Clock, ...]
    warnings: tuple[str, ...]


def banner(snapshot: Snapshot) -> Banner:
    """Return the head of the page of a snapshot."""
    found = snapshot.clocks
    return Banner(
        title=_title(snapshot.protocol.title),
        label=snapshot.material.labels.title,
        version=_version(snapshot),
        badge=found.badge.value,
        meaning=_meaning(found, snapshot.at.date()),
        until=_until(found),
        overdue_after=found.overdue_after.isoformat() if found.overdue_after else "",
        overdue_text=_overdue(found),
        clocks=tuple(_clocks(snapshot)),
        warnings=tuple(_warnings(snapshot)),
    )


def _title(title: str) -> str:
    return title if "living" in title.lower() else f"{title}: a living systematic review"


def _version(snapshot: Snapshot) -> str:
    if snapshot.edition is None:
        return "no edition published yet"
    return f"edition {snapshot.edition.id}, {day(snapshot.edition.at)}"


def _meaning(clocks: Clocks, today: date) -> str:
    if clocks.badge is not Badge.BEHIND:
        return _MEANING[clocks.badge]
    due = clocks.next_search_due
    late = due is not None and today > due
    asked = f"The next search was due on {day(due)}" if late else "Asked on schedule"
    ends = "; ".join(_end(one, late=late) for one in clocks.out_of_date)
    return f"{asked}, but {ends}. Newer evidence may exist."


def _end(source: SourceClock, *, late: bool) -> str:
    name = source_name(source.name)
    if source.through is None:
        return f"{name} was not searched through any day yet"
    if source.ends_with_its_data and not late:
        return f"{name}’s own data end on {day(source.through)}"
    return f"{name} was searched only through {day(source.through)}"


def _until(clocks: Clocks) -> str:
    if clocks.overdue_after is None:
        return ""
    if clocks.badge is Badge.OVERDUE:
        return _overdue(clocks)
    if clocks.badge is Badge.BEHIND:
        return f"Treat this page as overdue after {day(clocks.overdue_after)} at the latest."
    return f"Holds until {day(clocks.overdue_after)}; after that treat this page as overdue."


def _overdue(clocks: Clocks) -> str:
    return f"Overdue since {day(clocks.overdue_after)}." if clocks.overdue_after else ""


def _clocks(snapshot: Snapshot) -> Iterator[Clock]:
    clocks = snapshot.clocks
    behind = f"behind: {', '.join(clocks.sources_behind)}" if clocks.sources_behind else "all sources"
    yield Clock(name="Fully searched through", value=day(clocks.fully_searched_through), note=behind)
    yield Clock(name="PubMed watched through", value=day(clocks.pubmed_through), note=_gaps(clocks))
    for one in clocks.sources:
        if not one.by_hand and one.name != "pubmed":
            value = day(one.through, never="no day yet")
            yield Clock(name=f"{source_name(one.name)} watched through", value=value)
    if clocks.known_pass_due:
        value, note = day(clocks.known_pass_through), known_pass_note(snapshot)
        yield Clock(name="Known records looked at again", value=value, note=note)
    waiting = f"{count(clocks.waiting, 'report')} waiting" if clocks.waiting else "nothing waits"
    yield Clock(name="Screened through", value=day(clocks.screened_through), note=waiting)
    yield Clock(name="Synthesised", value=day(clocks.synthesised_at), note=_unsigned(snapshot))
    yield Clock(name="Published", value=day(clocks.published_at))
    yield Clock(name="Next search due", value=day(clocks.next_search_due, never="not scheduled"))


def _gaps(clocks: Clocks) -> str:
    return count(len(clocks.open_gaps), "open gap") if clocks.open_gaps else ""


def _unsigned(snapshot: Snapshot) -> str:
    if not snapshot.unsigned:
        return ""
    return f"{count(len(snapshot.unsigned), 'newer analysis', 'newer analyses')} not signed yet"


def _warnings(snapshot: Snapshot) -> Iterator[str]:
    labels = snapshot.material.labels
    edition = snapshot.edition
    if edition and edition.decision.signer is None:
        yield "Rehearsal: nobody signed this edition."
    for text in (labels.disclaimer, snapshot.protocol.publication.disclaimer):
        if text:
            yield text
    if _imported(snapshot):
        yield "Numbers marked † were imported from another meta-analysis; this review did not extract them."
    if snapshot.protocol.drafts:
        yield "What is marked “ours” in the methods was set by the keepers of this page, not the authors."


def _imported(snapshot: Snapshot) -> bool:
    return any(row.imported for one in snapshot.syntheses for row in one.rows)
