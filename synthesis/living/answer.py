"""One analysis of a protocol: its estimator, its interval, and its stated fallback where studies are few."""

from collections.abc import Sequence
from dataclasses import dataclass

from review.effect import EffectSize
from review.protocol_synthesis import Fallback, SynthesisPlan
from review.result import PooledNumbers
from synthesis.random_effects.fitting import Test
from synthesis.random_effects.intervals import Interval, PredictionDf
from synthesis.random_effects.pooling import Pooled, pool

__all__ = [
    "TESTS_OF_PLAN",
    "TEST_NAMES",
    "Answer",
    "analyse",
    "interval_by",
    "no_spread",
    "numbers_of",
    "pooled_by",
]

TEST_NAMES: dict[str, str] = {"knha": "Hartung-Knapp", "z": "z", "adhoc": "ad hoc Hartung-Knapp"}

TESTS_OF_PLAN: dict[str, Test] = {"HKSJ": "knha", "z": "z"}
"""The protocol's word for an interval in metafor's letters."""

_PREDICTION: dict[str, PredictionDf] = {"t(k-1)": "k-1", "t(k-2)": "k-2", "z": "z"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Numbers, the fallback that was used as a sentence (or nothing), and each study's weight in percent."""

    numbers: PooledNumbers
    fallback: str
    weights: tuple[float, ...]


def analyse(effects: Sequence[EffectSize], plan: SynthesisPlan, *, method: str | None = None) -> Answer:
    """Pool effects as the protocol says, with its fallback where Hartung-Knapp cannot be trusted.

    The rules are tried in their order and the first that applies is used; one study keeps its own z
    interval whatever the protocol says.

    Parameters
    ----------
    effects
        At least one.
    plan
        The protocol's synthesis table.
    method
        Another estimator of tau2 than the plan's, for a sensitivity analysis.
    """
    used = method or plan.tau2
    if plan.ci == "z" or len(effects) == 1:
        alone = len(effects) == 1 and plan.ci != "z"
        return _answer(pooled_by(effects, used, "z"), effects, plan, _ONE_STUDY if alone else "")
    hartung_knapp = pooled_by(effects, used, "knha")
    rule = next((rule for rule in plan.fallback if _applies(rule, hartung_knapp)), None)
    if rule is None:
        return _answer(hartung_knapp, effects, plan, "")
    z = pooled_by(effects, used, "z")
    chosen = z if rule.ci == "z" or _width(z) > _width(hartung_knapp) else hartung_knapp
    return _answer(chosen, effects, plan, _sentence(rule, chosen))


def interval_by(
    effects: Sequence[EffectSize], plan: SynthesisPlan, test: Test, *, method: str | None = None
) -> PooledNumbers:
    """Return the same pool with its interval by `test`, whatever the fallback rules say.

    Parameters
    ----------
    effects
        At least one.
    plan
        The protocol's synthesis table.
    test
        ``z``, ``knha`` or ``adhoc``.
    method
        Another estimator of tau2 than the plan's.
    """
    return numbers_of(pooled_by(effects, method or plan.tau2, test), effects, plan)


_ONE_STUDY = "k = 1: one study, nothing is pooled; the interval is that study's own (z)."


def no_spread(numbers: PooledNumbers) -> tuple[str, ...]:
    """Return a note where effects are identical, so that Hartung-Knapp's interval has no width; else nothing.

    Parameters
    ----------
    numbers
        What is shown, after the fallback.
    """
    width = numbers.ci_ub - numbers.ci_lb
    if numbers.test != "knha" or width > 1e-12 * max(1.0, abs(numbers.estimate)):
        return ()
    return (_NO_SPREAD,)


_NO_SPREAD = (
    "Identical effects leave Hartung-Knapp no spread: the interval has no width and is not to be relied on."
)


def pooled_by(effects: Sequence[EffectSize], method: str, test: Test) -> Pooled:
    """Return the pool of effects by one estimator and test, labelled by study.

    Parameters
    ----------
    effects
        At least one.
    method, test
        As in `synthesis.pool`.
    """
    slab = [one.study for one in effects]
    return pool([one.yi for one in effects], [one.vi for one in effects], method=method, test=test, slab=slab)


def _applies(rule: Fallback, pooled: Pooled) -> bool:
    return pooled.k == 2 if rule.when == "k = 2" else pooled.tau2 == 0


def _width(pooled: Pooled) -> float:
    return pooled.ci_ub - pooled.ci_lb


def _sentence(rule: Fallback, chosen: Pooled) -> str:
    shown = TEST_NAMES[chosen.test]
    if rule.ci == "z":
        return f"{rule.when}: as the protocol states, the z interval is shown instead of Hartung-Knapp's."
    return f"{rule.when}: as the protocol states, the wider of Hartung-Knapp and z is shown, here {shown}."


def _answer(pooled: Pooled, effects: Sequence[EffectSize], plan: SynthesisPlan, fallback: str) -> Answer:
    return Answer(
        numbers=numbers_of(pooled, effects, plan),
        fallback=fallback,
        weights=tuple(float(weight) for weight in pooled.weights),
    )


def numbers_of(pooled: Pooled, effects: Sequence[EffectSize], plan: SynthesisPlan) -> PooledNumbers:
    """Return what a synthesis keeps of a pool.

    Parameters
    ----------
    pooled
        The pool of `effects`.
    effects
        Tell the participants.
    plan
        Names the prediction interval.
    """
    stated = [one.ni for one in effects if one.ni is not None]
    tau2 = pooled.tau2_interval() if pooled.k > 1 else None
    prediction = _prediction(pooled, plan)
    return PooledNumbers(
        k=pooled.k,
        estimate=pooled.estimate,
        se=pooled.se,
        ci_lb=pooled.ci_lb,
        ci_ub=pooled.ci_ub,
        pval=pooled.pval,
        tau2=pooled.tau2,
        i2=pooled.i2,
        q=pooled.q,
        q_pval=pooled.q_pval,
        method=pooled.method,
        test=pooled.test,
        level=pooled.level,
        tau2_lb=tau2.lb if tau2 else None,
        tau2_ub=tau2.ub if tau2 else None,
        pi_lb=prediction.lb if prediction else None,
        pi_ub=prediction.ub if prediction else None,
        pi_df=plan.prediction_interval if prediction else "",
        participants=sum(stated),
        participants_stated=len(stated),
    )


def _prediction(pooled: Pooled, plan: SynthesisPlan) -> Interval | None:
    if pooled.method == "EE":
        return None  # one effect common to all: a new study has no other
    needed = {"t(k-1)": 2, "t(k-2)": 3, "z": 2}[plan.prediction_interval]
    if pooled.k < needed:
        return None
    return pooled.prediction_interval(_PREDICTION[plan.prediction_interval])
