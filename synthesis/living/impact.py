"""What changed between two syntheses, and why: steps in one stated order that sum to the whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from review.effect import EffectSize
from review.ids import StudyId
from review.result import PooledNumbers, Synthesis
from synthesis.living.answer import TEST_NAMES
from synthesis.random_effects.pooling import pool

__all__ = ["ORDER", "Cause", "Impact", "Step", "impact"]


class Cause(StrEnum):
    """Why a pooled estimate moved."""

    FIRST = "first result"
    NEW = "new study"
    CORRECTED = "corrected value"
    REMOVED = "removed study"
    METHOD = "method"


ORDER = (Cause.NEW, Cause.CORRECTED, Cause.REMOVED, Cause.METHOD)
"""New studies first, then corrected values, then removed studies, each by label; the method last.

The order is a convention: another one would share out the same total otherwise.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One cause and what it did to the pooled estimate, on the scale on which it is pooled."""

    cause: Cause
    study: StudyId | None
    before: float
    after: float
    change: float
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """All steps from one synthesis to the next; their changes sum to `total`."""

    total: float
    steps: tuple[Step, ...]


def impact(before: Synthesis | None, after: Synthesis) -> Impact:
    """Attribute the change of a pooled estimate, step by step in the order of `ORDER`.

    Every step but the last pools with the earlier synthesis's estimator of tau2; what then remains is the
    method's (estimator, interval, version of the code).

    Parameters
    ----------
    before
        The earlier synthesis; None for a first result, which has one step and no change.
    after
        The later one, of the same analysis key and measure.

    Raises
    ------
    ValueError
        Where the two do not answer the same question.
    """
    if before is None:
        return Impact(total=0.0, steps=(_first(after.numbers),))
    if (before.key, before.measure) != (after.key, after.measure):
        raise ValueError(
            f"impact: found {before.key} ({before.measure}) and {after.key} ({after.measure}); "
            "expected two syntheses of one analysis and measure"
        )
    start = {one.study: one for one in before.rows}
    steps = _study_steps(start, {one.study: one for one in after.rows}, before.numbers.method)
    explained = sum(step.change for step in steps)
    total = after.numbers.estimate - before.numbers.estimate
    method = _method_step(before.numbers, after.numbers, total - explained)
    return Impact(total=total, steps=(*steps, *method))


def _first(numbers: PooledNumbers) -> Step:
    studies = "1 study" if numbers.k == 1 else f"{numbers.k} studies"
    return Step(
        cause=Cause.FIRST,
        study=None,
        before=numbers.estimate,
        after=numbers.estimate,
        change=0.0,
        sentence=f"First result: {numbers.estimate:.3f} from {studies}.",
    )


def _study_steps(
    start: Mapping[StudyId, EffectSize], end: Mapping[StudyId, EffectSize], method: str
) -> tuple[Step, ...]:
    new = [(Cause.NEW, study) for study in sorted(end.keys() - start.keys())]
    corrected = [
        (Cause.CORRECTED, study)
        for study in sorted(end.keys() & start.keys())
        if (start[study].yi, start[study].vi) != (end[study].yi, end[study].vi)
    ]
    removed = [(Cause.REMOVED, study) for study in sorted(start.keys() - end.keys())]
    current, estimate, steps = dict(start), _estimate(start.values(), method), []
    for cause, study in (*new, *corrected, *removed):
        if cause is Cause.REMOVED:
            del current[study]
        else:
            current[study] = end[study]
        moved = _estimate(current.values(), method)
        steps.append(_step(cause, study, estimate, moved))
        estimate = moved
    return tuple(steps)


def _estimate(effects: Iterable[EffectSize], method: str) -> float:
    # Sorted, so that the sum over studies rounds as in the synthesis itself.
    ordered = sorted(effects, key=lambda one: one.study)
    return pool([one.yi for one in ordered], [one.vi for one in ordered], method=method).estimate


def _step(cause: Cause, study: StudyId, before: float, after: float) -> Step:
    verb = {Cause.NEW: "added", Cause.CORRECTED: "corrected", Cause.REMOVED: "removed"}[cause]
    return Step(
        cause=cause,
        study=study,
        before=before,
        after=after,
        change=after - before,
        sentence=f"{study} {verb}: {before:.3f} to {after:.3f} ({after - before:+.3f}).",
    )


def _method_step(before: PooledNumbers, after: PooledNumbers, change: float) -> tuple[Step, ...]:
    then, now = _method_name(before), _method_name(after)
    # A change below this is the rounding of the sums, not a cause.
    if then == now and abs(change) < 1e-12:
        return ()
    start = after.estimate - change
    named = f"{then} became {now}" if then != now else "calculated anew"
    step = Step(
        cause=Cause.METHOD,
        study=None,
        before=start,
        after=after.estimate,
        change=change,
        sentence=f"Method: {named}: {start:.3f} to {after.estimate:.3f} ({change:+.3f}).",
    )
    return (step,)


def _method_name(numbers: PooledNumbers) -> str:
    return f"{numbers.method} with a {TEST_NAMES.get(numbers.test, numbers.test)} interval"
