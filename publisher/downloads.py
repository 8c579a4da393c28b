"""The files that stand beside a page: tables, PMID lists, citations for reference managers."""

from collections.abc import Iterable

from publisher.evidence import AWAITING
from publisher.snapshot import Snapshot
from publisher.tables import tables
from publisher.words import pubmed_url
from review.screening import Status

__all__ = ["LISTED", "LISTS", "downloads", "pmid_list"]

LISTS = {
    "included": (Status.INCLUDED, Status.SIBLING),
    "excluded": (Status.EXCLUDED,),
    "pending": AWAITING,
}
"""The lists of reports by what became of them; *pending* is everything that is neither in nor out."""

LISTED = tuple((f"{name}.pmid.txt", f"PMIDs of {name} reports, one a line") for name in LISTS)
"""Their files, with what each holds."""


def downloads(snapshot: Snapshot) -> dict[str, bytes]:
    """Return every download of a snapshot by file name."""
    files = {table.name: table.to_csv() for table in tables(snapshot)}
    for name, statuses in LISTS.items():
        files[f"{name}.pmid.txt"] = pmid_list(snapshot, statuses)
    return files


def pmid_list(snapshot: Snapshot, statuses: Iterable[Status]) -> bytes:
    """Return the PMIDs of all reports with one of `statuses`, one a line; placeholders are left out."""
    wanted = set(statuses)
    known = snapshot.material.reports
    found = (
        known[report].record.pmid
        for report, one in snapshot.settlements.items()
        if one.status in wanted and report in known
    )
    real = sorted({pmid for pmid in found if pubmed_url(pmid)}, key=int)
    return "".join(f"{pmid}\n" for pmid in real).encode()
