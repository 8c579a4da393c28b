"""Subgroups: each level pooled by itself, with its own tau2, and the test between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import as_numbers, names_or_numbers
from synthesis.random_effects.fitting import Test, chi2_p
from synthesis.random_effects.moments import moments
from synthesis.random_effects.pooling import Pooled, pool

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Between", "Subgroups", "between", "subgroups"]


@dataclass(frozen=True, slots=True)
class Between:
    """Test for a difference between levels: chi-squared on `df` degrees of freedom; `i2` in percent."""

    q: float
    df: int
    pval: float
    i2: float


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Subgroups:
    """Each level's pool, in the order of first appearance, and the test between them."""

    levels: Mapping[str, Pooled]
    between: Between

    def __repr__(self) -> str:
        test = self.between
        rows = [f"{name}: {one!r}" for name, one in self.levels.items()]
        return "\n".join(
            [*rows, f"between: Q {test.q:.2f} on {test.df} (p {test.pval:.4g}), I2 {test.i2:.1f}%"]
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a table, one row per level."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        return pd.concat({name: one.to_frame().iloc[0] for name, one in self.levels.items()}, axis=1).T


def subgroups(
    yi: ArrayLike,
    vi: ArrayLike,
    by: Sequence[object],
    *,
    method: str = "REML",
    test: Test = "z",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
) -> Subgroups:
    """Pool each level of `by` with its own tau2 and compare them.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    by
        Each study's level, k of them; compared as text.
    method, test, level, slab
        As in `synthesis.pool`.

    Raises
    ------
    ValueError
        Where there is not one level for each study, or `synthesis.pool` refuses a level's studies.
    """
    effects, variances = as_numbers(yi, "yi"), as_numbers(vi, "vi")
    names = names_or_numbers(slab, len(effects))
    if not len(by) == len(effects) == len(variances):
        raise ValueError(
            f"by: found {len(by)} levels for {len(effects)} effects and {len(variances)} variances; "
            "expected one for each"
        )
    places: dict[str, list[int]] = {}
    for i, one in enumerate(by):
        if one is None or one != one:  # noqa: PLR0124 - only NaN differs from itself
            raise ValueError(f"{names[i]}: found no level; expected one (or leave the study out)")
        places.setdefault(str(one), []).append(i)
    pooled = {
        name: pool(
            effects[members],
            variances[members],
            method=method,
            test=test,
            level=level,
            slab=[names[i] for i in members],
        )
        for name, members in places.items()
    }
    return Subgroups(pooled, between([(one.estimate, one.se) for one in pooled.values()]))


def between(estimates: Sequence[tuple[float, float]]) -> Between:
    """Return the test between levels: Cochran's Q of their estimates (Borenstein & Higgins 2013).

    Parameters
    ----------
    estimates
        Each level's pooled effect and its standard error, above 0.

    Raises
    ------
    ValueError
        For a standard error of 0: identical effects under Hartung-Knapp.
    """
    if any(se <= 0 for _, se in estimates):
        raise ValueError("between: found a level with standard error 0; expected all above 0 (use test z)")
    df = len(estimates) - 1
    if df < 1:
        return Between(0.0, 0, 1.0, 0.0)
    effects = np.array([one[0] for one in estimates])
    errors = np.array([one[1] for one in estimates])
    q = moments(effects, errors**2).q
    return Between(q, df, chi2_p(q, df), 100 * max(0.0, (q - df) / q) if q > 0 else 0.0)
