"""Exponential families of one arm's events: log f = y eta - A(eta), up to what no parameter touches."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from scipy.special import expit, gammaln, logsumexp

from synthesis.arrays import Numbers, Pair

__all__ = ["Binomial", "Family", "Hypergeometric", "Poisson", "Saturated"]


class Saturated(NamedTuple):
    """Each study's own maximum: eta (infinite at the edge), its log-likelihood, and its information."""

    eta: Numbers
    log_likelihood: Numbers
    information: Numbers


class Family(Protocol):
    """Events `y`, an `offset` of eta, both of shape (k,), and what follows from eta."""

    @property
    def y(self) -> Numbers:
        """Events."""

    @property
    def offset(self) -> Numbers:
        """What is known of eta beforehand."""

    def normaliser(self, eta: Numbers) -> Numbers:
        """Return A at eta, whose last axis is the studies'."""

    def moments(self, eta: Numbers) -> Pair:
        """Return the first two derivatives of A: the mean and the variance of y."""

    def saturated(self) -> Saturated:
        """Return each study's own maximum, eta without the offset."""


@dataclass(frozen=True, slots=True, eq=False)
class Binomial:
    """`y` of `n`, logit eta."""

    y: Numbers
    n: Numbers
    offset: Numbers

    def normaliser(self, eta: Numbers) -> Numbers:
        """Return n log(1 + e^eta)."""
        return np.asarray(self.n * np.logaddexp(0, eta))

    def moments(self, eta: Numbers) -> Pair:
        """Return n p and n p (1 - p)."""
        p = expit(eta)
        mean = self.n * p
        return mean, mean * (1 - p)

    def saturated(self) -> Saturated:
        """Return the observed log odds."""
        p = self.y / self.n
        with np.errstate(divide="ignore"):
            eta = np.log(p) - np.log1p(-p)
        inner = np.where(np.isfinite(eta), eta, 0.0)
        ll = np.where(np.isfinite(eta), self.y * inner - self.n * np.logaddexp(0, inner), 0.0)
        return Saturated(eta - self.offset, ll, self.n * p * (1 - p))


@dataclass(frozen=True, slots=True, eq=False)
class Poisson:
    """`y` events in a time of e^offset, log rate eta."""

    y: Numbers
    offset: Numbers

    def normaliser(self, eta: Numbers) -> Numbers:
        """Return e^eta, bounded where it would overflow."""
        return np.asarray(np.exp(np.minimum(eta, 700.0)))

    def moments(self, eta: Numbers) -> Pair:
        """Return e^eta, twice."""
        rate = self.normaliser(eta)
        return rate, rate

    def saturated(self) -> Saturated:
        """Return the observed log rate."""
        with np.errstate(divide="ignore"):
            eta = np.log(self.y)
        ll = np.where(self.y > 0, self.y * np.where(self.y > 0, eta, 0.0) - self.y, 0.0)
        return Saturated(eta - self.offset, ll, self.y)


@dataclass(frozen=True, slots=True, eq=False)
class Hypergeometric:
    """`y` events of the treated among all events, margins fixed: Fisher's non-central distribution."""

    y: Numbers
    support: Numbers
    log_weights: Numbers

    @classmethod
    def of(cls, y: Numbers, n1: Numbers, n2: Numbers, events: Numbers) -> "Hypergeometric":
        """Return the distribution of y given group sizes and all events, each of shape (k,)."""
        low, high = np.maximum(0, events - n2), np.minimum(events, n1)
        support = np.arange(int(np.max(high - low)) + 1)[:, None] + low
        inside = np.minimum(support, high)
        weights = _log_choose(n1, inside) + _log_choose(n2, events - inside)
        return cls(y, inside, np.where(support <= high, weights, -np.inf))

    @property
    def offset(self) -> Numbers:
        """Nothing: eta is the log odds ratio itself."""
        return np.zeros_like(self.y)

    def normaliser(self, eta: Numbers) -> Numbers:
        """Return the log of the sum over all tables with these margins."""
        return np.asarray(logsumexp(self._logs(eta), axis=-2))

    def moments(self, eta: Numbers) -> Pair:
        """Return the mean and the variance over these tables."""
        logs = self._logs(eta)
        p = np.exp(logs - logs.max(axis=-2, keepdims=True))
        p /= p.sum(axis=-2, keepdims=True)
        mean = (p * self.support).sum(axis=-2)
        return mean, (p * (self.support - mean[..., None, :]) ** 2).sum(axis=-2)

    def saturated(self) -> Saturated:
        """Return each study's conditional maximum, by Newton's method; infinite at either end."""
        low, high = self.support.min(axis=0), self.support.max(axis=0)
        eta = np.zeros_like(self.y)
        inner = (self.y > low) & (self.y < high)
        for _ in range(100):
            mean, variance = self.moments(eta)
            step = np.where(inner, (self.y - mean) / np.maximum(variance, 1e-12), 0.0)
            eta = eta + np.clip(step, -1.0, 1.0)
            if np.abs(step).max() < 1e-13:
                break
        edge = np.where(self.y == low, self.log_weights[0], np.nan)
        last = np.take_along_axis(self.log_weights, (high - low).astype(int)[None, :], axis=0)[0]
        # At an end one table is certain; its weight is part of A.
        ll = np.where(inner, self.y * eta - self.normaliser(eta), -np.where(self.y == low, edge, last))
        ends = np.where(self.y == low, -np.inf, np.inf)
        return Saturated(np.where(inner, eta, ends), ll, np.where(inner, self.moments(eta)[1], 0.0))

    def _logs(self, eta: Numbers) -> Numbers:
        return np.asarray(self.log_weights + self.support * eta[..., None, :])


def _log_choose(n: Numbers, j: Numbers) -> Numbers:
    return np.asarray(gammaln(n + 1) - gammaln(j + 1) - gammaln(n - j + 1))
