"""The files that stand beside a page: tables, PMID lists, citations for reference managers."""

from collections.abc import Iterable
from dataclasses import replace

from publisher.evidence import AWAITING
from publisher.snapshot import Snapshot
from publisher.tables import tables
from publisher.words import pubmed_url
from review.record import Record
from review.screening import Status
from search.writers import to_ris

__all__ = ["LISTED", "LISTS", "downloads", "pmid_list"]

LISTS = {
    "included": (Status.INCLUDED, Status.SIBLING),
    "excluded": (Status.EXCLUDED,),
    "pending": AWAITING,
}
"""The lists of reports by what became of them; *pending* is everything that is neither in nor out."""

LISTED = tuple(
    (f"{name}.{ending}", f"{name} reports {what}")
    for name in LISTS
    for ending, what in (
        ("ris", "as RIS, without abstracts"),
        ("pmid.txt", "by PMID, one a line"),
    )
)
"""Their files, with what each holds."""


def downloads(snapshot: Snapshot) -> dict[str, bytes]:
    """Return every download of a snapshot by file name."""
    files = {table.name: table.to_csv() for table in tables(snapshot)}
    for name, statuses in LISTS.items():
        found = _records(snapshot, statuses)
        files[f"{name}.pmid.txt"] = pmid_list(found)
        files[f"{name}.ris"] = to_ris(map(_citation_only, found)).encode()
    return files


def pmid_list(records: Iterable[Record]) -> bytes:
    """Return the PMIDs of `records`, one a line, in numerical order; placeholders are left out."""
    real = sorted({record.pmid for record in records if pubmed_url(record.pmid)}, key=int)
    return "".join(f"{pmid}\n" for pmid in real).encode()


def _records(snapshot: Snapshot, statuses: tuple[Status, ...]) -> tuple[Record, ...]:
    known = snapshot.material.reports
    return tuple(
        known[report].record
        for report, one in snapshot.settlements.items()
        if one.status in statuses and report in known
    )


def _citation_only(record: Record) -> Record:
    """Leave out what is not ours to publish: the abstract, and words that stand for it."""
    return replace(record, abstract="", keywords=())
