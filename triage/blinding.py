"""What one person may see of the others' votes: nothing at all until a stage has all the votes it needs.

The state "awaiting a second vote" is therefore never shown: it reads like "awaiting screening".
"""

from collections.abc import Iterable

from review.decision import Decision, Stage, Verdict
from review.ids import Reviewer
from review.protocol import Protocol
from review.screening import SettledBy, Settlement, Status, current_votes

__all__ = ["OPEN", "open_stage", "own_vote", "shown_status", "takes_votes", "verdicts_at", "visible_votes"]

OPEN = {
    Stage.SCREENING: frozenset({Status.AWAITING_SCREENING, Status.AWAITING_SECOND_VOTE}),
    Stage.FULL_TEXT: frozenset({Status.AWAITING_FULL_TEXT, Status.AWAITING_SECOND_FULL_TEXT_VOTE}),
}
"""Statuses in which a stage takes votes."""

_SHOWN = {
    Status.AWAITING_SECOND_VOTE: Status.AWAITING_SCREENING,
    Status.AWAITING_SECOND_FULL_TEXT_VOTE: Status.AWAITING_FULL_TEXT,
}


def shown_status(settlement: Settlement) -> Status:
    """Return the status without the trace of a single vote."""
    return _SHOWN.get(settlement.status, settlement.status)


def open_stage(settlement: Settlement) -> Stage | None:
    """Return the stage that waits for votes, or None where the report is settled or in conflict."""
    return next((stage for stage, statuses in OPEN.items() if settlement.status in statuses), None)


def takes_votes(settlement: Settlement, stage: Stage) -> bool:
    """Return whether a vote at `stage` can count.

    A report that only an imported decision has settled can be read in full by people at any time.
    """
    imported = stage is Stage.FULL_TEXT and settlement.by is SettledBy.IMPORT
    return imported or open_stage(settlement) is stage


def own_vote(decisions: Iterable[Decision], stage: Stage, who: Reviewer) -> Decision | None:
    """Return a person's standing vote at a stage."""
    return current_votes(decisions, stage).get(who)


def visible_votes(
    decisions: Iterable[Decision], stage: Stage, who: Reviewer, protocol: Protocol
) -> tuple[Decision, ...]:
    """Return the votes of a stage that `who` may see: all once the stage is complete, else the own one.

    They are ordered by name, so that not even the order of voting shows.
    """
    votes = current_votes(decisions, stage)
    complete = len(votes) >= protocol.screening.reviewers_per_report
    return tuple(vote for name, vote in sorted(votes.items()) if complete or name == who)


def verdicts_at(stage: Stage) -> tuple[Verdict, ...]:
    """Return the verdicts a person may give at a stage, in the order of the buttons."""
    common = (Verdict.INCLUDE, Verdict.MAYBE, Verdict.EXCLUDE)
    return common if stage is Stage.SCREENING else (*common, Verdict.SIBLING, Verdict.ONGOING)
