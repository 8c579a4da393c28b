"""The same question answered in other ways: what the protocol plans, and named further analyses."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from review.effect import EffectSize
from review.ids import StudyId
from review.protocol_synthesis import SensitivityName, SynthesisPlan
from review.result import Sensitivity
from synthesis.living.answer import TEST_NAMES, analyse, interval_by
from synthesis.living.correlated import correlated_rows
from synthesis.living.counted import counted
from synthesis.living.exclusions import Exclusion, excluding
from synthesis.living.rows import Row
from synthesis.random_effects.fitting import Test

__all__ = ["Extra", "planned", "sets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A named analysis beside the main one: effects to add, studies to leave out; or why it is not made."""

    name: str
    added: tuple[EffectSize, ...]
    without: frozenset[StudyId]
    notes: tuple[str, ...] = ()
    not_made: str = ""


def planned(
    effects: Sequence[EffectSize],
    rows: Sequence[Row],
    plan: SynthesisPlan,
    test: str,
    high_risk: Collection[StudyId] | None = None,
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
    high_risk
        Studies judged at high risk of bias; None where nobody judged.
    """
    found = [one for name in plan.sensitivity for one in _named(name, effects, rows, plan, high_risk)]
    other: Test = "z" if test == "knha" else "knha"
    if len(effects) > 1 and TEST_NAMES[other] not in {one.name for one in found}:
        found.append(_by(effects, plan, other))
    return tuple(found)


def _named(
    name: SensitivityName,
    effects: Sequence[EffectSize],
    rows: Sequence[Row],
    plan: SynthesisPlan,
    high_risk: Collection[StudyId] | None,
) -> Iterable[Sensitivity]:
    match name:
        case "rows as printed":
            yield _analysed(name, _all_as_printed(rows, effects), plan)
        case "lowest row of each study" | "highest row of each study":
            yield _one_row_each(name, rows, plan)
        case "Mantel-Haenszel" | "Peto":
            yield counted(name, rows, rows[0].measure)
        case "correlated effects":
            yield correlated_rows(rows, plan)
        case "DL" | "PM":
            yield _analysed(name, effects, plan, method=name)
        case "EE":
            yield Sensitivity(name=_COMMON, numbers=interval_by(effects, plan, "z", method="EE"))
        case "z" | "adhoc":
            yield _by(effects, plan, name)
        case "leave one out":
            yield from _leave_one_out(effects, plan)
        case _:
            yield _without(name, excluding(name, effects, plan, high_risk), plan)


_COMMON = "common effect (EE)"


def _without(name: str, found: Exclusion, plan: SynthesisPlan) -> Sensitivity:
    if found.kept is None:
        return Sensitivity(name=name, numbers=None, note=found.note)
    return _analysed(name, found.kept, plan, note=found.note)


def _one_row_each(name: str, rows: Sequence[Row], plan: SynthesisPlan) -> Sensitivity:
    """Pool the lowest or highest of each study's rows: what the choice among arms could do at most."""
    best = min if name.startswith("lowest") else max
    ordered = sorted(rows, key=lambda row: row.study)
    several = [tuple(group) for _, group in groupby(ordered, key=lambda row: row.study)]
    taken = [best(group, key=lambda row: row.yi) for group in several]
    named = [row.label for row, group in zip(taken, several, strict=True) if len(group) > 1]
    note = f"Taken: {', '.join(named)}." if named else "No study has more than one row."
    return _analysed(name, [_as_printed(row) for row in taken], plan, note=note)


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
    if extra.not_made:
        return Sensitivity(name=extra.name, numbers=None, note=extra.not_made)
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


def _all_as_printed(rows: Sequence[Row], effects: Sequence[EffectSize]) -> list[EffectSize]:
    """Return every row as an effect; participants are not stated where a shared control counts twice."""
    counted_twice = {one.study for one in effects if one.ni is None}
    printed = [_as_printed(row) for row in rows]
    return [replace(one, ni=None) if one.study in counted_twice else one for one in printed]


def _as_printed(row: Row) -> EffectSize:
    return EffectSize(study=row.study, yi=row.yi, vi=row.vi, ni=row.ni, rows=(row.label,))
