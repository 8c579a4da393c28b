"""Small-study effects: the planned looks as a table, and a funnel plot where there are studies enough."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from publisher.answers import heading
from publisher.scales import Scale, scale_of
from publisher.snapshot import Snapshot
from publisher.words import count, interval, number, p_value, slug
from review.result import SmallStudyResult, Synthesis

__all__ = ["ENOUGH", "Funnel", "FunnelPoint", "SmallStudyView", "small_study"]


ENOUGH = 10
"""Cochrane Handbook 13.3.5.4: below it a funnel cannot tell chance from asymmetry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelPoint:
    """A study: its effect on the shown scale and its standard error on the scale of pooling."""

    study: str
    x: float
    se: float
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """A funnel plot with the words around it.

    Parameters
    ----------
    centre
        The pooled estimate on the scale of pooling.
    quantile
        Half the width of the pseudo interval, in standard errors.
    """

    slug: str
    title: str
    description: str
    scale: Scale
    centre: float
    quantile: float
    level: float
    points: tuple[FunnelPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallStudyView:
    """The looks in their order, and the funnel or why there is none."""

    rows: tuple[tuple[str, ...], ...]
    funnel: Funnel | None
    why_none: str


def small_study(snapshot: Snapshot, synthesis: Synthesis) -> SmallStudyView:
    """Return what is said of small-study effects in an analysis."""
    scale, k = scale_of(snapshot, synthesis), synthesis.numbers.k
    few = f"{count(k, 'study', 'studies')}: no funnel plot is drawn below {ENOUGH}, where it would mislead."
    return SmallStudyView(
        rows=tuple(_row(one, scale, snapshot.decimals) for one in synthesis.small_study),
        funnel=_funnel(snapshot, synthesis, scale) if k >= ENOUGH else None,
        why_none="" if k >= ENOUGH else few,
    )


def _row(one: SmallStudyResult, scale: Scale, decimals: int) -> tuple[str, ...]:
    bounds = "" if one.ci_lb is None else interval(scale.maybe(one.ci_lb), scale.maybe(one.ci_ub), decimals)
    return (
        one.name,
        "" if one.pval is None else p_value(one.pval),
        "" if one.estimate is None else number(scale.shown(one.estimate), decimals),
        bounds,
        one.note,
    )


def _funnel(snapshot: Snapshot, synthesis: Synthesis, scale: Scale) -> Funnel:
    level, decimals = synthesis.numbers.level, snapshot.decimals
    quantile = NormalDist().inv_cdf((1 + level) / 2)
    points = tuple(
        FunnelPoint(
            study=str(row.study),
            x=scale.shown(row.yi),
            se=math.sqrt(row.vi),
            cells=(
                str(row.study),
                number(scale.shown(row.yi), decimals),
                number(math.sqrt(row.vi), decimals),
            ),
        )
        for row in synthesis.rows
    )
    outside = sum(
        abs(row.yi - synthesis.numbers.estimate) > quantile * math.sqrt(row.vi) for row in synthesis.rows
    )
    return Funnel(
        slug=slug(str(synthesis.key)),
        title=f"Funnel plot: {heading(snapshot.protocol, synthesis.key)}",
        description=(
            f"{count(len(points), 'study', 'studies')} around the pooled estimate of "
            f"{number(scale.shown(synthesis.numbers.estimate), decimals)}, the precise ones at the top; "
            f"{outside} outside the pseudo {100 * level:g}% limits. The table below holds the same numbers."
        ),
        scale=scale,
        centre=synthesis.numbers.estimate,
        quantile=quantile,
        level=level,
        points=points,
    )
