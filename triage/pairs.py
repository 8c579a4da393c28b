"""Two reports side by side: what each says of itself, what differs, and what the machine guesses of them."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace

from review.ids import RecordId, ReportId
from review.link import DuplicateLink, LinkHint
from review.merging import last_links, ordered_pair
from review.record import Record, Report
from review.screening import contradiction
from triage.blinding import shown_status
from triage.desk import Desk, Snapshot
from triage.sessions import token

__all__ = [
    "Joined",
    "Line",
    "Pair",
    "PairTokens",
    "joined_to",
    "pairs_of",
    "set_apart_before",
    "set_apart_token",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field of two records; it differs where both give it and not alike."""

    name: str
    one: str
    other: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two reports that may be one document.

    Parameters
    ----------
    evidence, confidence
        What speaks for it; None for the confidence where a person asks and not the machine.
    warning
        What would become a conflict if they were one document; empty where nothing would.
    token
        Ages with every change to what the two reports are, and with every answer.
    """

    one: Report
    other: Report
    evidence: str
    confidence: float | None
    lines: tuple[Line, ...]
    warning: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A record that is one of a report's because of a link, and the token of setting it apart."""

    link: DuplicateLink
    token: str


def pairs_of(desk: Desk, snapshot: Snapshot, hints: Collection[LinkHint]) -> tuple[Pair, ...]:
    """Return the pairs that hints are about, in their order, each with what speaks for and against it."""
    named = {end for hint in hints for end in (hint.report, hint.other)}
    reports, tokens = desk.store.reports(named), PairTokens(desk, snapshot)
    return tuple(
        Pair(
            one=reports[hint.report],
            other=reports[hint.other],
            evidence=hint.evidence,
            confidence=hint.confidence or None,
            lines=_lines(reports[hint.report].record, reports[hint.other].record),
            warning=_warning(snapshot, hint),
            token=tokens.of(hint.report, hint.other),
        )
        for hint in hints
    )


def joined_to(desk: Desk, snapshot: Snapshot, report: Report) -> tuple[Joined, ...]:
    """Return the records of a report that a link made its own, each to be set apart again."""
    last = last_links(snapshot.ledger.duplicates)
    links = (last[one.id] for one in report.records if one.id in last and one.report_id != report.id)
    return tuple(
        Joined(link=link, token=set_apart_token(desk.secret_key, snapshot, link.record)) for link in links
    )


def set_apart_before(snapshot: Snapshot, report: ReportId) -> tuple[LinkHint, ...]:
    """Return the pairs that were one document until they were set apart, as guesses of no confidence."""
    links = [one for one in snapshot.ledger.duplicates if RecordId(report) == one.record]
    apart = links[-1] if links and links[-1].report == report else None
    former = dict.fromkeys(snapshot.present(one.report) for one in links if one.report != report)
    return tuple(
        LinkHint(
            report=report,
            other=other,
            evidence=f"one document until {apart.at:%Y-%m-%d}, then set apart by {apart.by or 'the service'}",
            at=apart.at,
            confidence=0.0,
        )
        for other in former
        if apart and other != report
    )


class PairTokens:
    """Tokens of the next word on two reports: over their records, what was said of these, and the answers."""

    def __init__(self, desk: Desk, snapshot: Snapshot) -> None:
        self._key = desk.secret_key
        self._records: dict[ReportId, list[RecordId]] = defaultdict(list)
        for sighting in snapshot.ledger.sightings:
            self._records[sighting.report].append(sighting.record)
        self._links = Counter(link.record for link in snapshot.ledger.duplicates)
        answers = snapshot.ledger.hint_answers
        self._answers = Counter(ordered_pair(answer.report, answer.other) for answer in answers)

    def of(self, one: ReportId, other: ReportId) -> str:
        """Return the token of a pair, the same whichever report is named first."""
        pair = ordered_pair(one, other)
        records = [(end, record) for end in pair for record in self._records[end]]
        said = [f"{end} {record} {self._links[record]}" for end, record in records]
        return token(self._key, "pair", *pair, *said, str(self._answers[pair]))


def set_apart_token(key: str, snapshot: Snapshot, record: RecordId) -> str:
    """Return the token of setting a record apart."""
    links = sum(1 for link in snapshot.ledger.duplicates if link.record == record)
    return token(key, "set apart", record, str(links))


def _warning(snapshot: Snapshot, hint: LinkHint) -> str:
    ends = (snapshot.settlements[hint.report], snapshot.settlements[hint.other])
    # Nothing may show here that a card does not show.
    one, other = (replace(end, status=shown_status(end)) for end in ends)
    found = contradiction(one, other)
    return found.why if found else ""


def _lines(one: Record, other: Record) -> tuple[Line, ...]:
    mine, theirs = _fields(one), _fields(other)
    return tuple(
        Line(name=name, one=mine[name], other=theirs[name], differs=_differ(mine[name], theirs[name]))
        for name in mine
        if mine[name] or theirs[name]
    )


def _fields(record: Record) -> dict[str, str]:
    return {
        "Title": record.title,
        "Authors": ", ".join(record.authors),
        "Journal": record.journal,
        "Year": str(record.year or ""),
        "Volume": record.volume,
        "Issue": record.issue,
        "Pages": record.pages,
        "DOI": record.doi,
        "PMID": record.pmid,
        "Registrations": ", ".join(record.registrations),
        "Types": ", ".join(record.publication_types),
    }


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and _plain(one) != _plain(other)


def _plain(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in text.casefold()).split())
