"""Counts of rare events pooled without effects of their own: Mantel-Haenszel and Peto, as planned."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from review.effect import ArmCounts
from review.result import PooledNumbers, Sensitivity
from synthesis.counts.result import Sparse
from synthesis.counts.sparse import mantel_haenszel, peto
from synthesis.living.rows import Row

__all__ = ["counted"]


def counted(name: str, rows: Sequence[Row], measure: str) -> Sensitivity:
    """Return the pool of all rows' counts, or why there is none.

    Cochrane Handbook 10.4.1 and 10.4.2: where events are rare these are preferred to inverse variances.

    Parameters
    ----------
    name
        ``Mantel-Haenszel`` or ``Peto``.
    rows
        The rows that are pooled.
    measure
        The analysis's measure.
    """
    arms = [row.arms for row in rows if row.arms is not None]
    why = _unfit(name, rows, arms, measure)
    if why:
        return Sensitivity(name=name, numbers=None, note=why)
    found = _METHODS[name](measure, arms, [row.label for row in rows])
    # Where nobody, or everybody, has the event a risk difference of 0 has no standard error to test it by.
    if not (math.isfinite(found.estimate) and found.se > 0):
        return Sensitivity(name=name, numbers=None, note="No study informs it.")
    return Sensitivity(name=name, numbers=_numbers(found, arms), note=_NOTE)


_NOTE = "One common effect; the interval is by z."


def _unfit(name: str, rows: Sequence[Row], arms: Sequence[ArmCounts], measure: str) -> str:
    if measure not in {"OR", "RR", "RD"} or (name == "Peto" and measure != "OR"):
        return f"{name} does not pool {measure}."
    if len(arms) < len(rows):
        return f"{len(rows) - len(arms)} of {len(rows)} rows do not give counts per arm."
    if len({row.study for row in rows}) < len(rows):
        return "A study has several rows: their control group would count more than once."
    return ""


def _mantel_haenszel(measure: str, arms: Sequence[ArmCounts], slab: Sequence[str]) -> Sparse:
    return mantel_haenszel(measure, slab=slab, **_columns(arms))


def _peto(_: str, arms: Sequence[ArmCounts], slab: Sequence[str]) -> Sparse:
    return peto(slab=slab, **_columns(arms))


_METHODS: dict[str, Callable[[str, Sequence[ArmCounts], Sequence[str]], Sparse]] = {
    "Mantel-Haenszel": _mantel_haenszel,
    "Peto": _peto,
}


def _columns(arms: Sequence[ArmCounts]) -> dict[str, Any]:
    return {name: [getattr(one, name) for one in arms] for name in ("ai", "n1i", "ci", "n2i")}


def _numbers(found: Sparse, arms: Sequence[ArmCounts]) -> PooledNumbers:
    return PooledNumbers(
        k=found.k,
        estimate=found.estimate,
        se=found.se,
        ci_lb=found.ci_lb,
        ci_ub=found.ci_ub,
        pval=found.pval,
        tau2=0.0,
        i2=found.i2,
        q=found.q,
        q_pval=found.q_pval,
        method=found.method,
        test="z",
        level=found.level,
        participants=sum(one.n1i + one.n2i for one in arms),
        participants_stated=len(arms),
    )
