"""What a regression test for small-study effects returns, and how one is made of fitted coefficients."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from synthesis.arrays import Numbers, ratios
from synthesis.random_effects.fitting import critical, two_sided_p
from synthesis.small_study.line import fit_line
from synthesis.small_study.table import one_row

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AsymmetryTest", "Coefficients", "from_coefficients", "from_line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AsymmetryTest:
    """A regression of effects on their precision or size; its slope measures the asymmetry of the funnel.

    Parameters
    ----------
    name
        Whose test it is.
    model
        ``lm``: weighted least squares with an estimated residual variance (multiplicative heterogeneity);
        ``rma``: meta-regression with tau2 (additive heterogeneity).
    predictor
        What effects are regressed on.
    slope, se_slope, stat, df, pval
        The asymmetry and its test; `df` is None for z, `stat` then is z, otherwise t.
    intercept, se_intercept
        The line at predictor 0.
    est, ci_lb, ci_ub
        The limit estimate: the effect expected of a study without sampling error. None where the
        predictor grows with size, so that 0 is not its limit.
    tau2
        Residual between-study variance of ``rma``; None for ``lm``.
    method
        Estimator of `tau2`; None for ``lm``.
    k
        Number of studies.
    notes
        Cautions.
    """

    name: str
    model: Literal["lm", "rma"]
    predictor: str
    slope: float
    se_slope: float
    stat: float
    df: int | None
    pval: float
    intercept: float
    se_intercept: float
    est: float | None
    ci_lb: float | None
    ci_ub: float | None
    tau2: float | None
    method: str | None
    level: float
    k: int
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        stat = f"z = {self.stat:.4f}" if self.df is None else f"t({self.df}) = {self.stat:.4f}"
        text = (
            f"{self.name} ({self.model} on {self.predictor}): slope {self.slope:.4f} "
            f"(se {self.se_slope:.4f}), {stat}, p {self.pval:.4g}, k = {self.k}"
        )
        if self.est is not None:
            text += f"; limit {self.est:.4f} [{self.ci_lb:.4f}, {self.ci_ub:.4f}]"
        return "\n".join((text, *self.notes))

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row."""
        return one_row(**{name: getattr(self, name) for name in self.__dataclass_fields__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """Intercept and slope with standard errors; degrees of freedom of their t test, or None for z."""

    intercept: float
    se_intercept: float
    slope: float
    se_slope: float
    df: int | None
    tau2: float | None = None
    method: str | None = None


def from_line(
    name: str,
    predictor: str,
    x: Numbers,
    yi: Numbers,
    weights: Numbers,
    *,
    limit: bool = True,
    level: float = 0.95,
    notes: tuple[str, ...] = (),
) -> AsymmetryTest:
    """Return the test by weighted least squares, t on k - 2 degrees of freedom.

    Parameters
    ----------
    name, predictor, notes
        As in `AsymmetryTest`.
    x, yi, weights
        The predictor, effects and weights, shape (k,).
    limit
        Whether a predictor of 0 is a study without sampling error.
    level
        Confidence level, a fraction.

    Raises
    ------
    ValueError
        For fewer than three studies, or a predictor that does not differ between them.
    """
    line = fit_line(x, yi, weights, what=predictor)
    found = Coefficients(
        intercept=line.intercept,
        se_intercept=line.se_intercept,
        slope=line.slope,
        se_slope=line.se_slope,
        df=line.df,
    )
    return from_coefficients(name, predictor, found, k=len(x), limit=limit, level=level, notes=notes)


def from_coefficients(
    name: str,
    predictor: str,
    found: Coefficients,
    *,
    k: int,
    limit: bool,
    level: float,
    notes: tuple[str, ...],
) -> AsymmetryTest:
    """Return the test of a slope with the interval of the limit estimate.

    Parameters
    ----------
    name, predictor, k, level, notes
        As in `AsymmetryTest`.
    found
        The fitted coefficients.
    limit
        Whether a predictor of 0 is a study without sampling error.
    """
    stat = float(ratios(found.slope, found.se_slope))
    half = critical(level, found.df) * found.se_intercept
    return AsymmetryTest(
        name=name,
        model="lm" if found.method is None else "rma",
        predictor=predictor,
        slope=found.slope,
        se_slope=found.se_slope,
        stat=stat,
        df=found.df,
        pval=0.0 if np.isinf(stat) else two_sided_p(stat, found.df),
        intercept=found.intercept,
        se_intercept=found.se_intercept,
        est=found.intercept if limit else None,
        ci_lb=found.intercept - half if limit else None,
        ci_ub=found.intercept + half if limit else None,
        tau2=found.tau2,
        method=found.method,
        level=level,
        k=k,
        notes=notes,
    )
