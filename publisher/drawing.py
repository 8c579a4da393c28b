"""Figures as bytes: the same input draws the same bytes, and every SVG says in words what it shows."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from publisher.words import safe_xml

__all__ = ["ACCENT", "FAINT", "INK", "MUTED", "blank", "drawing", "png", "svg", "ticks"]

_RATIOS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)
_FEWER = {0.01, 0.1, 0.5, 1.0, 2.0, 10.0, 100.0}

INK, MUTED, FAINT, ACCENT = "#1d2733", "#5b6773", "#c9d1d8", "#0f5f73"

_SETTINGS: Any = {  # matplotlib types each key apart; the mapping is read by its own update
    "svg.hashsalt": "living-review",
    "svg.fonttype": "none",
    "text.parse_math": False,  # a study may be called "$x": labels are text, never formulas
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.unicode_minus": True,
    "hatch.color": "#b9c0c6",
    "hatch.linewidth": 0.5,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Draw under fixed settings; a letter the font lacks is measured as a box and is no reason to fail."""
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcParams.update(_SETTINGS)
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def blank(width: float, height: float) -> Figure:
    """Return an empty figure of that many inches, tied to no screen."""
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def ticks(low: float, high: float, *, log: bool) -> tuple[float, ...]:
    """Return round numbers from `low` to `high` for an axis; on a logarithmic one, of ratios."""
    if log:
        found = [tick for tick in _RATIOS if low <= tick <= high]
        return tuple(found if len(found) <= 7 else [tick for tick in found if tick in _FEWER]) or (1.0,)
    steps = MaxNLocator(6, steps=[1, 2, 2.5, 5, 10])
    return tuple(round(float(tick), 9) for tick in steps.tick_values(low, high) if low <= tick <= high)


def svg(figure: Figure, title: str, description: str) -> bytes:
    """Return a figure as SVG with role, title and description."""
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(buffer, format="svg", metadata=nothing)
    head, _, body = buffer.getvalue().partition("<svg ")
    attributes, _, rest = body.partition(">")
    words = (
        f'<title id="title">{escape(safe_xml(title))}</title>'
        f'<desc id="desc">{escape(safe_xml(description))}</desc>'
    )
    return f'{head}<svg role="img" aria-labelledby="title desc" {attributes}>\n {words}{rest}'.encode()


def png(figure: Figure, dpi: int = 110) -> bytes:
    """Return a figure as PNG, without a date and without the name of the program."""
    buffer = io.BytesIO()
    figure.savefig(
        buffer, format="png", dpi=dpi, metadata={"Software": None}, pil_kwargs={"compress_level": 4}
    )
    return buffer.getvalue()
