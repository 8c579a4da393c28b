"""Whether the people behind a summary were spread so unevenly that mean and SD mislead."""

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Flags, Numbers
from synthesis.conversion.inputs import above_zero, aligned
from synthesis.conversion.summaries import FULL, QUARTILES, RANGE, Summary

__all__ = ["near_the_floor", "skewed"]


def skewed(five: Summary) -> Flags:
    """Return where normal data are refuted at 5% by five numbers (Shi et al. 2023, tests T1, T2, T3).

    The distance of the middle of the range (of the quartiles) from the median, in ranges (interquartile
    ranges), against the critical values that the paper fitted to simulated normal samples.

    Parameters
    ----------
    five
        Summaries of k studies. The paper studied n from 5 (range) or 9 (quartiles) upwards.
    """
    n = five.n
    by_range = _offset(five.minimum, five.median, five.maximum)
    by_quartiles = _offset(five.q1, five.median, five.q3)
    both = np.fmax(2.65 * np.log(0.6 * n) / np.sqrt(n) * by_range, by_quartiles)
    kind = five.scenario
    verdicts = [
        by_range > 1 / np.log(n + 9) + 2.5 / (n + 1),
        by_quartiles > 2.65 / np.sqrt(n) - 6 / n**2,
        both > 3 / np.sqrt(n) - 40 / n**3,
    ]
    return np.asarray(np.select([kind == one for one in (RANGE, QUARTILES, FULL)], verdicts, default=False))


def near_the_floor(mean: ArrayLike, sd: ArrayLike, *, lowest: float = 0.0) -> Flags:
    """Return where the mean lies less than two SDs above the lowest possible value: a sign of skew.

    The source is Altman & Bland 1996 (Cochrane Handbook 10.5.3: below 2 suggests skew, below 1 is strong
    evidence of it).

    Parameters
    ----------
    mean, sd
        Means and SDs, shape (k,); SDs above 0.
    lowest
        The lowest value that the instrument can show.
    """
    centre, spread = aligned(mean=mean, sd=sd)
    above_zero(sd=spread)
    return np.asarray((centre - lowest) / spread < 2)


def _offset(low: Numbers, middle: Numbers, high: Numbers) -> Numbers:
    return np.abs(low + high - 2 * middle) / (high - low)
