"""Laws that hold for any numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from synthesis import effect_sizes, pool
from synthesis.living.unit import combine_rows
from synthesis.random_effects.heterogeneity import METHODS, estimate_tau2
from synthesis.random_effects.moments import moments

law = settings(deadline=None, max_examples=60)
METHOD = st.sampled_from(METHODS)
EFFECTS = st.integers(-300, 300).map(lambda n: n / 100)
VARIANCES = st.integers(1, 400).map(lambda n: n / 200)


def studies(least: int = 2, most: int = 12):
    """Draw lists of (effect, variance) with two decimals, so that no two differ by rounding only."""
    return st.lists(st.tuples(EFFECTS, VARIANCES), min_size=least, max_size=most).map(
        lambda pairs: (np.array([y for y, _ in pairs]), np.array([v for _, v in pairs]))
    )


@law
@given(studies(), METHOD, st.randoms(use_true_random=False))
def test_order_does_not_matter(data, method, random):
    """Shuffled studies give the same estimate and the same tau2."""
    yi, vi = data
    places = random.sample(range(len(yi)), len(yi))
    one, other = pool(yi, vi, method=method), pool(yi[places], vi[places], method=method)
    assert (one.estimate, one.tau2) == pytest.approx((other.estimate, other.tau2), rel=1e-7, abs=1e-9)


EXTREME = st.integers(-50, 50).map(lambda exponent: 10.0**exponent)


@law
@given(
    st.lists(st.tuples(st.sampled_from([-1, 0, 1]), EXTREME, EXTREME), min_size=2, max_size=8),
    METHOD,
    st.sampled_from(["z", "knha"]),
)
def test_whatever_is_accepted_has_a_finite_answer(rows, method, test):
    """Effects and variances over a hundred orders of magnitude end in finite numbers, without a warning."""
    found = pool([s * y for s, y, _ in rows], [v for *_, v in rows], method=method, test=test)
    bounds = (*found.tau2_interval(), *found.prediction_interval())
    assert np.isfinite([found.estimate, found.se, found.tau2, found.q, found.i2, found.h2, *bounds]).all()
    assert found.se_tau2 is None or np.isfinite(found.se_tau2)


@pytest.mark.parametrize("tau2", [None, 1e100])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.9999, 1 - 1.2e-16])
def test_the_interval_of_tau2_ends_where_q_is_at_its_quantiles(level, tau2):
    """From near or far, at ordinary and absurd levels, both ends give the quantiles of chi-squared back."""
    yi, vi = np.array([0.3, 1.0, 2.0, 9.0]), np.array([0.1, 0.2, 0.3, 0.4])
    tail = (1 - level) / 2
    lower, upper = pool(yi, vi, level=level, tau2=tau2).tau2_interval()
    assert moments(yi, vi, lower).q == pytest.approx(chi2.isf(tail, 3), rel=1e-7)
    assert moments(yi, vi, upper).q == pytest.approx(chi2.ppf(tail, 3), rel=1e-7)


@law
@given(studies(), METHOD, st.sampled_from([0.01, 0.5, 40.0, 1000.0]))
def test_units_do_not_matter(data, method, scale):
    """Effects in other units give the estimate and tau2 in these units."""
    yi, vi = data
    one, other = pool(yi, vi, method=method), pool(yi * scale, vi * scale**2, method=method)
    assert other.estimate == pytest.approx(one.estimate * scale, rel=1e-7, abs=1e-9 * scale)
    assert other.tau2 == pytest.approx(one.tau2 * scale**2, rel=1e-7, abs=1e-9 * scale**2)


@law
@given(studies(least=1, most=1), METHOD, st.sampled_from(["z", "knha", "adhoc"]))
def test_one_study_returns_itself(data, method, test):
    """One study pools to its own effect and standard error, with a z interval and no heterogeneity."""
    yi, vi = data
    got = pool(yi, vi, method=method, test=test)
    assert (got.estimate, got.tau2, got.i2, got.test) == (yi[0], 0.0, 0.0, "z")
    assert got.se == pytest.approx(np.sqrt(vi[0]), rel=1e-14)


@law
@given(studies(), st.sampled_from(["EE", "REML", "DL", "PM"]))
def test_doubling_precision_narrows(data, method):
    """Halving every variance at a fixed tau2 gives a narrower interval."""
    yi, vi = data
    tau2 = estimate_tau2(yi, vi, method).value
    wide, narrow = pool(yi, vi, tau2=tau2), pool(yi, vi / 2, tau2=tau2)
    assert narrow.ci_ub - narrow.ci_lb < wide.ci_ub - wide.ci_lb


@law
@given(studies(), METHOD)
def test_tau2_is_never_negative(data, method):
    """No estimator gives a negative or a non-finite between-study variance."""
    tau2 = pool(*data, method=method).tau2
    assert np.isfinite(tau2)
    assert tau2 >= 0


@law
@given(studies(least=1), METHOD)
def test_weights_sum_to_a_hundred(data, method):
    """Weights are percent of the pooled estimate, which they reproduce."""
    got = pool(*data, method=method)
    assert got.weights.sum() == pytest.approx(100)
    assert got.weights @ data[0] / 100 == pytest.approx(got.estimate, abs=1e-12)


@law
@given(studies(least=3, most=8), st.data())
def test_leave_one_out_pools_the_others(data, draw):
    """Leaving one of k out is pooling the other k - 1."""
    yi, vi = data
    left = draw.draw(st.integers(0, len(yi) - 1))
    got = pool(yi, vi, test="knha").leave_one_out()
    want = pool(np.delete(yi, left), np.delete(vi, left), test="knha")
    assert got.estimate[left] == pytest.approx(want.estimate, rel=1e-12, abs=1e-14)
    assert got.ci_lb[left] == pytest.approx(want.ci_lb, rel=1e-10, abs=1e-13)


@law
@given(studies(least=3, most=8))
def test_adhoc_is_never_narrower_than_hartung_knapp_or_z_factor(data):
    """The ad hoc correction keeps the standard error at or above the one of z."""
    yi, vi = data
    assert pool(yi, vi, test="adhoc").se >= pool(yi, vi).se * (1 - 1e-12)


@law
@given(studies())
def test_reml_is_at_the_global_maximum(data):
    """No point of a fine grid has a higher restricted likelihood than the REML estimate."""
    from synthesis.random_effects.moments import log_likelihood

    yi, vi = data
    best = log_likelihood(yi, vi, estimate_tau2(yi, vi).value, restricted=True)
    grid = np.concatenate([[0], np.geomspace(1e-6, 100, 300)])
    assert best >= max(log_likelihood(yi, vi, t, restricted=True) for t in grid) - 1e-9


@law
@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 20), st.integers(1, 20))
def test_risk_ratio_of_swapped_arms_is_the_reciprocal(ai, ci, bi, di):
    """Swapping the arms changes the sign of a log ratio and nothing else."""
    one = effect_sizes("RR", ai=[ai], bi=[bi], ci=[ci], di=[di])
    other = effect_sizes("RR", ai=[ci], bi=[di], ci=[ai], di=[bi])
    assert one.yi[0] == pytest.approx(-other.yi[0], abs=1e-12)
    assert one.vi[0] == pytest.approx(other.vi[0])


@law
@given(studies(least=1, most=5), st.integers(0, 100).map(lambda n: n / 100))
def test_combined_rows_lie_between_independence_and_identity(data, r):
    """The variance of combined rows grows with their correlation, from r = 0 to r = 1."""
    low, middle, high = (combine_rows(*data, one)[1] for one in (0.0, r, 1.0))
    assert low * (1 - 1e-12) <= middle <= high * (1 + 1e-12)


@law
@given(EFFECTS, VARIANCES, st.integers(1, 5))
def test_identical_rows_at_full_correlation_are_one_row(yi, vi, m):
    """Copies of one row with r = 1 combine to that row."""
    assert combine_rows([yi] * m, [vi] * m, 1.0) == pytest.approx((yi, vi))
