"""The picture of the comparison: a line a set from ASReview's figure to ours."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
import numpy as np
from comparison import MEASURES, Compared
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["draw_differences"]

_SHOWN = ("WSS@95", "AP")


def draw_differences(groups: Mapping[str, Compared], path: Path) -> None:
    """Write an SVG with a panel for each protocol and measure; the same figures give the same bytes."""
    with mpl.rc_context({"svg.hashsalt": "living-review", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(9, 7), layout="constrained")
        panels = figure.subplots(len(groups), len(_SHOWN), squeeze=False)
        for row, (protocol, compared) in zip(panels, groups.items(), strict=True):
            for axes, measure in zip(row, _SHOWN, strict=True):
                _panel(axes, compared, measure)
                axes.set_title(f"{protocol}: {measure}")
        figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
        figure.savefig(path, format="svg", metadata={"Date": None})


def _panel(axes: Axes, compared: Compared, measure: str) -> None:
    at = MEASURES.index(measure)
    places = np.arange(len(compared))
    peer, ours = (
        np.array([np.mean([getattr(row, side)[at] for row in rows]) for rows in compared.values()])
        for side in ("peer", "ours")
    )
    axes.hlines(places, peer, ours, color="0.6", linewidth=1)
    axes.plot(peer, places, "o", color="#b35806", fillstyle="none", label="ASReview (ELAS u4)")
    axes.plot(ours, places, "s", color="#1f4e79", label="Living Review")
    axes.set_yticks(places, [name.removeprefix("Cohen_") for name in compared])
    axes.invert_yaxis()
    axes.set_xlim(-0.1, 1)
    axes.spines[["top", "right"]].set_visible(False)
