"""Log-likelihoods of generalised linear mixed models of counts, as functions of few parameters.

Every model is fitted with a common effect (no `tau`) and with random effects, and its saturated form gives
each study an effect of its own.
"""

from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Numbers
from synthesis.counts.families import Family
from synthesis.counts.maximum import hessian, jacobian, maximise, profile
from synthesis.counts.quadrature import log_marginal

__all__ = ["Likelihood", "OneArm", "OwnEffects", "RandomStudies", "StudyIntercepts"]

# metafor's coding: half of a study's deviation goes to either arm.
_HALVES = np.array([0.5, -0.5])
# An effect of this size leaves no event, or nothing else: the likelihood is flat there to sixteen digits.
_FAR = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class OwnEffects:
    """The saturated model: its log-likelihood, the studies' finite effects, and their covariance."""

    log_likelihood: float
    effects: Numbers
    covariance: Numbers

    def wald(self) -> float:
        """Return the Wald statistic of equal effects: the least squared distance from one value."""
        if len(self.effects) < 2:
            return 0.0
        inverse = np.linalg.inv(self.covariance)
        weights = inverse.sum(axis=0)
        away = self.effects - weights @ self.effects / weights.sum()
        return float(away @ inverse @ away)


@dataclass(frozen=True, slots=True, eq=False)
class OneArm:
    """A family with one effect for each study: conditional models, and single groups."""

    arm: Family
    nodes: int

    def __call__(self, at: Numbers, tau: float | None) -> float:
        """Return the log-likelihood at (effect,) and tau."""
        k = len(self.arm.y)
        loadings = np.empty((1, 0)) if tau is None else np.array([[tau]])
        return float(log_marginal((self.arm,), np.full((1, k), at[0]), loadings, self.nodes).sum())

    def start(self, effect: float) -> Numbers:
        """Return a first guess of the parameters."""
        return np.array([effect])

    def own_effects(self) -> OwnEffects:
        """Return the saturated model."""
        found = self.arm.saturated()
        known = np.isfinite(found.eta) & (found.information > 0)
        information = found.information[known]
        return OwnEffects(float(found.log_likelihood.sum()), found.eta[known], np.diag(1 / information))


@dataclass(frozen=True, slots=True, eq=False)
class StudyIntercepts:
    """UM.FS: two arms, an intercept for each study as a fixed parameter, profiled out."""

    arms: tuple[Family, Family]
    intercepts: Numbers
    nodes: int

    def __call__(self, at: Numbers, tau: float | None) -> float:
        """Return the log-likelihood at (effect,) and tau, each intercept at its best."""
        loadings = np.empty((2, 0)) if tau is None else tau * _HALVES[:, None]

        def own(alpha: Numbers) -> Numbers:
            return log_marginal(self.arms, np.stack([alpha + at[0], alpha]), loadings, self.nodes)

        best = profile(own, self.intercepts - at[0] / 2)
        return float(own(best[None, :]).sum())

    def start(self, effect: float) -> Numbers:
        """Return a first guess of the parameters."""
        return np.array([effect])

    def own_effects(self) -> OwnEffects:
        """Return the saturated model: each arm at its own rate."""
        treated, control = (arm.saturated() for arm in self.arms)
        with np.errstate(divide="ignore", invalid="ignore"):
            effects, variances = (
                treated.eta - control.eta,
                1 / treated.information + 1 / control.information,
            )
        known = np.isfinite(effects) & np.isfinite(variances)
        ll = float(treated.log_likelihood.sum() + control.log_likelihood.sum())
        return OwnEffects(ll, effects[known], np.diag(variances[known]))


@dataclass(frozen=True, slots=True, eq=False)
class RandomStudies:
    """UM.RS: two arms, normal study intercepts, independent of the studies' deviations."""

    arms: tuple[Family, Family]
    intercepts: Numbers
    nodes: int

    def __call__(self, at: Numbers, tau: float | None) -> float:
        """Return the log-likelihood at (effect, mean intercept, sigma) and tau."""
        effect, mean, sigma = at
        columns = [np.full(2, sigma)] + ([] if tau is None else [tau * _HALVES])
        fixed = np.repeat([[mean + effect], [mean]], len(self.intercepts), axis=1)
        return float(log_marginal(self.arms, fixed, np.stack(columns, axis=1), self.nodes).sum())

    def start(self, effect: float) -> Numbers:
        """Return a first guess of the parameters."""
        spread = float(np.std(self.intercepts)) if len(self.intercepts) > 1 else 0.1
        return np.array([effect, float(self.intercepts.mean()) - effect / 2, max(spread, 0.1)])

    def saturated(self) -> tuple[Numbers, Numbers]:
        """Return (mean intercept, sigma) and the studies' own effects where all are best."""
        best = maximise(self._profiled, [self.start(0.0)[1:]])
        return best, self._effects(best)

    def own_effects(self) -> OwnEffects:
        """Return the saturated model; the effects share what is not known of mean intercept and sigma."""
        best, found = self.saturated()
        h = 1e-3
        low, mid, high = self._own(np.stack([found - h, found, found + h]), best)
        information = -(high - 2 * mid + low) / h**2
        known = (np.abs(found) < _FAR / 2) & (information > 0)
        moves = jacobian(self._effects, best)[known]
        covariance = np.linalg.inv(-hessian(self._profiled, best))
        spread = np.diag(1 / information[known]) + moves @ covariance @ moves.T
        return OwnEffects(self._profiled(best), found[known], spread)

    def _effects(self, at: Numbers) -> Numbers:
        return profile(lambda one: self._own(one, at), self._first_effects())

    def _profiled(self, at: Numbers) -> float:
        return float(self._own(self._effects(at)[None, :], at).sum())

    def _own(self, effects: Numbers, at: Numbers) -> Numbers:
        mean, sigma = at
        fixed = np.stack([mean + effects, np.full_like(effects, mean)])
        return log_marginal(self.arms, fixed, np.full((2, 1), sigma), self.nodes)

    def _first_effects(self) -> Numbers:
        """Return a guess, and the end itself where an effect rises or falls for ever."""
        treated = np.nan_to_num(self.arms[0].saturated().eta, posinf=_FAR, neginf=-_FAR)
        return np.asarray(np.clip(treated - self.intercepts.mean(), -_FAR, _FAR))


Likelihood = OneArm | StudyIntercepts | RandomStudies
