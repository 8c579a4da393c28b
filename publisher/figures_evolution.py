"""Draws how an estimate and its intervals moved from edition to edition, or from year to year."""

import math

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from publisher.drawing import ACCENT, FAINT, INK, MUTED, blank, drawing, svg, ticks
from publisher.evolution import Evolution, Point
from publisher.words import number

__all__ = ["draw_evolution"]

MOST_LABELS = 14


def draw_evolution(evolution: Evolution) -> bytes:
    """Return the path of an estimate as SVG."""
    with drawing():
        figure = blank(8.6, 2.9)
        axes = figure.add_axes((0.1, 0.2, 0.87, 0.69))
        _frame(axes, evolution)
        for place, point in enumerate(evolution.points):
            _point(axes, point, place)
        return svg(figure, evolution.title, evolution.description)


def _frame(axes: Axes, evolution: Evolution) -> None:
    if evolution.log:
        axes.set_yscale("log")
    low, high = _limits(evolution)
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(FixedLocator(ticks(low, high, log=evolution.log)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 2)))
    axes.axhline(evolution.null, color=MUTED, linewidth=0.9)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("right", "top"):
        axes.spines[side].set_visible(False)
    axes.set_xlim(-0.6, len(evolution.points) - 0.4)
    _labels(axes, evolution.points)
    axes.text(0, 1.04, f"↑ {evolution.right}", transform=axes.transAxes, fontsize=8, color=INK)
    axes.set_ylabel(evolution.measure, fontsize=8, color=MUTED)


def _limits(evolution: Evolution) -> tuple[float, float]:
    ends = [
        bound for point in evolution.points for bound in (point.lower, point.upper, *(point.predicted or ()))
    ]
    finite = [end for end in (*ends, evolution.null) if math.isfinite(end)]
    low, high = min(finite), max(finite)
    if evolution.log:
        return low / 1.1, high * 1.1
    margin = 0.08 * (high - low or 1.0)
    return low - margin, high + margin


def _labels(axes: Axes, points: tuple[Point, ...]) -> None:
    step = max(1, -(-len(points) // MOST_LABELS))
    places = list(range(0, len(points), step))
    axes.xaxis.set_major_locator(FixedLocator(places))
    axes.set_xticklabels(
        ["\n".join(filter(None, _below(points[place]))) for place in places],
        fontsize=8,
    )


def _below(point: Point) -> tuple[str, str, str]:
    return point.label.replace(" ", "\n"), point.under, f"k = {point.k}"


def _point(axes: Axes, point: Point, place: int) -> None:
    if point.predicted:
        axes.plot(
            [place, place], point.predicted, color=ACCENT, linewidth=5, alpha=0.35, solid_capstyle="butt"
        )
    axes.plot([place, place], [point.lower, point.upper], color=INK, linewidth=1.2)
    axes.plot([place], [point.estimate], marker="o", markersize=5.5, color=ACCENT, linestyle="none")
