"""The sums that every estimator rests on, for one tau2 or for a grid of them."""

from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Numbers

__all__ = ["Moments", "log_likelihood", "moments", "score", "score_signs"]

# Numbers held at once while a grid of tau2 is laid over the studies (a few tens of megabytes).
_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Weighted sums with w = 1 / (vi + tau2): s1 = sum w, s2 = sum w^2, s3 = sum w^3, mean and q.

    With P = W - W X (X'WX)^-1 X'W of the model without moderators, `trace` is tr(P), `trace2` tr(PP).
    """

    s1: float
    s2: float
    s3: float
    mean: float
    q: float

    @property
    def trace(self) -> float:
        """Return tr(P) = s1 - s2 / s1."""
        return self.s1 - self.s2 / self.s1

    @property
    def trace2(self) -> float:
        """Return tr(PP) = s2 - 2 s3 / s1 + (s2 / s1)^2."""
        return self.s2 - 2 * self.s3 / self.s1 + (self.s2 / self.s1) ** 2


def moments(yi: Numbers, vi: Numbers, tau2: float = 0.0) -> Moments:
    """Return the weighted sums at one tau2; q is the weighted sum of squares around the weighted mean.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    tau2
        Between-study variance.
    """
    w = 1 / (vi + tau2)
    s1 = float(w.sum())
    # From the first effect on: identical effects, and one study's, then have no rounding in their mean.
    mean = float(yi[0] + w @ (yi - yi[0]) / s1)
    residual = yi - mean
    w2 = w * w
    return Moments(s1, float(w2.sum()), float(w2 @ w), mean, float(w @ (residual * residual)))


def score_signs(yi: Numbers, vi: Numbers, tau2: Numbers, *, restricted: bool) -> Numbers:
    """Return the score (see `score`) over a grid of tau2, shape (g,): quick, meant for its sign.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    tau2
        Shape (g,).
    restricted
        REML instead of ML.
    """
    # Centred effects keep the expanded square from cancelling.
    y = yi - yi.mean()
    linear, square = np.stack([np.ones_like(y), y], axis=1), np.stack([np.ones_like(y), y, y * y], axis=1)
    step = max(1, _AT_ONCE // len(yi))
    parts = [
        _signs(vi, tau2[i : i + step], linear, square, restricted=restricted)
        for i in range(0, len(tau2), step)
    ]
    return np.concatenate(parts)


def score(yi: Numbers, vi: Numbers, tau2: float, *, restricted: bool) -> float:
    """Return the score at one tau2: twice the derivative of the (restricted) log-likelihood.

    sum w^2 r^2 - sum w for ML, - tr(P) for REML (Harville 1977; Viechtbauer 2005).

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    tau2
        Between-study variance.
    restricted
        REML instead of ML.
    """
    w = 1 / (vi + tau2)
    s1 = w.sum()
    wr = w * (yi - (w @ yi) / s1)
    penalty = s1 - (w @ w) / s1 if restricted else s1
    return float(wr @ wr - penalty)


def log_likelihood(yi: Numbers, vi: Numbers, tau2: float, *, restricted: bool) -> float:
    """Return the (restricted) log-likelihood at one tau2, with metafor's constants.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    tau2
        Between-study variance.
    restricted
        REML instead of ML.
    """
    sums, k = moments(yi, vi, tau2), len(yi)
    full = -0.5 * (k * np.log(2 * np.pi) + float(np.log(vi + tau2).sum()) + sums.q)
    return float(full + 0.5 * np.log(2 * np.pi * k / sums.s1)) if restricted else float(full)


def _signs(vi: Numbers, tau2: Numbers, linear: Numbers, square: Numbers, *, restricted: bool) -> Numbers:
    w = 1 / (vi + tau2[:, None])
    s1, wy = (w @ linear).T
    w *= w
    s2, w2y, w2y2 = (w @ square).T
    mean = wy / s1
    penalty = s1 - s2 / s1 if restricted else s1
    return np.asarray(w2y2 - 2 * mean * w2y + mean**2 * s2 - penalty)
