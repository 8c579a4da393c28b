"""Standard errors from what reports print instead: intervals, test statistics, exact p-values."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from synthesis.arrays import Numbers
from synthesis.columns import Columns
from synthesis.conversion.inputs import above_zero, aligned, fraction, refuse

__all__ = [
    "StandardErrors",
    "exact_p",
    "quantile",
    "se_from_ci",
    "se_from_p",
    "se_from_ratio_ci",
    "se_from_sd",
    "se_from_t",
]

_BOUNDS = ("<", ">", "≤", "≥", "less", "below", "above", "ns", "n.s", "not sig", "sig")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StandardErrors(Columns):
    """Standard errors `se`, shape (k,), and what was assumed."""

    se: Numbers


def se_from_sd(sd: ArrayLike, n: ArrayLike) -> StandardErrors:
    """Return the standard errors of means: SD / sqrt(n).

    Parameters
    ----------
    sd, n
        Standard deviations and participants, shape (k,), above 0.
    """
    spread, size = aligned(sd=sd, n=n)
    above_zero(sd=spread, n=size)
    return StandardErrors(se=spread / np.sqrt(size))


def se_from_ci(
    ci_lb: ArrayLike, ci_ub: ArrayLike, *, level: float = 0.95, df: ArrayLike | None = None
) -> StandardErrors:
    """Return standard errors from intervals of absolute measures (Cochrane Handbook 6.3.1, 6.5.2.2).

    Parameters
    ----------
    ci_lb, ci_ub
        Bounds, shape (k,); the lower below the upper.
    level
        Confidence level, a fraction.
    df
        Degrees of freedom where the interval came from t (n - 1 for a mean, n1 + n2 - 2 for a difference
        of means); z otherwise.
    """
    low, high, freedom = aligned(ci_lb=ci_lb, ci_ub=ci_ub, df=np.inf if df is None else df)
    refuse(low >= high, "ci_lb", low, "less than ci_ub")
    _check_level(level)
    half = (high - low) / 2
    return StandardErrors(
        se=half / quantile((1 - level) / 2, freedom), notes=(_assumed(f"{100 * level:g}% intervals", df),)
    )


def se_from_ratio_ci(ci_lb: ArrayLike, ci_ub: ArrayLike, *, level: float = 0.95) -> StandardErrors:
    """Return standard errors of log ratios from intervals of the ratios (Cochrane Handbook 6.3.2).

    Parameters
    ----------
    ci_lb, ci_ub
        Bounds of risk, odds, rate or hazard ratios as printed (not logarithms), shape (k,), above 0.
    level
        Confidence level, a fraction.
    """
    low, high = aligned(ci_lb=ci_lb, ci_ub=ci_ub)
    above_zero(ci_lb=low, ci_ub=high)
    found = se_from_ci(np.log(low), np.log(high), level=level)
    return StandardErrors(se=found.se, notes=(*found.notes, "The standard errors are on the log scale."))


def se_from_t(estimate: ArrayLike, t: ArrayLike) -> StandardErrors:
    """Return standard errors from test statistics t, z or Wald: |estimate / t| (Cochrane Handbook 6.5.2.3).

    Parameters
    ----------
    estimate
        What was tested against 0 (ratios: their logarithms), shape (k,), not 0.
    t
        The statistic, shape (k,), not 0; its sign is ignored.
    """
    value, stat = aligned(estimate=estimate, t=t)
    _check_estimates(value)
    refuse(stat == 0, "t", stat, "another number: an effect that is not 0 cannot have it")
    return StandardErrors(se=np.abs(value / stat))


def se_from_p(
    estimate: ArrayLike,
    p: ArrayLike | Iterable[object],
    *,
    df: ArrayLike | None = None,
    sides: int = 2,
) -> StandardErrors:
    """Return standard errors from exact p-values (Cochrane Handbook 6.3.1, 6.3.2 and 6.5.2.3).

    Parameters
    ----------
    estimate
        What was tested against 0 (ratios: their logarithms), shape (k,), not 0.
    p
        Exact p-values, shape (k,): numbers, or text such as ``p = 0.03``.
    df
        Degrees of freedom of a t-test; z otherwise.
    sides
        2 or 1. A one-sided p is taken to be in the direction of the estimate, so it must be below 0.5.

    Raises
    ------
    ValueError
        For an inequality (p < 0.05 only bounds the standard error), and for p outside 0 to 1.
    """
    if sides not in {1, 2}:
        raise ValueError(f"sides: found {sides}; expected 1 or 2")
    value, prob, freedom = aligned(estimate=estimate, p=exact_p(p), df=np.inf if df is None else df)
    _check_estimates(value)
    fraction(p=prob)
    tail = prob / sides
    refuse(tail >= 0.5, "p", prob, "a one-sided p below 0.5, in the direction of the estimate")
    note = _assumed("one-sided p-values" if sides == 1 else "two-sided p-values", df)
    return StandardErrors(se=np.abs(value) / quantile(tail, freedom), notes=(note,))


def exact_p(p: ArrayLike | Iterable[object]) -> Numbers:
    """Return p-values as numbers, and refuse inequalities.

    Parameters
    ----------
    p
        Numbers or text, shape (k,).

    Raises
    ------
    ValueError
        For an inequality or anything else that is not one number; the message names the study.
    """
    return np.array([_one_p(one, i) for i, one in enumerate(np.atleast_1d(np.asarray(p, dtype=object)))])


def quantile(tail: float | Numbers, df: Numbers) -> Numbers:
    """Return the upper quantile of t, of z where `df` is infinite, exact far into the tail.

    Parameters
    ----------
    tail
        Upper tail's probability, a scalar or of shape (k,).
    df
        Degrees of freedom, shape (k,), above 0.
    """
    above_zero(df=df)
    finite = np.where(np.isinf(df), 1.0, df)
    return np.asarray(np.where(np.isinf(df), -ndtri(tail), -stdtrit(finite, tail)))


def _one_p(value: object, place: int) -> float:
    text = "nan" if value is None else str(value).strip().lower()
    where = f"p, study {place + 1}: found {str(value)!r}"
    if any(sign in text for sign in _BOUNDS):
        raise ValueError(
            f"{where}, which only says that the standard error is below or above some number; expected an "
            "exact p-value. Look for an interval, a test statistic or an SD, or ask the authors."
        )
    try:
        return float(text.lstrip("p").lstrip(" =:"))
    except ValueError as error:
        raise ValueError(f"{where}; expected an exact p-value such as 0.03") from error


def _check_estimates(value: Numbers) -> None:
    refuse(value == 0, "estimate", value, "another number: from an effect of 0 no standard error follows")


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level: found {level}; expected a fraction between 0 and 1, such as 0.95")


def _assumed(what: str, df: ArrayLike | None) -> str:
    return f"The {what} were taken to rest on {'the normal distribution' if df is None else 't'}."
