"""For each size of a new trial, the effects that change the conclusion, searched with the protocol's pool."""

import math
from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from review.effect import EffectSize
from review.protocol_synthesis import SynthesisPlan
from synthesis.arrays import Numbers
from synthesis.living.contour.result import Contour, NewTrial
from synthesis.living.contour.stretches import side_of, stretches
from synthesis.living.contour.with_new_trial import Question, margins_of, shown, with_new_trial

__all__ = ["contour"]

_PARTICIPANTS = (50, 100, 200, 500, 1000, 2000)
_FAR = 10.0
_POINTS = 240
_NEEDED = {"t(k-1)": 2, "t(k-2)": 3, "z": 2}


def contour(
    effects: Sequence[EffectSize],
    plan: SynthesisPlan,
    *,
    change: Question = "significance",
    mid: float | Literal["not declared"] = "not declared",
    sizes: Sequence[float] | None = None,
    by: Literal["participants", "se"] = "participants",
    within: tuple[float, float] | None = None,
) -> Contour:
    """Return what one new trial of each size would have to show to change the conclusion.

    The question of the extended funnel plot (Langan et al. 2012, J Clin Epidemiol 65:511-519), answered with
    the protocol's own pool: its estimator, its interval, its fallback. With Hartung-Knapp an extreme trial
    widens the interval, so that the effects that change the conclusion may be several stretches, or none.

    Parameters
    ----------
    effects
        What is pooled now, one effect per study.
    plan
        The protocol's synthesis table.
    change
        Which conclusion: ``significance`` (the confidence interval excludes no effect), ``mid`` (the estimate
        lies beyond the minimal important difference), ``prediction`` (the prediction interval excludes no
        effect).
    mid
        The outcome's minimal important difference on the pooled scale; needed for ``mid``.
    sizes
        Participants of the new trial, or standard errors. By default 50 to 2000 participants; where no study
        states its own, the largest, median and smallest standard error pooled, and half the smallest.
    by
        What `sizes` are. A trial of n participants has the standard error c / sqrt(n), where c is the median
        of se sqrt(n) over the studies that state their participants.
    within
        The range of effects to search; by default what is pooled, 0 and the difference, and beyond them ten
        standard deviations of the result of the least precise trial, pooled or new.

    Raises
    ------
    ValueError
        For no effects; sizes that are not above 0; participants where no study states them; a missing or
        zero difference; too few studies for a prediction interval; a range that is empty.
    """
    difference = _checked(effects, plan, change, mid)
    yi, vi = np.array([one.yi for one in effects]), np.array([one.vi for one in effects])
    now = shown(yi[None, :], vi[None, :], plan)
    estimate, tau2 = float(now.estimate[0]), float(now.tau2[0])
    asked, conversion = _sizes(effects, sizes, by)
    spread = math.sqrt(tau2 + max(float(vi.max()), *(se**2 for _, se in asked)))
    low, high = within or _range([*yi, 0.0, difference, -difference], _FAR * spread)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"within: found {low:g} to {high:g}; expected two finite ends, the lower one first")
    above, below = margins_of(now, plan, change, difference)
    present = side_of(float(above[0]), float(below[0]))

    def trial(participants: int | None, se: float) -> NewTrial:
        line = with_new_trial((yi, vi), se, plan, change, difference)
        scale = min(se, float(np.sqrt(np.median(vi))))
        points = _points(yi, estimate, scale, (low, high))
        return NewTrial(se=se, participants=participants, now=present, stretches=stretches(line, points))

    return Contour(
        question=change,
        now=present,
        estimate=estimate,
        ci_lb=float(now.ci_lb[0]),
        ci_ub=float(now.ci_ub[0]),
        low=low,
        high=high,
        trials=tuple(trial(*size) for size in asked),
        conversion=conversion,
    )


def _checked(effects: Sequence[EffectSize], plan: SynthesisPlan, change: Question, mid: float | str) -> float:
    """Return the difference as a number above 0, or 0 where none is needed."""
    if not effects:
        raise ValueError("effects: found no study; expected at least one effect that is pooled now")
    if change not in get_args(Question):
        raise ValueError(f"change: found {change!r}; expected one of {' '.join(get_args(Question))}")
    needed = _NEEDED[plan.prediction_interval]
    if change == "prediction" and len(effects) < needed:
        raise ValueError(
            f"prediction interval: found {len(effects)} studies; expected at least {needed} with "
            f"{plan.prediction_interval}"
        )
    if isinstance(mid, str) and change != "mid":
        return 0.0
    if isinstance(mid, str) or not 0 < abs(mid) < math.inf:
        raise ValueError(
            f"mid: found {mid!r}; expected a number other than 0 (declare one, or ask otherwise)"
        )
    return abs(mid)


def _sizes(
    effects: Sequence[EffectSize], sizes: Sequence[float] | None, by: str
) -> tuple[list[tuple[int | None, float]], str]:
    """Return participants (or None) and standard error of each size, and how one follows from the other."""
    if by not in {"participants", "se"}:
        raise ValueError(f"by: found {by!r}; expected participants or se")
    products = [math.sqrt(one.vi * one.ni) for one in effects if one.ni]
    if sizes is None and (by == "se" or not products):
        return [(None, se) for se in _errors_like(effects)], ""
    asked = list(_PARTICIPANTS if sizes is None else sizes)
    if not asked or not all(0 < size < math.inf for size in asked):
        raise ValueError(f"sizes: found {asked}; expected one or more numbers above 0")
    if by == "se":
        return [(None, float(size)) for size in asked], ""
    if not products:
        raise ValueError(
            "sizes: found no study that states its participants; expected one at least, or sizes by se"
        )
    spread = float(np.median(products))
    conversion = (
        f"Standard errors are taken as {spread:.3g} / sqrt(participants): the median of their product over "
        f"the {len(products)} of {len(effects)} studies that state participants."
    )
    return [(round(size), spread / math.sqrt(size)) for size in asked], conversion


def _errors_like(effects: Sequence[EffectSize]) -> list[float]:
    """Return the largest, the median and the smallest standard error of what is pooled, and half of that."""
    errors = np.sqrt([one.vi for one in effects])
    smallest = float(errors.min())
    likes = [float(errors.max()), float(np.median(errors)), smallest, smallest / 2]
    return sorted(set(likes), reverse=True)


def _range(places: Sequence[float], reach: float) -> tuple[float, float]:
    return float(min(places)) - reach, float(max(places)) + reach


def _points(yi: Numbers, around: float, scale: float, ends: tuple[float, float]) -> Numbers:
    """Return where to look: finely around the present estimate, ever more coarsely away from it."""
    low, high = ends
    start, end = (math.asinh((edge - around) / scale) for edge in ends)
    spread = around + scale * np.sinh(np.linspace(start, end, _POINTS))
    among = np.linspace(yi.min(), yi.max(), _POINTS // 4)
    places = np.unique(np.concatenate([spread, among, [0.0]]))
    return np.concatenate([[low], places[(places > low) & (places < high)], [high]])
