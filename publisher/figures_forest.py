"""Draws forest plots: squares by weight, triangles for what is new, a diamond, a prediction interval."""

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from matplotlib.ticker import FixedLocator, NullLocator
from matplotlib.transforms import blended_transform_factory

from publisher.drawing import ACCENT, FAINT, INK, MUTED, blank, drawing, png, svg, ticks
from publisher.forest import Forest, ForestRow
from publisher.words import number, safe_xml

__all__ = ["draw_forest"]

WIDTH, ROW, TOP, BOTTOM = 8.6, 0.27, 0.42, 0.85
LEFT, MIDDLE = 0.33, 0.36
TEXT_X, WEIGHT_X = LEFT + MIDDLE + 0.215, 0.995


def draw_forest(forest: Forest) -> tuple[bytes, bytes]:
    """Return a forest plot as SVG and as PNG."""
    with drawing():
        figure = _figure(forest)
        return svg(figure, forest.title, forest.description), png(figure)


def _figure(forest: Forest) -> Figure:
    lines = len(forest.rows) + (2 if forest.prediction else 1)
    height = TOP + BOTTOM + ROW * (lines + 0.6)
    figure = blank(WIDTH, height)
    axes = figure.add_axes((LEFT, BOTTOM / height, MIDDLE, 1 - (TOP + BOTTOM) / height))
    _frame(axes, forest, lines)
    _header(axes, forest)
    for place, row in enumerate(forest.rows):
        _study(axes, forest, row, place)
    _summary(axes, forest, len(forest.rows) + 0.6)
    return figure


def _frame(axes: Axes, forest: Forest, lines: int) -> None:
    if forest.log:
        axes.set_xscale("log")
    low, high = _limits(forest)
    axes.set_xlim(low, high)
    axes.set_ylim(lines + 0.1, -0.6)
    axes.yaxis.set_visible(False)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    places = ticks(low, high, log=forest.log)
    axes.xaxis.set_major_locator(FixedLocator(places))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([_tick(forest, tick) for tick in places])
    axes.axvline(forest.null, color=MUTED, linewidth=0.9)
    axes.axvline(forest.pooled.estimate, color=ACCENT, linewidth=0.8, linestyle=(0, (3, 3)))
    axes.axhline(len(forest.rows) - 0.2, color=FAINT, linewidth=0.8, clip_on=False)
    _sides(axes, forest)


def _limits(forest: Forest) -> tuple[float, float]:
    lines = [*forest.rows, forest.pooled, *([forest.prediction] if forest.prediction else [])]
    turn = math.log if forest.log else float
    ends = [turn(bound) for row in lines for bound in (row.lower, row.upper)] + [turn(forest.null)]
    finite = [end for end in ends if math.isfinite(end)]
    low, high = min(finite), max(finite)
    margin = 0.06 * (high - low or 1.0)
    back = math.exp if forest.log else float
    return back(low - margin), back(high + margin)


def _tick(forest: Forest, tick: float) -> str:
    return f"{tick:g}" if forest.log else number(round(tick, 6), 2).rstrip("0").rstrip(".")


def _sides(axes: Axes, forest: Forest) -> None:
    below = blended_transform_factory(axes.transAxes, axes.transAxes)
    drop = -0.4 / (axes.get_position().height * axes.get_figure().get_figheight())  # type: ignore[union-attr]  # the axes were made on a figure
    axes.text(0, drop, f"← {forest.left}", transform=below, ha="left", va="top", fontsize=8, color=INK)
    axes.text(1, drop, f"{forest.right} →", transform=below, ha="right", va="top", fontsize=8, color=INK)
    axes.text(
        0.5, drop * 1.45, forest.measure, transform=below, ha="center", va="top", fontsize=8, color=MUTED
    )


def _header(axes: Axes, forest: Forest) -> None:
    for x, text, side in _columns("Study", forest.measure + " [CI]", "Weight"):
        _put(axes, x, -0.95, text, side, weight="bold", color=MUTED)


def _columns(label: str, text: str, weight: str) -> tuple[tuple[float, str, str], ...]:
    return (0.012, label, "left"), (TEXT_X, text, "right"), (WEIGHT_X, weight, "right")


def _put(axes: Axes, x: float, y: float, text: str, side: str, **style: str) -> None:
    figure = axes.get_figure()
    across = blended_transform_factory(figure.transFigure, axes.transData)  # type: ignore[union-attr]  # as above
    short = "Estimate [CI]" if text.endswith(" [CI]") else safe_xml(text)
    axes.text(x, y, short, transform=across, ha=side, va="center", fontsize=8.5, **style)  # type: ignore[arg-type]  # ha is one of left, right


def _study(axes: Axes, forest: Forest, row: ForestRow, place: int) -> None:
    axes.plot([row.lower, row.upper], [place, place], color=INK, linewidth=1.1, solid_capstyle="butt")
    largest = max((one.size or 0.0 for one in forest.rows), default=1.0) or 1.0
    side = 3.5 + 5.5 * math.sqrt((row.size or 0.0) / largest)
    face = "white" if row.new else INK
    axes.plot(
        [row.estimate],
        [place],
        marker="^" if row.new else "s",
        markersize=side + (1.5 if row.new else 0),
        markerfacecolor=face,
        markeredgecolor=INK,
        markeredgewidth=1.2,
        linestyle="none",
    )
    for x, text, ha in _columns(_clip(row.name), row.text, row.weight):
        _put(axes, x, place, text, ha, color=INK)


def _clip(text: str, longest: int = 38) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _summary(axes: Axes, forest: Forest, place: float) -> None:
    pooled = forest.pooled
    corners = [
        (pooled.lower, place),
        (pooled.estimate, place - 0.27),
        (pooled.upper, place),
        (pooled.estimate, place + 0.27),
    ]
    axes.add_patch(Polygon(corners, closed=True, facecolor=ACCENT, edgecolor=ACCENT))
    for x, text, ha in _columns(_clip(pooled.label), pooled.text, "100.0%"):
        _put(axes, x, place, text, ha, color=INK, weight="bold")
    if forest.prediction:
        _whiskers(axes, forest.prediction, place + 1)


def _whiskers(axes: Axes, row: ForestRow, place: float) -> None:
    axes.plot([row.lower, row.upper], [place, place], color=ACCENT, linewidth=3, solid_capstyle="butt")
    axes.plot(
        [row.lower, row.upper], [place, place], color=ACCENT, marker="|", markersize=9, linestyle="none"
    )
    for x, text, ha in _columns(_clip(row.label, 44), row.text, ""):
        _put(axes, x, place, text, ha, color=INK)
