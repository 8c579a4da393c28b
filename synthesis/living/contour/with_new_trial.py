"""The protocol's pool with one trial more, as a function of what that trial shows."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from review.protocol_synthesis import SynthesisPlan
from synthesis.arrays import Flags, Numbers, Pair
from synthesis.living.contour.stretches import Line, Margins
from synthesis.random_effects.batch import pool_many
from synthesis.random_effects.fitting import critical

__all__ = ["Question", "Shown", "margins_of", "shown", "with_new_trial"]

Question = Literal["significance", "mid", "prediction"]

_OF_INTERVALS = ("se", "ci_lb", "ci_ub")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """What a protocol shows of n pools of k studies each, arrays of shape (n,)."""

    estimate: Numbers
    se: Numbers
    ci_lb: Numbers
    ci_ub: Numbers
    tau2: Numbers
    k: int
    level: float


def shown(yi: Numbers, vi: Numbers, plan: SynthesisPlan) -> Shown:
    """Pool n sets as the protocol says, its fallback included: `answer.analyse` for many at once.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (n, k).
    plan
        The protocol's synthesis table.
    """
    main = pool_many((yi, vi), method=plan.tau2, test="z" if plan.ci == "z" else "knha")
    found = {name: getattr(main, name).copy() for name in ("estimate", "tau2", *_OF_INTERVALS)}
    k = yi.shape[1]
    back, wider_only = _falling_back(main.tau2, plan, k)
    if main.test == "knha" and k > 1 and back.any():
        z = pool_many((yi[back], vi[back]), method=plan.tau2, test="z")
        wider = z.ci_ub - z.ci_lb > (main.ci_ub - main.ci_lb)[back]
        take = wider | ~wider_only[back]
        for name in _OF_INTERVALS:
            found[name][back] = np.where(take, getattr(z, name), found[name][back])
    return Shown(**found, k=k, level=main.level)


def with_new_trial(pooled: Pair, se: float, plan: SynthesisPlan, question: Question, mid: float) -> Line:
    """Return the margins of the pool as a function of a new trial's effects.

    Parameters
    ----------
    pooled
        Effects and variances of what is pooled without it, each of shape (k,).
    se
        The new trial's standard error, above 0.
    plan
        The protocol's synthesis table.
    question, mid
        As in `margins_of`.
    """
    yi, vi = pooled
    variances = np.append(vi, se**2)

    def line(effects: Numbers) -> Margins:
        more = np.column_stack([np.tile(yi, (len(effects), 1)), effects])
        return margins_of(shown(more, np.tile(variances, (len(effects), 1)), plan), plan, question, mid)

    return line


def margins_of(pools: Shown, plan: SynthesisPlan, question: Question, mid: float) -> Margins:
    """Return how far pools lie beyond the marks between which nothing is concluded.

    Parameters
    ----------
    pools
        Of at least two studies for a prediction interval, three where it is t(k-2).
    plan
        Names the prediction interval.
    question
        ``significance``: whether the confidence interval excludes no effect; ``prediction``: the prediction
        interval; ``mid``: whether the estimate lies beyond the minimal important difference.
    mid
        The difference, above 0; used for ``mid`` only.
    """
    if question == "mid":
        return Margins(pools.estimate - mid, -pools.estimate - mid)
    if question == "significance":
        return Margins(pools.ci_lb, -pools.ci_ub)
    lost = {"t(k-1)": 1, "t(k-2)": 2, "z": None}[plan.prediction_interval]
    quantile = critical(pools.level, None if lost is None else pools.k - lost)
    half = quantile * np.sqrt(pools.tau2 + pools.se**2)
    return Margins(pools.estimate - half, -pools.estimate - half)


def _falling_back(tau2: Numbers, plan: SynthesisPlan, k: int) -> tuple[Flags, Flags]:
    """Return where a rule applies, and where the first that does asks for the wider of the two intervals."""
    applies, wider_only = np.zeros(len(tau2), dtype=bool), np.zeros(len(tau2), dtype=bool)
    for rule in plan.fallback:
        first = ~applies & (tau2 == 0 if rule.when == "tau2 = 0" else k == 2)
        applies |= first
        wider_only |= first & (rule.ci == "wider")
    return applies, wider_only
