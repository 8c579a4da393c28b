"""Draws how much of a ranking has to be read for how many of the later trials."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter

from publisher.drawing import ACCENT, FAINT, INK, MUTED, blank, drawing, svg
from publisher.replay_recall import Cut

__all__ = ["draw_recall", "recall_described"]

TITLE = "Share read against later trials found"


def draw_recall(steps: Sequence[Cut], flagged: Cut) -> bytes:
    """Return, as SVG, the recall at each step and of what was flagged, with intervals, beside chance."""
    with drawing():
        figure = blank(6.4, 3.6)
        axes = figure.add_axes((0.12, 0.15, 0.85, 0.76))
        _frame(axes)
        _chance(axes, steps)
        for cut in steps:
            _point(axes, cut, "o", INK)
        _point(axes, flagged, "D", ACCENT)
        return svg(figure, TITLE, recall_described(steps, flagged))


def recall_described(steps: Sequence[Cut], flagged: Cut) -> str:
    """Return the figure in words."""
    said = "; ".join(_said(cut) for cut in (*steps, flagged) if cut.trials and cut.of)
    return f"Reports read, and known later trials among them, over all years: {said or 'nothing to show'}."


def _frame(axes: Axes) -> None:
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.04)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(FixedLocator([0, 0.2, 0.4, 0.6, 0.8, 1]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}%"))
    axes.grid(color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("right", "top"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel("reports read, likeliest first", fontsize=8, color=MUTED)
    axes.set_ylabel("known later trials found", fontsize=8, color=MUTED)


def _chance(axes: Axes, steps: Sequence[Cut]) -> None:
    known = [(cut.reports / cut.of, cut.chance / cut.trials.of) for cut in steps if cut.trials and cut.of]
    reads, shares = zip((0.0, 0.0), *known, strict=True)
    axes.plot(reads, shares, color=MUTED, linewidth=0.9, linestyle="--")
    key = "◆ what was flagged, ● each tenth, - - by chance"
    axes.text(0, 1.02, key, transform=axes.transAxes, fontsize=8, color=INK)


def _point(axes: Axes, cut: Cut, marker: str, colour: str) -> None:
    if cut.trials is None or not cut.of:
        return
    read = cut.reports / cut.of
    axes.plot([read, read], [cut.trials.low, cut.trials.high], color=colour, linewidth=1.0)
    axes.plot([read], [cut.trials.share], marker=marker, markersize=5.5, color=colour, linestyle="none")


def _said(cut: Cut) -> str:
    held = cut.trials
    return f"{cut.name}, {cut.reports} of {cut.of}: {held.held} of {held.of}" if held else cut.name
