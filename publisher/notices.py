"""What was found out about reports that were known already: what alarms in full, the rest by its newest."""

from dataclasses import dataclass

from publisher.words import count, day
from review.edition import Notice, NoticeKind
from review.ledger import Ledger

__all__ = ["MOST_NOTICES", "NoticeLog", "notice_log"]

MOST_NOTICES = 20
"""Of those that change no result: indexing alone makes one of every report within its first year."""

_QUIET = {NoticeKind.ABSTRACT_ADDED, NoticeKind.MESH_ADDED, NoticeKind.TITLE_CHANGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLog:
    """Rows of day, kind and text, the newest first, and a sentence on those that are not shown."""

    rows: tuple[tuple[str, str, str], ...]
    older: str


def notice_log(ledger: Ledger) -> NoticeLog:
    """Return the notices of a ledger: every retraction, erratum or loss, and the newest of the others."""
    newest = tuple(reversed(ledger.notices))
    loud = tuple(one for one in newest if one.kind not in _QUIET)
    quiet = tuple(one for one in newest if one.kind in _QUIET)
    hidden = len(quiet) - MOST_NOTICES
    return NoticeLog(
        rows=tuple(map(_row, (*loud, *quiet[:MOST_NOTICES]))),
        older=f"{count(hidden, 'older notice')} of added abstracts, index terms or titles in"
        if hidden > 0
        else "",
    )


def _row(notice: Notice) -> tuple[str, str, str]:
    return (day(notice.at), notice.kind, f"{notice.report}: {notice.text}")
