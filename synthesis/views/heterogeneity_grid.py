"""The posterior of tau on a fine grid, with mu integrated out (Roever 2020, J Stat Softw 93(6))."""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss

from synthesis.arrays import Numbers, Studies
from synthesis.roots import root
from synthesis.views.priors import MuPrior, TauPrior

__all__ = ["Conditional", "Grid", "conditional", "grid_of"]

_NODES = 12
_HALVINGS = 40
# A panel is fine enough where halving it changes the integral by less, as a share of the largest panel.
_CHANGE = 1e-13
_NEGLIGIBLE = 1e-20
# The posterior falls by a power of e, at least one, with each e-fold beyond its scales: 1e-15 remains.
_FOLDS = 35.0
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

    `edges` bound the panels of log tau, `before` is the probability below each edge; `log_mass` the log
    of the integral of likelihood times prior.
    """

    studies: Studies
    tau_prior: TauPrior
    mu_prior: MuPrior
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
        with np.errstate(divide="ignore"):
            x = float(np.clip(np.log(tau), self.edges[0], self.edges[-1]))
        place = min(int(np.searchsorted(self.edges, x, side="right")) - 1, len(self.edges) - 2)
        nodes, factors = _panel_nodes(self.edges[place : place + 1], np.array([x]))
        inside = np.exp(self.log_density(np.exp(nodes)) + nodes) @ factors
        return float(np.clip(self.before[place] + inside, 0.0, 1.0))

    def quantile(self, probability: float) -> float:
        """Return the tau below which the posterior has this probability, strictly between 0 and 1."""
        place = int(np.searchsorted(self.before, probability))
        low, high = self.edges[max(place - 2, 0)], self.edges[min(place + 1, len(self.edges) - 1)]
        return float(np.exp(root(lambda x: self.below(float(np.exp(x))) - probability, low, high)))

    def mode(self) -> float:
        """Return where the posterior density is highest; 0 where it falls from the start."""
        from scipy.optimize import minimize_scalar  # noqa: PLC0415 - slow to import

        candidates = np.concatenate([[0.0], self.tau])
        heights = self.log_density(candidates)
        place = int(np.argmax(heights))
        bounds = (candidates[max(place - 1, 0)], candidates[min(place + 1, len(candidates) - 1)])
        found = minimize_scalar(
            lambda tau: -float(self.log_density(np.array([tau]))[0]),
            bounds=bounds,
            method="bounded",
            options={"xatol": 1e-10 * bounds[1]},
        )
        return 0.0 if -found.fun <= heights[0] + _SAME else float(found.x)


def grid_of(studies: Studies, tau_prior: TauPrior, mu_prior: MuPrior) -> Grid:
    """Return the posterior of tau for k studies (checked; the posterior must be proper).

    Gauss-Legendre panels of log tau are halved until halving changes nothing: priors and data may differ in
    scale by any factor.

    Parameters
    ----------
    studies
        Effects and variances.
    tau_prior, mu_prior
        The priors.
    """
    edges = _edges(studies, tau_prior, mu_prior)
    nodes, factors = _panel_nodes(edges[:-1], edges[1:])
    tau = np.exp(nodes)
    logs = _unnormalised(studies, tau_prior, mu_prior, tau) + nodes
    peak = float(logs.max())
    mass = np.exp(logs - peak) * factors
    total = float(mass.sum())
    by_panel = mass.reshape(-1, _NODES).sum(axis=1) / total
    kept = mass > _NEGLIGIBLE * total
    return Grid(
        studies=studies,
        tau_prior=tau_prior,
        mu_prior=mu_prior,
        edges=edges,
        before=np.concatenate([[0.0], np.cumsum(by_panel)]),
        tau=tau[kept],
        probability=mass[kept] / total,
        given=conditional(studies, mu_prior, tau[kept]),
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


def _edges(studies: Studies, tau_prior: TauPrior, mu_prior: MuPrior) -> Numbers:
    """Return the edges of panels of log tau, from where tau is as good as 0 to where it has no mass."""
    low, high = _range(studies, tau_prior, mu_prior)
    edges = np.linspace(low, high, int(np.ceil(high - low)) + 1)
    left, right = edges[:-1], edges[1:]
    done: list[Numbers] = []
    for _ in range(_HALVINGS):
        middle = (left + right) / 2
        whole, first, second = (
            _log_panels(studies, tau_prior, mu_prior, *ends)
            for ends in ((left, right), (left, middle), (middle, right))
        )
        halves = np.logaddexp(first, second)
        floor = max([float(halves.max())] + [float(one.max()) for one in done if len(one)])
        done.append(halves)
        change = np.abs(np.exp(whole - floor) - np.exp(halves - floor))
        open_ = change > _CHANGE
        edges = np.append(edges, middle[open_])
        left = np.concatenate([left[open_], middle[open_]])
        right = np.concatenate([middle[open_], right[open_]])
        if not len(left):
            break
    return np.sort(edges)


def _log_panels(
    studies: Studies, tau_prior: TauPrior, mu_prior: MuPrior, left: Numbers, right: Numbers
) -> Numbers:
    """Return the log of each panel's integral."""
    nodes, factors = _panel_nodes(left, right)
    logs = _unnormalised(studies, tau_prior, mu_prior, np.exp(nodes)) + nodes
    by_panel = (logs + np.log(factors)).reshape(-1, _NODES)
    return np.asarray(np.logaddexp.reduce(by_panel, axis=1))


def _range(studies: Studies, tau_prior: TauPrior, mu_prior: MuPrior) -> tuple[float, float]:
    """Return the ends of log tau: far below the least scale at hand, and far above the largest."""
    scales = [float(np.sqrt(studies.vi.min())), float(np.sqrt(studies.vi.max()))]
    reach = float(np.abs(studies.yi - (mu_prior.mean if mu_prior.proper else studies.yi.mean())).max())
    largest = max(*scales, reach, tau_prior.scale or 0.0)
    least = min(*scales, tau_prior.scale or np.inf)
    return float(np.log(least)) - _FOLDS, float(np.log(largest)) + _FOLDS


def _panel_nodes(left: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """Return nodes and factors of Gauss-Legendre quadrature, panel after panel."""
    at, factor = leggauss(_NODES)
    half = (right - left)[:, None] / 2
    nodes = (right + left)[:, None] / 2 + half * at
    return nodes.ravel(), (half * factor).ravel()
