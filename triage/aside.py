"""What is set aside: with score and reasons, put back with one button; and what the audit says of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from review.audit import PutBack, QueueWord
from review.decision import Stage
from review.ids import ReportId, Reviewer
from review.in_force import model_in_force
from review.record import Report
from review.suggestion import Suggestion
from triage.desk import Desk, Seat, Snapshot
from triage.errors import StaleError
from triage.putting_back import put_back_lately, undoable
from triage.sessions import token
from triage.web import Here, Sent, TheReport, page, see

__all__ = ["SHOWN", "Aside", "put_back_token", "router", "say_of"]

router = APIRouter()

SHOWN = 50
"""Reports on one page."""

_LATELY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """One report that is set aside, why it stands where it does, and the token of putting it back."""

    report: Report
    suggestion: Suggestion
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """A person's word of the last minutes to put a report back.

    Parameters
    ----------
    token
        Of the undo; empty where the viewer has none.
    """

    word: PutBack
    token: str


@router.get("/set-aside")
def show_set_aside(here: Here, start: Annotated[int, Query(ge=0, le=10_000_000)] = 0) -> Response:
    """List what is set aside, the highest score first."""
    snapshot = here.desk.snapshot()
    rows = _rows(here.desk, snapshot, start)
    return page(
        here.request,
        "set_aside.html",
        rows=[_shown(here.desk, snapshot, one) for one in rows],
        count=len(snapshot.set_aside),
        start=start,
        shown=SHOWN,
        aside=snapshot.aside,
        model=model_in_force(snapshot.ledger),
        drift=snapshot.ledger.drifts[-1] if snapshot.ledger.drifts else None,
        lately=_lately(here.seat, snapshot),
    )


@router.post("/set-aside/{report:path}")
def say(here: Here, report: TheReport, fields: Sent) -> Response:
    """Put a report back in the queue, or undo that."""
    word = fields.choice("word", QueueWord)
    say_of(here.seat, report, word, fields.text("token"))
    return see("/set-aside")


def say_of(seat: Seat, report: ReportId, word: QueueWord, found: str) -> None:
    """Write a person's word on a report that is set aside, or was.

    Raises
    ------
    StaleError
        When the report is not (or no longer) what the word speaks of, or the page is out of date.
    """
    with seat.desk.writing:
        snapshot = seat.desk.snapshot()
        snapshot.settlement(report)
        now = seat.desk.clock()
        if not _may(seat, snapshot, report, word, now):
            raise StaleError(
                "This report is in the queue already, or you did not put it back in the last minutes or have "
                "voted on it since. Nothing was changed."
            )
        if found != put_back_token(seat.desk.secret_key, snapshot, report):
            raise StaleError("This page is out of date: somebody was quicker. Nothing was changed.")
        row = PutBack(report=report, word=word, by=seat.account.name, at=now)
        seat.desk.store.put_back(row)


def put_back_token(key: str, snapshot: Snapshot, report: ReportId) -> str:
    """Return the token of the next word on a report that is set aside."""
    said = sum(1 for one in snapshot.ledger.put_back if one.report == report)
    return token(key, "put back", report, str(said))


def _may(seat: Seat, snapshot: Snapshot, report: ReportId, word: QueueWord, now: datetime) -> bool:
    if word is QueueWord.BACK:
        return report in snapshot.set_aside
    lately = (one for one in put_back_lately(snapshot, now) if one.report == report)
    return any(undoable(snapshot, one, seat.account.name) for one in lately)


def _lately(seat: Seat, snapshot: Snapshot) -> list[Back]:
    return [_back(seat, snapshot, one) for one in put_back_lately(snapshot, seat.desk.clock())[:_LATELY]]


def _back(seat: Seat, snapshot: Snapshot, word: PutBack) -> Back:
    mine = undoable(snapshot, word, seat.account.name)
    undo = put_back_token(seat.desk.secret_key, snapshot, word.report) if mine else ""
    return Back(word=word, token=undo)


def _rows(desk: Desk, snapshot: Snapshot, start: int) -> list[Suggestion]:
    """Return the latest suggestions of one page of what is set aside, the highest score first."""
    # Nobody has voted on what is set aside, so that the queue of nobody is all of it, in order.
    ordered = desk.store.queue(
        Reviewer(""), Stage.SCREENING, limit=start + SHOWN, candidates=snapshot.set_aside
    )
    shown = ordered[start:]
    said = desk.store.latest_of(shown)
    return [said[one] for one in shown]


def _shown(desk: Desk, snapshot: Snapshot, suggestion: Suggestion) -> Aside:
    report = suggestion.report
    found = desk.report(report)
    return Aside(
        report=found,
        suggestion=suggestion,
        token=put_back_token(desk.secret_key, snapshot, report),
    )
