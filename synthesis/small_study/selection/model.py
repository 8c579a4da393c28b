"""Selection models: `selection_model` fits one, `SelectionModel` is what it found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers, Studies
from synthesis.random_effects.fitting import chi2_p, critical, two_sided_p
from synthesis.random_effects.pooling import Pooled, pool
from synthesis.small_study.selection.asked import Asked, checked_plan
from synthesis.small_study.selection.cells import (
    Alternative,
    interval_cells,
    p_values,
    quadrature_cells,
)
from synthesis.small_study.selection.likelihood import Selected, log_likelihood, unselected_log_likelihood
from synthesis.small_study.selection.maximum import Maximum, Range, maximise, starts
from synthesis.small_study.selection.notes import notes
from synthesis.small_study.selection.weights import Type

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SelectionModel", "selection_model"]

_PANELS = (12, 24, 48, 96)
_QUADRATURE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SelectionModel:
    """A pooled effect had all studies been seen, and how they seem to have been selected.

    Parameters
    ----------
    estimate, se, ci_lb, ci_ub, stat, pval
        The adjusted effect, with a z test; None, but for the estimate, where the information matrix at
        the maximum has no inverse.
    tau2, se_tau2
        Between-study variance; at 0 it has no standard error, and those of the others hold given tau2 = 0.
    delta, se_delta, ci_lb_delta, ci_ub_delta
        Parameters of the weight function, shape (d,); NaN for the standard error of what was given.
    ll, ll0
        Log-likelihood with and without selection, each at its maximum.
    lrt, lrt_df, lrt_pval
        Likelihood ratio test for selection; no p-value where all deltas were given.
    counts
        Studies in each interval of p; empty without steps.
    pooled
        The model without selection.
    notes
        What to keep in mind, in sentences.
    """

    estimate: float
    se: float | None
    ci_lb: float | None
    ci_ub: float | None
    stat: float | None
    pval: float | None
    tau2: float
    se_tau2: float | None
    delta: Numbers
    se_delta: Numbers
    ci_lb_delta: Numbers
    ci_ub_delta: Numbers
    ll: float
    ll0: float
    lrt: float
    lrt_df: int
    lrt_pval: float | None
    k: int
    type: Type
    steps: tuple[float, ...]
    counts: tuple[int, ...]
    alternative: Alternative
    method: str
    level: float
    pooled: Pooled
    notes: tuple[str, ...]

    @property
    def slab(self) -> tuple[str, ...]:
        """Labels of the studies."""
        return self.pooled.slab

    def __repr__(self) -> str:
        interval = "no interval" if self.ci_lb is None else f"[{self.ci_lb:.4f}, {self.ci_ub:.4f}]"
        deltas = ", ".join(f"{one:.4f}" for one in self.delta)
        test = "all deltas given" if self.lrt_pval is None else f"p {self.lrt_pval:.4g}"
        first = (
            f"{self.estimate:.4f} {interval} ({100 * self.level:g}% by z; {self.pooled.estimate:.4f} without "
            f"selection), k = {self.k}, tau2 {self.tau2:.4f} ({self.method})"
        )
        second = (
            f"{self.type}, {self.alternative}: delta {deltas}; test for selection: "
            f"LRT {self.lrt:.3f} on {self.lrt_df} ({test})"
        )
        return "\n".join([first, second, *(f"Note: {note}" for note in self.notes)])

    def to_frame(self) -> "pd.DataFrame":
        """Return a table with a row for mu, tau2 and each delta: estimate, se, ci_lb, ci_ub."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        deltas = zip(self.delta, self.se_delta, self.ci_lb_delta, self.ci_ub_delta, strict=True)
        rows = [
            ("mu", self.estimate, self.se, self.ci_lb, self.ci_ub),
            ("tau2", self.tau2, self.se_tau2, None, None),
            *((f"delta.{i + 1}", *one) for i, one in enumerate(deltas)),
        ]
        return pd.DataFrame(rows, columns=["term", "estimate", "se", "ci_lb", "ci_ub"])


def selection_model(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    type: Type = "stepfun",  # noqa: A002 - metafor's name
    steps: Sequence[float] | None = None,
    alternative: Alternative = "greater",
    delta: Sequence[float | None] | None = None,
    method: Literal["ML", "EE"] = "ML",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
) -> SelectionModel:
    """Fit a selection model by maximum likelihood.

    Sources: Vevea & Hedges 1995 (step function; with one step Iyengar & Greenhouse's three-parameter
    model); Citkowicz & Vevea 2017 (beta); Preston, Ashby & Smyth 2004 (half-normal, negative exponential,
    logistic, power). With `delta` given: the sensitivity analysis of Vevea & Woods 2005.

    Parameters
    ----------
    yi, vi
        Effects and their sampling variances (above 0), shape (k,).
    type
        ``stepfun beta halfnorm negexp logistic power``: formulas in `weights.weight_function`.
    steps
        One-sided p-values between 0 and 1 at which the weight may change; .025 for a step function unless
        given. For ``halfnorm negexp logistic power`` at most one: up to it all studies are seen.
    alternative
        ``greater``: positive effects are favoured; ``less``: negative ones; ``two.sided``: both.
    delta
        Given parameters, None for those to be estimated. A step function's first is 1 unless given.
    method
        ``ML``, or ``EE`` for tau2 = 0.
    level
        Confidence level, a fraction.
    slab
        Labels of the studies.

    Raises
    ------
    ValueError
        Where `synthesis.pool` refuses the studies; for an unknown type, alternative or method; for steps or
        deltas out of their range; for fewer studies than parameters; where an interval whose weight is to
        be estimated holds no study.
    """
    if method not in ("ML", "EE"):
        raise ValueError(f"method: found {method!r}; expected ML or EE (tau2 = 0)")
    pooled = pool(yi, vi, method=method, level=level, slab=slab)
    asked = checked_plan(pooled.studies, type, steps, alternative, delta, tau2_free=method == "ML")
    data, best = _fitted(pooled.studies, asked)
    return _result(pooled, asked, data, best)


def _fitted(studies: Studies, asked: Asked) -> tuple[Selected, Maximum]:
    """Return the maximum, with so many panels that more of them leave the likelihood as it is."""
    free = np.concatenate([[True, asked.tau2_free], np.isnan(asked.delta)])
    given = np.nan_to_num(asked.delta)
    fixed = ~np.isnan(asked.delta)
    low = np.concatenate([[-np.inf, 0.0], np.where(fixed, given, asked.weight.lower)])
    high = np.concatenate([[np.inf, np.inf], np.where(fixed, given, asked.weight.upper)])
    within = Range(low, high, free)
    data = _selected(studies, asked, _PANELS[0])
    best = maximise(data, starts(data, asked.delta, tau2_free=asked.tau2_free), within)
    for panels in () if asked.kind == "stepfun" else _PANELS[1:]:
        finer = _selected(studies, asked, panels)
        if abs(log_likelihood(finer, best.parameters) - best.value) < _QUADRATURE:
            break
        data, best = finer, maximise(finer, [best.parameters], within)
    return data, best


def _selected(studies: Studies, asked: Asked, panels: int) -> Selected:
    weight, sei = asked.weight, np.sqrt(studies.vi)
    if asked.kind == "stepfun":
        cells = interval_cells(asked.steps, asked.alternative)
    else:
        cells = quadrature_cells(weight, asked.alternative, panels)
    pvals = p_values(studies.yi, sei, asked.alternative, weight.pval_min)
    return Selected(studies.yi, studies.vi, pvals, weight, cells)


def _result(pooled: Pooled, asked: Asked, data: Selected, best: Maximum) -> SelectionModel:
    se, inverted = _standard_errors(best, asked)
    mu, tau2, delta = float(best.parameters[0]), float(best.parameters[1]), best.parameters[2:]
    ll0 = unselected_log_likelihood(data, pooled.estimate, pooled.tau2)
    lrt, lrt_df = max(0.0, 2 * (best.value - ll0)), int(np.isnan(asked.delta).sum())
    quantile = critical(pooled.level, None)
    half = quantile * se[0]
    stat = mu / float(se[0])
    return SelectionModel(
        estimate=mu,
        se=float(se[0]) if inverted else None,
        ci_lb=mu - float(half) if inverted else None,
        ci_ub=mu + float(half) if inverted else None,
        stat=stat if inverted else None,
        pval=two_sided_p(stat, None) if inverted else None,
        tau2=tau2,
        se_tau2=None if np.isnan(se[1]) else float(se[1]),
        delta=delta,
        se_delta=se[2:],
        ci_lb_delta=np.maximum(delta - quantile * se[2:], 0.0),
        ci_ub_delta=delta + quantile * se[2:],
        ll=best.value,
        ll0=ll0,
        lrt=lrt,
        lrt_df=lrt_df,
        lrt_pval=chi2_p(lrt, lrt_df) if lrt_df else None,
        k=pooled.k,
        type=asked.kind,
        steps=asked.steps,
        counts=asked.counts,
        alternative=asked.alternative,
        method=pooled.method,
        level=pooled.level,
        pooled=pooled,
        notes=notes(asked, best, pooled.k, inverted=inverted),
    )


def _standard_errors(best: Maximum, asked: Asked) -> tuple[Numbers, bool]:
    """Return standard errors (2 + d,) from the observed information, and whether mu has one; NaN for none.

    tau2 at 0 is left out of the information: the likelihood has no tangent there to speak of.
    """
    counted = np.concatenate([[True, asked.tau2_free and best.parameters[1] > 0], np.isnan(asked.delta)])
    se = np.full(len(best.parameters), np.nan)
    information = -best.hessian[np.ix_(counted, counted)]
    if np.isfinite(information).all():
        scale = np.sqrt(np.abs(np.diag(information)))
        values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
        if values.min() > 1e-12 * values.max():
            se[counted] = np.sqrt((vectors**2 / values).sum(axis=1)) / scale
    return se, bool(np.isfinite(se[0]))
