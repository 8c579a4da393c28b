"""What a pool of counts answers: one common effect, no between-study variance."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from synthesis.arrays import Numbers
from synthesis.random_effects.consistency import Inconsistency, inconsistency
from synthesis.random_effects.fitting import chi2_p, critical, two_sided_p

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Chi2Test", "CommonEffect", "Sparse", "sparse"]

_COLUMNS = ("estimate", "se", "ci_lb", "ci_ub", "stat", "pval", "q", "q_pval", "i2", "h2", "k", "k_yi")
_NAMES = {"MH": "Mantel-Haenszel", "PETO": "Peto"}


@dataclass(frozen=True, slots=True)
class Chi2Test:
    """A chi-squared statistic, its degrees of freedom, and its p-value."""

    stat: float
    df: int
    pval: float


@dataclass(frozen=True, slots=True, eq=False)
class CommonEffect:
    """One effect for all strata: estimate, standard error (NaN where unknown), weights of shape (k,)."""

    estimate: float
    se: float
    weights: Numbers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Sparse:
    """A common effect in metafor's letters; OR, RR and IRR on the log scale, NaN where nothing informs it.

    Parameters
    ----------
    stat, pval
        NaN where `se` is 0: a risk difference of studies without any event, or with nothing but events.
    k, k_yi
        Studies given, and those that have an effect of their own and so a part in `q`.
    q, q_pval, i2, h2
        Heterogeneity around the pooled estimate; `i2` in percent.
    slab, weights
        Labels of the k studies, and their part in the estimate in percent, shape (k,); they sum to 100.
    mh
        Cochran-Mantel-Haenszel test of no effect (OR, IRR).
    tarone, breslow_day
        Tests of equal odds ratios, with and without Tarone's correction (OR only).
    """

    measure: str
    estimate: float
    se: float
    ci_lb: float
    ci_ub: float
    stat: float
    pval: float
    q: float
    q_pval: float
    i2: float
    h2: float
    k: int
    k_yi: int
    method: str
    level: float
    slab: tuple[str, ...]
    weights: Numbers
    mh: Chi2Test | None = None
    tarone: Chi2Test | None = None
    breslow_day: Chi2Test | None = None

    def __repr__(self) -> str:
        scale = f"log {self.measure}" if self.measure in ("OR", "RR", "IRR") else self.measure
        if np.isnan(self.estimate):
            return f"{scale} unknown by {_NAMES[self.method]}: no event informs it, k = {self.k}"
        return (
            f"{scale} {self.estimate:.4f} [{self.ci_lb:.4f}, {self.ci_ub:.4f}] ({100 * self.level:g}% by "
            f"{_NAMES[self.method]}, se {self.se:.4f}, p {self.pval:.4g}), k = {self.k} ({self.k_yi} with an "
            f"effect of their own), I2 {self.i2:.1f}%, Q {self.q:.2f} (p {self.q_pval:.4g})"
        )

    def inconsistency(self) -> Inconsistency:
        """Return H and I2 with test-based intervals (`synthesis.random_effects.consistency`)."""
        return inconsistency(self.q, self.k_yi, self.level)

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row, the numbers by name; tests that were made have two columns each."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        row: dict[str, object] = {"measure": self.measure, "method": self.method}
        row |= {name: getattr(self, name) for name in _COLUMNS}
        for name in ("mh", "tarone", "breslow_day"):
            test: Chi2Test | None = getattr(self, name)
            if test is not None:
                row |= {name: test.stat, f"{name}_pval": test.pval}
        return pd.DataFrame([row])


def sparse(
    effect: CommonEffect,
    q: float,
    k_yi: int,
    *,
    measure: str,
    method: str,
    level: float,
    slab: tuple[str, ...],
) -> Sparse:
    """Return an effect with its interval, test and heterogeneity.

    Parameters
    ----------
    effect
        The common effect; its weights have any scale.
    q, k_yi
        Heterogeneity around it, and from how many studies.
    measure, method, slab
        What was pooled, how, and whose.
    level
        Confidence level, a fraction.
    """
    df, total = k_yi - 1, effect.weights.sum()
    q = max(0.0, q) if df > 0 else 0.0
    half = critical(level, None) * effect.se
    stat = float(np.divide(effect.estimate, effect.se))
    return Sparse(
        measure=measure,
        estimate=effect.estimate,
        se=effect.se,
        ci_lb=effect.estimate - half,
        ci_ub=effect.estimate + half,
        stat=stat,
        pval=two_sided_p(stat, None),
        q=q,
        q_pval=chi2_p(q, df),
        i2=100 * max(0.0, (q - df) / q) if q > 0 else 0.0,
        h2=q / df if df > 0 else 1.0,
        k=len(slab),
        k_yi=k_yi,
        method=method,
        level=level,
        slab=slab,
        weights=100 * effect.weights / total,
    )
