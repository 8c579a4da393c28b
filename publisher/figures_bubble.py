"""Draws bubble plots: effect against a moderator, area by weight, a line with its interval."""

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from publisher.drawing import ACCENT, FAINT, INK, MUTED, blank, drawing, svg, ticks
from publisher.moderators import Bubble
from publisher.words import number, safe_xml

__all__ = ["draw_bubble"]

_LARGEST = 420


def draw_bubble(bubble: Bubble) -> bytes:
    """Return a bubble plot as SVG."""
    with drawing():
        figure = blank(8.6, 4.4)
        axes = figure.add_axes((0.1, 0.15, 0.87, 0.75))
        _frame(axes, bubble)
        _line(axes, bubble)
        _bubbles(axes, bubble)
        return svg(figure, bubble.title, bubble.description)


def _frame(axes: Axes, bubble: Bubble) -> None:
    if bubble.log:
        axes.set_yscale("log")
    low, high = _limits(bubble)
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(FixedLocator(ticks(low, high, log=bubble.log)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:g}" if bubble.log else number(value, 2))
    )
    axes.axhline(bubble.null, color=MUTED, linewidth=0.9)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("right", "top"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel(safe_xml(bubble.x_label), fontsize=8, color=MUTED)
    axes.set_ylabel(bubble.measure, fontsize=8, color=MUTED)
    axes.text(0, 1.03, f"↑ {bubble.right}", transform=axes.transAxes, fontsize=8, color=INK)
    axes.margins(x=0.06)


def _limits(bubble: Bubble) -> tuple[float, float]:
    ends = [one.y for one in bubble.points] + [bubble.null]
    ends += [bound for one in bubble.line for bound in (one.lower, one.upper)]
    low, high = min(ends), max(ends)
    if bubble.log:
        return low / 1.3, high * 1.3
    margin = 0.1 * (high - low or 1.0)
    return low - margin, high + margin


def _line(axes: Axes, bubble: Bubble) -> None:
    xs = [one.x for one in bubble.line]
    lower, upper = [one.lower for one in bubble.line], [one.upper for one in bubble.line]
    axes.fill_between(xs, lower, upper, color=ACCENT, alpha=0.15, linewidth=0)
    for edge in (lower, upper):
        axes.plot(xs, edge, color=ACCENT, linewidth=0.8, linestyle=(0, (3, 3)))
    axes.plot(xs, [one.y for one in bubble.line], color=ACCENT, linewidth=1.6)


def _bubbles(axes: Axes, bubble: Bubble) -> None:
    largest = max(one.weight for one in bubble.points)
    axes.scatter(
        [one.x for one in bubble.points],
        [one.y for one in bubble.points],
        s=[_LARGEST * one.weight / largest for one in bubble.points],
        facecolor="none",
        edgecolor=INK,
        linewidth=1.2,
        zorder=3,
    )
