"""Which report each record stands for at present, as a fold over sightings and duplicate links.

A report bears the name of its first record. The report that an identifier means is therefore the one that
its naming record stands for: one row on that record moves the whole report, and one more row moves it back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from review.ids import RecordId, ReportId
from review.link import LIKELY, DuplicateLink, HintAnswer, HintWord, LinkHint, Relation

__all__ = [
    "closes_ring",
    "end_of",
    "joined_at",
    "joins",
    "last_links",
    "open_hints",
    "ordered_pair",
    "standing",
]

Pair = tuple[ReportId, ReportId]


def standing(
    first: Iterable[tuple[RecordId, ReportId]], links: Iterable[DuplicateLink]
) -> dict[RecordId, ReportId]:
    """Return the report that each record stands for, in the order of `first`.

    Parameters
    ----------
    first
        Records with the report that each stood for when it was first seen.
    links
        In the order of writing; the last one on a record holds. One that would close a ring, or that names
        a record or a report that was never seen, changes nothing.
    """
    stands = dict(first)
    for link in links:
        known = link.record in stands and RecordId(link.report) in stands
        if known and not closes_ring(stands, link):
            stands[link.record] = link.report
    return {record: end_of(stands, report) for record, report in stands.items()}


def end_of(stands: Mapping[RecordId, ReportId], report: ReportId) -> ReportId:
    """Return the report that an identifier means; itself where nothing is known of it."""
    *_, last = _way(stands, report)
    return last


def closes_ring(stands: Mapping[RecordId, ReportId], link: DuplicateLink) -> bool:
    """Return whether the record of a link would come to stand for itself by way of others."""
    if link.report == ReportId(link.record):
        return False
    return ReportId(link.record) in _way(stands, link.report)


def last_links(links: Iterable[DuplicateLink]) -> dict[RecordId, DuplicateLink]:
    """Return the link that holds for each record that has one."""
    return {link.record: link for link in links}


def joined_at(links: Iterable[DuplicateLink], reports: Iterable[ReportId]) -> datetime | None:
    """Return when the last of the reports came to stand for another; None where none of them does."""
    last = last_links(links)
    times: dict[RecordId, datetime] = {}
    for report in reports:
        record = RecordId(report)
        while record in last and record not in times and last[record].report != ReportId(record):
            times[record] = last[record].at
            record = RecordId(last[record].report)
    return max(times.values(), default=None)


def open_hints(
    hints: Iterable[LinkHint], answers: Iterable[HintAnswer], at_least: float = LIKELY
) -> tuple[LinkHint, ...]:
    """Return the guesses that two reports are one document which nobody has answered, the surest first.

    Parameters
    ----------
    hints, answers
        Of a ledger, under the reports that they mean at present. A pair that was guessed several times comes
        once, by its surest guess.
    at_least
        The lowest confidence, 0 to 1.
    """
    said = {ordered_pair(one.report, one.other): one.word for one in answers}
    surest: dict[Pair, LinkHint] = {}
    for hint in hints:
        pair = ordered_pair(hint.report, hint.other)
        asked = hint.relation is Relation.DUPLICATE and hint.report != hint.other
        if asked and said.get(pair) is not HintWord.TWO_DOCUMENTS:
            before = surest.get(pair)
            surest[pair] = hint if before is None or hint.confidence > before.confidence else before
    waiting = (hint for hint in surest.values() if hint.confidence >= at_least)
    return tuple(sorted(waiting, key=lambda hint: -hint.confidence))


def joins(pairs: Iterable[Pair], order: Sequence[ReportId]) -> Iterator[Pair]:
    """Yield which report is to stand for which so that each of the pairs becomes one document.

    Parameters
    ----------
    pairs
        Of reports that stand for themselves.
    order
        All reports; of two the one that comes first keeps its name.
    """
    place = {report: number for number, report in enumerate(order)}
    stands: dict[RecordId, ReportId] = {}
    for pair in pairs:
        into, report = sorted((end_of(stands, one) for one in pair), key=place.__getitem__)
        if into != report:
            stands[RecordId(report)] = into
            yield report, into


def ordered_pair(one: ReportId, other: ReportId) -> Pair:
    """Return two reports so that the order in which they are named makes no difference."""
    return (one, other) if one <= other else (other, one)


def _way(stands: Mapping[RecordId, ReportId], report: ReportId) -> Iterator[ReportId]:
    yield report
    while (following := stands.get(RecordId(report), report)) != report:
        report = following
        yield report
