"""Write reports to a file that other tools read."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from flows.errors import Refused
from flows.files import write_atomically
from review.protocol import Protocol
from review.record import Record
from review.screening import Status, settle
from search.errors import UnwritableRecord
from search.notes import label_note
from search.writers import to_bibtex, to_csv, to_ris, to_xlsx
from store.store import Store

__all__ = ["export_reports"]

_WHICH = {
    "included": {Status.INCLUDED, Status.SIBLING},
    "excluded": {Status.EXCLUDED, Status.EXCLUDED_AT_SCREENING},
    "waiting": {
        Status.AWAITING_SCREENING,
        Status.AWAITING_SECOND_VOTE,
        Status.SCREENING_CONFLICT,
        Status.AWAITING_FULL_TEXT,
        Status.AWAITING_SECOND_FULL_TEXT_VOTE,
        Status.FULL_TEXT_CONFLICT,
    },
    "all": set(Status),
}
_LABELS = {status: label for label in ("included", "excluded", "waiting") for status in _WHICH[label]}
_FORMATS: dict[str, Callable[[Iterable[Record]], str | bytes]] = {
    ".ris": to_ris,
    ".csv": to_csv,
    ".xlsx": to_xlsx,
    ".bib": to_bibtex,
}


def export_reports(protocol: Protocol, store: Store, which: str, out: Path, *, excel: bool = False) -> int:
    """Write the reports of one kind, each labelled with where it stands, and return how many.

    Parameters
    ----------
    excel
        Whether a .csv file is written for Excel, with a guard before what it would compute.

    Raises
    ------
    Refused
        When the kind or the file's ending is unknown, its folder is not there, or a record does not fit the
        format.
    """
    if which not in _WHICH:
        raise Refused(f"which: found {which!r}; expected one of {', '.join(_WHICH)}; name one of them")
    if out.suffix not in _FORMATS:
        raise Refused(f"{out}: found ending {out.suffix!r}; expected {', '.join(_FORMATS)}; name the file so")
    if excel and out.suffix != ".csv":
        raise Refused(f"{out}: found --excel with {out.suffix}; expected .csv; leave --excel out")
    if not out.parent.is_dir():
        raise Refused(f"{out}: found no folder {out.parent}; expected one that is there; make it first")
    settlements = settle(store.ledger(), protocol)
    wanted = [report for report, found in settlements.items() if found.status in _WHICH[which]]
    reports = store.reports(wanted)
    records = [_labelled(report.record, settlements[name].status) for name, report in reports.items()]
    try:
        written = to_csv(records, excel=True) if excel else _FORMATS[out.suffix](records)
    except UnwritableRecord as error:
        raise Refused(f"{out}: {error}") from None
    write_atomically(out, written)
    return len(reports)


def _labelled(record: Record, status: Status) -> Record:
    """Say where a report stands; who voted how, and whether anyone did, is nobody's business here."""
    return replace(record, notes=(*record.notes, label_note(_LABELS.get(status, status.value))))
