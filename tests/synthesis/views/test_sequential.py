"""The sequential view of a review, and the information it requires."""

import numpy as np
import pytest

from synthesis import pool
from synthesis.views.information import diversity, required_information, required_participants
from synthesis.views.sequential import sequential_view

# Made up: seven trials in five years.
YI = np.array([0.9, 0.5, 0.7, 0.4, 0.6, 0.55, 0.45])
VI = np.array([0.10, 0.08, 0.05, 0.04, 0.03, 0.02, 0.02])
YEAR = [2001, 2003, 2003, 2005, 2008, 2008, 2010]


def test_looks_are_the_cumulative_pools():
    """Each year's look has the pool of all studies so far, and z is what is held against the boundary."""
    got = sequential_view(YI, VI, YEAR, 0.2)
    assert [look.when for look in got.looks] == ["2001", "2003", "2005", "2008", "2010"]
    assert [look.k for look in got.looks] == [1, 3, 4, 6, 7]
    so_far = pool(YI[:4], VI[:4])
    assert (got.looks[2].estimate, got.looks[2].z) == pytest.approx((so_far.estimate, so_far.stat))


def test_an_early_boundary_is_harder_than_a_later_one():
    """A z beyond 1.96 early on crosses nothing; the first crossing is the first z beyond its boundary."""
    got = sequential_view(YI, VI, YEAR, 0.3)
    assert got.looks[0].z > 1.96
    assert got.looks[0].crossed == "none"
    first = next(look for look in got.looks if look.z >= look.upper)
    assert got.first_crossing == first


def test_harm_crosses_the_lower_boundary():
    """Mirrored effects cross the lower boundary where the effects crossed the upper one."""
    one, other = sequential_view(YI, VI, YEAR, 0.3), sequential_view(-YI, VI, YEAR, 0.3)
    assert one.first_crossing.when == other.first_crossing.when
    assert (one.first_crossing.crossed, other.first_crossing.crossed) == ("upper", "lower")


def test_a_one_sided_view_has_no_lower_boundary():
    """One-sided, a harmful effect crosses nothing."""
    got = sequential_view(-YI, VI, YEAR, 0.3, side=1)
    assert got.first_crossing is None
    assert got.looks[0].lower is None


def test_monitoring_ends_with_the_required_information():
    """Looks stop at the first at which the required information was there."""
    got = sequential_view(YI, VI, YEAR, 0.6)
    assert got.looks[-1].when != "2010"
    assert got.looks[-1].fraction >= 1 > got.looks[-2].fraction


def test_tiny_looks_wait_for_the_next():
    """A year that adds next to nothing is no look of its own, be it in between or the last."""
    yi, vi = np.append(YI, [0.5, 0.5]), np.append(VI, [900.0, 900.0])
    got = sequential_view(yi, vi, [*YEAR, 2004, 2012], 0.2)
    assert [look.when for look in got.looks] == ["2001", "2003", "2005", "2008", "2012"]


def test_dates_are_times_too():
    """ISO dates give the looks that years give."""
    dates = [f"{year}-01-01" for year in YEAR]
    one, other = sequential_view(YI, VI, YEAR, 0.4), sequential_view(YI, VI, dates, 0.4)
    assert [look.upper for look in one.looks] == [look.upper for look in other.looks]


def test_diversity_is_the_loss_of_precision():
    """D2 is 1 - v_F / v_R in percent, and 0 without heterogeneity."""
    fixed, random = pool(YI, VI, method="EE").se ** 2, pool(YI, VI, tau2=0.05).se ** 2
    assert diversity(VI, 0.05) == pytest.approx(100 * (1 - fixed / random), rel=1e-12)
    assert diversity(VI, 0.0) == 0.0


def test_diversity_raises_what_is_required():
    """Half the precision lost doubles the required information and the participants."""
    assert required_information(0.3, d2=50) == pytest.approx(2 * required_information(0.3))
    assert required_participants(0.3, 1.0, d2=50) == 2 * required_participants(0.3, 1.0)


def test_required_participants_are_those_of_a_trial():
    """A difference of half a SD at 5% and 90% power needs 2 x 85 participants, by the normal formula."""
    assert required_participants(0.5, 1.0) == 170


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"when": YEAR[:3]}, "when: found 3 times"),
        ({"when": [None, *YEAR[1:]]}, "when: found something else"),
        ({"difference": 0}, "difference: found 0"),
        ({"d2": 100}, "d2: found 100"),
        ({"difference": 1e-4}, "information: found"),
    ],
)
def test_what_cannot_be_monitored_is_refused(asked, said):
    """Missing times, a difference of nothing and too little information are refused in a sentence."""
    with pytest.raises(ValueError, match=said):
        sequential_view(**({"yi": YI, "vi": VI, "when": YEAR, "difference": 0.4} | asked))


def test_a_variance_that_is_none_is_refused():
    """Participants need a variance above 0."""
    with pytest.raises(ValueError, match="variance: found 0"):
        required_participants(0.5, 0)


def test_the_view_says_that_it_is_one():
    """The text tells the required information and marks itself; the table has the looks."""
    got = sequential_view(YI, VI, YEAR, 0.4)
    assert "a sensitivity view" in repr(got)
    assert list(got.to_frame()["when"]) == [look.when for look in got.looks]
