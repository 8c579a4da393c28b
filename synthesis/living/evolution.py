"""How one analysis moved from edition to edition: its numbers, its signals, and what moved it most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from review.effect import AnalysisKey
from review.protocol import Protocol
from review.result import Signal, Synthesis
from synthesis.living.impact import Impact, impact
from synthesis.living.impact.changes import same
from synthesis.living.scale import on_log_scale
from synthesis.living.signals import signals

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Evolution", "Stage", "evolution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One synthesis in the course of an analysis, on the scale on which it is pooled.

    Parameters
    ----------
    label
        The edition's number, or whatever tells the stage.
    impact
        What changed since the stage before; None where the measure changed, so that nothing can be compared.
    attribution
        A sentence on what moved the estimate most.
    """

    label: str
    at: datetime
    measure: str
    estimate: float
    ci_lb: float
    ci_ub: float
    pi_lb: float | None
    pi_ub: float | None
    tau2: float
    i2: float
    k: int
    participants: int
    participants_stated: int
    signals: tuple[Signal, ...]
    impact: Impact | None
    attribution: str

    @property
    def fired(self) -> tuple[str, ...]:
        """The names of the signals that fired, most telling first."""
        return tuple(one.name for one in self.signals if one.fired)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Evolution:
    """The stages of one analysis in the order of time."""

    key: AnalysisKey
    stages: tuple[Stage, ...]

    def __repr__(self) -> str:
        return "\n".join([str(self.key), *(_line(one) for one in self.stages)])

    def to_frame(self) -> "pd.DataFrame":
        """Return a table with one row a stage; signals that fired are joined by semicolons."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        return pd.DataFrame([_row(one) for one in self.stages])


def evolution(
    syntheses: Sequence[Synthesis], *, labels: Sequence[str] | None = None, protocol: Protocol | None = None
) -> Evolution:
    """Return how an analysis moved through syntheses in the order of time, each compared with the one before.

    Parameters
    ----------
    syntheses
        Of one analysis key, at least one, the earliest first.
    labels
        One for each; by default their days.
    protocol
        Where it is given, signals are computed between neighbours by its rules; otherwise each synthesis
        shows those that it was kept with, which compare it with the last edition of its time.

    Raises
    ------
    ValueError
        For none, several analyses, an order that is not that of time, or another number of labels.
    """
    _check(syntheses)
    names = [f"{one.at:%Y-%m-%d}" for one in syntheses] if labels is None else list(labels)
    if len(names) != len(syntheses):
        raise ValueError(f"labels: found {len(names)}; expected one for each of {len(syntheses)} syntheses")
    before = [None, *syntheses[:-1]]
    stages = (
        _stage(name, was, now, protocol) for name, was, now in zip(names, before, syntheses, strict=True)
    )
    return Evolution(key=syntheses[0].key, stages=tuple(stages))


def _check(syntheses: Sequence[Synthesis]) -> None:
    keys = sorted({one.key for one in syntheses})
    if len(keys) != 1:
        found = ", ".join(map(str, keys)) or "no synthesis"
        raise ValueError(f"evolution: found {found}; expected syntheses of one analysis")
    for one, following in pairwise(syntheses):
        if following.at < one.at:
            raise ValueError(
                f"evolution: found {following.at:%Y-%m-%d %H:%M} after {one.at:%Y-%m-%d %H:%M}; "
                "expected the order of time"
            )


def _stage(label: str, before: Synthesis | None, now: Synthesis, protocol: Protocol | None) -> Stage:
    found, comparable = now.numbers, before is None or before.measure == now.measure
    changed = impact(before, now) if comparable else None
    return Stage(
        label=label,
        at=now.at,
        measure=now.measure,
        estimate=found.estimate,
        ci_lb=found.ci_lb,
        ci_ub=found.ci_ub,
        pi_lb=found.pi_lb,
        pi_ub=found.pi_ub,
        tau2=found.tau2,
        i2=found.i2,
        k=found.k,
        participants=found.participants,
        participants_stated=found.participants_stated,
        signals=now.signals if protocol is None else signals(before, now, protocol),
        impact=changed,
        attribution=_attribution(changed, now.measure)
        if changed
        else "The measure changed: nothing can be compared.",
    )


def _attribution(changed: Impact, measure: str) -> str:
    if changed.before is None:
        return "First result."
    if changed.main is None:
        return "Nothing moved the estimate."
    main = changed.main
    if sum(not same(one.change, 0.0) for one in changed.shares) == 1:
        return f"{main.group.capitalize()} alone: {main.change:+.3f}{on_log_scale(measure)}."
    return f"Mostly {main.group}: {main.change:+.3f} of {changed.total:+.3f}{on_log_scale(measure)}."


def _line(one: Stage) -> str:
    interval = f"[{one.ci_lb:.3f}, {one.ci_ub:.3f}]"
    return f"{one.label}: {one.estimate:.3f} {interval}, k = {one.k}. {one.attribution}"


def _row(one: Stage) -> dict[str, object]:
    left_out = {"signals", "impact", "attribution"}
    numbers = {name: getattr(one, name) for name in Stage.__dataclass_fields__ if name not in left_out}
    return {**numbers, "signals_fired": "; ".join(one.fired), "attribution": one.attribution}
