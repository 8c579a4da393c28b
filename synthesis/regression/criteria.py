"""How well a meta-regression fits: log-likelihood, deviance and information criteria."""

from synthesis.arrays import Numbers, Studies
from synthesis.random_effects.criteria import Criteria, from_log_likelihood
from synthesis.regression.core import orthonormal
from synthesis.regression.likelihood import log_likelihood

__all__ = ["Criteria", "criteria"]


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
    ll = log_likelihood(studies.yi, studies.vi, orthonormal(x)[0], tau2, restricted=restricted)
    return from_log_likelihood(ll, studies.vi, x.shape[1], estimated, restricted=restricted)
