"""What looks wrong in the means that people entered, seen across the studies of one analysis."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from review.effect import NOT_STATED, ArmMeans, Estimate
from synthesis.measures.effects import effect_sizes

__all__ = ["suspicions"]


def suspicions(estimates: Iterable[Estimate]) -> tuple[str, ...]:
    """Return a sentence for each study whose means look wrong beside the others (`synthesis.measures`).

    A standard error typed as a standard deviation is the commonest slip: it shows beside other studies on
    the same instrument. Nothing is changed or left out.

    Parameters
    ----------
    estimates
        Results of one analysis; only those that give means per arm are looked at.
    """
    by_measure: dict[str, list[tuple[Estimate, ArmMeans]]] = defaultdict(list)
    for one in estimates:
        if isinstance(one.arms, ArmMeans):
            by_measure[one.measure].append((one, one.arms))
    return tuple(note for measure, some in by_measure.items() for note in _of_measure(measure, some))


def _of_measure(measure: str, given: Sequence[tuple[Estimate, ArmMeans]]) -> Iterator[str]:
    columns: dict[str, Any] = {name: [] for name in asdict(given[0][1])}
    for _, arms in given:
        for name, value in asdict(arms).items():
            columns[name].append(value)
    times = Counter(one.label for one, _ in given)
    sizes = effect_sizes(
        measure,
        slab=[one.label if times[one.label] == 1 else f"{one.study}, {one.label}" for one, _ in given],
        instrument=[_scale(one) for one, _ in given],
        **columns,
    )
    yield from sizes.warnings


def _scale(one: Estimate) -> str:
    # Mean differences are in one unit anyway; standardised ones of unnamed scales share none.
    if one.instrument != NOT_STATED or one.measure == "MD":
        return one.instrument
    return f"{NOT_STATED} in {one.study}, {one.label}"
