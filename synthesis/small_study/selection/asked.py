"""What a selection model is asked for, checked: its type, steps, deltas, and whether the studies bear it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Numbers, Studies
from synthesis.small_study.selection.cells import ALTERNATIVES, Alternative, p_values
from synthesis.small_study.selection.weights import TYPES, Type, WeightFunction, weight_function

__all__ = ["Asked", "checked_plan", "named_intervals"]

_USUAL_STEP = 0.025


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """A checked plan: `delta` (d,) holds what was given, NaN for the rest; `counts` studies per interval."""

    kind: Type
    steps: tuple[float, ...]
    alternative: Alternative
    weight: WeightFunction
    delta: Numbers
    counts: tuple[int, ...]
    tau2_free: bool


def checked_plan(
    studies: Studies,
    kind: Type,
    steps: Sequence[float] | None,
    alternative: Alternative,
    delta: Sequence[float | None] | None,
    *,
    tau2_free: bool,
) -> Asked:
    """Return the plan, or say why it cannot be followed.

    Parameters
    ----------
    studies
        Checked studies.
    kind, steps, alternative, delta
        As in `selection_model`.
    tau2_free
        Whether tau2 is estimated.

    Raises
    ------
    ValueError
        As in `selection_model`.
    """
    if kind not in TYPES:
        raise ValueError(f"type: found {kind!r}; expected one of {' '.join(TYPES)}")
    if alternative not in ALTERNATIVES:
        raise ValueError(f"alternative: found {alternative!r}; expected one of {' '.join(ALTERNATIVES)}")
    ends = _steps(kind, steps)
    weight = weight_function(kind, ends)
    given = _delta(delta, weight, kind)
    pvals = p_values(studies.yi, np.sqrt(studies.vi), alternative, weight.pval_min)
    counts = tuple(int(one) for one in np.bincount(np.searchsorted(ends, pvals), minlength=len(ends)))
    _enough(studies, given, tau2_free=tau2_free)
    if ends:
        _none_empty(kind, ends, counts, given)
    if kind == "stepfun":
        _seen(studies, pvals, ends, given)
    return Asked(
        kind=kind,
        steps=ends,
        alternative=alternative,
        weight=weight,
        delta=given,
        counts=counts if ends else (),
        tau2_free=tau2_free,
    )


def named_intervals(steps: tuple[float, ...]) -> tuple[str, ...]:
    """Return each interval of p in words."""
    return tuple(f"{low:g} < p <= {high:g}" for low, high in zip((0.0, *steps[:-1]), steps, strict=True))


def _steps(kind: Type, steps: Sequence[float] | None) -> tuple[float, ...]:
    """Return the upper ends of the intervals, the last being 1; empty without steps."""
    if steps is None:
        return (_USUAL_STEP, 1.0) if kind == "stepfun" else ()
    if kind == "beta":
        raise ValueError("steps: found some for a beta function; expected none (it has no steps)")
    inner = sorted({float(one) for one in steps} - {1.0})
    wrong = [one for one in inner if not 0 < one < 1]
    if wrong or not inner:
        found = f"{wrong[0]:g}" if wrong else "none"
        raise ValueError(f"steps: found {found}; expected p-values between 0 and 1, such as 0.025")
    if kind != "stepfun" and len(inner) > 1:
        raise ValueError(f"steps: found {len(inner)} for {kind}; expected at most one")
    return (*inner, 1.0)


def _delta(delta: Sequence[float | None] | None, weight: WeightFunction, kind: Type) -> Numbers:
    many = len(weight.lower)
    given = np.full(many, np.nan)
    if delta is not None:
        if len(delta) != many:
            raise ValueError(
                f"delta: found {len(delta)}; expected {many} for this {kind}, None to estimate one"
            )
        given = np.array([np.nan if one is None else one for one in delta], dtype=np.float64)
    if kind == "stepfun" and np.isnan(given[0]):
        given[0] = 1.0
    low = 0.0 if kind != "beta" else np.finfo(np.float64).tiny
    wrong = ~np.isnan(given) & ~((given >= low) & (given < np.inf))
    if wrong.any():
        above = "above 0" if kind == "beta" else "0 or more"
        raise ValueError(f"delta: found {given[wrong][0]:g}; expected numbers {above}")
    if kind == "stepfun" and not given[~np.isnan(given)].any():
        raise ValueError("delta: found no weight above 0; expected at least one, or nothing could be seen")
    return given


def _enough(studies: Studies, given: Numbers, *, tau2_free: bool) -> None:
    parameters = 1 + int(tau2_free) + int(np.isnan(given).sum())
    k = len(studies.yi)
    if k < parameters:
        raise ValueError(
            f"selection model: found {k} studies for {parameters} parameters; expected at least as many "
            "(give deltas instead of estimating them, or leave the model out)"
        )


def _none_empty(kind: Type, ends: tuple[float, ...], counts: tuple[int, ...], given: Numbers) -> None:
    for place, (name, count) in enumerate(zip(named_intervals(ends), counts, strict=True)):
        needed = np.isnan(given[place]) if kind == "stepfun" else np.isnan(given).any()
        if count == 0 and needed:
            raise ValueError(
                f"steps: found no study with {name}; expected at least one in each interval whose weight is "
                "estimated (leave a step out, or give the weight by delta)"
            )


def _seen(studies: Studies, pvals: Numbers, ends: tuple[float, ...], given: Numbers) -> None:
    unseen = given[np.searchsorted(ends, pvals)] == 0
    if unseen.any():
        place = int(np.argmax(unseen))
        raise ValueError(
            f"{studies.slab[place]}: found p = {pvals[place]:.4g} where delta is 0, so that it could not "
            "have been seen; expected a weight above 0 in its interval"
        )
