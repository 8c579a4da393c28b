"""Cast a vote by hand: the desk reads it, judges it and writes it."""

from datetime import datetime

from flows.by_hand.seats import take_seat
from flows.errors import Refused
from review.decision import Stage, Verdict
from review.ids import ReportId
from review.protocol import Protocol
from review.screening import Settlement
from store.store import Store
from triage.blinding import own_vote
from triage.desk import Seat
from triage.forms import Fields
from triage.tokens import vote_token
from triage.voting import cast, read_ballot, withdraw

__all__ = ["cast_vote"]

_ROUTES = {Stage.SCREENING: "/vote/{report:path}", Stage.FULL_TEXT: "/full-text/{report:path}"}


def cast_vote(
    protocol: Protocol,
    store: Store,
    *,
    report: str,
    stage: str,
    verdict: str,
    reviewer: str,
    reason: str,
    study: str,
    note: str,
    now: datetime,
) -> Settlement:
    """Write a vote, or take one's own back, and return where the report stands after it.

    Raises
    ------
    Refused
        When the account may not vote, or has no vote to take back.
    DeskError
        When the desk would refuse it: an unknown report, stage, verdict or reason, a report that takes no
        votes at this stage, a vote said already.
    """
    fields = Fields({"stage": stage, "verdict": verdict, "reason": reason, "study": study, "note": note})
    at = fields.choice("stage", Stage)
    seat = take_seat(protocol, store, reviewer, _ROUTES[at], lambda: now)
    found = ReportId(report)
    seat.desk.snapshot().settlement(found)
    if verdict == Verdict.WITHDRAWN:
        _take_back(seat, found, at)
    else:
        ballot = read_ballot(fields, at, protocol.eligibility.exclusion_reasons)
        cast(seat, found, at, ballot, _token(seat, found, at))
    return seat.desk.snapshot().settlement(found)


def _take_back(seat: Seat, report: ReportId, stage: Stage) -> None:
    if own_vote(seat.desk.snapshot().votes(report), stage, seat.account.name) is None:
        raise Refused(f"{report}: found no vote of {seat.account.name} at {stage}; nothing to take back")
    withdraw(seat, report, stage, _token(seat, report, stage))


def _token(seat: Seat, report: ReportId, stage: Stage) -> str:
    desk = seat.desk
    return vote_token(desk.secret_key, desk.snapshot().votes(report), report, stage, seat.account.name)
