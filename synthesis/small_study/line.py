"""A weighted straight line through the studies: what the regression tests and the limit estimate rest on."""

from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Numbers

__all__ = ["Line", "fit_line"]

# R's qr calls a column dependent below 1e-7 of its length: here squared.
_DEPENDENT = 1e-14


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A fitted line y = intercept + slope x.

    Parameters
    ----------
    intercept, slope
        The coefficients.
    unit_intercept, unit_slope, unit_covariance
        Their variances and covariance where the weights are inverse variances; times `scale` where the
        residual variance is estimated.
    rss
        Weighted residual sum of squares.
    df
        k - 2.
    """

    intercept: float
    slope: float
    unit_intercept: float
    unit_slope: float
    unit_covariance: float
    rss: float
    df: int

    @property
    def scale(self) -> float:
        """Return the residual variance rss / df."""
        return self.rss / self.df

    @property
    def se_intercept(self) -> float:
        """Return the intercept's standard error under the estimated residual variance."""
        return float(np.sqrt(self.scale * self.unit_intercept))

    @property
    def se_slope(self) -> float:
        """Return the slope's standard error under the estimated residual variance."""
        return float(np.sqrt(self.scale * self.unit_slope))


def fit_line(x: Numbers, y: Numbers, weights: Numbers, *, what: str) -> Line:
    """Return the weighted least-squares line.

    Parameters
    ----------
    x, y, weights
        Predictor, outcome and weights (above 0), shape (k,).
    what
        What x is, for the message.

    Raises
    ------
    ValueError
        For fewer than three studies, or a predictor that is the same in all.
    """
    if len(x) < 3:
        raise ValueError(f"{what}: found k = {len(x)}; expected at least 3 studies for a line")
    total = float(weights.sum())
    mean_x = float(weights @ x) / total
    centred = x - mean_x
    sxx = float(weights @ (centred * centred))
    if sxx <= _DEPENDENT * float(weights @ (x * x)):
        raise ValueError(
            f"{what}: found the same in all {len(x)} studies; expected it to differ between them"
        )
    # From the first outcome on: identical outcomes then lie on the line without rounding.
    mean_y = float(y[0] + weights @ (y - y[0]) / total)
    slope = float(weights @ (centred * (y - mean_y))) / sxx
    residual = y - mean_y - slope * centred
    return Line(
        intercept=mean_y - slope * mean_x,
        slope=slope,
        unit_intercept=1 / total + mean_x**2 / sxx,
        unit_slope=1 / sxx,
        unit_covariance=-mean_x / sxx,
        rss=float(weights @ (residual * residual)),
        df=len(x) - 2,
    )
