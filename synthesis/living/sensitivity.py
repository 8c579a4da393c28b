"""The same question answered in other ways: what the protocol plans, and named further analyses."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from review.effect import EffectSize
from review.ids import StudyId
from review.protocol_synthesis import SynthesisPlan
from review.result import Sensitivity
from synthesis.living.answer import TEST_NAMES, analyse, interval_by
from synthesis.living.rows import Row
from synthesis.random_effects.fitting import Test

__all__ = ["Extra", "planned", "sets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A named analysis beside the main one: effects to add, studies to leave out."""

    name: str
    added: tuple[EffectSize, ...]
    without: frozenset[StudyId]
    notes: tuple[str, ...] = ()


def planned(
    effects: Sequence[EffectSize], rows: Sequence[Row], plan: SynthesisPlan, test: str
) -> tuple[Sensitivity, ...]:
    """Return the protocol's sensitivity analyses in its order, and the interval that is not the main one.

    Parameters
    ----------
    effects
        What the main analysis pools, one effect per study.
    rows
        The rows it was made from.
    plan
        The protocol's synthesis table.
    test
        How the main interval was made.
    """
    analyses: dict[str, Callable[[], Iterable[Sensitivity]]] = {
        "rows as printed": lambda: [_analysed("rows as printed", [_as_printed(row) for row in rows], plan)],
        "DL": lambda: [_analysed("DL", effects, plan, method="DL")],
        "z": lambda: [_by(effects, plan, "z")],
        "leave one out": lambda: _leave_one_out(effects, plan),
        "exclude high risk of bias": lambda: [
            Sensitivity(
                name="exclude high risk of bias", numbers=None, note="Risk of bias is not reassessed."
            )
        ],
    }
    found = [one for name in plan.sensitivity for one in analyses[name]()]
    other: Test = "z" if test == "knha" else "knha"
    if len(effects) > 1 and TEST_NAMES[other] not in {one.name for one in found}:
        found.append(_by(effects, plan, other))
    return tuple(found)


def sets(
    effects: Sequence[EffectSize], extras: Sequence[Extra], plan: SynthesisPlan
) -> tuple[Sensitivity, ...]:
    """Return one analysis for each named set.

    Parameters
    ----------
    effects
        What the main analysis pools.
    extras
        What to add or leave out.
    plan
        The protocol's synthesis table.

    Raises
    ------
    ValueError
        Where a study to add is in the main analysis already, or one to leave out is not.
    """
    return tuple(_set(effects, extra, plan) for extra in extras)


def _set(effects: Sequence[EffectSize], extra: Extra, plan: SynthesisPlan) -> Sensitivity:
    pooled, added = {one.study for one in effects}, {one.study for one in extra.added}
    if twice := sorted(added & (pooled - extra.without)):
        raise ValueError(f"{extra.name}: found {', '.join(twice)} in the main analysis already")
    if unknown := sorted(extra.without - pooled):
        raise ValueError(f"{extra.name}: found {', '.join(unknown)} to leave out, not in the main analysis")
    kept = [one for one in effects if one.study not in extra.without]
    together = sorted([*kept, *extra.added], key=lambda one: one.study)
    if not together:
        return Sensitivity(name=extra.name, numbers=None, note="No study is left.")
    parts = [
        f"Added: {', '.join(sorted(added))}." if added else "",
        f"Left out: {', '.join(sorted(extra.without))}." if extra.without else "",
    ]
    return _analysed(extra.name, together, plan, note=" ".join([*filter(None, parts), *extra.notes]))


def _leave_one_out(effects: Sequence[EffectSize], plan: SynthesisPlan) -> tuple[Sensitivity, ...]:
    if len(effects) == 1:
        return (Sensitivity(name="leave one out", numbers=None, note="There is one study only."),)
    return tuple(
        _analysed(f"without {left.study}", [one for one in effects if one is not left], plan)
        for left in effects
    )


def _analysed(
    name: str,
    effects: Sequence[EffectSize],
    plan: SynthesisPlan,
    *,
    method: str | None = None,
    note: str = "",
) -> Sensitivity:
    answer = analyse(effects, plan, method=method)
    said = " ".join(filter(None, [note, answer.fallback]))
    return Sensitivity(name=name, numbers=answer.numbers, note=said)


def _by(effects: Sequence[EffectSize], plan: SynthesisPlan, test: Test) -> Sensitivity:
    return Sensitivity(name=TEST_NAMES[test], numbers=interval_by(effects, plan, test))


def _as_printed(row: Row) -> EffectSize:
    return EffectSize(study=row.study, yi=row.yi, vi=row.vi, ni=row.ni, rows=(row.label,))
