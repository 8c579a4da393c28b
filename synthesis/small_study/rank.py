"""Rank correlation of effects with their variances (Begg & Mazumdar 1994)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers, as_studies
from synthesis.random_effects.fitting import two_sided_p
from synthesis.random_effects.moments import moments
from synthesis.small_study.notes import cautions
from synthesis.small_study.table import one_row

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RankTest", "kendall_test", "rank_test"]

# The exact distribution takes about k^3 / 4 steps: beyond this many studies it is no longer worth them.
_EXACT_UP_TO = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RankTest:
    """A rank correlation and its test.

    Parameters
    ----------
    name
        Whose test it is.
    tau
        Kendall's tau-b.
    s, se_s
        Concordant minus discordant pairs, and their standard error under no correlation, ties counted.
    stat
        z = s / se_s (without correction for continuity).
    pval
        Two-sided; from the exact distribution where `exact`, otherwise from z.
    exact
        Whether `pval` is exact: only where there are no ties.
    k
        Number of studies.
    notes
        Cautions.
    """

    name: str
    tau: float
    s: int
    se_s: float
    stat: float
    pval: float
    exact: bool
    k: int
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        kind = "exact" if self.exact else f"z = {self.stat:.4f}"
        text = f"{self.name}: Kendall's tau {self.tau:.4f}, p {self.pval:.4g} ({kind}), k = {self.k}"
        return "\n".join((text, *self.notes))

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row."""
        return one_row(**{name: getattr(self, name) for name in self.__dataclass_fields__})


def rank_test(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    exact: bool = True,
    measure: str | None = None,
    slab: Sequence[str] | None = None,
) -> RankTest:
    """Correlate the ranks of standardised effects with those of their variances.

    (yi - m) / sqrt(vi - 1 / sum w) with the common effect m = sum w yi / sum w, w = 1 / vi (Begg & Mazumdar
    1994, Biometrics 50, 1088).

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,), k >= 3.
    exact
        Give the exact p-value where there are no ties (and at most 500 studies).
    measure
        metafor's letters of the effect, for the notes.
    slab
        Labels of the studies, for messages.

    Raises
    ------
    ValueError
        For input that `synthesis.pool` refuses, fewer than three studies, one study that outweighs all others
        beyond rounding, or where all effects or all variances are equal.
    """
    studies = as_studies(yi, vi, slab)
    if len(studies.yi) < 3:
        raise ValueError(f"rank test: found k = {len(studies.yi)}; expected at least 3 studies")
    common = moments(studies.yi, studies.vi)
    spare = studies.vi - 1 / common.s1
    if not (spare > 0).all():
        alone = studies.slab[int(np.argmin(spare))]
        raise ValueError(
            f"{alone}: found a variance that leaves no weight to the others; expected comparable"
        )
    standardised = (studies.yi - common.mean) / np.sqrt(spare)
    notes = cautions(len(studies.yi), measure)
    return kendall_test("Begg & Mazumdar", standardised, studies.vi, exact=exact, notes=notes)


def kendall_test(name: str, x: Numbers, y: Numbers, *, exact: bool, notes: tuple[str, ...] = ()) -> RankTest:
    """Return Kendall's tau-b of two columns, tested as in Kendall & Gibbons 1990, chapters 4 and 5.

    Parameters
    ----------
    name, notes
        As in `RankTest`.
    x, y
        Shape (k,), k >= 3.
    exact
        Give the exact p-value where there are no ties.

    Raises
    ------
    ValueError
        Where a column is constant.
    """
    from scipy.stats import kendalltau  # noqa: PLC0415 - half of the import time of synthesis otherwise

    k, ties_x, ties_y = len(x), _ties(x), _ties(y)
    for ties, what in ((ties_x, "effects"), (ties_y, "variances")):
        if ties.max() == k:
            raise ValueError(f"{name}: found the same {what} in all {k} studies; expected them to differ")
    tau = float(kendalltau(x, y, method="asymptotic").statistic)
    pairs = k * (k - 1) / 2
    untied = [pairs - float((t * (t - 1)).sum()) / 2 for t in (ties_x, ties_y)]
    s = round(tau * float(np.sqrt(untied[0]) * np.sqrt(untied[1])))
    se_s = float(np.sqrt(_variance(k, ties_x, ties_y)))
    is_exact = exact and k <= _EXACT_UP_TO and ties_x.max() == ties_y.max() == 1
    return RankTest(
        name=name,
        tau=tau,
        s=s,
        se_s=se_s,
        stat=s / se_s,
        pval=_exact_p(s, k) if is_exact else two_sided_p(s / se_s, None),
        exact=is_exact,
        k=k,
        notes=notes,
    )


def _ties(values: Numbers) -> Numbers:
    return np.unique(values, return_counts=True)[1].astype(np.float64)


def _variance(k: int, t: Numbers, u: Numbers) -> float:
    """Return the variance of S with ties (Kendall & Gibbons 1990, pages 66-68)."""
    single = k * (k - 1) * (2 * k + 5) - sum(float((one * (one - 1) * (2 * one + 5)).sum()) for one in (t, u))
    double = float((t * (t - 1)).sum()) * float((u * (u - 1)).sum()) / (2 * k * (k - 1))
    triple = float((t * (t - 1) * (t - 2)).sum()) * float((u * (u - 1) * (u - 2)).sum())
    return single / 18 + double + triple / (9 * k * (k - 1) * (k - 2))


def _exact_p(s: int, k: int) -> float:
    """Return the two-sided p-value: twice the share of orders with at most as many inversions.

    The number of inversions of a random order is a sum of independent uniform counts 0..i - 1, i = 2..k
    (Kendall & Gibbons 1990, chapter 5); S = pairs - 2 inversions is symmetric.
    """
    fewest = (k * (k - 1) // 2 - abs(s)) // 2
    share = np.zeros(fewest + 1)
    share[0] = 1.0
    for i in range(2, k + 1):
        below = np.concatenate([np.zeros(i), np.cumsum(share)])
        share = (below[i:] - below[:-i]) / i
    return min(1.0, 2 * float(share.sum()))
