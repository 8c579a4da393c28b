"""From a rank-mean to a probability of relevance: logistic calibration on scores that were held out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

__all__ = ["FEWEST", "Calibration", "cross_fitted", "fit_calibration"]

# Fewer positives than this make a slope that is mostly noise.
FEWEST = 10

_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Calibration:
    """P(relevant) = 1 / (1 + exp(-(intercept + slope logit(score)))), never falling with the score."""

    slope: float
    intercept: float

    def probability(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities for scores in [0, 1], same shape."""
        probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-(self.intercept + self.slope * _logit(scores))))
        return probabilities


def fit_calibration(scores: NDArray[np.float64], relevant: NDArray[np.bool_]) -> Calibration:
    """Fit on out-of-fold scores, shape (n,), at the prevalence of the training set (Platt 1999).

    Where relevance falls with the score, the model knows nothing: the answer is the prevalence for all.
    """
    model = LogisticRegression().fit(_logit(scores)[:, None], relevant)
    slope = float(model.coef_[0, 0])
    if slope > 0:
        return Calibration(slope=slope, intercept=float(model.intercept_[0]))
    return Calibration(slope=0.0, intercept=float(_logit(np.array([relevant.mean()]))[0]))


def cross_fitted(
    scores: NDArray[np.float64], relevant: NDArray[np.bool_], folds: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return, for each record, the probability under a calibration fitted on the other folds, shape (n,)."""
    probabilities = np.empty(len(scores))
    for fold in np.unique(folds):
        held = folds == fold
        probabilities[held] = fit_calibration(scores[~held], relevant[~held]).probability(scores[held])
    return probabilities


def _logit(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    clipped = np.clip(shares, _EDGE, 1 - _EDGE)
    logits: NDArray[np.float64] = np.log(clipped / (1 - clipped))
    return logits
