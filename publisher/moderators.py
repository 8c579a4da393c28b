"""What declared moderators explain: a table of slopes, and a bubble plot of each as values and as text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from publisher.answers import heading
from publisher.scales import Scale, scale_of
from publisher.snapshot import Snapshot
from publisher.words import count, interval, number, p_value, slug
from review.effect import EffectSize
from review.result import Coefficient, ModeratorResult, Synthesis
from synthesis.random_effects.fitting import TESTS
from synthesis.regression.model import regress

__all__ = ["Bubble", "BubblePoint", "LinePoint", "ModeratorView", "moderators"]


_PLACES = 60
_TOLD = 5
_SLOPE_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class BubblePoint:
    """A study: its value of the moderator, its effect on the shown scale, its weight in percent."""

    study: str
    x: float
    y: float
    weight: float
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePoint:
    """The effect that the regression expects at a value of the moderator, with its confidence interval."""

    x: float
    y: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """A bubble plot with the words around it; effects stand on the shown scale."""

    slug: str
    title: str
    description: str
    x_label: str
    measure: str
    null: float
    log: bool
    left: str
    right: str
    points: tuple[BubblePoint, ...]
    line: tuple[LinePoint, ...]
    told: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeratorView:
    """One moderator: its row in the table of slopes, and its plot where a line could be fitted."""

    row: tuple[str, ...]
    bubble: Bubble | None


def moderators(snapshot: Snapshot, synthesis: Synthesis) -> tuple[ModeratorView, ...]:
    """Return each moderator of a synthesis as readers meet it; slopes stand on the scale of pooling."""
    scale = scale_of(snapshot, synthesis)
    return tuple(_view(snapshot, synthesis, one, scale) for one in synthesis.moderators)


def _view(snapshot: Snapshot, synthesis: Synthesis, found: ModeratorResult, scale: Scale) -> ModeratorView:
    declared = snapshot.protocol.moderator.get(found.name)
    label, unit = (declared.label, declared.unit) if declared else (found.name, "")
    about = f"{label} ({unit})" if unit else label
    return ModeratorView(
        row=_row(found, about, scale, snapshot.decimals),
        bubble=_bubble(snapshot, synthesis, found, about, scale) if found.coefficients else None,
    )


def _row(found: ModeratorResult, label: str, scale: Scale, decimals: int) -> tuple[str, ...]:
    if not found.coefficients:
        return (label, str(found.k), "not fitted", "", "", "", "", "", found.note)
    slope: Coefficient = found.coefficients[-1]
    log = "log " if scale.ratio else ""
    return (
        label,
        str(found.k),
        f"{number(slope.estimate, _SLOPE_DECIMALS)} {log}{scale.measure}",
        interval(slope.ci_lb, slope.ci_ub, _SLOPE_DECIMALS),
        p_value(slope.pval),
        "not made" if found.pval_permuted is None else p_value(found.pval_permuted),
        "nothing to explain" if found.r2 is None else f"{number(found.r2, 1)}%",
        number(found.tau2, decimals + 1),
        found.note,
    )


def _bubble(
    snapshot: Snapshot, synthesis: Synthesis, found: ModeratorResult, x_label: str, scale: Scale
) -> Bubble:
    stated = [
        (row, dict(row.moderators)[found.name])
        for row in synthesis.rows
        if found.name in dict(row.moderators)
    ]
    points = _points(stated, found.tau2 or 0.0, scale, snapshot.decimals)
    line = _line(synthesis, found, stated, scale)
    about = heading(snapshot.protocol, synthesis.key)
    return Bubble(
        slug=slug(f"{synthesis.key}-{found.name}"),
        title=f"{x_label}: {about}",
        description=_describe(points, line, snapshot.decimals, scale),
        x_label=x_label,
        measure=scale.name,
        null=scale.null,
        log=scale.ratio,
        left=scale.left,
        right=scale.right,
        points=points,
        line=line,
        told=_told(line, snapshot.decimals),
    )


def _points(
    stated: Sequence[tuple[EffectSize, float]], tau2: float, scale: Scale, decimals: int
) -> tuple[BubblePoint, ...]:
    total = sum(1 / (row.vi + tau2) for row, _ in stated)
    weights = [100 / (row.vi + tau2) / total for row, _ in stated]
    return tuple(
        BubblePoint(
            study=str(row.study),
            x=x,
            y=scale.shown(row.yi),
            weight=weight,
            cells=(str(row.study), f"{x:g}", number(scale.shown(row.yi), decimals), f"{number(weight, 1)}%"),
        )
        for (row, x), weight in zip(stated, weights, strict=True)
    )


def _line(
    synthesis: Synthesis,
    found: ModeratorResult,
    stated: Sequence[tuple[EffectSize, float]],
    scale: Scale,
) -> tuple[LinePoint, ...]:
    """Return the line by the same regression as the slope; what is kept of that lacks its covariances."""
    values = [x for _, x in stated]
    fitted = regress(
        [row.yi for row, _ in stated],
        [row.vi for row, _ in stated],
        {found.name: values},
        method=synthesis.numbers.method,
        test=next((one for one in TESTS if one == found.test), "z"),
        level=synthesis.numbers.level,
    )
    places = np.linspace(min(values), max(values), _PLACES + 1)
    expected = fitted.predict({found.name: [float(place) for place in places]})
    columns = (places, expected.pred, expected.ci_lb, expected.ci_ub)
    return tuple(
        LinePoint(
            x=float(x), y=scale.shown(float(y)), lower=scale.shown(float(low)), upper=scale.shown(float(high))
        )
        for x, y, low, high in zip(*columns, strict=True)
    )


def _told(line: tuple[LinePoint, ...], decimals: int) -> tuple[tuple[str, ...], ...]:
    taken = line[:: _PLACES // (_TOLD - 1)]
    return tuple(
        (f"{number(one.x, 1)}", number(one.y, decimals), interval(one.lower, one.upper, decimals))
        for one in taken
    )


def _describe(
    points: tuple[BubblePoint, ...], line: tuple[LinePoint, ...], decimals: int, scale: Scale
) -> str:
    first, last = line[0], line[-1]
    return (
        f"{count(len(points), 'study', 'studies')}, larger with more weight. The line goes from "
        f"{number(first.y, decimals)} at {first.x:g} to {number(last.y, decimals)} at {last.x:g}; the band "
        f"is its confidence interval. Above {scale.null:.0f} {scale.right}. "
        "The tables below hold the same numbers."
    )
