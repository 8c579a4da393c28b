"""Texts of reference reports that a search has brought already, as reports of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from review.ids import RecordId, ReportId
from review.ledger import Ledger
from review.link import DuplicateLink, HintWord, LinkHint, Relation
from review.merging import ordered_pair
from review.prisma import BASELINE
from review.record import Record, Report
from search.references.belief import belief
from store.store import Store

__all__ = ["Plan", "Text", "weigh_known"]

_HELD_TWICE = 0.85
"""As linking believes an identical identifier that something speaks against (docs/reference/linking.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """PubMed's record of a reference report, and why its PMID is believed."""

    report: ReportId
    record: Record
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of the texts.

    Parameters
    ----------
    added
        Those that nobody has brought yet, or that cannot be tied unasked.
    ties
        Reports that a search brought, each to become its reference report.
    hints
        Reports of the same PMID for people to look at.
    """

    added: tuple[Text, ...]
    ties: tuple[DuplicateLink, ...]
    hints: tuple[LinkHint, ...]


def weigh_known(texts: Sequence[Text], store: Store, at: datetime) -> Plan:
    """Say of each text whether its PMID is known as another report already, and what to do then.

    One report under the same PMID and title that nobody has judged and the review did not bring along is
    tied by the PMID. Any other is a hint beside the text. What people said is two documents, or set apart,
    stays apart, and the text is not taken.
    """
    held = _Held(store)
    added, ties, hints = [], [], []
    for text in texts:
        others = held.others(text)
        if any(held.parted(one.id, text.report) for one in others):
            continue
        if len(others) == 1 and held.can_tie(others[0], text.record):
            ties.append(_tie(others[0], text, at))
        else:
            added.append(text)
            hints += [_hint(one, text, at) for one in others]
    return Plan(added=tuple(added), ties=tuple(ties), hints=tuple(hints))


class _Held:
    """What the store holds beside the reference reports."""

    def __init__(self, store: Store) -> None:
        self._index = store.link_index()
        self._ledger: Ledger = store.ledger()
        self._means = self._ledger.means()
        self._judged = {one.report for one in self._ledger.decisions}

    def others(self, text: Text) -> list[Report]:
        """Return the reports with a record of the PMID, but for the reference report itself."""
        own = self._means.get(text.report, text.report)
        return [report for report in self._index.by_pmid(text.record.pmid) if report.id != own]

    def can_tie(self, other: Report, record: Record) -> bool:
        """Return whether a report may become the reference report without a person's word."""
        brought = any(one.source == BASELINE for one in other.records)
        return not brought and other.id not in self._judged and belief(other.record, record).same_title

    def parted(self, other: ReportId, report: ReportId) -> bool:
        """Return whether people said that the two are two documents, or took back that they are one."""
        pair = ordered_pair(other, self._means.get(report, report))
        words = [one.word for one in self._ledger.hint_answers if ordered_pair(one.report, one.other) == pair]
        tied_once = any(
            one.record == RecordId(other) and one.report == report for one in self._ledger.duplicates
        )
        return tied_once or words[-1:] == [HintWord.TWO_DOCUMENTS]


def _tie(other: Report, text: Text, at: datetime) -> DuplicateLink:
    rule = f"same PMID: {text.why}"
    return DuplicateLink(record=RecordId(other.id), report=text.report, rule=rule, at=at)


def _hint(other: Report, text: Text, at: datetime) -> LinkHint:
    return LinkHint(
        report=text.report,
        other=other.id,
        evidence=f"same PMID {text.record.pmid}, and each is a report of its own",
        at=at,
        relation=Relation.DUPLICATE,
        confidence=_HELD_TWICE,
    )
