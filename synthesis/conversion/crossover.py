"""Cross-over trials: the paired analysis that the report left out (Elbourne et al. 2002; Handbook 23.2.7)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers
from synthesis.columns import Columns
from synthesis.conversion.changes import sd_of_change
from synthesis.conversion.inputs import above_zero, aligned, at_least, between

__all__ = ["PairedEffects", "crossover_md", "crossover_smd"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PairedEffects(Columns):
    """Effects `yi` of paired measurements and their variances `vi`, shape (k,)."""

    yi: Numbers
    vi: Numbers


def crossover_md(
    *, m1i: ArrayLike, sd1i: ArrayLike, m2i: ArrayLike, sd2i: ArrayLike, ni: ArrayLike, ri: ArrayLike
) -> PairedEffects:
    """Return mean differences within people, with the variance that a paired t-test would have.

    SE = sqrt(sd1^2 + sd2^2 - 2 r sd1 sd2) / sqrt(n) (Elbourne et al. 2002; Cochrane Handbook 23.2.7.1).
    The correlation r follows from a study that prints its SD of the differences
    (`synthesis.conversion.changes.change_correlation`).

    Parameters
    ----------
    m1i, sd1i, m2i, sd2i
        Means and SDs under the treatment (1) and the control (2), shape (k,).
    ni
        People who took both, shape (k,), at least 2.
    ri
        Correlation of the same people's values under both, -1 to 1, shape (k,).
    """
    mean1, spread1, mean2, spread2, people, r = _paired(m1i, sd1i, m2i, sd2i, ni, ri)
    within = sd_of_change(spread1, spread2, r).sd
    return PairedEffects(yi=mean1 - mean2, vi=within**2 / people, notes=(_assumed(r),))


def crossover_smd(
    *, m1i: ArrayLike, sd1i: ArrayLike, m2i: ArrayLike, sd2i: ArrayLike, ni: ArrayLike, ri: ArrayLike
) -> PairedEffects:
    """Return standardised mean differences of cross-over trials (Cochrane Handbook 23.2.7.2).

    d = (m1 - m2) / sqrt((sd1^2 + sd2^2) / 2), variance (1/n + d^2 / (2n)) x 2 (1 - r): on the scale of
    parallel groups' SMDs, with which it may be pooled.

    Parameters
    ----------
    m1i, sd1i, m2i, sd2i, ni, ri
        As `crossover_md`.
    """
    mean1, spread1, mean2, spread2, people, r = _paired(m1i, sd1i, m2i, sd2i, ni, ri)
    yi = (mean1 - mean2) / np.sqrt((spread1**2 + spread2**2) / 2)
    return PairedEffects(yi=yi, vi=(1 / people + yi**2 / (2 * people)) * 2 * (1 - r), notes=(_assumed(r),))


def _paired(*columns: ArrayLike) -> tuple[Numbers, ...]:
    names = ("m1i", "sd1i", "m2i", "sd2i", "ni", "ri")
    checked = aligned(**dict(zip(names, columns, strict=True)))
    _, sd1i, _, sd2i, ni, ri = checked
    above_zero(sd1i=sd1i, sd2i=sd2i)
    at_least(2, ni=ni)
    between(-1, 1, ri=ri)
    return checked


def _assumed(r: Numbers) -> str:
    shown = ", ".join(f"{one:g}" for one in np.unique(r))
    return f"A correlation of {shown} within people was assumed: repeat with others."
