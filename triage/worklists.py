"""What waits for whom, as folds over the ledgers. No list changes with a vote that its reader may not see."""

from collections.abc import Iterable
from dataclasses import dataclass

from review.clocks import candidates
from review.decision import Decision, Stage
from review.effect import Effect
from review.ids import EffectId, ReportId, Reviewer
from review.ledger import Ledger
from review.people import Role
from review.protocol import Protocol
from review.screening import Status
from triage.access import can_vote
from triage.blinding import OPEN, own_vote
from triage.desk import Seat, Snapshot

__all__ = ["Waiting", "conflicts", "last_decisions", "queue", "standing_effects", "to_check", "waiting_for"]

_CONFLICTS = {Status.SCREENING_CONFLICT, Status.FULL_TEXT_CONFLICT}
_DEEPEST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many things wait for one person."""

    screening: int = 0
    full_text: int = 0
    conflicts: int = 0
    checks: int = 0
    candidates: int = 0


def waiting_for(seat: Seat, snapshot: Snapshot) -> Waiting:
    """Count what this account can do now; what its role does not do counts zero."""
    account = seat.account
    votes = can_vote(account)
    return Waiting(
        screening=len(_open_to(snapshot, Stage.SCREENING, account.name)) if votes else 0,
        full_text=len(_open_to(snapshot, Stage.FULL_TEXT, account.name)) if votes else 0,
        conflicts=len(conflicts(snapshot)) if account.role in {Role.LEAD, Role.ADJUDICATOR} else 0,
        checks=len(to_check(snapshot.ledger, seat.desk.protocol, account.name))
        if account.role in {Role.LEAD, Role.REVIEWER, Role.STATISTICIAN}
        else 0,
        candidates=len(candidates(snapshot.ledger)) if account.role is Role.LEAD else 0,
    )


def queue(seat: Seat, snapshot: Snapshot, stage: Stage, limit: int) -> tuple[ReportId, ...]:
    """Return the reports that wait for this person's vote, the likeliest first."""
    who = seat.account.name
    return seat.desk.store.queue(
        who,
        stage,
        limit=min(limit, _DEEPEST),
        required=seat.desk.protocol.screening.reviewers_per_report,
        candidates=_open_to(snapshot, stage, who),
    )


def conflicts(snapshot: Snapshot) -> tuple[ReportId, ...]:
    """Return the reports in conflict, in order of first sight."""
    return tuple(report for report, found in snapshot.settlements.items() if found.status in _CONFLICTS)


def standing_effects(ledger: Ledger) -> dict[EffectId, Effect]:
    """Return the extracted results that no later one supersedes."""
    replaced = {effect.supersedes for effect in ledger.effects}
    return {effect.id: effect for effect in ledger.effects if effect.id not in replaced}


def to_check(ledger: Ledger, protocol: Protocol, who: Reviewer) -> tuple[Effect, ...]:
    """Return the standing results that need one more person, and that this person has not vouched for."""
    behind: dict[EffectId, set[str]] = {}
    for check in ledger.checks:
        behind.setdefault(check.effect, set()).add(check.by)
    standing = standing_effects(ledger).values()
    people = ((effect, behind.get(effect.id, set()) | {effect.by}) for effect in standing)
    return tuple(
        effect
        for effect, names in people
        if len(names) < protocol.extraction.people_per_effect and who not in names
    )


def last_decisions(decisions: Iterable[Decision], who: Reviewer, limit: int = 100) -> tuple[Decision, ...]:
    """Return a person's own votes that stand, the latest first."""
    last: dict[tuple[ReportId, Stage], Decision] = {}
    for one in decisions:
        if one.reviewer == who:
            last.pop((one.report, one.stage), None)
            last[one.report, one.stage] = one
    standing = [one for one in last.values() if own_vote([one], one.stage, who)]
    return tuple(reversed(standing[-limit:]))


def _open_to(snapshot: Snapshot, stage: Stage, who: Reviewer) -> frozenset[ReportId]:
    return frozenset(
        report
        for report, found in snapshot.settlements.items()
        if found.status in OPEN[stage] and own_vote(snapshot.votes(report), stage, who) is None
    )
