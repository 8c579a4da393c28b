"""Egger's regression: effects on their standard errors, or on another measure of their precision or size."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers, Studies, as_numbers, as_studies
from synthesis.random_effects.fitting import Plan, Test
from synthesis.regression.model import regress
from synthesis.small_study.asymmetry import AsymmetryTest, Coefficients, from_coefficients, from_line
from synthesis.small_study.notes import cautions

__all__ = ["PREDICTORS", "egger", "pustejovsky", "thompson"]

Model = Literal["lm", "rma"]
Predictor = Literal["sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv"]
SlopeTest = Literal["z", "t", "knha", "adhoc"]

_OF_VARIANCE: dict[str, Callable[[Numbers], Numbers]] = {"sei": np.sqrt, "vi": np.asarray}
_OF_SIZE: dict[str, Callable[[Numbers], Numbers]] = {
    "ni": np.asarray,
    "ninv": lambda n: 1 / n,
    "sqrtni": np.sqrt,
    "sqrtninv": lambda n: 1 / np.sqrt(n),
}
PREDICTORS = (*_OF_VARIANCE, *_OF_SIZE)
# These grow with a study: at 0 they are no limit of precision.
_GROWING = ("ni", "sqrtni")


def egger(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    model: Model = "lm",
    predictor: Predictor = "sei",
    method: str = "REML",
    test: SlopeTest = "z",
    ni: ArrayLike | None = None,
    level: float = 0.95,
    measure: str | None = None,
    slab: Sequence[str] | None = None,
) -> AsymmetryTest:
    """Regress effects on their standard errors, weighted by their precision.

    Egger et al. 1997 (BMJ 315, 629) in the form of Sterne & Egger 2005, chapter 6: the slope of the effect on
    its standard error is the intercept of the standardised effect on precision.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,), k >= 3.
    model
        ``lm``: weighted least squares, t on k - 2 (the classical test); ``rma``: meta-regression.
    predictor
        ``sei vi``, or by total sample size ``ni ninv sqrtni sqrtninv``.
    method, test
        Of ``rma``: estimator of tau2; ``z``, ``t`` (z's standard error on k - 2), ``knha`` or ``adhoc``.
    ni
        Total sample sizes (above 0), shape (k,), for predictors of size.
    level
        Confidence level of the limit estimate, a fraction.
    measure
        metafor's letters of the effect, for the notes: an SMD or log odds ratio is correlated with its own
        standard error.
    slab
        Labels of the studies, for messages.

    Raises
    ------
    ValueError
        For input that `synthesis.pool` refuses, fewer than three studies, an unknown name, missing sample
        sizes, or a predictor that does not differ between the studies.
    """
    if model not in ("lm", "rma"):
        raise ValueError(f"model: found {model!r}; expected lm or rma")
    if predictor not in PREDICTORS:
        raise ValueError(f"predictor: found {predictor!r}; expected one of {' '.join(PREDICTORS)}")
    studies = as_studies(yi, vi, slab)
    x = _predictor(studies, predictor, ni)
    k, limit = len(x), predictor not in _GROWING
    notes = cautions(k, measure if predictor in _OF_VARIANCE else None)
    weights = 1 / studies.vi
    # Also for rma: what the line refuses cannot be fitted by it either.
    line = from_line("Egger", predictor, x, studies.yi, weights, limit=limit, level=level, notes=notes)
    if model == "lm":
        return line
    found = _meta_regression(studies, x, method, test, level)
    return from_coefficients("Egger", predictor, found, k=k, limit=limit, level=level, notes=notes)


def thompson(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    method: str = "DL",
    level: float = 0.95,
    measure: str | None = None,
    slab: Sequence[str] | None = None,
) -> AsymmetryTest:
    """Regress effects on their standard errors with additive heterogeneity, t on k - 2.

    Thompson & Sharp 1999 (Statistics in Medicine 18, 2693), method 3.

    Parameters
    ----------
    yi, vi, level, measure, slab
        As in `egger`.
    method
        Estimator of tau2; ``DL`` is their 3a.

    Raises
    ------
    ValueError
        As `egger`.
    """
    found = egger(yi, vi, model="rma", method=method, test="t", level=level, measure=measure, slab=slab)
    return replace(found, name="Thompson & Sharp")


def pustejovsky(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    n1i: ArrayLike,
    n2i: ArrayLike,
    level: float = 0.95,
    slab: Sequence[str] | None = None,
) -> AsymmetryTest:
    """Regress standardised mean differences on sqrt(1 / n1 + 1 / n2), which does not depend on them.

    Pustejovsky & Rodgers 2019 (Research Synthesis Methods 10, 57), weighted by inverse variances.

    Parameters
    ----------
    yi, vi, level, slab
        As in `egger`.
    n1i, n2i
        Group sizes (above 0), shape (k,).

    Raises
    ------
    ValueError
        As `egger`.
    """
    studies = as_studies(yi, vi, slab)
    n1, n2 = _sizes(n1i, "n1i", studies), _sizes(n2i, "n2i", studies)
    x, notes = np.sqrt(1 / n1 + 1 / n2), cautions(len(n1))
    what = "sqrt(1/n1i + 1/n2i)"
    return from_line("Pustejovsky & Rodgers", what, x, studies.yi, 1 / studies.vi, level=level, notes=notes)


def _predictor(studies: Studies, predictor: str, ni: ArrayLike | None) -> Numbers:
    if predictor in _OF_VARIANCE:
        return np.asarray(_OF_VARIANCE[predictor](studies.vi))
    if ni is None:
        raise ValueError(f"ni: found none; expected each study's total sample size for predictor {predictor}")
    return np.asarray(_OF_SIZE[predictor](_sizes(ni, "ni", studies)))


def _sizes(values: ArrayLike, name: str, studies: Studies) -> Numbers:
    sizes, k = as_numbers(values, name), len(studies.yi)
    if len(sizes) != k:
        raise ValueError(f"{name}: found {len(sizes)} sample sizes; expected one for each of {k} studies")
    wrong = ~(np.isfinite(sizes) & (sizes > 0))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(f"{studies.slab[place]}: found {name} = {sizes[place]:g}; expected a size above 0")
    return sizes


def _meta_regression(
    studies: Studies, x: Numbers, method: str, test: SlopeTest, level: float
) -> Coefficients:
    plain: Test = "z" if test == "t" else test
    plan = Plan(method=method, test=plain, level=level)
    # From the first effect on: identical effects then have no slope, not even by rounding.
    first = float(studies.yi[0])
    model = regress(studies.yi - first, studies.vi, {"predictor": x}, method=plan.method, test=plan.test)
    return Coefficients(
        intercept=first + float(model.beta[0]),
        se_intercept=float(model.se[0]),
        slope=float(model.beta[1]),
        se_slope=float(model.se[1]),
        df=len(x) - 2 if test == "t" else model.df,
        tau2=model.tau2,
        method=method,
    )
