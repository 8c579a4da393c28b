"""What a report of a skewed outcome prints: median, and quartiles or range or both."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Flags, Indices, Numbers
from synthesis.conversion.inputs import aligned, at_least, increasing, refuse

__all__ = ["FULL", "PRINTED", "QUARTILES", "RANGE", "Summary", "summary"]

# The literature's S1, S2 and S3.
RANGE, QUARTILES, FULL = 1, 2, 3
# Which of minimum, first quartile, median, third quartile and maximum each of them prints.
PRINTED = {RANGE: [0, 2, 4], QUARTILES: [1, 2, 3], FULL: [0, 1, 2, 3, 4]}


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """Five numbers and the participants of each study, shape (k,); NaN where a report says nothing."""

    minimum: Numbers
    q1: Numbers
    median: Numbers
    q3: Numbers
    maximum: Numbers
    n: Numbers

    @property
    def scenario(self) -> Indices:
        """1: range only, 2: quartiles only, 3: both; shape (k,)."""
        ends = ~np.isnan(self.minimum + self.maximum)
        quartiles = ~np.isnan(self.q1 + self.q3)
        return np.where(ends, np.where(quartiles, FULL, RANGE), QUARTILES).astype(np.intp)

    def complete(self) -> Flags:
        """Return which studies have a median and a size."""
        return np.asarray(~np.isnan(self.median + self.n))

    def points(self, place: int) -> tuple[Numbers, Numbers]:
        """Return one study's printed quantiles in rising order, and the probabilities they stand for.

        Minimum and maximum stand for 1/n and 1 - 1/n (McGrath et al. 2020, section 2.2).
        """
        n = self.n[place]
        probabilities = np.array([1 / n, 0.25, 0.5, 0.75, 1 - 1 / n])
        values = np.array(
            [column[place] for column in (self.minimum, self.q1, self.median, self.q3, self.maximum)]
        )
        which = PRINTED[int(self.scenario[place])]
        return values[which], probabilities[which]


def summary(
    median: ArrayLike,
    n: ArrayLike,
    *,
    q1: ArrayLike | None,
    q3: ArrayLike | None,
    minimum: ArrayLike | None,
    maximum: ArrayLike | None,
) -> Summary:
    """Return checked summaries.

    Parameters
    ----------
    median, n
        Medians and participants (3 or more), shape (k,).
    q1, q3, minimum, maximum
        Quartiles and range, shape (k,); None, for all or for one study, where the report has none.

    Raises
    ------
    ValueError
        Where a study has neither both quartiles nor both ends of the range, or where numbers fall instead of
        rising from the minimum to the maximum.
    """
    names = ("minimum", "q1", "median", "q3", "maximum", "n")
    given = (minimum, q1, median, q3, maximum, n)
    columns = {name: np.nan if one is None else one for name, one in zip(names, given, strict=True)}
    five = Summary(*aligned(**columns))
    at_least(3, n=five.n)
    _check_pairs(five)
    _check_order(five)
    return five


def _check_pairs(five: Summary) -> None:
    lacking = five.complete() & np.isnan(five.q1 + five.q3) & np.isnan(five.minimum + five.maximum)
    refuse(lacking, "median", five.median, "both quartiles, or minimum and maximum, beside it")


def _check_order(five: Summary) -> None:
    increasing(minimum=five.minimum, median=five.median, maximum=five.maximum)
    increasing(minimum=five.minimum, q1=five.q1, median=five.median, q3=five.q3, maximum=five.maximum)
    refuse(five.minimum >= five.maximum, "minimum", five.minimum, "less than maximum")
    refuse(five.q1 >= five.q3, "q1", five.q1, "less than q3: half of the people cannot be told apart by it")
