"""The effect that studies without sampling error would show (Ruecker et al. 2011)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers, Studies, as_studies, ratios
from synthesis.random_effects.fitting import Plan, critical, fit, two_sided_p
from synthesis.random_effects.moments import moments
from synthesis.small_study.line import Line, fit_line
from synthesis.small_study.notes import cautions
from synthesis.small_study.table import one_row

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LimitMeta", "limit_meta"]

Adjust = Literal["beta0", "betalim", "mulim"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LimitMeta:
    """A pooled effect adjusted for small-study effects.

    Parameters
    ----------
    estimate, se, ci_lb, ci_ub, stat, pval
        The adjusted effect, z.
    alpha_r, beta_r
        Intercept (the bias) and slope of the generalised radial plot.
    tau2, method
        Between-study variance of the random-effects model, and its estimator.
    q, q_small, q_resid
        Cochran's Q, and its parts: small-study effects (1 degree of freedom), and what a radial line
        leaves (k - 2).
    g2
        G^2, a fraction: heterogeneity that the bias does not explain.
    limits
        The studies' effects shrunken to infinite precision, shape (k,).
    adjust
        ``beta0``, ``betalim`` or ``mulim``.
    notes
        Cautions.
    """

    estimate: float
    se: float
    ci_lb: float
    ci_ub: float
    stat: float
    pval: float
    alpha_r: float
    beta_r: float
    tau2: float
    method: str
    q: float
    q_small: float
    q_resid: float
    g2: float
    limits: Numbers
    adjust: Adjust
    level: float
    k: int
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        text = (
            f"{self.estimate:.4f} [{self.ci_lb:.4f}, {self.ci_ub:.4f}] ({100 * self.level:g}%, limit "
            f"meta-analysis by {self.adjust}), k = {self.k}, tau2 {self.tau2:.4f} ({self.method}), "
            f"Q-small {self.q_small:.2f} of {self.q:.2f}, G2 {100 * self.g2:.1f}%"
        )
        return "\n".join((text, *self.notes))

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row."""
        names = (name for name in self.__dataclass_fields__ if name != "limits")
        return one_row(**{name: getattr(self, name) for name in names})


def limit_meta(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    adjust: Adjust = "beta0",
    method: str = "REML",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
) -> LimitMeta:
    """Return the effect of a study of infinite precision under a model with a bias of small studies.

    yi = beta + sqrt(vi + tau2) (alpha + e) (Ruecker, Schwarzer, Carpenter, Binder & Schumacher 2011,
    Biostatistics 12, 122); beta0 = beta + tau alpha.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,), k >= 3.
    adjust
        ``beta0``: the model's expectation; ``betalim``: the radial slope of the shrunken effects;
        ``mulim``: their common effect.
    method
        Estimator of tau2.
    level
        Confidence level, a fraction.
    slab
        Labels of the studies, for messages.

    Raises
    ------
    ValueError
        For input that `synthesis.pool` refuses, fewer than three studies, equal variances in all, or an
        unknown name.
    """
    if adjust not in _ADJUSTED:
        raise ValueError(f"adjust: found {adjust!r}; expected one of {' '.join(_ADJUSTED)}")
    studies, plan = as_studies(yi, vi, slab), Plan(method=method, level=level)
    tau2 = fit(studies, plan).tau2
    plain, general = _radial(studies.yi, studies.vi), _radial(studies.yi, studies.vi + tau2)
    shrink = np.sqrt(tau2 / (studies.vi + tau2))
    limits = general.slope + shrink * (studies.yi - general.slope)
    estimate, se = _ADJUSTED[adjust](general, tau2, Studies(limits, studies.vi, studies.slab))
    half, q = critical(level, None) * se, moments(studies.yi, studies.vi).q
    stat = float(ratios(estimate, se))
    return LimitMeta(
        estimate=estimate,
        se=se,
        ci_lb=estimate - half,
        ci_ub=estimate + half,
        stat=stat,
        pval=two_sided_p(stat, None),
        alpha_r=general.intercept,
        beta_r=general.slope,
        tau2=tau2,
        method=method,
        q=q,
        q_small=max(0.0, q - plain.rss),
        q_resid=plain.rss,
        g2=_unexplained(limits, studies.vi),
        limits=limits,
        adjust=adjust,
        level=level,
        k=len(limits),
        notes=cautions(len(limits)),
    )


def _radial(yi: Numbers, vi: Numbers) -> Line:
    """Return the line of yi / se on 1 / se (Galbraith 1988)."""
    return fit_line(1 / np.sqrt(vi), yi / np.sqrt(vi), np.ones(len(yi)), what="precision")


def _expectation(general: Line, tau2: float, _: Studies) -> tuple[float, float]:
    """Return beta + tau alpha and its standard error, residual variance 1."""
    tau = float(np.sqrt(tau2))
    variance = general.unit_slope + tau2 * general.unit_intercept + 2 * tau * general.unit_covariance
    return general.slope + tau * general.intercept, float(np.sqrt(variance))


def _radial_limit(_: Line, __: float, limits: Studies) -> tuple[float, float]:
    line = _radial(limits.yi, limits.vi)
    return line.slope, float(np.sqrt(line.unit_slope))


def _common_limit(_: Line, __: float, limits: Studies) -> tuple[float, float]:
    common = moments(limits.yi, limits.vi)
    return common.mean, float(np.sqrt(1 / common.s1))


def _unexplained(limits: Numbers, vi: Numbers) -> float:
    """G^2 = 1 - R^2 of the shrunken effects' radial line, 0 where they do not vary."""
    y = limits / np.sqrt(vi)
    total = float(((y - y.mean()) ** 2).sum())
    return min(1.0, _radial(limits, vi).rss / total) if total > 0 else 0.0


_ADJUSTED: dict[str, Callable[[Line, float, Studies], tuple[float, float]]] = {
    "beta0": _expectation,
    "betalim": _radial_limit,
    "mulim": _common_limit,
}
