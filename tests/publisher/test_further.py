"""Moderators, small-study effects and what would change the conclusion, as readers meet them."""

import math
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from publisher.contours import MOST_STUDIES, contours
from publisher.figures_bubble import draw_bubble
from publisher.figures_contour import draw_contour
from publisher.figures_funnel import draw_funnel
from publisher.moderators import moderators
from publisher.small_study import small_study
from publisher.snapshot import living
from synthesis.living.answer import analyse
from synthesis.living.contour import Side
from tests.publisher.synthetic import NOW
from tests.publisher.synthetic_pools import moderator

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def snapshot(material):
    return living(material, NOW)


@pytest.fixture(scope="module")
def found(snapshot):
    """The standardised differences of seven made-up studies."""
    return snapshot.syntheses[0]


@pytest.fixture(scope="module")
def twelve(material, many):
    """The same review with twelve studies in that pool."""
    return living(replace(material, ledger=many(12)), NOW)


def described(svg: bytes) -> str:
    """Return what a figure says of itself."""
    return "".join(ET.fromstring(svg).find(f"{SVG}desc").itertext())


def test_a_slope_stands_with_all_that_qualifies_it(snapshot, found):
    """Slope, interval, both p values, R2, what is left between studies, and the note."""
    row = moderators(snapshot, found)[0].row
    assert row[0] == "Dose of Z (grams)"
    assert row[2:] == (
        "0.0123 SMD",
        "0.0043 to 0.0203",
        "0.004",
        "0.012",
        "33.9%",
        "0.0078",
        "One study does not state it (made up).",
    )


def test_a_slope_of_ratios_is_one_of_logarithms(snapshot):
    """What a risk ratio changes by is said on the log scale; its plot shows ratios."""
    view = moderators(snapshot, snapshot.syntheses[1])[0]
    assert (view.row[2], view.bubble.log, view.bubble.null) == ("0.0123 log RR", True, 1.0)


def test_weights_of_bubbles_sum_to_a_hundred(snapshot, found):
    """Every study that states the moderator is a bubble, with its weight in the regression."""
    points = moderators(snapshot, found)[0].bubble.points
    assert [point.study for point in points] == [row.study for row in found.rows]
    assert math.isclose(sum(point.weight for point in points), 100)


def test_the_line_is_the_regression(snapshot, found):
    """The line's ends are what weighted least squares gives by another route."""
    line = moderators(snapshot, found)[0].bubble.line
    xs = np.array([dict(row.moderators)["dose"] for row in found.rows])
    slopes = {round((b.y - a.y) / (b.x - a.x), 9) for a, b in pairwise(line)}
    assert (line[0].x, line[-1].x, len(slopes)) == (xs.min(), xs.max(), 1)
    # The studies lie on 0.1 + 0.05 place = 0.1 + 0.05 (dose - 10) / 3: no weighting moves that line.
    assert math.isclose(slopes.pop(), 0.05 / 3, rel_tol=1e-6)


def test_what_was_not_fitted_says_why(snapshot, found):
    """A moderator without coefficients has its note and no plot."""
    bare = replace(moderator(found.rows), coefficients=(), note="Not fitted: all values are equal.")
    view = moderators(snapshot, replace(found, moderators=(bare,)))[0]
    assert (view.bubble, view.row[2], view.row[-1]) == (
        None,
        "not fitted",
        "Not fitted: all values are equal.",
    )


def test_few_studies_have_no_funnel(snapshot, found):
    """Seven studies have their looks, and a sentence instead of a funnel."""
    view = small_study(snapshot, found)
    assert view.funnel is None
    assert "7 studies: no funnel plot" in view.why_none
    assert view.rows[0][:2] == ("egger", "0.032")
    assert view.rows[1][2:4] == ("0.120", "0.050 to 0.190")


def test_a_funnel_counts_what_lies_outside(twelve):
    """The description's number of studies outside the pseudo limits is counted from the rows."""
    one = twelve.syntheses[0]
    view = small_study(twelve, one)
    z = 1.959963984540054
    outside = sum(abs(row.yi - one.numbers.estimate) > z * math.sqrt(row.vi) for row in one.rows)
    assert outside > 0
    assert f" {outside} outside the pseudo 95% limits" in view.funnel.description
    assert len(view.funnel.points) == 12


def test_figures_say_what_they_show_and_are_drawn_the_same_twice(twelve):
    """Bubble, funnel and contour have title and description, and the same bytes each time."""
    one = twelve.syntheses[0]
    bubble, funnel = moderators(twelve, one)[0].bubble, small_study(twelve, one).funnel
    contour = contours(twelve, one)[0]
    for draw, what in ((draw_bubble, bubble), (draw_funnel, funnel), (draw_contour, contour)):
        svg = draw(what)
        assert (described(svg), svg == draw(what)) == (what.description, True)


def test_the_contours_table_holds_against_the_pool(snapshot, found):
    """A trial just beyond a told boundary changes the conclusion, one just before it does not."""
    view = contours(snapshot, found)[0]
    text = next(row[2] for row in view.rows if row[2].startswith("below "))
    boundary = float(text.split(":")[0].removeprefix("below ").replace("−", "-"))
    se = float(next(row[1] for row in view.rows if row[2] == text))
    significant = []
    for effect in (boundary - 0.002, boundary + 0.002):
        more = replace(found.rows[0], study="New trial", yi=effect, vi=se**2)
        numbers = analyse((*found.rows, more), snapshot.protocol.synthesis).numbers
        significant.append(numbers.ci_lb > 0 or numbers.ci_ub < 0)
    now = analyse(found.rows, snapshot.protocol.synthesis).numbers
    assert significant == [not (now.ci_lb > 0), now.ci_lb > 0]


def test_asked_sizes_are_those_of_the_studies(snapshot, found):
    """New trials are as large as the quartiles of the studies, and twice the largest, in two digits."""
    stated = (262, 609, 451, 26465, 88391, 5069, 2545)
    rows = tuple(replace(row, ni=ni) for row, ni in zip(found.rows, stated, strict=True))
    view = contours(snapshot, replace(found, rows=rows))[0]
    assert [row[0] for row in view.rows] == [
        f"{size} participants" for size in ("530", "2,500", "16,000", "180,000")
    ]


def test_studies_of_one_size_ask_for_two(snapshot, found):
    """Equal quartiles are asked once."""
    rows = tuple(replace(row, ni=100) for row in found.rows)
    view = contours(snapshot, replace(found, rows=rows))[0]
    assert [row[0] for row in view.rows] == ["100 participants", "200 participants"]


def test_a_declared_difference_has_a_contour_of_its_own(material, found):
    """Where the protocol declares a minimal important difference, crossing it is asked as well."""
    protocol = material.protocol
    declared = tuple(replace(one, mid=0.5) for one in protocol.outcome)
    changed = living(replace(material, protocol=replace(protocol, outcome=declared)), NOW)
    assert len(contours(changed, found)) == 2
    assert "The difference is 0.5" in contours(changed, found)[1].now


def test_a_difference_is_not_carried_over_to_another_measure(material, found):
    """A difference declared in standard deviations is none for a stratum that has risk ratios."""
    elsewhere = {found.key.stratum: "RR"}
    declared = tuple(replace(one, mid=0.5, measure_in=elsewhere) for one in material.protocol.outcome)
    changed = living(replace(material, protocol=replace(material.protocol, outcome=declared)), NOW)
    assert len(contours(changed, found)) == 1


def test_regions_name_only_what_occurs(snapshot, found):
    """The picture's legend has the conclusions that some trial in it would lead to."""
    said = dict(contours(snapshot, found)[0].region.said)
    assert Side.ABOVE in said
    assert len(said) >= 2


def test_nothing_is_drawn_where_nothing_can_be_asked(snapshot, found):
    """One study, very many, or a protocol amended since: no contour."""
    lone = replace(found, numbers=replace(found.numbers, k=1))
    crowd = replace(found, numbers=replace(found.numbers, k=MOST_STUDIES + 1))
    old = replace(found, protocol_version=1)
    assert [contours(snapshot, one) for one in (lone, crowd, old)] == [(), (), ()]


def test_the_page_shows_them_all(front, many):
    """Headings, tables and figures of a pool of twelve stand on the page."""
    page = front(ledger=many(12))
    for words in (
        "Moderators",
        "Small-study effects",
        "What would change the conclusion",
        "p by permutation",
    ):
        assert words in page
    for figure in ("bubble-", "funnel-", "contour-"):
        assert f'<img src="{figure}' in page
