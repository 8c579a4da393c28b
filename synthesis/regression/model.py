"""Meta-regression: `regress` checks the input, `MetaRegression` answers what one asks of the result."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri

from synthesis.arrays import Numbers, Studies, as_studies
from synthesis.random_effects.fitting import Plan, Test
from synthesis.random_effects.intervals import Interval
from synthesis.regression import deletion, permutation
from synthesis.regression.cautions import few_studies
from synthesis.regression.core import orthonormal
from synthesis.regression.criteria import Criteria, criteria
from synthesis.regression.deletion import RegressionInfluence
from synthesis.regression.design import Design, Moderators, design_matrix
from synthesis.regression.fitting import Regression, fit
from synthesis.regression.least_squares import project
from synthesis.regression.permutation import PermutationTest
from synthesis.regression.predictions import PredictionDf, Predictions, predict
from synthesis.regression.residual_tau2 import pose, solve_residual_q

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MetaRegression", "regress"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MetaRegression(Regression):
    """A meta-regression with what it was fitted to (numbers: `synthesis.regression.fitting.Regression`).

    Parameters
    ----------
    studies
        Effects, variances and labels.
    design
        The design matrix, with the moderators it was made from.
    plan
        How it was fitted, as asked for.
    notes
        What a reader should know before believing it.
    """

    studies: Studies
    design: Design
    plan: Plan
    notes: tuple[str, ...]

    @property
    def slab(self) -> tuple[str, ...]:
        """Labels of the studies."""
        return self.studies.slab

    @property
    def fitted(self) -> Numbers:
        """Return each study's effect as the moderators give it, shape (k,)."""
        return np.asarray(self.design.x @ self.beta)

    @property
    def hat(self) -> Numbers:
        """Return each study's leverage, shape (k,); they sum to p."""
        return project(self.studies.yi, orthonormal(self.design.x)[0], self.weights).hat

    @property
    def vif(self) -> Numbers:
        """Return variance inflation factors of all coefficients but the intercept (Fox & Monette 1992)."""
        places = [i for i in range(self.p) if i != self.design.intercept]
        basis, triangle = orthonormal(self.design.x)
        back: Numbers = np.linalg.inv(triangle).astype(np.float64, copy=False)
        plain = project(self.studies.yi, basis, self.weights).covariance(back)
        part = plain[np.ix_(places, places)]
        return np.asarray(np.diag(part) * np.diag(np.linalg.inv(part)))

    def __repr__(self) -> str:
        r2 = "" if self.r2 is None else f", R2 {self.r2:.1f}%"
        lines = [
            f"{name:>24} {self.beta[i]:9.4f} [{self.ci_lb[i]:.4f}, {self.ci_ub[i]:.4f}] p {self.pval[i]:.4g}"
            for i, name in enumerate(self.names)
        ]
        head = (
            f"k = {self.k}, tau2 {self.tau2:.4f} ({self.method}), I2 {self.i2:.1f}%{r2}, "
            f"{'QM' if self.df is None else 'F'} {self.qm:.2f} (p {self.qm_pval:.4g}), "
            f"QE {self.qe:.2f} (p {self.qe_pval:.4g})"
        )
        return "\n".join([head, *lines, *self.notes])

    def predict(self, newmods: Moderators | None = None, *, df: PredictionDf | None = None) -> Predictions:
        """Return predicted effects with confidence and prediction intervals.

        Parameters
        ----------
        newmods
            Values as given to the model, one a prediction; the studies' own where not given.
        df
            Quantile of the prediction interval: ``k-p``, ``k-p-1`` (Higgins, Thompson & Spiegelhalter 2009)
            or ``z``; as the test's where not given (metafor's).

        Raises
        ------
        ValueError
            For a moderator that is missing or unknown, or no degree of freedom.
        """
        x, slab = (self.design.x, self.slab) if newmods is None else self.design.encode(newmods)
        return predict(self, x, slab, df=df)

    def influence(self) -> RegressionInfluence:
        """Return deletion diagnostics of each study; ValueError for fewer than p + 2."""
        return deletion.influence(self.studies, self.design, self.plan)

    def permutation_test(
        self, *, iterations: int = 1000, seed: int = 1, exact: bool | None = None
    ) -> PermutationTest:
        """Return p-values that assume no distribution (Higgins & Thompson 2004).

        Parameters
        ----------
        iterations
            Random arrangements of the moderators over the studies, the observed one counted.
        seed
            Of the random arrangements.
        exact
            See all different arrangements instead; None does where they are no more than `iterations`.

        Raises
        ------
        ValueError
            For fewer than 2 iterations, or too many different arrangements to see all.
        """
        return permutation.permutation_test(
            self.studies, self.design, self.plan, iterations=iterations, seed=seed, exact=exact
        )

    def tau2_interval(self) -> Interval:
        """Return the Q-profile interval of the residual tau2 (Viechtbauer 2007), cut off at 0."""
        tail = (1 - self.level) / 2
        problem = pose(self.studies.yi, self.studies.vi, orthonormal(self.design.x)[0])
        if problem.free < 1:
            raise ValueError(
                f"tau2 interval: found {self.k} studies for {self.p} coefficients; expected more"
            )
        bounds = [solve_residual_q(problem, float(chdtri(problem.free, one))) for one in (tail, 1 - tail)]
        return Interval(*bounds)

    def criteria(self, kind: Literal["ML", "REML"] = "REML") -> Criteria:
        """Return log-likelihood and information criteria.

        Parameters
        ----------
        kind
            Of the likelihood or of the restricted one.

        Raises
        ------
        ValueError
            For another kind, or as many coefficients as studies.
        """
        if kind not in ("ML", "REML"):
            raise ValueError(f"kind: found {kind!r}; expected ML or REML")
        if self.k == self.p:
            raise ValueError(f"criteria: found {self.k} studies for {self.p} coefficients; expected more")
        estimated = self.p + int(self.method != "EE" and self.plan.tau2 is None)
        return criteria(self.studies, self.design.x, self.tau2, estimated, restricted=kind == "REML")

    def to_frame(self) -> "pd.DataFrame":
        """Return a table, one row per coefficient."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        columns = ("beta", "se", "stat", "pval", "ci_lb", "ci_ub")
        return pd.DataFrame({name: getattr(self, name) for name in columns}, index=list(self.names))


def regress(
    yi: ArrayLike,
    vi: ArrayLike,
    mods: Moderators,
    *,
    intercept: bool = True,
    method: str = "REML",
    test: Test = "z",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
    tau2: float | None = None,
) -> MetaRegression:
    """Regress the effects of k studies on what is known of the studies, by inverse variances.

    beta = (X'WX)^-1 X'W y with w = 1 / (vi + tau2) (Raudenbush 2009, chapter 16).

    Parameters
    ----------
    yi, vi
        Effects and their sampling variances (above 0), shape (k,).
    mods
        Each moderator's values by name, or columns of numbers, shape (k, m). Text is a category: one column
        for each of its sorted levels but the first, which the columns' names give as the reference.
    intercept
        Add a column of ones. Without, the first category has a column for each of its levels.
    method
        Estimator of tau2: ``REML DL PM ML EB HE HS HSk SJ PMM``; ``EE`` has none.
    test
        ``z``, ``knha`` (Knapp & Hartung 2003) or ``adhoc`` (the same, its factor never below 1).
    level
        Confidence level, a fraction.
    slab
        Labels of the studies, for messages and tables.
    names
        The columns' names, where `mods` is an array.
    tau2
        A fixed value instead of an estimate.

    Raises
    ------
    ValueError
        For nothing to fit, unequal lengths, a missing value, a moderator that is constant or follows from
        others, or too few studies; the message names the study or the moderator.
    """
    plan = Plan(method=method, test=test, level=level, tau2=tau2)
    studies = as_studies(yi, vi, slab)
    design = design_matrix(mods, studies.slab, intercept=intercept, names=names)
    _check_studies(design, plan)
    numbers = fit(studies, design, plan)
    return MetaRegression(
        **{name: getattr(numbers, name) for name in Regression.__dataclass_fields__},
        studies=studies,
        design=design,
        plan=plan,
        notes=few_studies(design, len(studies.yi)),
    )


def _check_studies(design: Design, plan: Plan) -> None:
    k, p = design.x.shape
    estimated = plan.method != "EE" and plan.tau2 is None
    if k - p < int(estimated or plan.test != "z"):
        raise ValueError(
            f"mods: found {p} coefficients ({', '.join(design.names)}) for {k} studies; "
            "expected more studies than coefficients (leave moderators out)"
        )
