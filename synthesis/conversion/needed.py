"""Numbers needed to treat: from ratios and a control risk (Handbook 15.4.4), from SMDs (Furukawa 2011)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from synthesis.arrays import Numbers
from synthesis.columns import Columns
from synthesis.conversion.inputs import aligned, fraction, one_of, refuse
from synthesis.conversion.risks import RISK_MEASURES, RiskMeasure, risk_change

__all__ = ["NumbersNeeded", "nnt", "nnt_from_smd"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class NumbersNeeded(Columns):
    """Numbers needed to treat for one more person to benefit; negative: for one more to be harmed.

    Parameters
    ----------
    nnt
        1 / (benefit in risk), infinite where the risks are equal.
    ci_lb, ci_ub
        The same of the effect's bounds, the better bound first. Where `ci_lb` is above 0 and `ci_ub` below,
        the interval crosses "no effect" and runs through infinity (Altman 1998); NaN where none was given.
    control_risk, treated_risk
        The risks behind `nnt`.
    """

    nnt: Numbers
    ci_lb: Numbers
    ci_ub: Numbers
    control_risk: Numbers
    treated_risk: Numbers

    @property
    def text(self) -> tuple[str, ...]:
        """In Altman's notation (1998): ``NNTB 10 (NNTB 6 to ∞ to NNTH 24)``, rounded up to whole people."""
        return tuple(_altman(*row) for row in zip(self.nnt, self.ci_lb, self.ci_ub, strict=True))


def nnt(
    measure: RiskMeasure,
    effect: ArrayLike,
    control_risk: ArrayLike,
    *,
    ci_lb: ArrayLike | None = None,
    ci_ub: ArrayLike | None = None,
    event: str = "bad",
) -> NumbersNeeded:
    """Return numbers needed to treat at an assumed control risk (Cochrane Handbook 15.4.4).

    Parameters
    ----------
    measure
        ``OR``, ``RR`` or ``RD``.
    effect, ci_lb, ci_ub
        Pooled log odds ratios, log risk ratios or risk differences and the bounds of their intervals, shape
        (k,). The interval reflects the effect's uncertainty, not that of the control risk.
    control_risk
        Risk without treatment, between 0 and 1, shape (k,).
    event
        Whether the event is ``bad`` (fewer is benefit) or ``good`` (more is benefit).

    Raises
    ------
    ValueError
        For an unknown measure or event, impossible risks, or bounds that do not enclose the effect.
    """
    one_of("measure", measure, RISK_MEASURES)
    risks = aligned(
        effect=effect,
        ci_lb=np.nan if ci_lb is None else ci_lb,
        ci_ub=np.nan if ci_ub is None else ci_ub,
        control_risk=control_risk,
    )
    return _needed(lambda value, risk: risk_change(measure, value, risk), *risks, event=event)


def nnt_from_smd(
    smd: ArrayLike,
    control_risk: ArrayLike,
    *,
    ci_lb: ArrayLike | None = None,
    ci_ub: ArrayLike | None = None,
    event: str = "good",
) -> NumbersNeeded:
    """Return numbers needed to treat from SMDs: 1 / (Phi(SMD + Phi^-1(CER)) - CER).

    The source is Furukawa & Leucht 2011: normal outcomes of one SD in both groups, of which a share CER
    crosses the line to response without treatment.

    Parameters
    ----------
    smd, ci_lb, ci_ub
        SMDs and their bounds, shape (k,); positive: more people cross the line.
    control_risk
        Share CER of untreated people with the event, between 0 and 1, shape (k,).
    event
        Whether crossing the line is ``good`` (response) or ``bad`` (relapse).

    Raises
    ------
    ValueError
        For an unknown event, impossible risks, or bounds that do not enclose the effect.
    """
    risks = aligned(
        effect=smd,
        ci_lb=np.nan if ci_lb is None else ci_lb,
        ci_ub=np.nan if ci_ub is None else ci_ub,
        control_risk=control_risk,
    )
    return _needed(_shifted, *risks, event=event)


def _shifted(smd: Numbers, control: Numbers) -> Numbers:
    # The quantile and its inverse differ in the last place: no effect must change nothing.
    return np.where(smd == 0, 0.0, ndtr(smd + ndtri(control)) - control)


def _needed(
    change: Callable[[Numbers, Numbers], Numbers],
    effect: Numbers,
    low: Numbers,
    high: Numbers,
    control: Numbers,
    *,
    event: str,
) -> NumbersNeeded:
    one_of("event", event, ("bad", "good"))
    fraction(control_risk=control)
    refuse((low > effect) | (high < effect), "effect", effect, "a number from ci_lb to ci_ub")
    sign = 1 if event == "good" else -1
    at_low, at_effect, at_high = (_inverse(sign * change(one, control)) for one in (low, effect, high))
    better, worse = (at_high, at_low) if event == "good" else (at_low, at_high)
    return NumbersNeeded(
        nnt=at_effect,
        ci_lb=better,
        ci_ub=worse,
        control_risk=control,
        treated_risk=control + change(effect, control),
        notes=_notes(control, better, worse),
    )


def _inverse(benefit: Numbers) -> Numbers:
    with np.errstate(divide="ignore"):
        return np.where(benefit == 0, np.inf, 1 / benefit)


def _notes(control: Numbers, better: Numbers, worse: Numbers) -> tuple[str, ...]:
    shown = ", ".join(f"{one:g}" for one in np.unique(control))
    crossing = np.flatnonzero((better > 0) & (worse < 0))
    return (
        f"At an assumed control risk of {shown}; the intervals leave its uncertainty out.",
        *(
            f"Row {i + 1}: the interval holds no effect, so it runs through infinity from benefit to harm."
            for i in crossing
        ),
    )


def _altman(nnt: float, better: float, worse: float) -> str:
    if np.isnan(nnt):
        return "not computable"
    point = _named(nnt)
    if np.isnan(better) or np.isnan(worse):
        return point
    through = " to ∞" if better > 0 > worse else ""
    first, last = (worse, better) if better < 0 else (better, worse)
    return f"{point} ({_named(first)}{through} to {_named(last)})"


def _named(nnt: float) -> str:
    if np.isinf(nnt):
        return "∞"
    # A hair above a whole number is rounding, not a further person.
    return f"{'NNTB' if nnt > 0 else 'NNTH'} {int(np.ceil(abs(nnt) - 1e-9))}"
