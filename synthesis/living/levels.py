"""Subgroups that the protocol declares: each level by the protocol's rules, and the test between them."""

from collections.abc import Mapping, Sequence

from review.effect import EffectSize
from review.protocol import Protocol
from review.result import SubgroupResult
from synthesis.living.answer import Answer, analyse
from synthesis.random_effects.subgroup import between

__all__ = ["subgroup_results"]


def subgroup_results(
    effects: Sequence[EffectSize], protocol: Protocol
) -> tuple[tuple[SubgroupResult, ...], tuple[str, ...]]:
    """Return a result for each declared subgroup of which two levels have studies, and notes.

    The test between levels takes each level's standard error as shown: where a level fell back on z, a
    note says so.

    Parameters
    ----------
    effects
        One effect per study.
    protocol
        Declares subgroups and the order of their levels.
    """
    results, notes = [], []
    for name, subgroup in protocol.subgroup.items():
        members = {level: _members(effects, name, level) for level in subgroup.levels}
        present = {level: some for level, some in members.items() if some}
        if len(present) == 1:
            notes.append(f"Subgroup {name}: only {next(iter(present))} has studies; nothing is compared.")
        if len(present) < 2:
            continue
        placed = sum(len(some) for some in present.values())
        if placed < len(effects):
            missing = len(effects) - placed
            notes.append(f"Subgroup {name}: {missing} of {len(effects)} studies have no stated level.")
        answers = {level: analyse(some, protocol.synthesis) for level, some in present.items()}
        notes += [
            f"Subgroup {name}, {level}: {one.fallback}" for level, one in answers.items() if one.fallback
        ]
        if any(one.numbers.se == 0 for one in answers.values()):
            notes.append(f"Subgroup {name}: identical effects leave no standard error to compare.")
        else:
            results.append(_result(name, answers))
    return tuple(results), tuple(notes)


def _members(effects: Sequence[EffectSize], name: str, level: str) -> list[EffectSize]:
    return [one for one in effects if (name, level) in one.subgroups]


def _result(name: str, answers: Mapping[str, Answer]) -> SubgroupResult:
    levels = tuple((level, one.numbers) for level, one in answers.items())
    test = between([(numbers.estimate, numbers.se) for _, numbers in levels])
    return SubgroupResult(name=name, levels=levels, q_between=test.q, df=test.df, pval=test.pval)
