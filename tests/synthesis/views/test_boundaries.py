"""Alpha-spending boundaries: laws, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from synthesis.views.boundaries import boundaries
from synthesis.views.spending import SPENDINGS, spent

law = settings(deadline=None, max_examples=30)
TIMINGS = st.lists(st.integers(5, 99), min_size=1, max_size=5, unique=True).map(
    lambda percents: [percent / 100 for percent in sorted(percents)]
)


def walks(timing: np.ndarray, many: int) -> np.ndarray:
    """Simulate z statistics at looks under no effect, shape (many, looks)."""
    rng = np.random.default_rng(20261122)
    steps = rng.normal(size=(many, len(timing))) * np.sqrt(np.diff(timing, prepend=0.0))
    return steps.cumsum(axis=1) / np.sqrt(timing)


@pytest.mark.parametrize(("side", "spending"), [(1, "esOF"), (2, "esOF"), (2, "esPoc")])
def test_simulated_walks_cross_as_often_as_alpha_says(side, spending):
    """Of 200,000 walks without effect, alpha cross a boundary, and by each look what was to be spent."""
    got = boundaries([0.3, 0.6, 0.8], alpha=0.05, side=side, spending=spending)
    z = walks(got.timing, 200_000)
    beyond = np.abs(z) >= got.upper if side == 2 else z >= got.upper
    by_look = np.maximum.accumulate(beyond, axis=1).mean(axis=0)
    assert np.abs(by_look - got.spent).max() < 4 * np.sqrt(0.05 / 200_000)


@law
@given(TIMINGS, st.sampled_from([0.01, 0.05, 0.1]), st.sampled_from(["esOF", "esPoc"]))
def test_two_looks_agree_with_the_bivariate_normal(timing, alpha, spending):
    """The first two boundaries leave exactly the probability that was not yet spent."""
    got = boundaries(timing, alpha=alpha, side=1, spending=spending)
    first, second = got.timing[:2]
    rho = np.sqrt(first / second)
    below = multivariate_normal.cdf(got.upper[:2], mean=[0, 0], cov=[[1, rho], [rho, 1]])
    assert below == pytest.approx(1 - got.spent[1], abs=1e-7)


@law
@given(TIMINGS, st.sampled_from([1, 2]), st.sampled_from(["esOF", "esPoc"]))
def test_looking_more_often_costs_information(timing, side, spending):
    """Information grows by a factor of at least 1, and the last boundary is above that of a single look."""
    got, single = boundaries(timing, side=side, spending=spending), boundaries([1], side=side)
    assert got.root >= 1 - 1e-9
    assert got.upper[-1] >= single.upper[-1] - 1e-9


def test_a_single_look_is_a_plain_test():
    """One look at full information has the normal quantile and needs no more information."""
    got = boundaries([1.0])
    assert got.upper == pytest.approx([1.959963984540054], abs=1e-12)
    assert got.root == pytest.approx(1, abs=1e-9)


def test_more_information_than_required_needs_less_of_it():
    """Where the last look overruns, all of alpha is spent there and the design has power to spare."""
    got = boundaries([0.5, 2.0])
    assert got.spent[-1] == pytest.approx(0.05, rel=1e-12)
    assert got.root < 1


def test_published_obrien_fleming_like_boundaries_are_met():
    """Five equal looks at two-sided 5% give the boundaries printed for Lan and DeMets' function."""
    # As printed by the program of Reboussin, DeMets, Kim & Lan 2000, Control Clin Trials 21: 190-207.
    got = boundaries([0.2, 0.4, 0.6, 0.8, 1.0])
    assert got.upper == pytest.approx([4.8769, 3.3569, 2.6803, 2.2898, 2.0310], abs=2e-4)


@pytest.mark.parametrize("spending", SPENDINGS)
def test_all_is_spent_at_full_information_and_not_more(spending):
    """Every spending function rises from 0 to alpha, and stays there beyond full information."""
    t = np.array([1e-4, 0.2, 0.5, 0.9, 1.0, 1.4])
    got = spent(spending, t, 0.025, 2.0)
    assert got[-2:] == pytest.approx([0.025, 0.025], rel=1e-12)
    assert (np.diff(got[:-1]) > 0).all()


def test_a_linear_hsdc_is_its_limit():
    """HSDC with shape 0 spends in proportion to the information."""
    t = np.array([0.25, 0.5, 1.0])
    assert spent("HSDC", t, 0.05, 0.0) == pytest.approx(0.05 * t)
    assert spent("HSDC", t, 0.05, 1e-9) == pytest.approx(0.05 * t)


def test_close_looks_are_integrated_too():
    """A look that adds a thousandth of the information changes the last boundary by little."""
    plain, crowded = boundaries([0.5]), boundaries([0.5, 0.501])
    assert crowded.upper[-1] == pytest.approx(plain.upper[-1], abs=2e-3)
    assert crowded.upper[-1] > plain.upper[-1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"timing": []}, "timing: found none"),
        ({"timing": [0.0, 0.5]}, "not above 0"),
        ({"timing": [0.5, 0.4]}, "not increasing"),
        ({"timing": [0.5, 0.50001]}, "join those looks"),
        ({"timing": [0.5, 1.0, 1.2]}, "after the one that reaches 1"),
        ({"alpha": 0.0}, "alpha: found 0.0"),
        ({"beta": 1.0}, "beta: found 1.0"),
        ({"alpha": 0.5, "beta": 0.6}, "expected a sum below 1"),
        ({"side": 3}, "side: found 3"),
        ({"spending": "OF"}, "spending: found 'OF'"),
        ({"spending": "rho"}, "shape: found None"),
    ],
)
def test_what_has_no_boundaries_is_refused(asked, said):
    """Looks that do not increase, impossible errors and unknown functions are refused in a sentence."""
    with pytest.raises(ValueError, match=said):
        boundaries(**({"timing": [0.5]} | asked))


def test_every_result_is_marked_as_a_sensitivity_view():
    """The text of boundaries says what the Handbook thinks of them, and the table has every look."""
    got = boundaries([0.5])
    assert "discourages formal sequential monitoring" in repr(got)
    assert list(got.to_frame()["timing"]) == [0.5, 1.0]
