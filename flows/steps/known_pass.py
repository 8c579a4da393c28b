"""Look again at everything known: retractions, errata, abstracts that came late, records that went away.

Each finding becomes a notice for people; nothing about a report changes by itself.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from flows.steps.asking import SOURCE
from review.edition import Notice
from review.ids import ReportId
from review.record import Record
from search.catalogue import PLACEHOLDER_FROM
from search.pubmed import PubMed
from store.store import Store

__all__ = ["look_again"]

_ALARMING = {
    "Retracted Publication": "retraction",
    "Expression of Concern": "expression of concern",
    "Published Erratum": "erratum",
    "Corrected and Republished Article": "republication",
}


def look_again(store: Store, pubmed: PubMed, now: datetime) -> tuple[Notice, ...]:
    """Fetch every known PMID once more and write a notice for each thing not noticed before.

    Reports of the published review are looked at like those that a search found, by their PMID. Titles and
    abstracts are compared only where PubMed gave them to us.

    Raises
    ------
    SourceError
        When PubMed does not answer; nothing is written.
    """
    known = {
        record.pmid: (report.id, record)
        for report in store.reports().values()
        for record in report.records
        if record.pmid and int(record.pmid) < PLACEHOLDER_FROM
    }
    fetched = pubmed.fetch(list(known))
    seen = {(notice.report, notice.kind) for notice in store.ledger().notices}
    notices = [
        notice
        for notice in (*_changed(fetched.records, known, now), *_gone(fetched.missing, known, now))
        if (notice.report, notice.kind) not in seen
    ]
    for notice in notices:
        store.add_notice(notice)
    return tuple(notices)


def _changed(
    records: Iterable[Record], known: dict[str, tuple[ReportId, Record]], now: datetime
) -> Iterator[Notice]:
    for record in records:
        report, before = known[record.pmid]
        for kind in sorted(set(record.publication_types) - set(before.publication_types)):
            if kind in _ALARMING:
                yield Notice(report=report, kind=_ALARMING[kind], text=f"PubMed now says: {kind}", at=now)
        if before.source != SOURCE:
            continue
        if record.abstract and not before.abstract:
            yield Notice(report=report, kind="abstract added", text="PubMed now has an abstract", at=now)
        if record.title != before.title:
            yield Notice(report=report, kind="title changed", text=f"PubMed now says: {record.title}", at=now)


def _gone(
    missing: Iterable[tuple[str, str]], known: dict[str, tuple[ReportId, Record]], now: datetime
) -> Iterator[Notice]:
    for pmid, reason in missing:
        report, _ = known[pmid]
        yield Notice(report=report, kind="not delivered", text=f"PMID {pmid}: {reason}", at=now)
