"""The posterior of tau on a fine grid, with mu integrated out (Roever 2020, J Stat Softw 93(6))."""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss

from synthesis.arrays import Numbers, Studies
from synthesis.roots import root
from synthesis.views.priors import MuPrior, TauPrior

__all__ = ["Conditional", "Grid", "conditional", "grid_of"]

_SCOUTS = 1500
_PANELS = 60
_NODES = 12
# Where the density is below exp(-60) of its peak, nothing is left to count.
_NEGLIGIBLE = 60.0
# Log densities that differ by less are the same height.
_SAME = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Conditional:
    """What is known given tau, each of shape (n,): log likelihood of tau, mean and variance of mu."""

    log_likelihood: Numbers
    mean: Numbers
    variance: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The posterior of tau: nodes (n,), their probabilities (n,), and mean and variance of mu at each.

    `edges` bound the panels, `before` is the probability below each edge; `log_mass` the log of the integral
    of likelihood times prior.
    """

    studies: Studies
    tau_prior: TauPrior
    mu_prior: MuPrior
    unit: float
    edges: Numbers
    before: Numbers
    tau: Numbers
    probability: Numbers
    given: Conditional
    log_mass: float

    def log_density(self, tau: Numbers) -> Numbers:
        """Return the log posterior density of tau."""
        return _unnormalised(self.studies, self.tau_prior, self.mu_prior, tau) - self.log_mass

    def below(self, tau: float) -> float:
        """Return the probability of a smaller tau."""
        u = np.clip(tau / (tau + self.unit), self.edges[0], self.edges[-1])
        place = min(int(np.searchsorted(self.edges, u, side="right")) - 1, len(self.edges) - 2)
        nodes, factors = _panel_nodes(np.array([self.edges[place], u]))
        inside = np.exp(self.log_density(_tau(nodes, self.unit))) @ (factors * _stretch(nodes, self.unit))
        return float(np.clip(self.before[place] + inside, 0.0, 1.0))

    def quantile(self, probability: float) -> float:
        """Return the tau below which the posterior has this probability, strictly between 0 and 1."""
        low, high = (float(one) for one in self.edges[[0, -1]])
        u = root(lambda u: self.below(u * self.unit / (1 - u)) - probability, low, min(high, 1 - 1e-12))
        return u * self.unit / (1 - u)

    def mode(self) -> float:
        """Return where the posterior density is highest; 0 where it falls from the start."""
        from scipy.optimize import minimize_scalar  # noqa: PLC0415 - slow to import

        candidates = np.concatenate([[0.0], self.tau])
        place = int(np.argmax(self.log_density(candidates)))
        bounds = (candidates[max(place - 1, 0)], candidates[min(place + 1, len(candidates) - 1)])
        found = minimize_scalar(
            lambda tau: -float(self.log_density(np.array([tau]))[0]),
            bounds=bounds,
            method="bounded",
            options={"xatol": 1e-10 * self.unit},
        )
        at_zero = float(self.log_density(candidates[:1])[0])
        return 0.0 if place == 0 and -found.fun <= at_zero + _SAME else float(found.x)


def grid_of(studies: Studies, tau_prior: TauPrior, mu_prior: MuPrior) -> Grid:
    """Return the posterior of tau for k studies (checked; the posterior must be proper).

    tau = unit u / (1 - u) maps 0 to infinity on u from 0 to 1; Gauss-Legendre panels cover where the
    posterior is.

    Parameters
    ----------
    studies
        Effects and variances.
    tau_prior, mu_prior
        The priors.
    """
    spread = float(np.sqrt(np.median(studies.vi)) + np.std(studies.yi))
    unit = spread if tau_prior.scale is None else min(spread, 10 * tau_prior.scale)
    edges = np.linspace(*_range(studies, tau_prior, mu_prior, unit), _PANELS + 1)
    nodes, factors = _panel_nodes(edges)
    tau = _tau(nodes, unit)
    logs = _unnormalised(studies, tau_prior, mu_prior, tau)
    peak = float(logs.max())
    mass = np.exp(logs - peak) * factors * _stretch(nodes, unit)
    total = float(mass.sum())
    by_panel = mass.reshape(_PANELS, _NODES).sum(axis=1) / total
    return Grid(
        studies=studies,
        tau_prior=tau_prior,
        mu_prior=mu_prior,
        unit=unit,
        edges=edges,
        before=np.concatenate([[0.0], np.cumsum(by_panel)]),
        tau=tau,
        probability=mass / total,
        given=conditional(studies, mu_prior, tau),
        log_mass=peak + float(np.log(total)),
    )


def conditional(studies: Studies, mu_prior: MuPrior, tau: Numbers) -> Conditional:
    """Return the marginal likelihood of each tau, and mu's normal distribution given it.

    Parameters
    ----------
    studies
        Effects and variances.
    mu_prior
        Where it is flat, the likelihood is that of its limit without the constant.
    tau
        Shape (n,).
    """
    rows = [_conditional(studies, mu_prior, part) for part in np.array_split(tau, _blocks(studies, tau))]
    return Conditional(*(np.concatenate(column) for column in zip(*rows, strict=True)))


def _conditional(studies: Studies, prior: MuPrior, tau: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    total = studies.vi[:, None] + tau**2
    w = 1 / total
    precision = w.sum(axis=0) + 1 / prior.sd**2
    mean = ((w * studies.yi[:, None]).sum(axis=0) + prior.mean / prior.sd**2) / precision
    misfit = (w * (studies.yi[:, None] - mean) ** 2).sum(axis=0) + (mean - prior.mean) ** 2 / prior.sd**2
    spread = np.log(2 * np.pi * total).sum(axis=0) + np.log(precision)
    constant = 2 * np.log(prior.sd) if prior.proper else -np.log(2 * np.pi)
    return -0.5 * (spread + misfit + constant), mean, 1 / precision


def _blocks(studies: Studies, tau: Numbers) -> int:
    """Return into how many parts to cut tau, so that no array grows beyond two million numbers."""
    return max(1, len(tau) * len(studies.yi) // 2_000_000)


def _unnormalised(studies: Studies, tau_prior: TauPrior, mu_prior: MuPrior, tau: Numbers) -> Numbers:
    return conditional(studies, mu_prior, tau).log_likelihood + tau_prior.log_density(tau)


def _range(studies: Studies, tau_prior: TauPrior, mu_prior: MuPrior, unit: float) -> tuple[float, float]:
    """Return the least and the largest u between which the posterior is not negligible."""
    u = np.linspace(0, 1, _SCOUTS + 2)[:-1]
    logs = _unnormalised(studies, tau_prior, mu_prior, _tau(u, unit)) + np.log(_stretch(u, unit))
    places = np.flatnonzero(logs > logs.max() - _NEGLIGIBLE)
    after = places[-1] + 1
    return float(u[max(places[0] - 1, 0)]), float(u[after]) if after < len(u) else 1.0


def _panel_nodes(edges: Numbers) -> tuple[Numbers, Numbers]:
    at, factor = leggauss(_NODES)
    half = (edges[1:] - edges[:-1])[:, None] / 2
    nodes = (edges[1:] + edges[:-1])[:, None] / 2 + half * at
    return nodes.ravel(), (half * factor).ravel()


def _tau(u: Numbers, unit: float) -> Numbers:
    return np.asarray(unit * u / (1 - u))


def _stretch(u: Numbers, unit: float) -> Numbers:
    """Return dtau / du."""
    return np.asarray(unit / (1 - u) ** 2)
