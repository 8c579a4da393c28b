"""One step from a synthesis to the next: the pooled numbers on both sides, its cause, its sentence."""

from dataclasses import dataclass

from review.ids import StudyId
from review.result import PooledNumbers
from synthesis.living.answer import TEST_NAMES
from synthesis.living.impact.changes import Cause, Change, same
from synthesis.living.scale import on_log_scale

__all__ = ["State", "Step", "alike", "interval_name", "method_name", "state_of", "step"]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The pooled numbers between two steps, on the scale on which they are pooled.

    Parameters
    ----------
    participants
        Sum of what is stated; `participants_stated` of the `k` studies state it.
    """

    estimate: float
    ci_lb: float
    ci_ub: float
    tau2: float
    k: int
    participants: int
    participants_stated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One cause and what it did to the pooled numbers.

    Parameters
    ----------
    study
        The study that came, changed or went; None where no single study is meant.
    reason
        A clause, as far as it is known; empty otherwise.
    """

    cause: Cause
    study: StudyId | None
    before: State
    after: State
    reason: str
    sentence: str

    @property
    def change(self) -> float:
        """What the step did to the estimate."""
        return self.after.estimate - self.before.estimate

    @property
    def change_of_width(self) -> float:
        """What the step did to the width of the confidence interval."""
        return (self.after.ci_ub - self.after.ci_lb) - (self.before.ci_ub - self.before.ci_lb)


def state_of(numbers: PooledNumbers) -> State:
    """Return the part of a synthesis's numbers that steps attribute."""
    return State(**{name: getattr(numbers, name) for name in State.__dataclass_fields__})


def alike(one: State, other: State) -> bool:
    """Tell whether two states differ by no more than rounding.

    Parameters
    ----------
    one, other
        Pooled numbers of the same studies.
    """
    return all(same(getattr(one, name), getattr(other, name)) for name in State.__dataclass_fields__)


def step(change: Change, before: State, after: State, measure: str) -> Step:
    """Return the step that a change made between two states.

    Parameters
    ----------
    change
        What happened.
    before, after
        The pooled numbers on both sides of it.
    measure
        Of both; the sentence says where they are logarithms.
    """
    return Step(
        cause=change.cause,
        study=change.study,
        before=before,
        after=after,
        reason=change.reason,
        sentence=f"{_said(change)}: {_moved(change.cause, before, after, measure)}.",
    )


def interval_name(numbers: PooledNumbers) -> str:
    """Return the kind of a confidence interval in words, with its level."""
    return f"{100 * numbers.level:g}% {TEST_NAMES.get(numbers.test, numbers.test)} interval"


def method_name(numbers: PooledNumbers) -> str:
    """Return how numbers were pooled in words: estimator and interval."""
    return f"{numbers.method} with a {interval_name(numbers)}"


_OF_STUDIES = {
    Cause.NEW: "added",
    Cause.CORRECTED: "corrected",
    Cause.NOT_INCLUDED: "removed, no longer included",
    Cause.WITHDRAWN: "removed, its result withdrawn",
    Cause.LEFT: "left the analysis",
    Cause.UNIT: "combined otherwise",
}


def _said(change: Change) -> str:
    if change.study is None:
        return f"Method: {change.reason}"
    verb = _OF_STUDIES[change.cause]
    return f"{change.study} {verb} ({change.reason})" if change.reason else f"{change.study} {verb}"


def _moved(cause: Cause, before: State, after: State, measure: str) -> str:
    if alike(before, after):
        return "nothing moved"
    bounds, scale = f"interval {_bounds(before)} to {_bounds(after)}", on_log_scale(measure)
    if cause is Cause.INTERVAL:
        return f"{bounds}{scale}"
    change = after.estimate - before.estimate
    estimate = f"{before.estimate:.3f} to {after.estimate:.3f} ({change:+.3f})"
    return f"{estimate}, {bounds}{scale}" if same(before.estimate, after.estimate) else f"{estimate}{scale}"


def _bounds(state: State) -> str:
    return f"[{state.ci_lb:.3f}, {state.ci_ub:.3f}]"
