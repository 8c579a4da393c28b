"""Studies that a planned sensitivity analysis leaves out, by rules fixed before results are seen."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from review.effect import EffectSize
from review.ids import StudyId
from review.protocol_synthesis import SynthesisPlan
from synthesis.living.answer import analyse, pooled_by
from synthesis.random_effects.fitting import critical

__all__ = ["Exclusion", "excluding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """What stays, and in a sentence what went and by which rule; None where the rule cannot be applied."""

    kept: tuple[EffectSize, ...] | None
    note: str


def excluding(
    name: str,
    effects: Sequence[EffectSize],
    plan: SynthesisPlan,
    high_risk: Collection[StudyId] | None,
) -> Exclusion:
    """Return what one planned analysis keeps.

    Parameters
    ----------
    name
        ``exclude outliers``, ``exclude influential``, ``exclude imported effects`` or
        ``exclude high risk of bias``.
    effects
        What the main analysis pools.
    plan
        The protocol's synthesis table.
    high_risk
        Studies judged at high risk of bias; None where nobody judged.
    """
    if name == "exclude high risk of bias":
        return _by_risk(effects, high_risk)
    if name == "exclude influential" and len(effects) < 3:
        return Exclusion(kept=None, note="Influence needs three studies or more.")
    out, rule = _RULES[name](effects, plan)
    return _without(effects, out, rule)


def _outliers(effects: Sequence[EffectSize], plan: SynthesisPlan) -> tuple[set[StudyId], str]:
    """Studies whose own interval does not meet the pooled one (Viechtbauer & Cheung 2010; metapsyTools)."""
    numbers = analyse(effects, plan).numbers
    half = critical(numbers.level, None)
    far = {
        one.study
        for one in effects
        if one.yi + half * one.vi**0.5 < numbers.ci_lb or one.yi - half * one.vi**0.5 > numbers.ci_ub
    }
    return far, "an outlier (its own interval apart from the pooled one)"


def _influential(effects: Sequence[EffectSize], plan: SynthesisPlan) -> tuple[set[StudyId], str]:
    """Studies beyond the bounds of Viechtbauer & Cheung 2010 (`synthesis.random_effects.refits`)."""
    flags = pooled_by(effects, plan.tau2, "z").influence().influential
    found = {one.study for one, flag in zip(effects, flags, strict=True) if flag}
    return found, "influential by deletion diagnostics"


def _imported(effects: Sequence[EffectSize], _: SynthesisPlan) -> tuple[set[StudyId], str]:
    return {one.study for one in effects if one.imported}, "taken from another meta-analysis"


_RULES: dict[str, Callable[[Sequence[EffectSize], SynthesisPlan], tuple[set[StudyId], str]]] = {
    "exclude outliers": _outliers,
    "exclude influential": _influential,
    "exclude imported effects": _imported,
}


def _by_risk(effects: Sequence[EffectSize], high_risk: Collection[StudyId] | None) -> Exclusion:
    if high_risk is None:
        return Exclusion(kept=None, note="Risk of bias is not reassessed.")
    return _without(effects, set(high_risk) & {one.study for one in effects}, "at high risk of bias")


def _without(effects: Sequence[EffectSize], out: set[StudyId], rule: str) -> Exclusion:
    if not out:
        return Exclusion(kept=tuple(effects), note=f"No study is {rule}: nothing was left out.")
    kept = tuple(one for one in effects if one.study not in out)
    if not kept:
        return Exclusion(kept=None, note=f"Every study is {rule}: none is left.")
    return Exclusion(kept=kept, note=f"Left out, {rule}: {', '.join(sorted(out))}.")
