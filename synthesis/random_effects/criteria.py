"""How well a model of effects fits: log-likelihood, deviance and information criteria."""

from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Numbers, Studies

__all__ = ["Criteria", "from_log_likelihood", "pooled_criteria"]


@dataclass(frozen=True, slots=True)
class Criteria:
    """Log-likelihood, deviance, and Akaike's, Schwarz's and the corrected Akaike criterion.

    Restricted ones compare models with the same moderators only.
    """

    ll: float
    dev: float
    aic: float
    bic: float
    aicc: float


def from_log_likelihood(ll: float, vi: Numbers, p: int, estimated: int, *, restricted: bool) -> Criteria:
    """Return the criteria with metafor's constants.

    Parameters
    ----------
    ll
        The log-likelihood, or the restricted one.
    vi
        Variances, shape (k,).
    p
        Coefficients of the model.
    estimated
        Parameters that were estimated, tau2 counted.
    restricted
        Of the restricted likelihood.
    """
    n = len(vi) - p if restricted else len(vi)
    # The deviance is measured from the model in which each study has its own effect.
    saturated = 0.0 if restricted else -0.5 * float(np.log(2 * np.pi * vi).sum())
    enough = max(n, estimated + 2)
    return Criteria(
        ll=ll,
        dev=-2 * (ll - saturated),
        aic=-2 * ll + 2 * estimated,
        bic=-2 * ll + estimated * float(np.log(n)),
        aicc=-2 * ll + 2 * estimated * enough / (enough - estimated - 1),
    )


def pooled_criteria(
    studies: Studies, estimate: float, tau2: float, estimated: int, *, restricted: bool
) -> Criteria:
    """Return the criteria of a pooled estimate (Viechtbauer 2005, equations 7 and 9).

    Parameters
    ----------
    studies
        Effects and variances of k > 1 studies.
    estimate, tau2
        Pooled effect and between-study variance.
    estimated
        Parameters that were estimated, tau2 counted.
    restricted
        Of the restricted likelihood.
    """
    total = studies.vi + tau2
    squares = float(((studies.yi - estimate) ** 2 / total).sum())
    ll = -0.5 * (float(np.log(2 * np.pi * total).sum()) + squares)
    if restricted:
        # Less the part of the mean: log(2 pi k / sum of weights), k being the design's own determinant.
        ll += 0.5 * float(np.log(2 * np.pi * len(total) / (1 / total).sum()))
    return from_log_likelihood(ll, studies.vi, 1, estimated, restricted=restricted)
