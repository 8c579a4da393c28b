"""The printed rows pooled by a model of correlated effects, instead of one effect per study."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from review.protocol_synthesis import SharedControlRule, SynthesisPlan
from review.result import PooledNumbers, Sensitivity
from synthesis.living.rows import Row
from synthesis.living.unit import correlation_of, one_effect_per_study
from synthesis.multilevel.fitting import Multilevel
from synthesis.multilevel.nested import correlated_effects
from synthesis.multilevel.robust import Robust, robust

__all__ = ["correlated_rows"]

NAME = "correlated effects"


def correlated_rows(rows: Sequence[Row], plan: SynthesisPlan) -> Sensitivity:
    """Return the pool of all rows by a three-level model with robust errors (CHE with CR2).

    Sampling errors of one study's rows are correlated as the protocol says of shared and split controls
    (Pustejovsky & Tipton 2022). Without a study of several rows the model says nothing that the main
    analysis does not, and is not made.

    Parameters
    ----------
    rows
        All rows, in the protocol's measure and sign.
    plan
        Its rule of shared controls gives the correlations.
    """
    rho = _correlations(rows, plan.shared_control)
    if not rho:
        return Sensitivity(name=NAME, numbers=None, note="No study has more than one row.")
    studies = [row.study for row in rows]
    labels = [row.label for row in rows]
    try:
        fitted = correlated_effects(
            [row.yi for row in rows], [row.vi for row in rows], studies, rho=rho, slab=labels
        )
        tested = robust(fitted, studies, kind="CR2")
    except ValueError as problem:
        return Sensitivity(name=NAME, numbers=None, note=f"Not fitted: {problem}.")
    return Sensitivity(name=NAME, numbers=_numbers(fitted, tested, rows, plan), note=_note(rho, tested))


def _correlations(rows: Sequence[Row], rule: SharedControlRule) -> dict[str, float]:
    ordered = sorted(rows, key=lambda row: row.study)
    groups = ((study, tuple(group)) for study, group in groupby(ordered, key=lambda row: row.study))
    return {study: correlation_of(group, rule)[0] for study, group in groups if len(group) > 1}


def _numbers(fitted: Multilevel, tested: Robust, rows: Sequence[Row], plan: SynthesisPlan) -> PooledNumbers:
    studies, _ = one_effect_per_study(rows, plan.shared_control)
    stated = [one.ni for one in studies if one.ni is not None]
    return PooledNumbers(
        k=len(studies),
        estimate=float(tested.beta[0]),
        se=float(tested.se[0]),
        ci_lb=float(tested.ci_lb[0]),
        ci_ub=float(tested.ci_ub[0]),
        pval=float(tested.pval[0]),
        tau2=float(sum(fitted.sigma2)),
        i2=float(fitted.i2 or 0.0),
        q=fitted.qe,
        q_pval=fitted.qe_pval,
        method="REML",
        test="CR2",
        participants=sum(stated),
        participants_stated=len(stated),
    )


def _note(rho: Mapping[str, float], tested: Robust) -> str:
    said = ", ".join(f"{study} {value:g}" for study, value in sorted(rho.items()))
    few = " Fewer than four degrees of freedom: the interval is not to be relied on."
    df = float(tested.df[0])
    return f"Correlation of rows: {said}. Robust (CR2) on {df:.1f} degrees of freedom.{few if df < 4 else ''}"
