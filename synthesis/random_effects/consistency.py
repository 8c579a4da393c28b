"""How inconsistent studies are by Cochran's Q: H and I2, each with a test-based interval."""

from dataclasses import dataclass

import numpy as np

from synthesis.random_effects.fitting import critical

__all__ = ["Inconsistency", "inconsistency"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inconsistency:
    """H (1 or more) and I2 in percent, from Q, with intervals; NaN where Q says nothing of its spread."""

    h: float
    h_lb: float
    h_ub: float
    i2: float
    i2_lb: float
    i2_ub: float

    def __repr__(self) -> str:
        return (
            f"I2 {self.i2:.1f}% [{self.i2_lb:.1f}, {self.i2_ub:.1f}], "
            f"H {self.h:.2f} [{self.h_lb:.2f}, {self.h_ub:.2f}], from Q"
        )


def inconsistency(q: float, k: int, level: float = 0.95) -> Inconsistency:
    """Return H = sqrt(Q / (k - 1)) and I2 = (H^2 - 1) / H^2 with test-based intervals.

    Higgins & Thompson 2002, section 3, and its appendix for the two standard errors of log H: for a Q
    above k, and for any other.

    Parameters
    ----------
    q
        Cochran's Q, 0 or more.
    k
        Studies.
    level
        Confidence level, a fraction.
    """
    if k < 2:
        return Inconsistency(h=1.0, h_lb=np.nan, h_ub=np.nan, i2=0.0, i2_lb=np.nan, i2_ub=np.nan)
    log_h = float(np.log(q / (k - 1)) / 2) if q > k - 1 else 0.0
    half = critical(level, None) * _se_log_h(q, k)
    h, lower, upper = (max(1.0, float(np.exp(one))) for one in (log_h, log_h - half, log_h + half))
    if np.isnan(half):
        lower = upper = np.nan
    return Inconsistency(h=h, h_lb=lower, h_ub=upper, i2=_i2(h), i2_lb=_i2(lower), i2_ub=_i2(upper))


def _se_log_h(q: float, k: int) -> float:
    if q > k:
        return float((np.log(q) - np.log(k - 1)) / (2 * (np.sqrt(2 * q) - np.sqrt(2 * k - 3))))
    if k == 2:
        return np.nan
    return float(np.sqrt((1 - 1 / (3 * (k - 2) ** 2)) / (2 * (k - 2))))


def _i2(h: float) -> float:
    return 100 * (1 - 1 / h**2)
