"""How long putting a report back can be undone, and why that tells nothing of anybody's vote.

For some minutes only who put a report back may vote on it, and only that person may undo it. So no undo ever
meets another person's vote, and what it does never depends on one. After that nobody undoes it.
"""

from datetime import datetime, timedelta

from review.audit import PutBack, QueueWord
from review.ids import ReportId, Reviewer
from review.screening import Status
from triage.blinding import shown_status
from triage.desk import Snapshot

__all__ = ["UNDO_FOR", "held_for_undo", "put_back_lately", "undoable"]

UNDO_FOR = timedelta(minutes=5)
"""From putting back until the others may vote, and nobody may undo."""


def put_back_lately(snapshot: Snapshot, now: datetime) -> tuple[PutBack, ...]:
    """Return the words of the last minutes that put back what still waits, the latest first."""
    last = {one.report: one for one in snapshot.ledger.put_back}
    lately = [
        one
        for one in last.values()
        if one.word is QueueWord.BACK and now < one.at + UNDO_FOR and _waits(snapshot, one.report)
    ]
    return tuple(sorted(lately, key=lambda one: one.at, reverse=True))


def undoable(snapshot: Snapshot, word: PutBack, who: Reviewer) -> bool:
    """Return whether a person may undo one of the words of the last minutes: the own, before an own vote."""
    voted = any(one.reviewer == who for one in snapshot.votes(word.report))
    return word.by == who and not voted


def held_for_undo(snapshot: Snapshot, who: Reviewer, now: datetime) -> dict[ReportId, datetime]:
    """Return what others put back a moment ago, and from when on this person may vote on it."""
    return {one.report: one.at + UNDO_FOR for one in put_back_lately(snapshot, now) if one.by != who}


def _waits(snapshot: Snapshot, report: ReportId) -> bool:
    found = snapshot.settlements.get(report)
    return found is not None and shown_status(found) is Status.AWAITING_SCREENING
