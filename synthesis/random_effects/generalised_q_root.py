"""The tau2 at which the generalised Q equals a target: Paule and Mandel's equation, and the Q-profile's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

import numpy as np

from synthesis.arrays import Numbers
from synthesis.random_effects.sets import Sets

__all__ = ["solve_each", "solve_q"]

Some = TypeVar("Some", float, Numbers)

_TINY = float(np.finfo(np.float64).tiny)
# A Newton step of this relative size leaves an error of its square.
_CLOSE = 1e-8
# Below this, what falls has lost digits.
_FAINT = 1e-280


def solve_q(yi: Numbers, vi: Numbers, *targets: float, near: float = 0.0) -> list[float]:
    """Return the tau2 at which the generalised Q equals each target; 0 where Q(0) is not above it.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    targets
        Above 0.
    near
        Where to begin, 0 or more: the answer is the same.
    """
    equation: _Equation[float] = _Equation.of(Sets.one(yi, vi), np.dot)
    q, fall = equation.at(near)
    if fall < _FAINT:
        near, (q, fall) = 0.0, equation.at(0.0)
    if fall < _FAINT:
        # Effects that hardly differ: Q is below every target from 0 on.
        return [0.0 for _ in targets]
    return [_root(equation, target, near + _step(q, fall, target)) for target in targets]


def _root(equation: "_Equation[float]", target: float, start: float) -> float:
    tau2 = max(start, 0.0)
    while True:
        before, tau2 = tau2, max(tau2 + _step(*equation.at(tau2), target), 0.0)
        if not abs(tau2 - before) > _CLOSE * tau2:
            return float(tau2)


def solve_each(sets: Sets, target: Numbers) -> Numbers:
    """Return what `solve_q` returns for each of n sets, or for one.

    Parameters
    ----------
    sets
        n sets, or one.
    target
        Above 0, one number for each.
    """
    equation: _Equation[Numbers] = _Equation.of(sets, _columns)
    targets = target[..., None]
    tau2 = np.zeros_like(targets)
    while True:
        before, tau2 = tau2, np.maximum(tau2 + _step(*equation.at(tau2), targets), 0.0)
        if not (np.abs(tau2 - before) > _CLOSE * tau2).any():
            return tau2[..., 0]


def _columns(one: Numbers, other: Numbers) -> Numbers:
    return np.asarray(np.vecdot(one, other)[..., None])


@dataclass(frozen=True, slots=True, eq=False)
class _Equation(Generic[Some]):
    """Q(tau2) of one set in numbers, or of many in columns: `inner` returns either."""

    y: Numbers
    vi: Numbers
    ones: Numbers
    inner: Callable[[Numbers, Numbers], Some]

    @classmethod
    def of(cls, sets: Sets, inner: Callable[[Numbers, Numbers], Some]) -> Self:
        return cls(sets.yi - sets.anchor[..., None], sets.vi, np.ones(sets.yi.shape[-1]), inner)

    def at(self, tau2: Some) -> tuple[Some, Some]:
        """Return Q = y'Py and how steeply it falls, y'PPy."""
        w = np.reciprocal(self.vi + tau2)
        wr = w * (self.y - self.inner(w, self.y) / self.inner(w, self.ones))
        return self.inner(wr, self.y), self.inner(wr, wr)


def _step(q: Some, fall: Some, target: Some) -> Some:
    """Return the step of Newton's method for 1 / Q(tau2) = 1 / target.

    Q falls strictly (Viechtbauer 2007); 1 / Q rises and is concave: (y'PPy)^2 <= y'Py y'PPPy (Cauchy and
    Schwarz). Each step therefore ends at the left of the root, or at it, wherever it began; cut off at 0,
    from where the next goes on, the method cannot fail. For equal variances 1 / Q is a straight line, and
    the first step ends at the root.
    """
    step: Some = q * (q / target - 1) / (fall + _TINY)
    return step
