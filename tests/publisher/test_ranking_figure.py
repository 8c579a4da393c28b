"""The plot of a ranking: what it holds in words, and that it is the same each time."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from publisher.figures_ranking import FORMATS, Curve, RankingPlot, ReliabilityBin, draw_ranking

CURVE = Curve(
    label="history (n = 2)",
    points=((0.0, 0.0), (0.1, 0.5), (0.4, 1.0), (1.0, 1.0)),
    ideal=((0.0, 0.0), (0.1, 0.5), (0.2, 1.0), (1.0, 1.0)),
    flagged=(0.3, 0.5),
)
PLOT = RankingPlot(title="How soon <it> finds", description="Half of two & more.", curves=(CURVE,))
BINS = (ReliabilityBin(0.1, 0.05, 40), ReliabilityBin(0.9, 1.0, 4))


def _words(plot: RankingPlot) -> str:
    root = ET.fromstring(draw_ranking(plot, ".svg"))
    return " ".join(" ".join("".join(one.itertext()).split()) for one in root.iter())


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_plot_gives_the_same_bytes(form: str) -> None:
    """Nothing of the hour or the machine is in a figure."""
    plot = replace(PLOT, reliability=BINS)
    assert draw_ranking(plot, form) == draw_ranking(plot, form)


@pytest.mark.parametrize(
    "words",
    [
        "How soon <it> finds",
        "Half of two & more.",
        "history (n = 2)",
        "random order",
        "best order there could be",
        "flagged: 30%",
        "recall: share of the included",
        "share of what was ranked that was read",
    ],
)
def test_the_plot_says_what_is_in_it(words: str) -> None:
    """Title, description, axes, lines and the place where the flagged end are words, not paths."""
    assert words in _words(PLOT)


def test_probabilities_have_a_panel_where_there_are_any() -> None:
    """Each point of the reliability diagram bears its number of reports."""
    assert "mean probability" not in _words(PLOT)
    told = _words(replace(PLOT, reliability=BINS))
    assert all(word in told for word in ("mean probability that was given", "n = 40", "n = 4"))


def test_two_curves_differ_in_more_than_colour() -> None:
    """The second one is dashed, so that a black and white print tells them apart."""
    both = replace(PLOT, curves=(CURVE, replace(CURVE, label="time-split (n = 2)")))
    dashed = draw_ranking(both, ".svg").count(b"stroke-dasharray")
    assert dashed > draw_ranking(PLOT, ".svg").count(b"stroke-dasharray")


@pytest.mark.parametrize(("plot", "form"), [(replace(PLOT, curves=()), ".svg"), (PLOT, ".bmp")])
def test_what_cannot_be_drawn_is_refused(plot: RankingPlot, form: str) -> None:
    """No curve, or a form that is not known, is an error that says what is expected."""
    with pytest.raises(ValueError, match=r"expected at least one, as one of \.svg, \.png"):
        draw_ranking(plot, form)
