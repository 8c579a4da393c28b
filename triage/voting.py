"""Casting a vote and taking it back."""

from dataclasses import dataclass

from review.decision import Decision, Stage, Verdict
from review.ids import ReportId, StudyId
from review.people import Account
from review.screening import Status
from triage.blinding import own_vote, takes_votes, verdicts_at
from triage.desk import Seat, Snapshot
from triage.errors import StaleError, WrongError
from triage.forms import Fields, identifier
from triage.putting_back import held_for_undo
from triage.tokens import vote_token

__all__ = ["Ballot", "cast", "read_ballot", "why_fixed", "withdraw"]

_CONFLICT_OF = {
    Stage.SCREENING: Status.SCREENING_CONFLICT,
    Stage.FULL_TEXT: Status.FULL_TEXT_CONFLICT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """What a person says of a report, as read from a form."""

    verdict: Verdict
    reason: str = ""
    study: StudyId | None = None
    note: str = ""


def read_ballot(fields: Fields, stage: Stage, reasons: tuple[str, ...]) -> Ballot:
    """Return what the form says.

    Raises
    ------
    WrongError
        When an exclusion at full text has no reason, or an inclusion or a sibling has no study.
    """
    verdict = fields.choice("verdict", verdicts_at(stage))
    note = fields.text("note")
    if stage is Stage.SCREENING:
        return Ballot(verdict=verdict, note=note)
    if verdict is Verdict.EXCLUDE:
        return Ballot(verdict=verdict, reason=_reason(fields, reasons), note=note)
    if verdict in {Verdict.INCLUDE, Verdict.SIBLING}:
        return Ballot(verdict=verdict, study=_study(fields), note=note)
    return Ballot(verdict=verdict, note=note)


def cast(seat: Seat, report: ReportId, stage: Stage, ballot: Ballot, token: str) -> bool:
    """Write a vote; False where this very vote was written already.

    Raises
    ------
    StaleError
        When the report no longer takes votes, or the page was made before the person's last vote.
    """
    with seat.desk.writing:
        snapshot = seat.desk.snapshot()
        settlement = snapshot.settlement(report)
        own = own_vote(snapshot.votes(report), stage, seat.account.name)
        if own is not None and _says(own) == ballot:
            return False
        if own is not None:
            raise StaleError(
                f"You already said “{own.verdict}” of this report. Undo that first; nothing was changed."
            )
        if stage is Stage.SCREENING and report in snapshot.set_aside:
            raise StaleError("This report is set aside. Put it back in the queue first; nothing was changed.")
        if report in held_for_undo(snapshot, seat.account.name, seat.desk.clock()):
            raise StaleError(
                "Somebody put this report back a moment ago and may still undo that. Vote on it in a few "
                "minutes; nothing was changed."
            )
        if not takes_votes(settlement, stage):
            raise StaleError("This report has been settled in the meantime. Nothing was changed.")
        _check_token(seat, snapshot, report, stage, token)
        return seat.desk.store.decide(_decision(seat, report, stage, ballot), token=token)


def withdraw(seat: Seat, report: ReportId, stage: Stage, token: str) -> bool:
    """Take one's own vote back; False where there is none any more.

    A vote stands once it is part of a conflict (a third person settles that), once the conflict is settled,
    and once its writer has gone on to the full text.

    Raises
    ------
    StaleError
        When the vote can no longer be taken back, or the page was made before the person's last vote.
    """
    with seat.desk.writing:
        snapshot = seat.desk.snapshot()
        if own_vote(snapshot.votes(report), stage, seat.account.name) is None:
            return False
        fixed = why_fixed(snapshot, seat.account, report, stage)
        if fixed:
            raise StaleError(fixed)
        _check_token(seat, snapshot, report, stage, token)
        taken_back = Ballot(verdict=Verdict.WITHDRAWN)
        return seat.desk.store.decide(_decision(seat, report, stage, taken_back), token=token)


def why_fixed(snapshot: Snapshot, account: Account, report: ReportId, stage: Stage) -> str:
    """Return why a person's vote can no longer be taken back; empty where it can."""
    if any((one.report, one.stage) == (report, stage) for one in snapshot.ledger.resolutions):
        return "This report was settled by a third person. Ask the lead to change the verdict."
    if snapshot.settlement(report).status is _CONFLICT_OF[stage]:
        return "Your vote is part of a conflict. A third person settles it; nothing was changed."
    if stage is Stage.SCREENING and own_vote(snapshot.votes(report), Stage.FULL_TEXT, account.name):
        return "You have judged the full text of this report. Undo that verdict first; nothing was changed."
    return ""


def _says(vote: Decision) -> Ballot:
    return Ballot(verdict=vote.verdict, reason=vote.reason, study=vote.study, note=vote.note)


def _decision(seat: Seat, report: ReportId, stage: Stage, ballot: Ballot) -> Decision:
    return Decision(
        report=report,
        stage=stage,
        verdict=ballot.verdict,
        reviewer=seat.account.name,
        at=seat.desk.clock(),
        criteria_version=seat.desk.protocol.version,
        reason=ballot.reason,
        study=ballot.study,
        note=ballot.note,
    )


def _check_token(seat: Seat, snapshot: Snapshot, report: ReportId, stage: Stage, found: str) -> None:
    if found != vote_token(seat.desk.secret_key, snapshot.votes(report), report, stage, seat.account.name):
        raise StaleError(
            "This page is out of date: you have changed your vote on this report since it was opened, "
            "perhaps in another tab. Nothing was changed; open the report again."
        )


def _reason(fields: Fields, reasons: tuple[str, ...]) -> str:
    if not fields.text("reason"):
        raise WrongError("To exclude at full text, choose the first reason in the list that applies.")
    return fields.choice("reason", reasons)


def _study(fields: Fields) -> StudyId:
    if not fields.text("study"):
        raise WrongError("Name the study this report tells of, for example by first author and year.")
    return StudyId(identifier(fields.text("study"), "study"))
