"""What a source says of a known report that nobody was told yet: each finding is a notice with evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from review.edition import Notice, NoticeKind
from review.ids import ReportId
from review.prisma import BASELINE
from review.record import Record
from search.catalogue import PLACEHOLDER_FROM
from search.links.likeness import normal_title
from store.store import Store

__all__ = ["ByPmid", "Known", "findings", "gone", "known_by_pmid", "reference_text", "untold"]

_PUBMED = "pubmed"

_TIES: Mapping[str, tuple[NoticeKind, str]] = {
    "retractionin": (NoticeKind.RETRACTION, "retracted in"),
    "partialretractionin": (NoticeKind.RETRACTION, "retracted in part in"),
    "retractedandrepublishedin": (NoticeKind.RETRACTION, "retracted and republished in"),
    "expressionofconcernin": (NoticeKind.CONCERN, "expression of concern in"),
    "erratumin": (NoticeKind.ERRATUM, "erratum in"),
    "correctedandrepublishedin": (NoticeKind.REPUBLICATION, "corrected and republished in"),
    "republishedin": (NoticeKind.REPUBLICATION, "republished in"),
    "updatein": (NoticeKind.UPDATE, "updated in"),
}
"""PubMed's RefTypes of documents that change what a report is worth; the comments of others do not."""

_TYPES: Mapping[str, NoticeKind] = {
    "Retracted Publication": NoticeKind.RETRACTION,
    "Expression of Concern": NoticeKind.CONCERN,
    "Published Erratum": NoticeKind.ERRATUM,
    "Corrected and Republished Article": NoticeKind.REPUBLICATION,
}
"""Publication types that say so of the report itself."""

_ONCE = {NoticeKind.ABSTRACT_ADDED, NoticeKind.MESH_ADDED}
"""Told once of a report, whatever it says later: indexing is revised every year."""

_TERMS_NAMED = 6
_WHO = {"pubmed": "PubMed", "clinicaltrials": "ClinicalTrials.gov", "europepmc": "Europe PMC"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A report of the store, and its record with the PMID that is asked again."""

    report: ReportId
    record: Record


ByPmid = Mapping[str, Sequence[Known]]
"""The reports of a PMID, more than one where they were not linked."""


def known_by_pmid(store: Store) -> ByPmid:
    """Return every known report that has a PMID of PubMed's own, whatever source gave it."""
    known: dict[str, list[Known]] = {}
    for report in store.reports().values():
        for record in report.records:
            if record.pmid.isdecimal() and int(record.pmid) < PLACEHOLDER_FROM:
                known.setdefault(record.pmid, []).append(Known(report=report.id, record=record))
    return known


def findings(known: Known, now: Record, at: datetime) -> Iterator[Notice]:
    """Yield what must be told of a report whose record now reads `now`, told before or not.

    What alarms is told although it stood there at first sight; added and changed parts are told only where
    the same source gave the record before, since a table or a file need not have held them. PubMed gave the
    text of a reference report too, though it is filed under the published review.
    """
    ties = tuple(_ties(now))
    for kind, text in (*ties, *_types(known.record, now, {kind for kind, _ in ties})):
        yield _notice(known.report, kind, text, at)
    if _giver(known.record) == now.source:
        for kind, text in _changes(known.record, now):
            yield _notice(known.report, kind, text, at)


def reference_text(pmid: str) -> str:
    """Return the accession under which PubMed's record of a reference report is filed in the review."""
    return f"{_PUBMED}/{pmid}"


def gone(known: Known, pmid: str, into: str, at: datetime) -> Notice:
    """Return the notice of a record that PubMed no longer gives, or gives under another PMID (`into`)."""
    if into:
        return _notice(known.report, NoticeKind.MERGED, f"PMID {pmid} now leads to PMID {into}", at)
    return _notice(known.report, NoticeKind.DELETED, f"PubMed gives no record for PMID {pmid} any more", at)


def untold(found: Iterable[Notice], told: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return what was not told before, each once: another erratum is another notice."""
    seen = {_identity(one) for one in told}
    fresh = {_identity(one): one for one in found if _identity(one) not in seen}
    return tuple(fresh.values())


def _identity(notice: Notice) -> tuple[str, ...]:
    return (notice.report, notice.kind, "" if notice.kind in _ONCE else notice.text)


def _notice(report: ReportId, kind: NoticeKind, text: str, at: datetime) -> Notice:
    return Notice(report=report, kind=kind.value, text=text, at=at)


def _ties(now: Record) -> Iterator[tuple[NoticeKind, str]]:
    for one in now.corrections:
        kind, words = _TIES.get(one.kind.lower(), (None, ""))
        if kind is not None:
            where = " ".join(filter(None, (one.citation, f"(PMID {one.pmid})" if one.pmid else "")))
            yield kind, f"{words} {where or f'a document that {_who(now)} does not name'}"


def _types(before: Record, now: Record, told: set[NoticeKind]) -> Iterator[tuple[NoticeKind, str]]:
    for name in now.publication_types:
        kind = _TYPES.get(name)
        # An erratum found by a search was read as one: only what a report became since then is news.
        news = kind is NoticeKind.RETRACTION or name not in before.publication_types
        if kind and news and kind not in told:
            yield kind, f"{_who(now)} calls it: {name}"


def _changes(before: Record, now: Record) -> Iterator[tuple[NoticeKind, str]]:
    if now.abstract and not before.abstract:
        yield NoticeKind.ABSTRACT_ADDED, f"{_who(now)} now has an abstract"
    if now.mesh and not before.mesh:
        more = ", ..." if len(now.mesh) > _TERMS_NAMED else ""
        yield NoticeKind.MESH_ADDED, f"{_who(now)} now indexes it: {', '.join(now.mesh[:_TERMS_NAMED])}{more}"
    if normal_title(now.title) != normal_title(before.title):
        yield NoticeKind.TITLE_CHANGED, f"{_who(now)} now says: {now.title}"
    # PubMed's own status tells how far its indexing is, a registry's how far the trial is.
    if now.source == "clinicaltrials" and now.status != before.status:
        yield NoticeKind.STATUS_CHANGED, f"{_who(now)} now says: {now.status or 'nothing'}"


def _giver(record: Record) -> str:
    text = record.source == BASELINE and record.accession == reference_text(record.pmid)
    return _PUBMED if text else record.source


def _who(record: Record) -> str:
    return _WHO.get(record.source, record.source)
