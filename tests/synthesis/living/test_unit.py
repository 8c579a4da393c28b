"""One effect per study."""

import re

import pytest

from review.effect import SharedControl
from synthesis.living.unit import combine_rows


@pytest.mark.parametrize(("r", "variance"), [(0.0, 0.13 / 4), (0.5, 0.19 / 4), (1.0, 0.25 / 4)])
def test_variance_of_a_mean_of_two_rows(r, variance):
    """The variance of a mean of rows with variances .04 and .09 is (.13 + 2 r .06) / 4."""
    assert combine_rows([0.2, 0.6], [0.04, 0.09], r) == pytest.approx((0.4, variance))


@pytest.mark.parametrize(
    ("yi", "vi", "r", "message"),
    [
        ([], [], 0.5, "found 0 effects"),
        ([0.1], [0.1, 0.2], 0.5, "found 1 effects, 2 variances"),
        ([0.1], [0.0], 0.5, "expected all above 0"),
        ([0.1], [0.1], 1.5, "r: found 1.5"),
    ],
)
def test_impossible_rows_are_refused(yi, vi, r, message):
    """Rows that cannot be combined are refused with what was found."""
    with pytest.raises(ValueError, match=message):
        combine_rows(yi, vi, r)


@pytest.mark.parametrize(
    ("shared", "variance", "why"),
    [
        (SharedControl.SPLIT, 0.02, "r = 0 .the control group was split"),
        (SharedControl.SHARED, 0.03, "r = 0.5 .the control group is shared"),
        (SharedControl.UNKNOWN, 0.03, "unknown: taken as shared"),
        (SharedControl.NONE, 0.02, "share no control"),
    ],
)
def test_rows_of_a_study_become_one_effect(make_row, make_synthesis, shared, variance, why):
    """A study's rows count once, with the correlation that its control group implies, and a note says so."""
    rows = [make_row("Trial A", v, 0.2, label=f"Trial A{v}", shared=shared) for v in (0.1, 0.3)]
    got = make_synthesis(rows)
    assert (got.rows[0].yi, got.rows[0].vi) == pytest.approx((0.2, variance))
    assert got.rows[0].rows == ("Trial A0.1", "Trial A0.3")
    assert re.search(why, " ".join(got.notes))


def test_rows_must_agree_on_their_control(make_row, make_synthesis):
    """A study whose rows tell different stories of its control group is refused by name."""
    rows = [
        make_row("Trial A", 0.1, 0.2, label="a", shared=SharedControl.SPLIT),
        make_row("Trial A", 0.1, 0.2, label="b", shared=SharedControl.SHARED),
    ]
    with pytest.raises(ValueError, match="Trial A: found rows with shared_control shared, split"):
        make_synthesis(rows)


@pytest.mark.parametrize(("shared", "ni"), [(SharedControl.SPLIT, 70), (SharedControl.SHARED, None)])
def test_people_of_a_shared_control_are_not_counted_twice(make_row, make_synthesis, shared, ni):
    """Participants of rows are added where the control was split, and left open where it is shared."""
    rows = [make_row("Trial A", 0.1, 0.2, label=str(n), shared=shared, n=n) for n in (30, 40)]
    assert make_synthesis(rows).rows[0].ni == ni
