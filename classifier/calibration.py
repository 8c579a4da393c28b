"""From a rank-mean to a probability of relevance: logistic calibration on scores that were held out."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

__all__ = ["FEWEST", "Calibration", "cross_fitted", "fit_calibration"]

# Fewer positives than this make a slope that is mostly noise.
FEWEST = 10

_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Calibration:
    """P(relevant) = 1 / (1 + exp(-(intercept + slope logit(score)))), never falling with the score.

    Parameters
    ----------
    prevalence
        Share of the relevant at which a probability is meant, between 0 and 1: that of the fitted records,
        unless `at` has moved it.
    years
        Those whose records it was fitted on, each as forecast by a model of the years before
        (`classifier.forecasts`); empty where it was fitted on what was held out at random.
    """

    slope: float
    intercept: float
    prevalence: float
    years: tuple[int, ...] = ()

    def probability(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities for scores in [0, 1], same shape."""
        probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-(self.intercept + self.slope * _logit(scores))))
        return probabilities

    def at(self, prevalence: float) -> "Calibration":
        """Return the calibration for records of which another share is relevant.

        The log-odds move by logit(prevalence) - logit(prevalence so far) (Elkan 2001, theorem 2; Saerens et
        al. 2002, equation 2.4). This holds where the relevant and the others read as before, and only there
        are fewer or more of the relevant. The share must be known from elsewhere: estimated from the scores
        themselves it made probabilities much worse on labelled reviews.

        Raises
        ------
        ValueError
            If `prevalence` is not between 0 and 1, both excluded.
        """
        if not 0 < prevalence < 1:
            raise ValueError(
                f"calibration: found prevalence={prevalence}; expected a share between 0 and 1, both excluded"
            )
        before, after = _logit(np.array([self.prevalence, prevalence]))
        return replace(self, intercept=self.intercept + float(after - before), prevalence=prevalence)


def fit_calibration(scores: NDArray[np.float64], relevant: NDArray[np.bool_]) -> Calibration:
    """Fit on scores of what was held out, shape (n,), at the prevalence among it (Platt 1999).

    Where relevance falls with the score, the model knows nothing: the answer is the prevalence for all.

    Raises
    ------
    ValueError
        If a score is not a number, or all or none are relevant.
    """
    model = LogisticRegression().fit(_logit(scores)[:, None], relevant)
    slope, prevalence = float(model.coef_[0, 0]), float(relevant.mean())
    if slope > 0:
        return Calibration(slope, float(model.intercept_[0]), prevalence)
    return Calibration(0.0, float(_logit(np.array([prevalence]))[0]), prevalence)


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
