"""DerSimonian and Laird's pool around a Mantel-Haenszel estimate: RevMan 5's "M-H, Random"."""

from collections.abc import Sequence
from dataclasses import replace

from numpy.typing import ArrayLike

from synthesis.arrays import as_studies
from synthesis.random_effects.fitting import Test, chi2_p
from synthesis.random_effects.moments import moments
from synthesis.random_effects.pooling import Pooled, pool

__all__ = ["pool_around"]


def pool_around(
    centre: float,
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    test: Test = "z",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
) -> Pooled:
    """Pool k studies with a tau2 from their spread around a given effect, as RevMan 5 does.

    Q = sum (y - centre)^2 / v takes the place of Cochran's in DerSimonian & Laird's tau2 and in I2 (Deeks &
    Higgins, Statistical algorithms in Review Manager 5, 2010); the rest is `synthesis.pool`.

    Parameters
    ----------
    centre
        The Mantel-Haenszel estimate, on the scale of the effects.
    yi, vi, test, level, slab
        As `synthesis.pool`.

    Raises
    ------
    ValueError
        As `synthesis.pool`.
    """
    studies = as_studies(yi, vi, slab)
    k = len(studies.slab)
    q = float((studies.yi - centre) ** 2 @ (1 / studies.vi)) if k > 1 else 0.0
    trace = moments(studies.yi, studies.vi).trace
    tau2 = max(0.0, (q - (k - 1)) / trace) if k > 1 else 0.0
    pooled = pool(yi, vi, method="DL", test=test, level=level, slab=slab, tau2=tau2)
    return replace(pooled, q=q, q_pval=chi2_p(q, k - 1))
