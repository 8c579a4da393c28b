"""A Bayesian normal-normal random-effects model on a grid: a sensitivity view."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers
from synthesis.random_effects.pooling import pool
from synthesis.views.heterogeneity_grid import Grid, grid_of
from synthesis.views.marks import BAYES
from synthesis.views.mixture import Mixture
from synthesis.views.priors import DEFAULT, MuPrior, TauPrior

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BayesianView", "Marginal", "Shrinkage", "bayesian_view"]

_FLAT = MuPrior()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marginal:
    """A marginal posterior; `lower` and `upper` are central limits, `mean` and `sd` None where infinite."""

    mode: float
    median: float
    mean: float | None
    sd: float | None
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shrinkage:
    """Posteriors of the studies' own effects, arrays of shape (k,)."""

    slab: tuple[str, ...]
    median: Numbers
    mean: Numbers
    sd: Numbers
    lower: Numbers
    upper: Numbers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BayesianView:
    """Posteriors of a normal-normal model.

    Parameters
    ----------
    mu, tau, theta_new
        Mean effect, spread between studies, and a new study's own effect.
    log_marginal
        Log marginal likelihood; None where a prior is improper.
    bayes_factor
        Marginal likelihood with mu = 0 over that of the model: below 1 speaks against mu = 0. None where a
        prior is improper.
    grid
        The posterior of tau that all of it rests on.
    mark
        What kind of analysis this is.
    """

    mu: Marginal
    tau: Marginal
    theta_new: Marginal
    log_marginal: float | None
    bayes_factor: float | None
    k: int
    level: float
    tau_prior: TauPrior
    mu_prior: MuPrior
    grid: Grid
    mark: str = BAYES

    @property
    def slab(self) -> tuple[str, ...]:
        """Labels of the studies."""
        return self.grid.studies.slab

    def __repr__(self) -> str:
        mu, tau, new = self.mu, self.tau, self.theta_new
        return (
            f"{mu.median:.4f} [{mu.lower:.4f}, {mu.upper:.4f}] (posterior median, central "
            f"{100 * self.level:g}%), a new study [{new.lower:.4f}, {new.upper:.4f}], tau {tau.median:.4f} "
            f"[{tau.lower:.4f}, {tau.upper:.4f}], k = {self.k}; "
            f"priors: tau {self.tau_prior}, mu {self.mu_prior}\n({self.mark})"
        )

    @property
    def marginal_likelihood(self) -> float | None:
        """The marginal likelihood itself; 0 where it is below the smallest double."""
        return None if self.log_marginal is None else float(np.exp(self.log_marginal))

    def mu_above(self, threshold: float) -> float:
        """Return the posterior probability of a mean effect above a threshold."""
        return 1 - _of_mu(self.grid).below(threshold)

    def tau_below(self, threshold: float) -> float:
        """Return the posterior probability of a tau of at most a threshold, 0 or more."""
        return self.grid.below(threshold)

    def shrinkage(self) -> Shrinkage:
        """Return each study's own effect, drawn towards the mean as tau allows (Roever 2020)."""
        tail = (1 - self.level) / 2
        mixtures = [_of_study(self.grid, i) for i in range(self.k)]
        return Shrinkage(
            slab=self.slab,
            median=np.array([one.quantile(0.5) for one in mixtures]),
            mean=np.array([one.mean() for one in mixtures]),
            sd=np.array([one.sd() for one in mixtures]),
            lower=np.array([one.quantile(tail) for one in mixtures]),
            upper=np.array([one.quantile(1 - tail) for one in mixtures]),
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a table with a row for mu, tau and theta_new: mode, median, mean, sd, lower, upper."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        rows = [(name, getattr(self, name)) for name in ("mu", "tau", "theta_new")]
        fields = Marginal.__dataclass_fields__
        return pd.DataFrame([{"of": name} | {one: getattr(of, one) for one in fields} for name, of in rows])


def bayesian_view(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    tau_prior: TauPrior = DEFAULT,
    mu_prior: MuPrior = _FLAT,
    level: float = 0.95,
    slab: Sequence[str] | None = None,
) -> BayesianView:
    """Return posteriors of a normal-normal random-effects model, by quadrature over tau.

    yi ~ N(theta_i, vi), theta_i ~ N(mu, tau^2) (Roever 2020, J Stat Softw 93(6)); given tau all else
    is normal and integrated exactly.

    Parameters
    ----------
    yi, vi
        Effects and their sampling variances (above 0), shape (k,).
    tau_prior
        `priors.half_normal`, `half_cauchy` or `uniform`. The default, half-normal(0.5), is for log odds
        ratios and standardised mean differences (Roever et al. 2021): on other scales give one.
    mu_prior
        Flat, or `priors.MuPrior(mean, sd)`.
    level
        Probability of the central intervals, a fraction.
    slab
        Labels of the studies.

    Raises
    ------
    ValueError
        Where `synthesis.pool` refuses the studies, or the posterior would have no finite mass: a uniform
        prior of tau with fewer than three studies (two with a normal prior of mu).
    """
    studies = pool(yi, vi, method="EE", level=level, slab=slab).studies
    tail = tau_prior.tail + len(studies.yi) - (0 if mu_prior.proper else 1)
    if tail <= 1:
        raise ValueError(
            f"tau prior: found uniform with {len(studies.yi)} studies, a posterior without finite mass; "
            f"expected at least {2 if mu_prior.proper else 3} studies (or a half-normal prior)"
        )
    grid = grid_of(studies, tau_prior, mu_prior)
    proper = tau_prior.proper and mu_prior.proper
    mean, sd = tail > 2, tail > 3
    return BayesianView(
        mu=_marginal(_of_mu(grid), level, mean=mean or mu_prior.proper, sd=sd or mu_prior.proper),
        tau=_of_tau(grid, level, mean=mean, sd=sd),
        theta_new=_marginal(_of_new(grid), level, mean=mean, sd=sd),
        log_marginal=grid.log_mass if proper else None,
        bayes_factor=float(np.exp(_at_zero(grid) - grid.log_mass)) if proper else None,
        k=len(studies.yi),
        level=level,
        tau_prior=tau_prior,
        mu_prior=mu_prior,
        grid=grid,
    )


def _at_zero(grid: Grid) -> float:
    """Return the log marginal likelihood with mu = 0: a normal prior with hardly any spread."""
    point = replace(grid.mu_prior, mean=0.0, sd=1e-8 * float(np.sqrt(grid.studies.vi.min())))
    return grid_of(grid.studies, grid.tau_prior, point).log_mass


def _marginal(of: Mixture, level: float, *, mean: bool, sd: bool) -> Marginal:
    tail = (1 - level) / 2
    return Marginal(
        mode=of.mode(),
        median=of.quantile(0.5),
        mean=of.mean() if mean else None,
        sd=of.sd() if sd else None,
        lower=of.quantile(tail),
        upper=of.quantile(1 - tail),
    )


def _of_tau(grid: Grid, level: float, *, mean: bool, sd: bool) -> Marginal:
    tail = (1 - level) / 2
    centre = float(grid.probability @ grid.tau)
    return Marginal(
        mode=grid.mode(),
        median=grid.quantile(0.5),
        mean=centre if mean else None,
        sd=float(np.sqrt(grid.probability @ (grid.tau - centre) ** 2)) if sd else None,
        lower=grid.quantile(tail),
        upper=grid.quantile(1 - tail),
    )


def _of_mu(grid: Grid) -> Mixture:
    return Mixture(grid.probability, grid.given.mean, np.sqrt(grid.given.variance))


def _of_new(grid: Grid) -> Mixture:
    return Mixture(grid.probability, grid.given.mean, np.sqrt(grid.given.variance + grid.tau**2))


def _of_study(grid: Grid, place: int) -> Mixture:
    """Return a study's own effect: given tau its mean is a weighted one of its result and of mu."""
    vi, yi = grid.studies.vi[place], grid.studies.yi[place]
    own = grid.tau**2 / (grid.tau**2 + vi)
    mean = own * yi + (1 - own) * grid.given.mean
    variance = own * vi + (1 - own) ** 2 * grid.given.variance
    return Mixture(grid.probability, mean, np.sqrt(variance))
