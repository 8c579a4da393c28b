"""Draws how soon a ranking finds what is included, and how its probabilities came true."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, PercentFormatter

from publisher.drawing import ACCENT, FAINT, INK, MUTED, blank, drawing, png, svg

__all__ = ["FORMATS", "Curve", "RankingPlot", "ReliabilityBin", "draw_ranking"]

FORMATS = (".svg", ".png")

_WARM = "#b4530a"  # stands apart from the accent for every kind of colour vision, and in grey
_LINES: Sequence[tuple[str, str]] = ((ACCENT, "-"), (_WARM, "-."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Recall against the share that was read, from (0, 0) to (1, 1), and where the flagged end.

    Parameters
    ----------
    points
        Shares that were read, ascending, with the recall from there on.
    ideal
        The same for the best order there could be.
    flagged
        Flagged share, and recall of the flagged.
    """

    label: str
    points: tuple[tuple[float, float], ...]
    ideal: tuple[tuple[float, float], ...]
    flagged: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Mean probability of some reports, the share of them that came true, and how many they are."""

    probability: float
    observed: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingPlot:
    """What is drawn, and its words; the first curve gives the ideal one and the line of the flagged."""

    title: str
    description: str
    curves: tuple[Curve, ...]
    reliability: tuple[ReliabilityBin, ...] = ()


def draw_ranking(plot: RankingPlot, form: str) -> bytes:
    """Return the plot as SVG or PNG; the same plot gives the same bytes.

    Parameters
    ----------
    form
        One of `FORMATS`.

    Raises
    ------
    ValueError
        If there is no curve, or the form is unknown.
    """
    if not plot.curves or PurePath(f"plot{form}").suffix not in FORMATS:
        raise ValueError(
            f"draw_ranking: found {len(plot.curves)} curves and form {form!r}; "
            f"expected at least one, as one of {', '.join(FORMATS)}"
        )
    with drawing():
        figure = _figure(plot)
        return svg(figure, plot.title, plot.description) if form == ".svg" else png(figure)


def _figure(plot: RankingPlot) -> Figure:
    panels = 2 if plot.reliability else 1
    figure = blank(5.6 * panels, 5.8)
    figure.suptitle(plot.title, x=0.5, y=0.97, fontsize=10, color=INK)
    _recall(figure.add_axes((0.13 / panels, 0.3, 0.82 / panels, 0.61)), plot)
    if plot.reliability:
        _reliability(figure.add_axes((0.565, 0.3, 0.41, 0.61)), plot.reliability)
    return figure


def _recall(axes: Axes, plot: RankingPlot) -> None:
    _frame(
        axes, "share of what was ranked that was read, lists from the top", "recall: share of the included"
    )
    ideal = _steps(plot.curves[0].ideal)
    axes.plot([0, 1], [0, 1], color=MUTED, linestyle=(0, (1, 2)), linewidth=1.1, label="random order")
    axes.plot(*ideal, color=MUTED, linestyle="--", linewidth=1.0, label="best order there could be")
    for curve, (colour, line) in zip(plot.curves, _LINES, strict=False):
        axes.plot(*_steps(curve.points), color=colour, linestyle=line, linewidth=2.0, label=curve.label)
    for curve, (colour, _) in zip(plot.curves, _LINES, strict=False):
        _where_flagged_end(axes, curve, colour, named=curve is plot.curves[0])
    _line_of_flagged(axes, plot.curves[0].flagged[0])
    _legend(axes)


def _where_flagged_end(axes: Axes, curve: Curve, colour: str, *, named: bool) -> None:
    axes.plot(
        *((one,) for one in curve.flagged),
        marker="D",
        markersize=6,
        markerfacecolor="white",
        markeredgecolor=colour,
        linestyle="none",
        clip_on=False,
        zorder=5,
        label="flagged: their share, and the recall among them" if named else None,
    )


def _legend(axes: Axes) -> None:
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), fontsize=8, frameon=False)


def _steps(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Return the corners of a staircase that rises where something is found."""
    read, found = [points[0][0]], [points[0][1]]
    for x, y in points[1:]:
        read += [x, x]
        found += [found[-1], y]
    return read, found


def _line_of_flagged(axes: Axes, share: float) -> None:
    axes.axvline(share, color=INK, linewidth=0.9, linestyle=(0, (5, 2)))
    right = share < 0.5
    axes.text(
        share + (0.012 if right else -0.012),
        0.5,
        f"flagged: {100 * share:.0f}%",
        rotation=90,
        ha="left" if right else "right",
        va="center",
        fontsize=8,
        color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
    )


def _reliability(axes: Axes, bins: Sequence[ReliabilityBin]) -> None:
    _frame(axes, "mean probability that was given", "share that was included")
    axes.plot([0, 1], [0, 1], color=MUTED, linestyle=(0, (1, 2)), linewidth=1.1, label="as it should be")
    axes.plot(
        [one.probability for one in bins],
        [one.observed for one in bins],
        color=ACCENT,
        marker="o",
        markersize=5,
        linewidth=1.2,
        clip_on=False,
        label="decided reports, with their number",
    )
    for one in bins:
        above = one.observed < 0.9
        axes.annotate(
            f"n = {one.n}",
            (one.probability, one.observed),
            xytext=(0, 7 if above else -13),
            textcoords="offset points",
            ha="center",
            fontsize=7.5,
            color=INK,
        )
    _legend(axes)


def _frame(axes: Axes, across: str, up: str) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(FixedLocator([0, 0.2, 0.4, 0.6, 0.8, 1]))
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_xlabel(across, fontsize=9, color=INK)
    axes.set_ylabel(up, fontsize=9, color=INK)
    axes.grid(color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("right", "top"):
        axes.spines[side].set_visible(False)
