"""The pool again and again: leaving one study out, adding one at a time, and what each study weighs in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from synthesis.arrays import Flags, Indices, Numbers, Studies, ratios
from synthesis.random_effects.fits import Fits, fit_sets
from synthesis.random_effects.fitting import Plan, fit, percent
from synthesis.random_effects.sets import Sets

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Influence", "Refits", "cumulative", "influence", "leave_one_out"]

_REFIT = ("estimate", "se", "stat", "pval", "ci_lb", "ci_ub", "q", "q_pval", "tau2", "i2", "h2")
# Numbers held at once: a set for each of many studies is worked off in lots.
_AT_ONCE = 1 << 20
_INFLUENCE = ("rstudent", "dffits", "cook_d", "cov_r", "tau2_del", "q_del", "hat", "weight", "dfbetas")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refits:
    """One pooled result per row: arrays of shape (k,), `slab` names the study left out, or added last."""

    slab: tuple[str, ...]
    estimate: Numbers
    se: Numbers
    stat: Numbers
    pval: Numbers
    ci_lb: Numbers
    ci_ub: Numbers
    q: Numbers
    q_pval: Numbers
    tau2: Numbers
    i2: Numbers
    h2: Numbers

    def __len__(self) -> int:
        return len(self.slab)

    def to_frame(self) -> "pd.DataFrame":
        """Return a table, one row per refit, indexed by study."""
        return _frame(self, _REFIT)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Influence:
    """Deletion diagnostics (Viechtbauer & Cheung 2010), arrays of shape (k,).

    Parameters
    ----------
    rstudent
        Externally standardised residual.
    dffits, cook_d, cov_r, dfbetas
        What the study does to the fitted value, to the estimate, and to its variance. Identical effects have
        no variance by Hartung and Knapp: a study that stands apart from them moves it infinitely, and `cov_r`
        is nan where all are identical.
    tau2_del, q_del
        tau2 and Q without the study.
    hat, weight
        Leverage, and weight in percent.
    influential
        Beyond metafor's bounds: |dffits| > 3 sqrt(1 / (k - 1)), the chi-squared tail of `cook_d` on one
        degree of freedom < 0.5, hat > 3 / k, or |dfbetas| > 1.
    """

    slab: tuple[str, ...]
    rstudent: Numbers
    dffits: Numbers
    cook_d: Numbers
    cov_r: Numbers
    tau2_del: Numbers
    q_del: Numbers
    hat: Numbers
    weight: Numbers
    dfbetas: Numbers
    influential: tuple[bool, ...]

    def to_frame(self) -> "pd.DataFrame":
        """Return a table, one row per study."""
        return _frame(self, _INFLUENCE).assign(influential=list(self.influential))


def leave_one_out(studies: Studies, plan: Plan) -> Refits:
    """Return the pool without each study in turn.

    Parameters
    ----------
    studies
        At least two.
    plan
        How to pool.

    Raises
    ------
    ValueError
        Where there is only one study.
    """
    if len(studies.slab) < 2:
        raise ValueError(f"leave-one-out: found one study ({studies.slab[0]}); expected at least two")
    return _collect(studies.slab, _each(studies, plan, np.not_equal))


def cumulative(studies: Studies, plan: Plan, order: Sequence[int]) -> Refits:
    """Return the pool of the first, the first two, ... studies.

    Parameters
    ----------
    studies
        In any order.
    plan
        How to pool.
    order
        The studies' places, counted from 0, in the order in which they are added.

    Raises
    ------
    ValueError
        Where `order` does not hold each place once.
    """
    k = len(studies.yi)
    if sorted(order) != list(range(k)):
        raise ValueError(f"order: found {list(order)}; expected each of 0 to {k - 1} once")
    sorted_studies = studies.take(np.asarray(order, dtype=np.intp))
    return _collect(sorted_studies.slab, _each(sorted_studies, plan, np.greater_equal))


def influence(studies: Studies, plan: Plan) -> Influence:
    """Return deletion diagnostics of each study (Viechtbauer & Cheung 2010).

    Parameters
    ----------
    studies
        At least three, pooled by inverse variances.
    plan
        How to pool.

    Raises
    ------
    ValueError
        Where there are fewer than three studies, or own weights: the diagnostics are of inverse variances.
    """
    _check_influence(studies)
    whole, without = fit(studies, plan), _each(studies, plan, np.not_equal)
    estimate, se, tau2 = without.estimate, without.se, without.tau2
    moved, total = whole.estimate - estimate, studies.vi + tau2
    weight = percent(studies, whole.tau2)
    hat = weight / 100
    # The Hartung-Knapp factor of each refit: its variance over the one of the z test.
    scale = np.ones(len(hat)) if plan.test == "z" else se**2 * without.total
    precision = without.total + 1 / total
    dfbetas = ratios(moved, np.sqrt(scale / precision))
    dffits = ratios(moved, np.sqrt(scale * hat * total))
    cook_d = ratios(moved, np.full_like(moved, whole.se)) ** 2
    return Influence(
        slab=studies.slab,
        rstudent=ratios(studies.yi - estimate, np.sqrt(scale * total + se**2)),
        dffits=dffits,
        cook_d=cook_d,
        cov_r=(se / whole.se) ** 2 if whole.se > 0 else np.full_like(se, np.nan),
        tau2_del=tau2,
        q_del=without.q,
        hat=hat,
        weight=weight,
        dfbetas=dfbetas,
        influential=_beyond(dffits, cook_d, hat, dfbetas),
    )


def _beyond(dffits: Numbers, cook_d: Numbers, hat: Numbers, dfbetas: Numbers) -> tuple[bool, ...]:
    k = len(hat)
    # 0.45493642311957 is the median of chi-squared on one degree of freedom.
    far = cook_d > 0.45493642311957
    flags = (np.abs(dffits) > 3 * np.sqrt(1 / (k - 1))) | far | (hat > 3 / k) | (np.abs(dfbetas) > 1)
    return tuple(bool(flag) for flag in flags)


def _each(studies: Studies, plan: Plan, holds: Callable[[Indices, Indices], Flags]) -> Fits:
    """Fit the i-th set for each i: the studies j for which `holds(i, j)`."""
    places = np.arange(len(studies.yi))
    step = max(1, _AT_ONCE // len(places))
    lots = (places[i : i + step, None] for i in range(0, len(places), step))
    return Fits.joined(fit_sets(Sets.parts(studies, holds(lot, places)), plan) for lot in lots)


def _collect(slab: tuple[str, ...], fits: Fits) -> Refits:
    return Refits(slab=slab, **{name: getattr(fits, name) for name in _REFIT})


def _frame(result: Refits | Influence, names: tuple[str, ...]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

    return pd.DataFrame({name: getattr(result, name) for name in names}, index=list(result.slab))


def _check_influence(studies: Studies) -> None:
    if len(studies.slab) < 3:
        raise ValueError(f"influence: found {len(studies.slab)} studies; expected at least three")
    if studies.weights is not None:
        raise ValueError("influence: found own weights; expected the pool by inverse variances")
