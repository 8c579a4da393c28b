"""Draws funnel plots: effect against standard error, the pooled line, pseudo limits, shades of p."""

import math
from statistics import NormalDist

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from publisher.drawing import ACCENT, INK, MUTED, blank, drawing, svg, ticks
from publisher.scales import Scale
from publisher.small_study import Funnel
from publisher.words import number

__all__ = ["draw_funnel", "funnel_frame"]

_SHADES = ((0.10, "#e4e8eb"), (0.05, "#cfd6db"), (0.01, "#b7c1c9"))
"""Levels of p at which an effect is told from none, and the grey below each (Peters et al. 2008)."""


def draw_funnel(funnel: Funnel) -> bytes:
    """Return a funnel plot as SVG."""
    with drawing():
        figure = blank(8.6, 4.6)
        axes = figure.add_axes((0.1, 0.15, 0.62, 0.78))
        deepest = 1.05 * max(one.se for one in funnel.points)
        low, high = _limits(funnel, deepest)
        _shade(axes, funnel.scale, (low, high), deepest)
        funnel_frame(axes, funnel.scale, (low, high), deepest)
        _pooled(axes, funnel, deepest)
        axes.scatter(
            [one.x for one in funnel.points],
            [one.se for one in funnel.points],
            s=26,
            facecolor="white",
            edgecolor=INK,
            linewidth=1.2,
            zorder=4,
        )
        _legend(axes, funnel)
        return svg(figure, funnel.title, funnel.description)


def funnel_frame(axes: Axes, scale: Scale, limits: tuple[float, float], deepest: float) -> None:
    """Lay out effect against standard error, the precise at the top.

    Parameters
    ----------
    limits
        Ends of the axis on the scale of pooling.
    deepest
        The largest standard error shown.
    """
    if scale.ratio:
        axes.set_xscale("log")
    low, high = (scale.shown(end) for end in limits)
    axes.set_xlim(low, high)
    axes.set_ylim(deepest, 0)
    axes.xaxis.set_major_locator(FixedLocator(ticks(low, high, log=scale.ratio)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:g}" if scale.ratio else number(value, 2))
    )
    for side in ("right", "top"):
        axes.spines[side].set_visible(False)
    axes.axvline(scale.null, color=MUTED, linewidth=0.9)
    axes.set_xlabel(f"{scale.name}: ← {scale.left}, {scale.right} →", fontsize=8, color=INK)
    axes.set_ylabel("Standard error" + (" (log scale)" if scale.ratio else ""), fontsize=8, color=MUTED)


def _limits(funnel: Funnel, deepest: float) -> tuple[float, float]:
    turn = math.log if funnel.scale.ratio else float
    places = [turn(one.x) for one in funnel.points]
    reach = funnel.quantile * deepest
    low, high = min([*places, funnel.centre - reach, 0.0]), max([*places, funnel.centre + reach, 0.0])
    margin = 0.05 * (high - low)
    return low - margin, high + margin


def _shade(axes: Axes, scale: Scale, limits: tuple[float, float], deepest: float) -> None:
    """Shade where an effect would differ from none at a level of p: the darker, the surer."""
    levels = [NormalDist().inv_cdf(1 - level / 2) for level, _ in _SHADES]
    outer = [*levels[1:], math.inf]
    beyond = max(map(abs, limits)) + levels[-1] * deepest
    for (_, grey), inside, outside in zip(_SHADES, levels, outer, strict=True):
        for side in (-1, 1):
            far = [side * beyond] * 2 if math.isinf(outside) else [0.0, side * outside * deepest]
            near = [0.0, side * inside * deepest]
            axes.fill_betweenx(
                [0, deepest],
                [scale.shown(x) for x in near],
                [scale.shown(x) for x in far],
                color=grey,
                linewidth=0,
            )


def _pooled(axes: Axes, funnel: Funnel, deepest: float) -> None:
    scale, reach = funnel.scale, funnel.quantile * deepest
    axes.plot([scale.shown(funnel.centre)] * 2, [0, deepest], color=ACCENT, linewidth=1.4)
    for side in (-1, 1):
        edge = [scale.shown(funnel.centre), scale.shown(funnel.centre + side * reach)]
        axes.plot(edge, [0, deepest], color=ACCENT, linewidth=1.0, linestyle=(0, (4, 3)))


def _legend(axes: Axes, funnel: Funnel) -> None:
    shades = [Patch(facecolor=grey, label=f"p < {level:g} against no effect") for level, grey in _SHADES]
    lines = [
        Line2D(
            [], [], marker="o", markerfacecolor="white", markeredgecolor=INK, linestyle="none", label="study"
        ),
        Line2D([], [], color=ACCENT, linewidth=1.4, label="pooled estimate"),
        Line2D(
            [],
            [],
            color=ACCENT,
            linewidth=1.0,
            linestyle=(0, (4, 3)),
            label=f"pseudo {100 * funnel.level:g}% limits",
        ),
    ]
    axes.legend(
        handles=[*lines, *shades], loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False, fontsize=8
    )
