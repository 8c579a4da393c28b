"""Mantel-Haenszel's common effect over two groups' events and person-times."""

from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Numbers, Pair
from synthesis.counts.result import CommonEffect
from synthesis.counts.strata import common
from synthesis.measures.binary import ZeroCellRule, added

__all__ = ["Rates", "difference", "observed_less_expected", "rate_difference", "rate_ratio", "ratio"]


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Events and person-time of the treated (x1i, t1i) and the control group (x2i, t2i), shape (k,) each."""

    x1i: Numbers
    t1i: Numbers
    x2i: Numbers
    t2i: Numbers

    def corrected(self, add: float, to: ZeroCellRule) -> "Rates":
        """Return the rates with `add` on both groups' events in the studies that the rule names."""
        extra = added((self.x1i == 0) | (self.x2i == 0), add, to)
        return Rates(self.x1i + extra, self.t1i, self.x2i + extra, self.t2i)

    def dropped(self) -> "Rates":
        """Return the rates with NaN where a study saw no event."""
        gone = np.where((self.x1i == 0) & (self.x2i == 0), np.nan, 0.0)
        return Rates(self.x1i + gone, self.t1i, self.x2i + gone, self.t2i)


def rate_ratio(rates: Rates) -> CommonEffect:
    """Return the log ratio of incidence rates (Rothman, Greenland & Lash 2008, chapter 15).

    Parameters
    ----------
    rates
        Events and person-times of shape (k,).
    """
    total = rates.t1i + rates.t2i
    weight = rates.x2i * rates.t1i / total
    sum_r, sum_s = (rates.x1i * rates.t2i / total).sum(), weight.sum()
    above = (rates.t1i / total * rates.t2i / total * (rates.x1i + rates.x2i)).sum()
    return common(np.log(sum_r / sum_s), np.sqrt(above / (sum_r * sum_s)), weight)


def rate_difference(rates: Rates) -> CommonEffect:
    """Return the difference of incidence rates (Rothman, Greenland & Lash 2008, chapter 15).

    Parameters
    ----------
    rates
        Events and person-times of shape (k,).
    """
    yi, vi = difference(rates)
    weight = rates.t1i * rates.t2i / (rates.t1i + rates.t2i)
    share = weight / weight.sum()
    return common((share * yi).sum(), np.sqrt((share**2 * vi).sum()), weight)


def ratio(rates: Rates) -> Pair:
    """Return each study's log rate ratio and its variance.

    Parameters
    ----------
    rates
        Events and person-times of shape (k,); no events give a value that is not finite.
    """
    return np.log(rates.x1i / rates.t1i) - np.log(rates.x2i / rates.t2i), 1 / rates.x1i + 1 / rates.x2i


def difference(rates: Rates) -> Pair:
    """Return each study's rate difference and its variance.

    Parameters
    ----------
    rates
        Events and person-times of shape (k,).
    """
    yi = rates.x1i / rates.t1i - rates.x2i / rates.t2i
    return yi, rates.x1i / rates.t1i**2 + rates.x2i / rates.t2i**2


def observed_less_expected(rates: Rates) -> Pair:
    """Return O - E of the treated group's events and the binomial variance given all events, shape (k,).

    Parameters
    ----------
    rates
        Events and person-times of shape (k,).
    """
    events, share = rates.x1i + rates.x2i, rates.t1i / (rates.t1i + rates.t2i)
    return rates.x1i - events * share, events * share * (1 - share)
