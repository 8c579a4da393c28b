"""Standard deviations of groups from standard errors, intervals, t and p (Cochrane Handbook 6.5.2.2-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Flags, Numbers
from synthesis.columns import Columns
from synthesis.conversion.inputs import above_zero, aligned, at_least, one_of
from synthesis.conversion.standard_errors import se_from_ci, se_from_p, se_from_t

__all__ = [
    "Distribution",
    "StandardDeviations",
    "sd_from_ci",
    "sd_from_difference_ci",
    "sd_from_difference_p",
    "sd_from_difference_se",
    "sd_from_difference_t",
    "sd_from_se",
]

Distribution = Literal["auto", "t", "z"]

# The Handbook asks for t below 60 a group and lets z pass above 100; t is never wrong in between.
_LARGE = 100
_SAME = "One SD was taken to hold in both groups."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StandardDeviations(Columns):
    """Standard deviations `sd`, shape (k,), and what was assumed."""

    sd: Numbers


def sd_from_se(se: ArrayLike, n: ArrayLike) -> StandardDeviations:
    """Return a group's SD from the standard error of its mean: SE x sqrt(n) (Cochrane Handbook 6.5.2.2).

    Parameters
    ----------
    se, n
        Standard errors and participants, shape (k,), above 0.
    """
    error, size = aligned(se=se, n=n)
    above_zero(se=error, n=size)
    return StandardDeviations(sd=error * np.sqrt(size))


def sd_from_ci(
    ci_lb: ArrayLike, ci_ub: ArrayLike, n: ArrayLike, *, level: float = 0.95, dist: Distribution = "auto"
) -> StandardDeviations:
    """Return a group's SD from the interval of its mean (Cochrane Handbook 6.5.2.2).

    Parameters
    ----------
    ci_lb, ci_ub, n
        Bounds and participants, shape (k,); n at least 2.
    level
        Confidence level, a fraction.
    dist
        ``t`` with n - 1 degrees of freedom, ``z``, or ``auto``: z above 100 participants, t otherwise.
    """
    low, high, size = aligned(ci_lb=ci_lb, ci_ub=ci_ub, n=n)
    at_least(2, n=size)
    large = _large(size > _LARGE, dist)
    se = se_from_ci(low, high, level=level, df=np.where(large, np.inf, size - 1)).se
    return StandardDeviations(sd=se * np.sqrt(size), notes=_rested(large))


def sd_from_difference_se(se: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> StandardDeviations:
    """Return the SD within groups from the standard error of their mean difference: SE / sqrt(1/n1 + 1/n2).

    The source is Cochrane Handbook 6.5.2.3. Do not take the standard error of an adjusted difference: it
    gives the spread that was left after adjustment.

    Parameters
    ----------
    se, n1, n2
        Standard errors and participants of both groups, shape (k,), above 0.
    """
    error, size1, size2 = aligned(se=se, n1=n1, n2=n2)
    above_zero(se=error, n1=size1, n2=size2)
    return StandardDeviations(sd=error / np.sqrt(1 / size1 + 1 / size2), notes=(_SAME,))


def sd_from_difference_ci(
    ci_lb: ArrayLike,
    ci_ub: ArrayLike,
    n1: ArrayLike,
    n2: ArrayLike,
    *,
    level: float = 0.95,
    dist: Distribution = "auto",
) -> StandardDeviations:
    """Return the SD within groups from the interval of their mean difference (Cochrane Handbook 6.5.2.3).

    Parameters
    ----------
    ci_lb, ci_ub, n1, n2
        Bounds of the difference and participants of both groups, shape (k,).
    level
        Confidence level, a fraction.
    dist
        ``t`` with n1 + n2 - 2 degrees of freedom, ``z``, or ``auto``: z where both groups have above 100.
    """
    low, high, size1, size2 = aligned(ci_lb=ci_lb, ci_ub=ci_ub, n1=n1, n2=n2)
    large = _large(np.minimum(size1, size2) > _LARGE, dist)
    se = se_from_ci(low, high, level=level, df=np.where(large, np.inf, size1 + size2 - 2)).se
    return _within(se, size1, size2, _rested(large))


def sd_from_difference_t(
    difference: ArrayLike, t: ArrayLike, n1: ArrayLike, n2: ArrayLike
) -> StandardDeviations:
    """Return the SD within groups from the t statistic of their mean difference (Cochrane Handbook 6.5.2.3).

    Parameters
    ----------
    difference, t, n1, n2
        Mean difference, its t (not 0), and participants of both groups, shape (k,).
    """
    value, stat, size1, size2 = aligned(difference=difference, t=t, n1=n1, n2=n2)
    return _within(se_from_t(value, stat).se, size1, size2, ())


def sd_from_difference_p(
    difference: ArrayLike,
    p: ArrayLike | Iterable[object],
    n1: ArrayLike,
    n2: ArrayLike,
    *,
    sides: int = 2,
) -> StandardDeviations:
    """Return the SD within groups from the exact p of a t-test of their means (Cochrane Handbook 6.5.2.3).

    Parameters
    ----------
    difference, n1, n2
        Mean difference (not 0) and participants of both groups, shape (k,).
    p
        Exact p-values; an inequality is refused (`synthesis.conversion.standard_errors.se_from_p`).
    sides
        2 or 1.
    """
    value, size1, size2 = aligned(difference=difference, n1=n1, n2=n2)
    found = se_from_p(value, p, df=size1 + size2 - 2, sides=sides)
    return _within(found.se, size1, size2, found.notes)


def _within(se: Numbers, n1: Numbers, n2: Numbers, notes: tuple[str, ...]) -> StandardDeviations:
    found = sd_from_difference_se(se, n1, n2)
    return StandardDeviations(sd=found.sd, notes=(*notes, *found.notes))


def _large(above: Flags, dist: str) -> Flags:
    one_of("dist", dist, ("auto", "t", "z"))
    return above if dist == "auto" else np.full_like(above, fill_value=dist == "z")


def _rested(large: Flags) -> tuple[str, ...]:
    sentences = []
    for kind, name in ((False, "t"), (True, "the normal distribution")):
        places = ", ".join(str(i + 1) for i in np.flatnonzero(large == kind))
        if places:
            sentences.append(f"Study {places}: the interval was taken to rest on {name}.")
    return tuple(sentences)
