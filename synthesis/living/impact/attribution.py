"""The chain of steps from one synthesis to the next, and what each group of them did together."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from review.departure import Departure
from review.effect import EffectSize
from review.ids import StudyId
from review.result import PooledNumbers, Synthesis
from synthesis.living.impact.changes import GROUPS, Cause, Change, Group, same, study_changes
from synthesis.living.impact.steps import State, Step, alike, interval_name, state_of, step
from synthesis.living.scale import on_log_scale
from synthesis.random_effects.fitting import TESTS, Test
from synthesis.random_effects.pooling import pool

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Impact", "Share", "impact"]

_NOTHING: Mapping[StudyId, Departure] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What all steps of one group did to the estimate together."""

    group: Group
    change: float
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """All steps from one synthesis to the next: each begins where the one before it ends.

    Parameters
    ----------
    before
        Where the first step begins, the earlier numbers as they were kept; None for a first result.
    after
        Where the last step ends, the later numbers as they were kept.
    """

    before: State | None
    after: State
    steps: tuple[Step, ...]

    @property
    def total(self) -> float:
        """The change of the estimate; 0 for a first result."""
        return 0.0 if self.before is None else self.after.estimate - self.before.estimate

    @property
    def residual(self) -> float:
        """What the steps leave of the total: rounding only, for a larger rest is a step of its own."""
        return self.total - math.fsum(one.change for one in self.steps)

    @property
    def shares(self) -> tuple[Share, ...]:
        """The groups that had a step, each with what its steps did to the estimate."""
        return tuple(_share(group, own) for group in Group if (own := self._of(group)))

    @property
    def main(self) -> Share | None:
        """The group that moved the estimate most, of equals the first; None where nothing did."""
        moved = [one for one in self.shares if not same(one.change, 0.0)]
        return max(moved, key=lambda one: abs(one.change), default=None)

    def _of(self, group: Group) -> list[Step]:
        return [one for one in self.steps if GROUPS.get(one.cause) is group]

    def to_frame(self) -> "pd.DataFrame":
        """Return a table with one row a step: what it was, and every number before and after it."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        return pd.DataFrame([_row(one) for one in self.steps], columns=_COLUMNS)


def impact(
    before: Synthesis | None, after: Synthesis, *, left: Mapping[StudyId, Departure] = _NOTHING
) -> Impact:
    """Attribute the change of a pooled estimate, its interval and tau2, step by step in the order of `ORDER`.

    The steps of studies pool with the earlier synthesis's estimator, kind of interval and level; then the
    estimator changes, then the interval. The steps are a chain from the kept numbers of the one to those of
    the other, so that they sum to the total whatever happened; where the present code makes other numbers of
    the same studies than were kept, that is a step, too.

    Parameters
    ----------
    before
        The earlier synthesis; None for a first result, which has one step and no change.
    after
        The later one, of the same analysis key and measure.
    left
        Why studies of the earlier one are gone (`review.departure.departures`); without it, what waits for a
        result in the later one is told so, and of others that they left the analysis.

    Raises
    ------
    ValueError
        Where the two do not answer the same question.
    """
    end = state_of(after.numbers)
    if before is None:
        return Impact(before=None, after=end, steps=(_first(end, after.measure),))
    if (before.key, before.measure) != (after.key, after.measure):
        raise ValueError(
            f"impact: found {before.key} ({before.measure}) and {after.key} ({after.measure}); "
            "expected two syntheses of one analysis and measure"
        )
    start = state_of(before.numbers)
    moves = _closed(list(_moves(before, after, left)), start, end, after.code_version)
    states = [start, *(state for _, state in moves)]
    steps = (
        step(move[0], *between, after.measure) for move, between in zip(moves, pairwise(states), strict=True)
    )
    return Impact(before=start, after=end, steps=tuple(steps))


def _moves(
    before: Synthesis, after: Synthesis, left: Mapping[StudyId, Departure]
) -> Iterator[tuple[Change, State]]:
    """Yield each change with the numbers that it leads to, by the present code."""
    then, now = before.numbers, after.numbers
    current = {one.study: one for one in before.rows}
    anew = _pooled(current.values(), then)
    if not alike(state_of(then), anew):
        yield _recalculated(before.code_version), anew
    for change in study_changes(before, after, left):
        _apply(change, current)
        yield change, _pooled(current.values(), then)
    if then.method != now.method:
        half_way = replace(then, method=now.method)
        reason = f"the estimator {then.method} became {now.method}"
        yield Change(cause=Cause.ESTIMATOR, reason=reason), _pooled(current.values(), half_way)
    if (then.test, then.level) != (now.test, now.level):
        yield (
            Change(cause=Cause.INTERVAL, reason=_why_interval(before, after)),
            _pooled(current.values(), now),
        )


def _closed(
    moves: list[tuple[Change, State]], start: State, end: State, code_version: str
) -> list[tuple[Change, State]]:
    """Let the last move end at the numbers as they were kept; what is more than rounding is a move."""
    if not alike(moves[-1][1] if moves else start, end):
        return [*moves, (_recalculated(code_version), end)]
    return [*moves[:-1], (moves[-1][0], end)] if moves else []


def _apply(change: Change, current: dict[StudyId, EffectSize]) -> None:
    if change.study is not None and change.effect is not None:
        current[change.study] = change.effect
    elif change.study is not None:
        del current[change.study]


def _pooled(effects: Iterable[EffectSize], how: PooledNumbers) -> State:
    # Sorted, so that the sum over studies rounds as in the synthesis itself.
    ordered = sorted(effects, key=lambda one: one.study)
    found = pool(
        [one.yi for one in ordered],
        [one.vi for one in ordered],
        method=how.method,
        test=_TESTS[how.test],
        level=how.level,
    )
    stated = [one.ni for one in ordered if one.ni is not None]
    return State(
        estimate=found.estimate,
        ci_lb=found.ci_lb,
        ci_ub=found.ci_ub,
        tau2=found.tau2,
        k=found.k,
        participants=sum(stated),
        participants_stated=len(stated),
    )


_TESTS: Mapping[str, Test] = {test: test for test in TESTS}


def _why_interval(before: Synthesis, after: Synthesis) -> str:
    changed = f"the {interval_name(before.numbers)} became a {interval_name(after.numbers)}"
    if after.fallback:
        return f"{changed}; {after.fallback.rstrip('.')}"
    return f"{changed}; no longer so: {before.fallback.rstrip('.')}" if before.fallback else changed


def _recalculated(code_version: str) -> Change:
    by = f"version {code_version}" if code_version else "an unnamed version"
    reason = (
        f"what was kept was calculated by {by} of the service, the present code makes other numbers of it"
    )
    return Change(cause=Cause.RECALCULATED, reason=reason)


def _first(numbers: State, measure: str) -> Step:
    studies = "1 study" if numbers.k == 1 else f"{numbers.k} studies"
    return Step(
        cause=Cause.FIRST,
        study=None,
        before=numbers,
        after=numbers,
        reason="",
        sentence=f"First result: {numbers.estimate:.3f}{on_log_scale(measure)} from {studies}.",
    )


def _share(group: Group, steps: list[Step]) -> Share:
    return Share(group=group, change=math.fsum(one.change for one in steps), steps=len(steps))


_COLUMNS = [
    "cause",
    "group",
    "study",
    "reason",
    "change",
    *(f"{name}_{side}" for name in State.__dataclass_fields__ for side in ("before", "after")),
]


def _row(one: Step) -> dict[str, object]:
    sides = {"before": asdict(one.before), "after": asdict(one.after)}
    return {
        "cause": one.cause.value,
        "group": GROUPS[one.cause].value if one.cause in GROUPS else "",
        "study": one.study,
        "reason": one.reason,
        "change": one.change,
        **{f"{name}_{side}": value for side, values in sides.items() for name, value in values.items()},
    }
