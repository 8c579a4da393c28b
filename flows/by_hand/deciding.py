"""Cast a vote by hand, under the rules that the desk follows."""

from datetime import datetime

from flows.errors import Refused
from review.decision import Decision, Stage, Verdict
from review.ids import ReportId, Reviewer, StudyId
from review.people import Role
from review.protocol import Protocol
from review.screening import Settlement, settle
from store.store import Store

__all__ = ["cast_vote"]


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
    """Write a vote and return where the report stands after it.

    Raises
    ------
    Refused
        When the report, stage, verdict or reason is none that the review knows, or the account may not vote.
    """
    settlements = settle(store.ledger(), protocol)
    if ReportId(report) not in settlements:
        raise Refused(f"report {report!r}: found none; expected an id that 'living-review flagged' lists")
    _refuse_reader(store, reviewer)
    decision = Decision(
        report=ReportId(report),
        stage=Stage(_one_of(stage, "stage", list(Stage))),
        verdict=Verdict(_one_of(verdict, "verdict", list(Verdict))),
        reviewer=Reviewer(reviewer),
        at=now,
        criteria_version=protocol.version,
        reason=reason,
        study=StudyId(study) if study else None,
        note=note,
    )
    _check_reason(decision, protocol)
    store.decide(decision)
    return settle(store.ledger(), protocol)[decision.report]


def _refuse_reader(store: Store, reviewer: str) -> None:
    account = store.account(reviewer)
    if account is None or account.role not in {Role.LEAD, Role.REVIEWER, Role.ADJUDICATOR}:
        raise Refused(
            f"account {reviewer!r}: found no right to vote; expected a lead, reviewer or adjudicator"
        )


def _check_reason(decision: Decision, protocol: Protocol) -> None:
    at_full_text = decision.stage is Stage.FULL_TEXT
    if at_full_text and decision.verdict is Verdict.EXCLUDE:
        _one_of(decision.reason, "reason", protocol.eligibility.exclusion_reasons)
    if at_full_text and decision.verdict in {Verdict.INCLUDE, Verdict.SIBLING} and not decision.study:
        raise Refused("study: found nothing; expected the study's label; name it with --study")


def _one_of(given: str, what: str, known: "list[str] | list[Stage] | list[Verdict] | tuple[str, ...]") -> str:
    if given not in known:
        raise Refused(f"{what}: found {given!r}; expected one of {', '.join(known)}; name one of them")
    return given
