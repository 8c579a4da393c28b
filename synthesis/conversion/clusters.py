"""Trials that randomised clusters and were analysed as if they had randomised people (Handbook 23.1.4)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers
from synthesis.columns import Columns
from synthesis.conversion.inputs import above_zero, aligned, at_least, between
from synthesis.conversion.standard_errors import StandardErrors

__all__ = ["EffectiveSizes", "design_effect", "effective_sample_size", "inflate_se"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EffectiveSizes(Columns):
    """Effective participants `n` and `events` (NaN where none were given), not rounded, shape (k,)."""

    n: Numbers
    events: Numbers
    deff: Numbers


def design_effect(icc: ArrayLike, cluster_size: ArrayLike) -> Numbers:
    """Return 1 + (M - 1) ICC, shape (k,) (Cochrane Handbook 23.1.4).

    Parameters
    ----------
    icc
        Intracluster correlation, 0 to 1, shape (k,).
    cluster_size
        Mean participants per cluster M, 1 or more, shape (k,).
    """
    rho, size = aligned(icc=icc, cluster_size=cluster_size)
    between(0, 1, icc=rho)
    at_least(1, cluster_size=size)
    return np.asarray(1 + (size - 1) * rho)


def effective_sample_size(
    n: ArrayLike, icc: ArrayLike, cluster_size: ArrayLike, *, events: ArrayLike | None = None
) -> EffectiveSizes:
    """Return participants and events divided by the design effect (Cochrane Handbook 23.1.4).

    Means and SDs stay as they are.

    Parameters
    ----------
    n, events
        Participants and, for counts, events of a group, shape (k,).
    icc, cluster_size
        As `design_effect`.
    """
    size, many, rho, cluster = aligned(
        n=n, events=np.nan if events is None else events, icc=icc, cluster_size=cluster_size
    )
    above_zero(n=size)
    at_least(0, events=many)
    deff = design_effect(rho, cluster)
    return EffectiveSizes(n=size / deff, events=many / deff, deff=deff, notes=(_assumed(rho),))


def inflate_se(se: ArrayLike, icc: ArrayLike, cluster_size: ArrayLike) -> StandardErrors:
    """Return standard errors multiplied by the root of the design effect (Cochrane Handbook 23.1.6).

    Parameters
    ----------
    se
        Standard errors of an analysis that ignored the clusters, shape (k,), above 0.
    icc, cluster_size
        As `design_effect`.
    """
    error, rho, size = aligned(se=se, icc=icc, cluster_size=cluster_size)
    above_zero(se=error)
    return StandardErrors(se=error * np.sqrt(design_effect(rho, size)), notes=(_assumed(rho),))


def _assumed(icc: Numbers) -> str:
    shown = ", ".join(f"{one:g}" for one in np.unique(icc))
    return f"An intracluster correlation of {shown} was assumed: repeat the analysis with others."
