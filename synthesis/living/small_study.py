"""Looks at small-study effects that the protocol plans, where there are studies enough to look."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from review.effect import EffectSize
from review.protocol_synthesis import SmallStudyName, SynthesisPlan
from review.result import SmallStudyResult
from synthesis.living.answer import TESTS_OF_PLAN
from synthesis.small_study.egger import egger
from synthesis.small_study.limit_meta import limit_meta
from synthesis.small_study.pet_peese import pet_peese
from synthesis.small_study.rank import rank_test
from synthesis.small_study.trim_fill import trim_and_fill

__all__ = ["small_study_results"]

ENOUGH = 10
"""Cochrane Handbook 13.3.5.4: with fewer studies the power is too low to tell chance from asymmetry."""


def small_study_results(
    effects: Sequence[EffectSize], plan: SynthesisPlan, measure: str
) -> tuple[SmallStudyResult, ...]:
    """Return each look that the protocol plans, in its order; with fewer than ten studies, why there is none.

    Parameters
    ----------
    effects
        One effect per study.
    plan
        The protocol's synthesis table.
    measure
        Of the effects; a standardised difference is bound to its own error, and a note says so.
    """
    looks = tuple(_look(name, effects, plan) for name in plan.small_study)
    if measure != "SMD":
        return looks
    return tuple(replace(one, note=f"{one.note} {_BOUND}") if one.pval is not None else one for one in looks)


_BOUND = (
    "A standardised mean difference is correlated with its standard error by construction: such tests find "
    "asymmetry too often (Pustejovsky & Rodgers 2019)."
)


def _look(name: SmallStudyName, effects: Sequence[EffectSize], plan: SynthesisPlan) -> SmallStudyResult:
    if len(effects) < ENOUGH:
        studies = _studies(len(effects))
        few = f"Not made: {studies}; below {ENOUGH} it cannot tell chance from a pattern."
        return SmallStudyResult(name=name, note=few)
    try:
        return _LOOKS[name](effects, plan)
    except ValueError as problem:
        return SmallStudyResult(name=name, note=f"Not made: {problem}.")


def _egger(effects: Sequence[EffectSize], _: SynthesisPlan) -> SmallStudyResult:
    found = egger(*_columns(effects), slab=_slab(effects))
    note = f"Intercept of Egger's regression: t {found.stat:.2f} on {found.df} degrees of freedom."
    return SmallStudyResult(name="egger", pval=found.pval, note=note)


def _rank(effects: Sequence[EffectSize], _: SynthesisPlan) -> SmallStudyResult:
    found = rank_test(*_columns(effects), slab=_slab(effects))
    return SmallStudyResult(name="rank test", pval=found.pval, note=f"Kendall's tau {found.tau:.2f}.")


def _trim_and_fill(effects: Sequence[EffectSize], plan: SynthesisPlan) -> SmallStudyResult:
    test = TESTS_OF_PLAN[plan.ci]
    found = trim_and_fill(*_columns(effects), method=plan.tau2, test=test, slab=_slab(effects))
    note = f"{_studies(found.k0)} filled in on the {found.side}; a what-if, not a correction."
    return SmallStudyResult(
        name="trim and fill",
        estimate=found.filled.estimate,
        ci_lb=found.filled.ci_lb,
        ci_ub=found.filled.ci_ub,
        note=note,
    )


def _limit(effects: Sequence[EffectSize], plan: SynthesisPlan) -> SmallStudyResult:
    found = limit_meta(*_columns(effects), method=plan.tau2, slab=_slab(effects))
    return SmallStudyResult(
        name="limit meta-analysis",
        estimate=found.estimate,
        ci_lb=found.ci_lb,
        ci_ub=found.ci_ub,
        note="The estimate that studies of unlimited precision would give.",
    )


def _pet_peese(effects: Sequence[EffectSize], _: SynthesisPlan) -> SmallStudyResult:
    found = pet_peese(*_columns(effects), slab=_slab(effects))
    return SmallStudyResult(
        name="PET-PEESE",
        estimate=found.estimate,
        ci_lb=found.ci_lb,
        ci_ub=found.ci_ub,
        note=f"{found.chosen} was taken: {found.why}.",
    )


_LOOKS: dict[SmallStudyName, Callable[[Sequence[EffectSize], SynthesisPlan], SmallStudyResult]] = {
    "egger": _egger,
    "rank test": _rank,
    "trim and fill": _trim_and_fill,
    "limit meta-analysis": _limit,
    "PET-PEESE": _pet_peese,
}


def _columns(effects: Sequence[EffectSize]) -> tuple[list[float], list[float]]:
    return [one.yi for one in effects], [one.vi for one in effects]


def _studies(number: int) -> str:
    return "1 study" if number == 1 else f"{number} studies"


def _slab(effects: Sequence[EffectSize]) -> list[str]:
    return [one.study for one in effects]
