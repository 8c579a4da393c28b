"""Laws of effect sizes: swapped arms, units, labels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis import effect_sizes

tables = st.tuples(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50), st.integers(1, 50)).filter(
    lambda cells: cells[0] + cells[2] > 0
)
groups = st.tuples(st.floats(1, 100), st.floats(0.1, 30), st.integers(2, 200))


def _counts(cells):
    return dict(zip(("ai", "bi", "ci", "di"), ([one] for one in cells), strict=True))


def _means(one, two):
    values = (*one, *two)
    return dict(zip(("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"), ([v] for v in values), strict=True))


@given(cells=tables, measure=st.sampled_from(["RR", "OR", "RD", "PETO"]))
def test_swapped_arms_turn_the_effect_round(cells, measure):
    """The ratio of swapped arms is the reciprocal, the difference its negative; the variance stays."""
    a, b, c, d = cells
    one, two = effect_sizes(measure, **_counts(cells)), effect_sizes(measure, **_counts((c, d, a, b)))
    assert two.yi[0] == pytest.approx(-one.yi[0], abs=1e-9)
    assert two.vi[0] == pytest.approx(one.vi[0])


@given(cells=tables, measure=st.sampled_from(["OR", "PETO"]))
def test_swapped_events_turn_the_odds_round(cells, measure):
    """Odds ratios of survival are the reciprocal of those of death, unlike risk ratios."""
    a, b, c, d = cells
    one, two = effect_sizes(measure, **_counts(cells)), effect_sizes(measure, **_counts((b, a, d, c)))
    assert two.yi[0] == pytest.approx(-one.yi[0], abs=1e-9)


@given(
    one=groups,
    two=groups,
    unit=st.sampled_from([1e-3, 2.54, 1e4]),
    choice=st.sampled_from(
        [("SMD", "LS"), ("SMD", "LS2"), ("SMD", "UB"), ("SMDH", "LS"), ("ROM", "LS"), ("ROM", "HO")]
    ),
)
def test_units_do_not_matter(one, two, unit, choice):
    """Inches or centimetres: SMD and ROM and their variances are the same."""
    measure, vtype = choice
    scaled = [(mean * unit, sd * unit, n) for mean, sd, n in (one, two)]
    here = effect_sizes(measure, vtype=vtype, **_means(one, two))
    there = effect_sizes(measure, vtype=vtype, **_means(*scaled))
    assert there.yi[0] == pytest.approx(here.yi[0], rel=1e-9, abs=1e-9)
    assert there.vi[0] == pytest.approx(here.vi[0], rel=1e-9)


@given(one=groups, two=groups, shift=st.floats(-50, 50))
def test_where_a_scale_starts_does_not_matter(one, two, shift):
    """A constant added to all values leaves MD and SMD as they are."""
    moved = [(mean + shift, sd, n) for mean, sd, n in (one, two)]
    for measure in ("MD", "SMD"):
        here, there = effect_sizes(measure, **_means(one, two)), effect_sizes(measure, **_means(*moved))
        assert there.yi[0] == pytest.approx(here.yi[0], rel=1e-6, abs=1e-6)


@given(cells=st.lists(tables, min_size=1, max_size=6))
def test_warnings_never_change_numbers(cells):
    """With or without labels, told or not, effects and variances are the same to the bit."""
    data = dict(zip(("ai", "bi", "ci", "di"), zip(*cells, strict=True), strict=True))
    plain, told = (effect_sizes("OR", slab=slab, **data) for slab in (None, ["same"] * len(cells)))
    assert np.array_equal(plain.yi, told.yi)
    assert np.array_equal(plain.vi, told.vi)
