"""Write reports to a file that other tools read."""

from pathlib import Path

from flows.errors import Refused
from flows.files import write_atomically
from review.protocol import Protocol
from review.screening import Status, settle
from search.writers import to_csv, to_ris
from store.store import Store

__all__ = ["export_reports"]

_WHICH = {
    "included": {Status.INCLUDED, Status.SIBLING},
    "excluded": {Status.EXCLUDED, Status.EXCLUDED_AT_SCREENING},
    "waiting": {Status.AWAITING_SCREENING, Status.AWAITING_SECOND_VOTE, Status.AWAITING_FULL_TEXT},
    "all": set(Status),
}
_FORMATS = {".ris": to_ris, ".csv": to_csv}


def export_reports(protocol: Protocol, store: Store, which: str, out: Path) -> int:
    """Write the reports of one kind and return how many.

    Raises
    ------
    Refused
        When the kind or the file's ending is unknown, or its folder is not there.
    """
    if which not in _WHICH:
        raise Refused(f"which: found {which!r}; expected one of {', '.join(_WHICH)}; name one of them")
    if out.suffix not in _FORMATS:
        raise Refused(f"{out}: found ending {out.suffix!r}; expected .ris or .csv; name the file so")
    if not out.parent.is_dir():
        raise Refused(f"{out}: found no folder {out.parent}; expected one that is there; make it first")
    settlements = settle(store.ledger(), protocol)
    wanted = [report for report, found in settlements.items() if found.status in _WHICH[which]]
    reports = store.reports(wanted)
    text = _FORMATS[out.suffix]([report.record for report in reports.values()])
    write_atomically(out, text)
    return len(reports)
