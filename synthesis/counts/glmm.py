"""Generalised linear mixed models of rare events: exact likelihoods of the counts, no correction of zeros."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers
from synthesis.counts.glmm_likelihood import Likelihood
from synthesis.counts.glmm_models import Counts, likelihood, read
from synthesis.counts.maximum import NotConverged, hessian, maximise
from synthesis.random_effects.fitting import chi2_p, critical, two_sided_p
from synthesis.random_effects.intervals import i2_bound

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Glmm", "NotConverged", "glmm"]

Model = Literal["UM.FS", "UM.RS", "CM.EL", "CM.AL"]
_MODELS: dict[str, tuple[str, ...]] = {
    "OR": ("UM.FS", "UM.RS", "CM.EL", "CM.AL"),
    "IRR": ("UM.FS", "UM.RS", "CM.EL"),
    "PLO": ("UM.FS",),
}

# A tau that raises the log-likelihood by less than this is none: the optimiser's last digits.
_NOTHING = 1e-8
_SCAN = (0.05, 0.2, 0.4, 0.8, 1.6, 3.2)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Glmm:
    """A generalised mixed model in metafor's letters; OR, IRR and PLO on the log or logit scale.

    Parameters
    ----------
    estimate, se, ci_lb, ci_ub, stat, pval
        The pooled effect, its standard error from the curvature of the likelihood, and z test.
    tau2, sigma2
        Variance between studies of the effect, and of the intercept (UM.RS; None in other models).
    i2, h2
        From tau2 and the typical sampling variance of the studies' own effects; `i2` in percent.
    q_wald, q_wald_pval, q_lrt, q_lrt_pval, q_df
        Wald and likelihood-ratio tests of equal effects; the Wald test leaves out infinite ones.
    log_likelihood
        Up to a constant of the data.
    k
        Studies that say something: those without events (or with nothing else) in both groups do not.
    nodes
        Of the quadrature, for each random effect.
    """

    measure: str
    model: str
    method: str
    estimate: float
    se: float
    ci_lb: float
    ci_ub: float
    stat: float
    pval: float
    tau2: float
    sigma2: float | None
    i2: float
    h2: float
    q_wald: float
    q_wald_pval: float
    q_lrt: float
    q_lrt_pval: float
    q_df: int
    log_likelihood: float
    k: int
    level: float
    nodes: int

    def __repr__(self) -> str:
        scale = "logit" if self.measure == "PLO" else f"log {self.measure}"
        return (
            f"{scale} {self.estimate:.4f} [{self.ci_lb:.4f}, {self.ci_ub:.4f}] ({100 * self.level:g}% by "
            f"{self.model}, {self.method}, se {self.se:.4f}, p {self.pval:.4g}), k = {self.k}, "
            f"tau2 {self.tau2:.4f}, I2 {self.i2:.1f}%, likelihood ratio {self.q_lrt:.2f} "
            f"(p {self.q_lrt_pval:.4g})"
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row, the numbers by name."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        return pd.DataFrame([{name: getattr(self, name) for name in self.__dataclass_fields__}])


@dataclass(frozen=True, slots=True)
class _Asked:
    measure: str
    model: str
    method: str
    nodes: int
    level: float


@dataclass(frozen=True, slots=True, eq=False)
class _Maximum:
    at: Numbers
    tau: float
    log_likelihood: float
    se: float


def glmm(
    measure: str,
    *,
    model: Model = "UM.FS",
    method: Literal["ML", "EE"] = "ML",
    nodes: int = 7,
    level: float = 0.95,
    slab: Sequence[str] | None = None,
    **data: ArrayLike,
) -> Glmm:
    """Pool counts by a generalised linear mixed model (Stijnen, Hamza & Ozdemir 2010; Turner et al. 2000).

    Parameters
    ----------
    measure
        ``OR``, ``IRR``, or ``PLO`` (one group; its model is a random intercept, whatever `model`).
    model
        ``UM.FS``: both arms, a fixed intercept for each study (Jackson et al. 2018, model 4); ``UM.RS``:
        random, independent intercepts (their model 5); ``CM.EL``: given all events of a study, exactly
        (their model 7; Stijnen et al. 2010, sections 4 and 5); ``CM.AL``: the same for OR, approximated by a
        binomial (model 6).
    method
        ``ML``: random effects; ``EE``: one common effect.
    nodes
        Of the adaptive Gauss-Hermite quadrature, for each random effect; 1 is Laplace's approximation,
        which is what metafor takes for UM.RS with random effects (elsewhere 7).
    level
        Confidence level, a fraction.
    slab
        Labels of the studies, for messages.
    **data
        OR: ``ai bi ci di`` or ``ai n1i ci n2i``; IRR: ``x1i t1i x2i t2i``; PLO: ``xi ni``. Shape (k,).

    Raises
    ------
    ValueError
        For an unknown option, no study that says something, no finite estimate (an arm without any event in
        all studies), input that `synthesis.effect_sizes` refuses; NotConverged where no start of the
        optimiser leads to a maximum.
    """
    asked = _Asked(measure, model, method, nodes, level)
    _check(asked)
    counts = read(measure, data, slab)
    function = likelihood(measure, model, counts, nodes)
    common = _common(function, counts.guess)
    best = _random(function, common) if method == "ML" and counts.k > 1 else common
    own = function.own_effects() if counts.k > 1 else None
    q_wald, q_lrt = (0.0, 0.0) if own is None else (own.wald(), own.log_likelihood - common.log_likelihood)
    return _result(best, counts, asked, (q_wald, 2 * q_lrt))


def _check(asked: _Asked) -> None:
    models = _MODELS.get(asked.measure)
    if models is None:
        raise ValueError(f"measure: found {asked.measure!r}; expected one of {' '.join(_MODELS)}")
    if asked.model not in models:
        raise ValueError(f"model: found {asked.model!r} for {asked.measure}; expected {' '.join(models)}")
    if asked.method not in ("ML", "EE"):
        raise ValueError(f"method: found {asked.method!r}; expected ML or EE")
    if asked.nodes < 1:
        raise ValueError(f"nodes: found {asked.nodes}; expected 1 or more")
    if not 0 < asked.level < 1:
        raise ValueError(f"level: found {asked.level}; expected a fraction between 0 and 1, such as 0.95")


def _common(function: Likelihood, guess: float) -> _Maximum:
    def objective(at: Numbers) -> float:
        return function(at, None)

    at = maximise(objective, [function.start(guess)])
    return _Maximum(at, 0.0, objective(at), _se(hessian(objective, at)))


def _random(function: Likelihood, common: _Maximum) -> _Maximum:
    """Return the maximum over tau, too, from each peak of a scan; at no gain over tau = 0, that."""

    def objective(at: Numbers) -> float:
        return function(at[:-1], float(at[-1]))

    scan = [objective(np.append(common.at, tau)) for tau in _SCAN]
    padded = [-np.inf, *scan, -np.inf]
    peaks = [tau for i, tau in enumerate(_SCAN) if padded[i] <= scan[i] >= padded[i + 2]]
    at = maximise(objective, [np.append(common.at, tau) for tau in peaks])
    top = objective(at)
    if top <= common.log_likelihood + _NOTHING:
        return common
    return _Maximum(at[:-1], float(abs(at[-1])), top, _se(hessian(objective, at)))


def _se(curvature: Numbers) -> float:
    return float(np.sqrt(np.linalg.inv(-curvature)[0, 0]))


def _result(best: _Maximum, counts: Counts, asked: _Asked, q: tuple[float, float]) -> Glmm:
    estimate, df = float(best.at[0]), counts.k - 1
    half, stat, tau2 = critical(asked.level, None) * best.se, estimate / best.se, best.tau**2
    i2 = i2_bound(counts.vi, tau2) if df > 0 else 0.0
    q_wald, q_lrt = (max(0.0, one) for one in q)
    return Glmm(
        measure=asked.measure,
        model=asked.model,
        method=asked.method,
        estimate=estimate,
        se=best.se,
        ci_lb=estimate - half,
        ci_ub=estimate + half,
        stat=stat,
        pval=two_sided_p(stat, None),
        tau2=tau2,
        sigma2=float(best.at[2] ** 2) if asked.model == "UM.RS" else None,
        i2=i2,
        h2=100 / (100 - i2),
        q_wald=q_wald,
        q_wald_pval=chi2_p(q_wald, df),
        q_lrt=q_lrt,
        q_lrt_pval=chi2_p(q_lrt, df),
        q_df=df,
        log_likelihood=best.log_likelihood,
        k=counts.k,
        level=asked.level,
        nodes=asked.nodes,
    )
