"""How well a meta-regression fits: log-likelihood, deviance and information criteria."""

from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Numbers, Studies
from synthesis.regression.core import orthonormal
from synthesis.regression.likelihood import log_likelihood

__all__ = ["Criteria", "criteria"]


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


def criteria(studies: Studies, x: Numbers, tau2: float, estimated: int, *, restricted: bool) -> Criteria:
    """Return the criteria with metafor's constants.

    Parameters
    ----------
    studies
        Effects and variances.
    x
        Design, shape (k, p).
    tau2
        Between-study variance.
    estimated
        Parameters that were estimated, tau2 counted.
    restricted
        Of the restricted likelihood.
    """
    k, p = x.shape
    n = k - p if restricted else k
    ll = log_likelihood(studies.yi, studies.vi, orthonormal(x)[0], tau2, restricted=restricted)
    # The deviance is measured from the model in which each study has its own effect.
    saturated = 0.0 if restricted else -0.5 * float(np.log(2 * np.pi * studies.vi).sum())
    enough = max(n, estimated + 2)
    return Criteria(
        ll=ll,
        dev=-2 * (ll - saturated),
        aic=-2 * ll + 2 * estimated,
        bic=-2 * ll + estimated * float(np.log(n)),
        aicc=-2 * ll + 2 * estimated * enough / (enough - estimated - 1),
    )
