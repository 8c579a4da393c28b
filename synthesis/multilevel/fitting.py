"""From variance components to a result: coefficients, tests, heterogeneity, in metafor's letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from synthesis.arrays import Numbers, ratios
from synthesis.multilevel.likelihood import Problem, Solution, solve
from synthesis.random_effects.fitting import chi2_p, critical
from synthesis.random_effects.intervals import Interval
from synthesis.regression.design import Design, Moderators
from synthesis.regression.fitting import two_sided_ps, wald_p
from synthesis.regression.predictions import Predictions

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LikelihoodMethod", "Multilevel", "MultilevelTest", "finish"]

LikelihoodMethod = Literal["REML", "ML"]
MultilevelTest = Literal["z", "t"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Multilevel:
    """A multilevel or multivariate model of k effects in metafor's letters.

    Parameters
    ----------
    names, beta, se, stat, pval, ci_lb, ci_ub, vcov
        Coefficients, as in `synthesis.MetaRegression`; `stat` is z, or t on `df`.
    levels, sigma2
        Nested models: each level, outermost first, and the variance between its members.
    outcomes, tau2, rho
        Multivariate models: each outcome, its variance between studies (one for all under ``CS``), and the
        correlations, the lower triangle's rows one after the other; nan where a variance is 0.
    i2, i2_levels
        Nested models: percent of the variance that is not sampling, in all and at each level
        (Nakagawa & Santos 2012; Cheung 2014, eq. 11); None for multivariate models.
    qm, qm_df, qm_pval
        Test of all coefficients but the intercept.
    qe, qe_pval
        Test of residual heterogeneity, chi-squared on k - p.
    ll, parameters
        Log-likelihood (restricted for REML), and how many parameters it was maximised over.
    studies
        Number of independent blocks.
    notes
        What a reader should know before believing it.
    design, problem, solution
        What was fitted: the design, the model in an orthonormal basis of it, and its solution.
    """

    names: tuple[str, ...]
    beta: Numbers
    se: Numbers
    stat: Numbers
    pval: Numbers
    ci_lb: Numbers
    ci_ub: Numbers
    vcov: Numbers
    levels: tuple[str, ...] = ()
    sigma2: Numbers
    outcomes: tuple[str, ...] = ()
    tau2: Numbers
    rho: Numbers
    i2: float | None
    i2_levels: Numbers | None
    qm: float
    qm_df: tuple[int, int | None]
    qm_pval: float
    qe: float
    qe_pval: float
    ll: float
    parameters: int
    k: int
    p: int
    studies: int
    df: int | None
    method: LikelihoodMethod
    level: float
    notes: tuple[str, ...]
    design: Design
    problem: Problem
    solution: Solution

    @property
    def fitted(self) -> Numbers:
        """Return each effect as the moderators give it, shape (k,)."""
        return np.asarray(self.design.x @ self.beta)

    def __repr__(self) -> str:
        spread = [f"sigma2 {name} {one:.4f}" for name, one in zip(self.levels, self.sigma2, strict=True)]
        spread += [f"tau2 {', '.join(f'{one:.4f}' for one in self.tau2)}"] if self.outcomes else []
        spread += [f"rho {', '.join(f'{one:.3f}' for one in self.rho)}"] if self.outcomes else []
        i2 = [] if self.i2 is None else [f"I2 {self.i2:.1f}%"]
        counts = f"k = {self.k} in {self.studies} studies"
        head = ", ".join([counts, *spread, *i2, f"QE {self.qe:.2f} (p {self.qe_pval:.4g})"])
        lines = [
            f"{name:>24} {self.beta[i]:9.4f} [{self.ci_lb[i]:.4f}, {self.ci_ub[i]:.4f}] p {self.pval[i]:.4g}"
            for i, name in enumerate(self.names)
        ]
        return "\n".join([f"{head} ({self.method})", *lines, *self.notes])

    def prediction_interval(self) -> Interval:
        """Return where a new study's new effect is expected, from all levels' variances.

        Raises
        ------
        ValueError
            Where the model has moderators or several outcomes: then there is no one mean.
        """
        if self.p > 1 or self.design.intercept is None or self.outcomes:
            raise ValueError("prediction interval: found moderators or outcomes; expected one mean (predict)")
        got = self.predict()
        return Interval(float(got.pi_lb[0]), float(got.pi_ub[0]))

    def predict(self, newmods: Moderators | None = None) -> Predictions:
        """Return predicted effects; the prediction interval is that of a new effect in a new study.

        Parameters
        ----------
        newmods
            Values as given to the model, one a prediction; the effects' own where not given.

        Raises
        ------
        ValueError
            For a moderator that is missing or unknown, or a model of several outcomes.
        """
        if self.outcomes:
            raise ValueError("predict: found several outcomes; expected a nested model (read beta and tau2)")
        own = tuple(f"row {i + 1}" for i in range(self.k))
        x, slab = (self.design.x, own) if newmods is None else self.design.encode(newmods)
        pred, variance = x @ self.beta, np.einsum("ij,jk,ik->i", x, self.vcov, x)
        quantile = critical(self.level, self.df)
        half, wide = quantile * np.sqrt(variance), quantile * np.sqrt(variance + self.sigma2.sum())
        return Predictions(
            slab=slab,
            pred=pred,
            se=np.sqrt(variance),
            ci_lb=pred - half,
            ci_ub=pred + half,
            pi_lb=pred - wide,
            pi_ub=pred + wide,
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a table, one row per coefficient."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        columns = ("beta", "se", "stat", "pval", "ci_lb", "ci_ub")
        return pd.DataFrame({name: getattr(self, name) for name in columns}, index=list(self.names))


def finish(
    problem: Problem,
    design: Design,
    theta: Numbers,
    *,
    test: MultilevelTest,
    level: float,
    notes: Sequence[str],
    levels: tuple[str, ...] = (),
    sigma2: Sequence[float] | Numbers = (),
    outcomes: tuple[str, ...] = (),
    tau2: Sequence[float] | Numbers = (),
    rho: Sequence[float] | Numbers = (),
) -> Multilevel:
    """Return the result of a model at its components.

    Parameters
    ----------
    problem
        The model, in an orthonormal basis of the design.
    design
        The design.
    theta
        Its components.
    test
        ``z``, or ``t`` on k - p degrees of freedom.
    level
        Confidence level, a fraction.
    notes
        What a reader should know.
    levels, sigma2, outcomes, tau2, rho
        The components by their names.
    """
    at = solve(problem, theta)
    back = np.linalg.inv(problem.x.T @ design.x)
    beta, vcov = back @ at.beta, back @ at.vcov @ back.T
    k, p = design.x.shape
    df = k - p if test == "t" else None
    se = np.sqrt(np.diag(vcov))
    stat, half = ratios(beta, se), critical(level, df) * se
    part = list(design.tested)
    chi2 = float(beta[part] @ np.linalg.solve(vcov[np.ix_(part, part)], beta[part]))
    qm = chi2 if df is None else chi2 / len(part)
    qe, typical = _sampling(problem)
    total = float(np.sum(sigma2)) + typical
    return Multilevel(
        names=design.names,
        beta=beta,
        se=se,
        stat=stat,
        pval=two_sided_ps(stat, df),
        ci_lb=beta - half,
        ci_ub=beta + half,
        vcov=vcov,
        levels=levels,
        sigma2=np.asarray(sigma2, dtype=np.float64),
        outcomes=outcomes,
        tau2=np.asarray(tau2, dtype=np.float64),
        rho=np.asarray(rho, dtype=np.float64),
        i2=100 * float(np.sum(sigma2)) / total if levels else None,
        i2_levels=100 * np.asarray(sigma2) / total if levels else None,
        qm=qm,
        qm_df=(len(part), df),
        qm_pval=wald_p(qm, len(part), df),
        qe=qe,
        qe_pval=chi2_p(qe, k - p),
        ll=at.ll,
        parameters=p + len(theta),
        k=k,
        p=p,
        studies=problem.layout.blocks,
        df=df,
        method="REML" if problem.restricted else "ML",
        level=level,
        notes=tuple(notes),
        design=design,
        problem=problem,
        solution=at,
    )


def _sampling(problem: Problem) -> tuple[float, float]:
    """Return QE and the typical sampling variance (k - p) / tr(P), with P of W = V^-1."""
    at = solve(problem, np.zeros(problem.components))
    k, p = problem.x.shape
    squared = np.zeros((p, p))
    total = 0.0
    for stack, w in zip(problem.layout.stacks, at.inverses, strict=True):
        wx = w @ problem.x[stack.rows]
        squared += np.einsum("gip,giq->pq", wx, wx)
        total += float(np.einsum("gii->", w))
    return at.q, (k - p) / (total - float(np.trace(at.vcov @ squared)))
