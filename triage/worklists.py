"""What waits for whom, as folds over the ledgers. No list changes with a vote that its reader may not see."""

from collections.abc import Iterable
from dataclasses import dataclass

from review.clocks import candidates, withdrawn_keys
from review.decision import Decision, Stage
from review.effect import Effect
from review.ids import ReportId, Reviewer
from review.ledger import Ledger
from review.link import LIKELY, LinkHint
from review.merging import open_hints
from review.people import Role
from review.protocol import Protocol
from review.screening import Status
from review.studies import people_behind, standing_effects
from triage.access import can_vote
from triage.blinding import OPEN, own_vote
from triage.desk import Seat, Snapshot
from triage.mixing import mixed
from triage.putting_back import held_for_undo

__all__ = [
    "Waiting",
    "conflicts",
    "last_decisions",
    "possible_duplicates",
    "queue",
    "to_check",
    "waiting_for",
]

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
    duplicates: int = 0


def waiting_for(seat: Seat, snapshot: Snapshot) -> Waiting:
    """Count what this account can do now; what its role does not do counts zero."""
    account = seat.account
    votes = can_vote(account)
    return Waiting(
        screening=len(_open_to(seat, snapshot, Stage.SCREENING)) if votes else 0,
        full_text=len(_open_to(seat, snapshot, Stage.FULL_TEXT)) if votes else 0,
        conflicts=len(conflicts(snapshot)) if account.role in {Role.LEAD, Role.ADJUDICATOR} else 0,
        checks=len(to_check(snapshot.ledger, seat.desk.protocol, account.name))
        if account.role in {Role.LEAD, Role.REVIEWER, Role.STATISTICIAN}
        else 0,
        candidates=_to_sign(snapshot) if account.role is Role.LEAD else 0,
        duplicates=len(possible_duplicates(snapshot.ledger)) if account.role is Role.LEAD else 0,
    )


def queue(seat: Seat, snapshot: Snapshot, stage: Stage, limit: int) -> tuple[ReportId, ...]:
    """Return the reports that wait for this person's vote, the likeliest first.

    What was drawn for audit stands at places that chance gave it, so that it is read as the others are. Once
    it is flagged it stands where its score puts it.
    """
    who, protocol = seat.account.name, seat.desk.protocol
    candidates = _open_to(seat, snapshot, stage)
    drawn = candidates & snapshot.drawn if stage is Stage.SCREENING else frozenset()
    others = seat.desk.store.queue(
        who,
        stage,
        limit=min(limit, _DEEPEST),
        required=protocol.screening.reviewers_per_report,
        candidates=candidates - drawn,
    )
    return mixed(others, len(candidates) - len(drawn), drawn, seed=protocol.classifier.seed)[:limit]


def conflicts(snapshot: Snapshot) -> tuple[ReportId, ...]:
    """Return the reports in conflict, in order of first sight."""
    return tuple(report for report, found in snapshot.settlements.items() if found.status in _CONFLICTS)


def possible_duplicates(ledger: Ledger, at_least: float = LIKELY) -> tuple[LinkHint, ...]:
    """Return the guesses that two reports are one document which wait for a person, the surest first.

    Parameters
    ----------
    at_least
        The lowest confidence, 0 to 1; by default that from which people are asked.
    """
    return open_hints(ledger.link_hints, ledger.hint_answers, at_least)


def to_check(ledger: Ledger, protocol: Protocol, who: Reviewer) -> tuple[Effect, ...]:
    """Return the standing results that need one more person, and that this person has not vouched for."""
    behind = people_behind(ledger)
    return tuple(
        effect
        for effect in standing_effects(ledger).values()
        if len(behind[effect.id]) < protocol.extraction.people_per_effect and who not in behind[effect.id]
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


def _to_sign(snapshot: Snapshot) -> int:
    ledger, settlements = snapshot.ledger, snapshot.settlements
    return len(candidates(ledger, settlements)) + len(withdrawn_keys(ledger, settlements))


def _open_to(seat: Seat, snapshot: Snapshot, stage: Stage) -> frozenset[ReportId]:
    who = seat.account.name
    held = held_for_undo(snapshot, who, seat.desk.clock())
    return frozenset(
        report
        for report, found in snapshot.settlements.items()
        if report not in snapshot.set_aside
        and report not in held
        and found.status in OPEN[stage]
        and own_vote(snapshot.votes(report), stage, who) is None
    )
