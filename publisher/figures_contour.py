"""Draws extended funnel plots: what would be concluded with one more trial, by its effect and its size."""

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from publisher.contours import ContourView
from publisher.drawing import ACCENT, INK, MUTED, blank, drawing, svg
from publisher.figures_funnel import funnel_frame
from synthesis.living.contour import Side

__all__ = ["draw_contour"]

_COLOURS = {Side.BELOW: "#f6e3c5", Side.BETWEEN: "#ffffff", Side.ABOVE: "#cfe6ec"}
_HATCHES = {Side.BELOW: "\\\\", Side.BETWEEN: "", Side.ABOVE: "//"}


def draw_contour(view: ContourView) -> bytes:
    """Return an extended funnel plot as SVG; regions differ by hatching as well as by colour."""
    with drawing():
        figure = blank(8.6, 5.0)
        axes = figure.add_axes((0.1, 0.27, 0.87, 0.7))
        region = view.region
        funnel_frame(axes, view.scale, (region.xs[0], region.xs[-1]), region.ses[-1])
        _regions(axes, view)
        axes.axvline(view.scale.shown(view.estimate), color=ACCENT, linewidth=1.2, linestyle=(0, (3, 3)))
        axes.scatter(
            [x for x, _ in view.studies],
            [se for _, se in view.studies],
            s=24,
            facecolor="white",
            edgecolor=INK,
            linewidth=1.1,
            zorder=4,
        )
        _legend(axes, view)
        return svg(figure, view.title, view.description)


def _regions(axes: Axes, view: ContourView) -> None:
    region = view.region
    xs, ses = [view.scale.shown(x) for x in region.xs], [0.0, *region.ses[1:]]
    axes.set_facecolor(_COLOURS[Side.BETWEEN])
    for side, margins in ((Side.ABOVE, region.above), (Side.BELOW, region.below)):
        highest = max(max(row) for row in margins)
        if highest > 0:
            axes.contourf(
                xs, ses, margins, levels=[0, 2 * highest], colors=[_COLOURS[side]], hatches=[_HATCHES[side]]
            )
            axes.contour(xs, ses, margins, levels=[0], colors=MUTED, linewidths=0.9)


def _legend(axes: Axes, view: ContourView) -> None:
    shades = [
        Patch(facecolor=_COLOURS[side], hatch=_HATCHES[side], edgecolor=MUTED, label=f"with it, {said}")
        for side, said in view.region.said
    ]
    lines = [
        Line2D(
            [], [], marker="o", markerfacecolor="white", markeredgecolor=INK, linestyle="none", label="study"
        ),
        Line2D([], [], color=ACCENT, linewidth=1.2, linestyle=(0, (3, 3)), label="pooled estimate"),
    ]
    axes.legend(
        handles=[*shades, *lines],
        loc="upper left",
        bbox_to_anchor=(0, -0.16),
        ncol=1 if len(shades) > 2 else 2,
        frameon=False,
        fontsize=8,
    )
