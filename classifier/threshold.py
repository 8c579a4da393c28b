"""Where to draw the line under a ranking: a recall that can be promised, or the plain word that none can."""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["CannotPromise", "Threshold", "fewest", "percent", "promise"]

# 1 - 0.95 is 0.05000000000000004 in binary: without this, 19 positives could not promise 0.95.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Threshold:
    """A score below which at most a share `alpha` of the relevant is expected, learned from `n` of them."""

    value: float
    alpha: float
    n: int

    def sentence(self) -> str:
        """Say it to the people who screen."""
        return (
            f"Flagged records are expected to hold at least {percent(1 - self.alpha)} of the relevant ones: "
            "an average over reviews, of which this one may do worse; it assumes that new relevant records "
            f"resemble the {self.n} included so far. Nothing below the line is excluded."
        )


@dataclass(frozen=True, slots=True)
class CannotPromise:
    """Too few positives (`n`) for any threshold to miss at most a share `alpha`."""

    alpha: float
    n: int

    @property
    def needed(self) -> int:
        """The smallest number of positives that can promise it."""
        return fewest(1 - self.alpha)

    def sentence(self) -> str:
        """Say it to the people who screen."""
        return (
            f"No promise: {self._reports()} too few to promise {percent(1 - self.alpha)} of the "
            f"relevant records ({self.needed} would be needed). Look at everything, best first."
        )

    def _reports(self) -> str:
        return "1 included report is" if self.n == 1 else f"{self.n} included reports are"


def fewest(recall: float) -> int:
    """Return the smallest number of positives that can promise a recall: ceil(1 / (1 - recall)) - 1."""
    return ceil(1 / (1 - recall) - _ROUNDING) - 1


def promise(out_of_fold_scores_of_positives: ArrayLike, recall: float) -> Threshold | CannotPromise:
    """Choose the threshold that keeps at least `recall` of relevant records, in expectation.

    Split-conformal quantile with its finite-sample correction (Vovk, Gammerman & Shafer 2005, proposition
    2.3; Angelopoulos & Bates 2023, section 1.1): with n positives exchangeable with the next relevant record
    and k = floor(alpha (n + 1)), the next one scores below the k-th smallest with probability at most
    k / (n + 1) <= alpha. Where k = 0 no threshold has that property.

    Parameters
    ----------
    out_of_fold_scores_of_positives
        Shape (n,): the score of each included record under a model that was not trained on it.
    recall
        Between 0 and 1, both excluded.

    Returns
    -------
    Threshold or CannotPromise
        Records that score at `value` or above are to be flagged.

    Raises
    ------
    ValueError
        If `recall` is out of range or a score is not a finite number.

    Notes
    -----
    Exchangeability is an assumption. A living review drifts, so that the promise must be checked by
    time-split (`classifier.time_check`), and by auditing what was not flagged (`classifier.audit`).
    """
    if not 0 < recall < 1:
        raise ValueError(
            f"promise: found recall={recall}; expected a share between 0 and 1; to miss nothing, read all"
        )
    scores = np.sort(np.asarray(out_of_fold_scores_of_positives, dtype=float).ravel())
    if not np.isfinite(scores).all():
        raise ValueError("promise: found a score that is not finite; expected numbers: leave it out")
    alpha = 1 - recall
    k = floor(alpha * (len(scores) + 1) + _ROUNDING)
    if k == 0:
        return CannotPromise(alpha=alpha, n=len(scores))
    return Threshold(value=float(scores[k - 1]), alpha=alpha, n=len(scores))


def percent(share: float) -> str:
    """Write a share asked for as per cent, with all its digits: 0.99999 is not 100%."""
    return f"{100 * share:.12g}%"
