"""Moderators that the protocol declares: a meta-regression of the effects on each, one at a time."""

from collections.abc import Sequence

from review.effect import EffectSize
from review.protocol import Protocol
from review.result import Coefficient, ModeratorResult
from synthesis.living.answer import TESTS_OF_PLAN
from synthesis.regression.model import MetaRegression, regress

__all__ = ["moderator_results"]

_SEED = 20140226
_PERMUTATIONS = 1000


def moderator_results(effects: Sequence[EffectSize], protocol: Protocol) -> tuple[ModeratorResult, ...]:
    """Return a result for each declared moderator that a study states.

    One moderator at a time, as declared before results are seen (Cochrane Handbook, 10.11.4). The slope's
    p-value is given by permutation as well (Higgins & Thompson 2004), its draws fixed by a seed.

    Parameters
    ----------
    effects
        One effect per study.
    protocol
        Declares moderators, the estimator of tau2 and the interval.
    """
    found = (_result(name, effects, protocol) for name in protocol.moderator)
    return tuple(one for one in found if one.k)


def _result(name: str, effects: Sequence[EffectSize], protocol: Protocol) -> ModeratorResult:
    stated = [(one, dict(one.moderators)[name]) for one in effects if name in dict(one.moderators)]
    missing = len(effects) - len(stated)
    said = f"{missing} of {len(effects)} studies do not state it." if missing else ""
    try:
        fitted = regress(
            [one.yi for one, _ in stated],
            [one.vi for one, _ in stated],
            {name: [value for _, value in stated]},
            method=protocol.synthesis.tau2,
            test=TESTS_OF_PLAN[protocol.synthesis.ci],
            slab=[one.study for one, _ in stated],
        )
    except ValueError as problem:
        return ModeratorResult(name=name, k=len(stated), note=f"Not fitted: {problem}. {said}".strip())
    return _told(name, fitted, " ".join([*(f"{note}." for note in fitted.notes), said]).strip())


def _told(name: str, fitted: MetaRegression, note: str) -> ModeratorResult:
    permuted = fitted.permutation_test(iterations=_PERMUTATIONS, seed=_SEED)
    return ModeratorResult(
        name=name,
        k=fitted.k,
        coefficients=tuple(_coefficient(fitted, place) for place in range(fitted.p)),
        tau2=fitted.tau2,
        i2=fitted.i2,
        r2=fitted.r2,
        qe=fitted.qe,
        qe_pval=fitted.qe_pval,
        pval_permuted=float(permuted.pval[-1]),
        test=fitted.test,
        note=note,
    )


def _coefficient(fitted: MetaRegression, place: int) -> Coefficient:
    return Coefficient(
        name=fitted.names[place],
        estimate=float(fitted.beta[place]),
        se=float(fitted.se[place]),
        ci_lb=float(fitted.ci_lb[place]),
        ci_ub=float(fitted.ci_ub[place]),
        pval=float(fitted.pval[place]),
    )
