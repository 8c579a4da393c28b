"""Weight functions: how likely a study with a given one- or two-sided p-value is to be seen.

Vocabulary: *delta* are a weight function's own parameters; a *weight* is relative to the most favoured.
Each function gives log weights with their first and second derivatives, so that a likelihood can be
maximised to the last digits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.special import expit

from synthesis.arrays import Numbers

__all__ = ["TYPES", "LogWeight", "Type", "WeightFunction", "weight_function"]

Type = Literal["stepfun", "beta", "halfnorm", "negexp", "logistic", "power"]
TYPES: tuple[Type, ...] = get_args(Type)

# Where a weight could be infinite or 0, p-values are kept this far from 0 and 1, as metafor does.
_CLAMP = 1e-5
_LARGEST = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class LogWeight:
    """Log weights of n p-values: `value` (n,), `first` (d, n) and `second` (d, d, n) by the d deltas."""

    value: Numbers
    first: Numbers
    second: Numbers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightFunction:
    """One type of weight function.

    Parameters
    ----------
    log_weight
        From p-values (n,) and deltas (d,) to `LogWeight`.
    lower, upper
        Range of each delta, shape (d,).
    none
        The deltas at which nothing is selected, shape (d,).
    pval_min
        p-values are kept between this and 1 minus this.
    breaks
        p-values at which the function has a kink or a jump.
    logarithmic
        Whether deltas are better searched on a log scale.
    """

    log_weight: Callable[[Numbers, Numbers], LogWeight]
    lower: Numbers
    upper: Numbers
    none: Numbers
    pval_min: float = 0.0
    breaks: tuple[float, ...] = ()
    logarithmic: bool = False


def weight_function(kind: Type, steps: tuple[float, ...]) -> WeightFunction:
    """Return the weight function of a kind.

    Parameters
    ----------
    kind
        ``stepfun``: delta_j for p-values in the j-th interval (Hedges 1992; Vevea & Hedges 1995);
        ``beta``: p^(delta_1 - 1) (1 - p)^(delta_2 - 1) (Citkowicz & Vevea 2017); and from
        Preston, Ashby & Smyth 2004: ``halfnorm``: exp(-delta p^2); ``negexp``: exp(-delta p);
        ``logistic``: 2 / (1 + exp(delta p)); ``power``: (1 - p)^delta.
    steps
        Upper ends of the intervals, the last being 1, for ``stepfun``; for the last four types at most one
        number below 1: all p-values up to it have weight 1. Empty else.
    """
    if kind == "stepfun":
        return _step_function(np.array(steps))
    if kind == "beta":
        return _linear(lambda p: np.array([np.log(p), np.log1p(-p)]), none=1.0, pval_min=_CLAMP)
    step = steps[0] if steps else 0.0
    if kind == "logistic":
        return _one_delta(lambda p, delta: _logistic(p, delta, step), step)
    base = {"halfnorm": _square, "negexp": _identity, "power": _log_complement}[kind]
    start = float(base(np.array([step]))[0])
    pval_min = _CLAMP if kind == "power" else 0.0
    return _linear(
        lambda p: np.atleast_2d(np.where(p <= step, 0.0, start - base(p))),
        none=0.0,
        pval_min=pval_min,
        step=step,
    )


def _step_function(steps: Numbers) -> WeightFunction:
    many = len(steps)

    def log_weight(p: Numbers, delta: Numbers) -> LogWeight:
        own = np.arange(many)[:, None] == np.searchsorted(steps, p)
        with np.errstate(divide="ignore"):
            logs, inverse = np.log(delta), 1 / delta
        value = np.asarray(logs[np.searchsorted(steps, p)])
        first = np.where(own, inverse[:, None], 0.0)
        return LogWeight(value, first, -(first[:, None, :] * first[None, :, :]))

    return WeightFunction(
        log_weight=log_weight,
        lower=np.zeros(many),
        upper=np.full(many, _LARGEST),
        none=np.ones(many),
        breaks=tuple(float(one) for one in steps[:-1]),
        logarithmic=True,
    )


def _linear(
    basis: Callable[[Numbers], Numbers], *, none: float, pval_min: float, step: float = 0.0
) -> WeightFunction:
    """Log weights that are linear in delta: the sum of (delta - none) times the basis."""

    def log_weight(p: Numbers, delta: Numbers) -> LogWeight:
        first = basis(p)
        return LogWeight((delta - none) @ first, first, np.zeros((len(delta), *first.shape)))

    many = 2 if none else 1
    return WeightFunction(
        log_weight=log_weight,
        lower=np.full(many, _CLAMP if none else 0.0),
        upper=np.full(many, _LARGEST),
        none=np.full(many, none),
        pval_min=pval_min,
        breaks=(step,) if step else (),
        logarithmic=bool(none),
    )


def _one_delta(log_weight: Callable[[Numbers, Numbers], LogWeight], step: float) -> WeightFunction:
    return WeightFunction(
        log_weight=log_weight,
        lower=np.zeros(1),
        upper=np.full(1, _LARGEST),
        none=np.zeros(1),
        breaks=(step,) if step else (),
    )


def _logistic(p: Numbers, delta: Numbers, step: float) -> LogWeight:
    late = np.maximum(p, step)
    value = np.logaddexp(0, delta * step) - np.logaddexp(0, delta * late)
    at, start = expit(delta * late), expit(delta * step)
    first = step * start - late * at
    second = step**2 * start * (1 - start) - late**2 * at * (1 - at)
    return LogWeight(value, first[None, :], second[None, None, :])


def _square(p: Numbers) -> Numbers:
    return p**2


def _identity(p: Numbers) -> Numbers:
    return p


def _log_complement(p: Numbers) -> Numbers:
    return -np.log1p(-p)
