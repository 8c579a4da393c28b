"""Is a variance component needed? The likelihood-ratio test of nested models."""

from dataclasses import dataclass, replace

import numpy as np

from synthesis.multilevel.fitting import Multilevel, finish
from synthesis.multilevel.maximum import highest
from synthesis.random_effects.fitting import chi2_p

__all__ = ["LikelihoodRatio", "level_test", "likelihood_ratio"]


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """Test of a model against a simpler one: chi-squared on `df`, the difference in parameters.

    A variance cannot fall below 0, so that the test of one is cautious: its p-value is up to twice as
    large as it should be (Self & Liang 1987).
    """

    chi2: float
    df: int
    pval: float


def likelihood_ratio(fit: Multilevel, simpler: Multilevel) -> LikelihoodRatio:
    """Return the likelihood-ratio test of two models of the same effects.

    Parameters
    ----------
    fit
        The model.
    simpler
        One with fewer parameters.

    Raises
    ------
    ValueError
        For other effects, other methods, no fewer parameters, or restricted likelihoods of models with
        different moderators.
    """
    if not np.array_equal(fit.problem.y, simpler.problem.y) or fit.method != simpler.method:
        raise ValueError("likelihood ratio: found other effects or methods; expected two models of the same")
    if fit.method == "REML" and not np.array_equal(fit.design.x, simpler.design.x):
        raise ValueError("likelihood ratio: found other moderators; expected the same (or method ML)")
    df = fit.parameters - simpler.parameters
    if df < 1:
        raise ValueError(f"likelihood ratio: found {df} parameters more; expected the larger model first")
    chi2 = max(0.0, 2 * (fit.ll - simpler.ll))
    return LikelihoodRatio(chi2, df, chi2_p(chi2, df))


def level_test(fit: Multilevel, level: str) -> LikelihoodRatio:
    """Return the likelihood-ratio test of a nested model against the one without a level.

    Parameters
    ----------
    fit
        From `three_level`, `correlated_effects` or `nested`.
    level
        Name of the level, one of `fit.levels`.

    Raises
    ------
    ValueError
        For a level that the model does not have.
    """
    if level not in fit.levels:
        raise ValueError(f"level: found {level!r}; expected {' or '.join(fit.levels) or 'a nested model'}")
    kept = [i for i, one in enumerate(fit.levels) if one != level]
    problem = replace(fit.problem, patterns=tuple(one[kept] for one in fit.problem.patterns))
    theta = highest(problem)
    names = tuple(fit.levels[i] for i in kept)
    simpler = finish(
        problem, fit.design, theta, test="z", level=fit.level, notes=(), levels=names, sigma2=theta
    )
    return likelihood_ratio(fit, simpler)
