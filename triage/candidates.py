"""What is looked at before a signature: candidate beside last edition, and what forbids publishing."""

from collections.abc import Iterable
from dataclasses import dataclass

from review.clocks import candidates, published_syntheses
from review.edition import Edition, UpdateDecision
from review.ids import StudyId
from review.prisma import PrismaMismatchError, prisma_flow
from review.result import Synthesis
from review.screening import Status
from review.studies import included_studies
from triage.changed import Changed, what_changed
from triage.desk import Snapshot

__all__ = ["Candidate", "candidates_of", "obstacles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A synthesis that no edition has published, what it replaces, and the words said of it so far."""

    synthesis: Synthesis
    previous: Synthesis | None
    edition: Edition | None
    changed: Changed
    said: tuple[UpdateDecision, ...]


def candidates_of(snapshot: Snapshot) -> tuple[Candidate, ...]:
    """Return the candidates in the order of their keys."""
    ledger = snapshot.ledger
    edition = ledger.editions[-1] if ledger.editions else None
    before = published_syntheses(ledger)
    return tuple(
        Candidate(
            synthesis=one,
            previous=before.get(one.key),
            edition=edition if one.key in before else None,
            changed=what_changed(snapshot, before.get(one.key), one),
            said=tuple(word for word in ledger.update_decisions if one.digest in word.syntheses),
        )
        for one in candidates(ledger, snapshot.settlements)
    )


def obstacles(snapshot: Snapshot, syntheses: Iterable[Synthesis]) -> tuple[str, ...]:
    """Return why these syntheses may not be published now, a sentence each; nothing where they may."""
    pooled = {row.study for one in syntheses for row in one.rows}
    return (
        *_conflicts(snapshot, pooled),
        *_notices(snapshot, pooled),
        *_left(snapshot, pooled),
        *_mismatch(snapshot),
    )


def _conflicts(snapshot: Snapshot, pooled: set[StudyId]) -> list[str]:
    return [
        f"{found.study}: report {found.report} is in conflict. Settle the conflict first."
        for found in snapshot.settlements.values()
        if found.status is Status.FULL_TEXT_CONFLICT and found.study in pooled
    ]


def _notices(snapshot: Snapshot, pooled: set[StudyId]) -> list[str]:
    studies = included_studies(snapshot.settlements).values()
    retracted = {one.report for one in snapshot.ledger.notices if "retract" in one.kind.lower()}
    return [
        f"{study.id}: report {report} has a retraction notice. Change its verdict, then pool again."
        for study in studies
        for report in study.reports
        if report in retracted and study.id in pooled
    ]


def _left(snapshot: Snapshot, pooled: set[StudyId]) -> list[str]:
    gone = sorted(pooled - set(included_studies(snapshot.settlements)))
    return [f"{study}: pooled, but no longer included. Wait for the new pool." for study in gone]


def _mismatch(snapshot: Snapshot) -> list[str]:
    try:
        prisma_flow(snapshot.ledger, snapshot.settlements)
    except PrismaMismatchError as error:
        return [str(error)]
    return []
