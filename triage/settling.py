"""Settling a conflict, or changing a verdict that stands: by a person whose own vote is not part of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from review.decision import Basis, Decision, Resolution, Stage, Verdict
from review.ids import ReportId
from review.people import Account, Role
from review.screening import Settlement, Status, current_votes
from triage.blinding import verdicts_at
from triage.desk import Desk, Seat, Snapshot
from triage.errors import ForbiddenError, StaleError
from triage.forms import Fields
from triage.tokens import ledger_token
from triage.voting import Ballot, read_ballot

__all__ = ["Reopened", "read_resolution", "resolve", "settled_stage", "token_of", "verdicts_of", "why_not"]

_STAGES = {
    Status.SCREENING_CONFLICT: Stage.SCREENING,
    Status.EXCLUDED_AT_SCREENING: Stage.SCREENING,
    Status.FULL_TEXT_CONFLICT: Stage.FULL_TEXT,
    Status.EXCLUDED: Stage.FULL_TEXT,
    Status.INCLUDED: Stage.FULL_TEXT,
    Status.SIBLING: Stage.FULL_TEXT,
    Status.ONGOING: Stage.FULL_TEXT,
    Status.AWAITING_CLASSIFICATION: Stage.FULL_TEXT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """What a settler says: the verdict, on what basis, and why."""

    ballot: Ballot
    basis: Basis


def settled_stage(settlement: Settlement) -> Stage:
    """Return the stage at which a third person may speak.

    Raises
    ------
    StaleError
        When the report still waits for votes: then voting is the way.
    """
    if settlement.status not in _STAGES:
        raise StaleError("This report still waits for votes. There is nothing to settle.")
    return _STAGES[settlement.status]


def why_not(votes: Sequence[Decision], settlement: Settlement, account: Account) -> str:
    """Return why this account may not settle the report; empty where it may.

    Where the report was judged as two, votes at either stage are part of the conflict.
    """
    if account.role not in {Role.LEAD, Role.ADJUDICATOR}:
        return "Only an adjudicator or the lead settles a conflict."
    stages = Stage if settlement.judged_twice else (settled_stage(settlement),)
    if any(account.name in current_votes(votes, stage) for stage in stages):
        return "Your own vote is part of this. Somebody who did not vote settles it."
    return ""


def verdicts_of(stage: Stage) -> tuple[Verdict, ...]:
    """Return the verdicts that end a conflict: at screening *maybe* would settle nothing."""
    return tuple(one for one in verdicts_at(stage) if not (stage is Stage.SCREENING and one is Verdict.MAYBE))


def read_resolution(desk: Desk, fields: Fields, stage: Stage) -> Reopened:
    """Return what the form says; WrongError where the verdict, its reason or the explanation is missing."""
    fields.choice("verdict", verdicts_of(stage))
    ballot = read_ballot(fields, stage, desk.protocol.eligibility.exclusion_reasons)
    fields.required("note", "Say in a sentence why it is settled this way.")
    bases = tuple(Basis) if desk.protocol.screening.conflict == "consensus" else (Basis.ADJUDICATOR,)
    return Reopened(ballot=ballot, basis=fields.choice("basis", bases, empty=bases[-1]))


def resolve(seat: Seat, report: ReportId, said: Reopened, stage: Stage, token: str) -> None:
    """Write the resolution.

    Raises
    ------
    ForbiddenError
        When the seat.account's own vote is part of the conflict.
    StaleError
        When somebody else settled the report since the page was made, or its votes changed.
    """
    with seat.desk.writing:
        snapshot = seat.desk.snapshot()
        settlement = snapshot.settlement(report)
        refused = why_not(snapshot.votes(report), settlement, seat.account)
        if refused:
            raise ForbiddenError(refused)
        if settled_stage(settlement) is not stage or token != token_of(seat.desk, snapshot, report):
            raise StaleError(
                "Somebody settled or changed this in the meantime. Nothing was changed; look again."
            )
        seat.desk.store.resolve(_resolution(seat, report, said, stage))


def token_of(desk: Desk, snapshot: Snapshot, report: ReportId) -> str:
    """Return the token of the next resolution: it ages with every resolution and every vote."""
    votes = len(snapshot.votes(report))
    return ledger_token(f"{desk.secret_key}{votes}", "resolution", snapshot.ledger, report)


def _resolution(seat: Seat, report: ReportId, said: Reopened, stage: Stage) -> Resolution:
    ballot = said.ballot
    return Resolution(
        report=report,
        stage=stage,
        verdict=ballot.verdict,
        by=seat.account.name,
        basis=said.basis,
        at=seat.desk.clock(),
        reason=ballot.reason,
        study=ballot.study,
        note=ballot.note,
    )
