"""Pool thousands of meta-analyses at once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from synthesis.arrays import Numbers
from synthesis.random_effects.fits import fit_sets
from synthesis.random_effects.plan import Plan, Test
from synthesis.random_effects.ragged import Batch, Refusal, ragged

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PooledMany", "pool_many"]

_NUMBERS = (
    "estimate",
    "se",
    "ci_lb",
    "ci_ub",
    "stat",
    "pval",
    "tau2",
    "se_tau2",
    "i2",
    "h2",
    "q",
    "q_pval",
    "k",
    "df",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PooledMany:
    """Pooled estimates of n sets, arrays of shape (n,) in the order of the batch (letters: `fitting.Fit`).

    Parameters
    ----------
    estimate, se, ci_lb, ci_ub, stat, pval, tau2, i2, h2, q, q_pval
        nan throughout for a set that was refused.
    se_tau2
        nan where the model has none.
    k
        How many studies; 0 for a set that was refused.
    df
        nan for a z test.
    method, test, level
        As asked for; a set of one study falls back on z.
    refused
        The sets that could not be pooled, each with its place and its reason: what came in is what was
        pooled and what was refused.
    """

    estimate: Numbers
    se: Numbers
    ci_lb: Numbers
    ci_ub: Numbers
    stat: Numbers
    pval: Numbers
    tau2: Numbers
    se_tau2: Numbers
    i2: Numbers
    h2: Numbers
    q: Numbers
    q_pval: Numbers
    k: Numbers
    df: Numbers
    method: str
    test: Test
    level: float
    refused: tuple[Refusal, ...]

    def __len__(self) -> int:
        return len(self.estimate)

    def __repr__(self) -> str:
        said = f"{len(self) - len(self.refused)} of {len(self)} sets pooled ({self.method}, {self.test})"
        if not self.refused:
            return said
        place, reason = self.refused[0]
        return f"{said}; {len(self.refused)} refused, the first at place {place}: {reason}"

    def to_frame(self) -> "pd.DataFrame":
        """Return a table, one row a set, with the reason where it was refused."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        reasons = dict(self.refused)
        table = pd.DataFrame({name: getattr(self, name) for name in _NUMBERS})
        return table.assign(refused=[reasons.get(place, "") for place in range(len(self))])


def pool_many(batch: Batch, *, method: str = "REML", test: Test = "z", level: float = 0.95) -> PooledMany:
    """Pool n sets of studies by inverse variances, each as `pool` would.

    The same formulas work on all sets at once, so that 10,000 sets of 15 take less than a second.

    Parameters
    ----------
    batch
        A sequence of n pairs ``(yi, vi)``, of any lengths; or a tuple of two arrays of shape (n, k), effects
        and variances, nan in both where a set has no further study.
    method, test, level
        As for `pool`.

    Raises
    ------
    ValueError
        For an unknown option, or two arrays of unequal shape. A set that cannot be pooled does not stop the
        others: it is listed in `refused` with its reason.
    TypeError
        For an entry that is no pair.
    """
    plan, sets = Plan(method=method, test=test, level=level), ragged(batch)
    numbers = {name: np.full(len(sets.count), np.nan) for name in _NUMBERS}
    numbers["k"][:] = 0.0
    for places, lot in sets.lots():
        fits = fit_sets(lot, plan)
        for name, column in numbers.items():
            column[places] = getattr(fits, name)
    return PooledMany(**numbers, method=plan.method, test=test, level=level, refused=sets.refused)
