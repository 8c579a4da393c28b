"""Figures hold the same numbers as their tables, say what they show, and are drawn the same twice."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from publisher.evolution import evolution
from publisher.figures_evolution import draw_evolution
from publisher.figures_forest import draw_forest
from publisher.forest import forest
from publisher.snapshot import living
from tests.publisher.synthetic import NOW

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def snapshot(material):
    return living(material, NOW)


@pytest.fixture(scope="module")
def plot(snapshot):
    return forest(snapshot, snapshot.syntheses[0])


@pytest.fixture(scope="module")
def drawn(plot):
    return draw_forest(plot)


def texts(svg: bytes) -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(svg).iter(f"{SVG}text")]


def test_plot_equals_table(plot, drawn):
    """Every label, estimate and weight of the table stands in the figure as text."""
    found = texts(drawn[0])
    cells = [cell for row in plot.rows for cell in (row.name, row.text, row.weight)]
    assert set(cells) <= set(found)


def test_pooled_line_stands_in_the_figure(plot, drawn):
    """The pooled estimate and the prediction interval are drawn as text too."""
    found = texts(drawn[0])
    assert {plot.pooled.text, plot.prediction.text, plot.prediction.label} <= set(found)


def test_axis_names_both_sides(drawn):
    """The axis says whom each side favours, the left before the right."""
    found = texts(drawn[0])
    assert "← favours comparator" in found
    assert "favours intervention →" in found


def test_new_studies_are_marked(plot):
    """Studies that the previous edition lacked are marked, the others are not."""
    assert [row.label for row in plot.rows if row.new] == ["Study F", "Study G"]


def test_first_edition_marks_nothing(material):
    """Without a previous edition nothing is new."""
    ledger = replace(material.ledger, editions=material.ledger.editions[:1])
    snapshot = living(replace(material, ledger=ledger), NOW)
    assert not forest(snapshot, snapshot.syntheses[0]).has_new


def test_new_studies_have_another_shape(drawn):
    """New studies are triangles, the others squares: colour alone tells nothing."""
    markers = ET.fromstring(drawn[0]).findall(f".//{SVG}defs/{SVG}path")
    assert sum(1 for one in markers if one.get("d").count("L") == 2 and "z" in one.get("d")) == 2


def test_imported_effects_are_marked(plot):
    """A line that rests on an imported effect carries the dagger."""
    assert all(row.name.startswith(f"{row.label} †") for row in plot.rows)


def test_figure_has_words(plot, drawn):
    """An SVG has a role, a title and a description that holds the answer."""
    root = ET.fromstring(drawn[0])
    found = (
        root.get("role"),
        root.find(f"{SVG}title").text,
        plot.pooled.text in root.find(f"{SVG}desc").text,
    )
    assert found == ("img", plot.title, True)


def test_figure_is_drawn_the_same_twice(plot, drawn):
    """The same plot gives the same bytes, as SVG and as PNG."""
    assert draw_forest(plot) == drawn


def test_png_is_a_png(drawn):
    """The second picture is a PNG."""
    assert drawn[1].startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize(
    "label", ["Study $\\frac{", "<script>alert(1)</script>", "研究", "a\x00b", "S" * 200]
)
def test_odd_labels_are_drawn(plot, label):
    """No label breaks a figure: not a formula, not markup, not letters the font lacks."""
    rows = (replace(plot.rows[0], label=label), *plot.rows[1:])
    assert ET.fromstring(draw_forest(replace(plot, rows=rows))[0]).tag == f"{SVG}svg"


def test_ratio_axis_shows_ratios(snapshot):
    """The axis of a risk ratio is marked in ratios around 1."""
    assert "1" in texts(draw_forest(forest(snapshot, snapshot.syntheses[1]))[0])


def test_evolution_has_a_point_per_edition(snapshot):
    """Each edition that published the analysis is one point."""
    path = evolution(snapshot, snapshot.syntheses[0])
    assert [(point.label, point.k) for point in path.points] == [("1.0.0", 5), ("2.0.0", 7)]


def test_evolution_labels_its_editions(snapshot):
    """The figure names each edition, its month and its number of studies."""
    found = " ".join(texts(draw_evolution(evolution(snapshot, snapshot.syntheses[0]))))
    assert "1.0.0 2019-02 k = 5" in found


def test_single_study_without_prediction_is_drawn(plot):
    """One study without a prediction interval is a plot too."""
    lone = replace(plot, rows=plot.rows[:1], prediction=None)
    assert draw_forest(lone)[0].startswith(b"<?xml")
