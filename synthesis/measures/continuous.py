"""Effect sizes of two groups' means: SMD (Hedges' g), SMDH, MD, and ROM (log ratio of means)."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from synthesis.arrays import Numbers, Pair

__all__ = [
    "TwoMeans",
    "hedges_j",
    "mean_difference",
    "ratio_of_means",
    "standardised_mean_difference",
    "standardised_mean_difference_h",
]


@dataclass(frozen=True, slots=True, eq=False)
class TwoMeans:
    """Mean, standard deviation and size of the treated (1) and the control group (2), each of shape (k,)."""

    m1i: Numbers
    sd1i: Numbers
    n1i: Numbers
    m2i: Numbers
    sd2i: Numbers
    n2i: Numbers

    @property
    def df(self) -> Numbers:
        """Degrees of freedom of the pooled standard deviation."""
        return self.n1i + self.n2i - 2

    @property
    def pooled_variance(self) -> Numbers:
        """Variance within groups, pooled over both."""
        return ((self.n1i - 1) * self.sd1i**2 + (self.n2i - 1) * self.sd2i**2) / self.df


def hedges_j(df: Numbers) -> Numbers:
    """Return the exact small-sample correction J(m) (Hedges 1981, eq. 6e)."""
    return np.exp(gammaln(df / 2) - np.log(np.sqrt(df / 2)) - gammaln((df - 1) / 2))


def standardised_mean_difference(groups: TwoMeans, *, vtype: str = "LS", correct: bool = True) -> Pair:
    """Return Hedges' g and its variance.

    Parameters
    ----------
    groups
        Means, standard deviations and sizes, each of shape (k,).
    vtype
        ``LS``: large-sample (Hedges 1982, eq. 8); ``LS2``: Borenstein 2009, eq. 12.17; ``UB``: unbiased
        (Hedges 1983, eq. 9); ``AV``: LS with the size-weighted mean of g (Hunter & Schmidt 2004).
    correct
        Multiply by J; False gives Cohen's d.
    """
    j = hedges_j(groups.df) if correct else np.ones_like(groups.df)
    d = (groups.m1i - groups.m2i) / np.sqrt(groups.pooled_variance)
    yi = j * d
    total = groups.n1i + groups.n2i
    base = 1 / groups.n1i + 1 / groups.n2i
    if vtype == "LS2":
        return yi, j**2 * (base + d**2 / (2 * total))
    if vtype == "UB":
        exact = hedges_j(groups.df)
        return yi, base + (1 - (groups.df - 2) / (groups.df * exact**2)) * yi**2
    typical = np.nansum(total * yi) / np.nansum(np.where(np.isnan(yi), 0, total)) if vtype == "AV" else yi
    return yi, base + typical**2 / (2 * total)


def standardised_mean_difference_h(groups: TwoMeans, *, correct: bool = True) -> Pair:
    """Return the mean difference over the root mean square of both SDs (Bonett 2008, eq. 8).

    The variance is that of metafor 3.8: J squared times Bonett's formula at the corrected effect.

    Parameters
    ----------
    groups
        Means, standard deviations and sizes, each of shape (k,); the variances may differ.
    correct
        Multiply by J.
    """
    j = hedges_j(groups.df) if correct else np.ones_like(groups.df)
    mean_square = (groups.sd1i**2 + groups.sd2i**2) / 2
    yi = j * (groups.m1i - groups.m2i) / np.sqrt(mean_square)
    df1, df2 = groups.n1i - 1, groups.n2i - 1
    spread = yi**2 * (groups.sd1i**4 / df1 + groups.sd2i**4 / df2) / (8 * mean_square**2)
    return yi, j**2 * (spread + (groups.sd1i**2 / df1 + groups.sd2i**2 / df2) / mean_square)


def mean_difference(groups: TwoMeans, *, vtype: str = "LS") -> Pair:
    """Return the difference of means and its variance.

    Parameters
    ----------
    groups
        Means, standard deviations and sizes, each of shape (k,).
    vtype
        ``LS`` and ``UB``: each group with its own variance; ``HO``: one variance for both.
    """
    var1, var2 = _variances(groups, vtype)
    return groups.m1i - groups.m2i, var1 / groups.n1i + var2 / groups.n2i


def ratio_of_means(groups: TwoMeans, *, vtype: str = "LS") -> Pair:
    """Return the log ratio of means and its variance (Hedges, Gurevitch & Curtis 1999).

    Parameters
    ----------
    groups
        Means of one sign, standard deviations and sizes, each of shape (k,).
    vtype
        ``LS``: each group with its own variance; ``HO``: one variance for both; ``AV``: each group with the
        size-weighted mean of the studies' coefficients of variation; ``AVHO``: with the mean of both groups'.
    """
    yi = np.log(groups.m1i / groups.m2i)
    if vtype in {"AV", "AVHO"}:
        cv1, cv2 = _mean_variations(groups, both=vtype == "AVHO")
        return yi, cv1**2 / groups.n1i + cv2**2 / groups.n2i
    var1, var2 = _variances(groups, vtype)
    vi = var1 / (groups.n1i * groups.m1i**2) + var2 / (groups.n2i * groups.m2i**2)
    # Means of opposite signs have no ratio, and so no variance of one.
    return yi, np.where(np.isnan(yi), np.nan, vi)


def _mean_variations(groups: TwoMeans, *, both: bool) -> tuple[float, float]:
    """Return the mean coefficient of variation of each group over the studies, or of both together."""
    cv1, cv2 = groups.sd1i / groups.m1i, groups.sd2i / groups.m2i
    if not both:
        return _weighted(cv1, groups.n1i), _weighted(cv2, groups.n2i)
    told = ~np.isnan(cv1 + cv2 + groups.df)
    joint = _weighted(np.append(cv1[told], cv2[told]), np.append(groups.n1i[told], groups.n2i[told]))
    return joint, joint


def _weighted(values: Numbers, n: Numbers) -> float:
    told = ~np.isnan(values + n)
    return float(np.sum(values[told] * n[told]) / np.sum(n[told]))


def _variances(groups: TwoMeans, vtype: str) -> Pair:
    if vtype == "HO":
        return groups.pooled_variance, groups.pooled_variance
    return groups.sd1i**2, groups.sd2i**2
