"""What a candidate changes beside the last edition, and why, for those who sign."""

from dataclasses import dataclass

from review.result import Synthesis
from synthesis.living.impact import Impact, Step, explained_impact
from synthesis.living.impact.changes import GROUPS
from triage.desk import Snapshot

__all__ = ["Changed", "ChangedStep", "what_changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedStep:
    """One step in words, with its group and what it did; numbers on the pooled scale."""

    said: str
    group: str
    before: float
    after: float
    change: float
    ci_lb: float
    ci_ub: float
    tau2: float
    k: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """All that happened between the last edition and a candidate.

    Parameters
    ----------
    sentence
        What can be said in a sentence; empty where steps say it.
    impact
        The steps with their groups and total; None where nothing can be compared.
    """

    sentence: str
    impact: Impact | None = None
    steps: tuple[ChangedStep, ...] = ()


def what_changed(snapshot: Snapshot, before: Synthesis | None, now: Synthesis) -> Changed:
    """Return what happened between the last edition's synthesis, if any, and a candidate."""
    if before is None:
        return Changed(sentence=f"Pooled for the first time, from {_studies(now.numbers.k)}.")
    if before.measure != now.measure:
        changed = f"The measure changed from {before.measure} to {now.measure}"
        return Changed(sentence=f"{changed}: the results cannot be compared.")
    found = explained_impact(before, now, snapshot.ledger, snapshot.settlements)
    if not found.steps:
        return Changed(sentence="No pooled number moved: something beside the main analysis changed.")
    return Changed(sentence="", impact=found, steps=_steps(found))


def _said(one: Step) -> str:
    what = f"{one.study}: {one.cause}" if one.study else str(one.cause)
    return f"{what} ({one.reason})" if one.reason else what


def _studies(k: int) -> str:
    return "1 study" if k == 1 else f"{k} studies"


def _steps(found: Impact) -> tuple[ChangedStep, ...]:
    return tuple(
        ChangedStep(
            said=_said(one),
            group=GROUPS[one.cause],
            before=one.before.estimate,
            after=one.after.estimate,
            change=one.change,
            ci_lb=one.after.ci_lb,
            ci_ub=one.after.ci_ub,
            tau2=one.after.tau2,
            k=one.after.k,
        )
        for one in found.steps
    )
