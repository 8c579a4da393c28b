"""Give the reference reports their full records, so that the ranking learns from more than titles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flows.steps.findings import reference_text
from flows.steps.known_texts import Text, weigh_known
from review.baseline import BaselineReport, read_reports
from review.edition import Notice
from review.identified import FILE_NAME, read_identified
from review.ids import ReportId
from review.link import DuplicateLink
from review.prisma import BASELINE
from review.protocol import Protocol
from review.record import Record, Report
from search.pubmed import PubMed
from search.references.belief import belief
from store.store import Store

__all__ = ["DOUBT", "fetch_references"]

DOUBT = "identifier in doubt"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A PMID of a reference report, and why it is believed; `chosen` where a person named it."""

    report: BaselineReport
    pmid: str
    why: str
    chosen: bool

    @property
    def name(self) -> ReportId:
        """The reference report as it names itself."""
        return self.report.record.report_id


def fetch_references(folder: Path, protocol: Protocol, store: Store, pubmed: PubMed, now: datetime) -> int:
    """Fetch the record of each reference report whose PMID is known; return how many were added or tied.

    They stand for the reference report, are filed under the published review and counted nowhere. A record
    that by its title is another document is not taken: a notice says so. Where a search brought the document
    already, that report is tied to the reference report instead (`flows.steps.known_texts`).

    Raises
    ------
    SourceError
        When PubMed does not answer; nothing is written.
    """
    wanted = {one.pmid: one for one in _wanted(folder, protocol, store)}
    if not wanted:
        return 0
    fetched = {record.pmid: record for record in pubmed.fetch(wanted).records}
    agreed = {pmid: record for pmid, record in fetched.items() if _agrees(wanted[pmid], record)}
    _note_doubts(store, wanted, {pmid: fetched[pmid] for pmid in fetched.keys() - agreed.keys()}, now)
    texts = [
        Text(report=wanted[pmid].name, record=_filed(record), why=wanted[pmid].why)
        for pmid, record in agreed.items()
    ]
    plan = weigh_known(texts, store, now)
    added = store.add_records(
        [one.record for one in plan.added],
        now,
        duplicates=[_link(one, now) for one in plan.added],
        hints=plan.hints,
    )
    return added + store.link_duplicates(plan.ties)


def _wanted(folder: Path, protocol: Protocol, store: Store) -> Iterator[_Wanted]:
    path = folder / protocol.references.reports
    identified = {
        row.report: row for row in read_identified(path.with_name(FILE_NAME)) if row.outcome == "confirmed"
    }
    known = store.reports()
    for report in read_reports(path):
        row = identified.get(report.record.accession)
        pmid = report.record.pmid or (row.pmid if row else "")
        if pmid and not _has_text(known.get(report.record.report_id), pmid):
            why = "PMID verified in the reference list" if report.record.pmid or not row else row.why
            yield _Wanted(report=report, pmid=pmid, why=why, chosen=bool(row and row.confirmed_by))


def _has_text(report: Report | None, pmid: str) -> bool:
    """Return whether a source's own record of the PMID stands for the report already."""
    own = ReportId("") if report is None else report.id
    records = () if report is None else report.records
    return any(record.pmid == pmid and record.report_id != own for record in records)


def _agrees(wanted: _Wanted, record: Record) -> bool:
    citation = wanted.report.citation
    return wanted.chosen or not citation.title or belief(citation, record).same_title


def _filed(record: Record) -> Record:
    return replace(record, source=BASELINE, accession=reference_text(record.pmid))


def _link(text: Text, now: datetime) -> DuplicateLink:
    return DuplicateLink(record=text.record.id, report=text.report, rule=text.why, at=now)


def _note_doubts(
    store: Store, wanted: Mapping[str, _Wanted], doubtful: Mapping[str, Record], now: datetime
) -> None:
    told = {(notice.report, notice.text) for notice in store.ledger().notices if notice.kind == DOUBT}
    for pmid, record in doubtful.items():
        report = wanted[pmid].name
        text = f"PMID {pmid} is by PubMed another document: {record.title}"
        if (report, text) not in told:
            store.add_notice(Notice(report=report, kind=DOUBT, text=text, at=now))
