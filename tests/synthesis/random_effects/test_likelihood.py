"""The highest peak of the likelihood, on data made to hide it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis import pool_many
from synthesis.random_effects.generalised_q_root import solve_q
from synthesis.random_effects.heterogeneity import estimate_tau2
from synthesis.random_effects.likelihood import highest
from synthesis.random_effects.moments import log_likelihood, moments
from synthesis.random_effects.sets import Sets

# Effects and variances over many orders of magnitude: plateaus, several peaks, near-double roots.
EFFECTS = st.tuples(st.sampled_from([-1, 1]), st.floats(-4, 1.5)).map(lambda pair: pair[0] * 10 ** pair[1])
VARIANCES = st.floats(-8, 2).map(lambda exponent: 10**exponent)
WILD = st.lists(st.tuples(EFFECTS, VARIANCES), min_size=2, max_size=10).map(lambda pairs: np.array(pairs).T)


def heights(yi, vi, tau2, *, restricted):
    """Return the (restricted) log-likelihood over a grid of tau2, but for constants."""
    w = 1 / (vi + tau2[:, None])
    s1 = w.sum(axis=1)
    residual = yi - ((w @ yi) / s1)[:, None]
    full = -0.5 * (np.log(vi + tau2[:, None]).sum(axis=1) + (w * residual**2).sum(axis=1))
    return full - 0.5 * np.log(s1) if restricted else full


def below_the_top(yi, vi, tau2, *, restricted):
    """Return how far the likelihood at tau2 lies below the highest of a fine grid."""
    grid = np.concatenate([[0.0, tau2], np.geomspace(vi.min() / 1e3, 4 * np.ptp(yi) ** 2 + vi.max(), 3000)])
    found = heights(yi, vi, grid, restricted=restricted)
    return found.max() - found[1]


@settings(deadline=None, max_examples=150)
@given(WILD, st.booleans())
def test_no_point_of_a_fine_grid_is_higher(data, restricted):
    """However unequal the variances, no tau2 of a grid of 3,000 has a higher likelihood than the estimate."""
    yi, vi = data
    tau2 = estimate_tau2(yi, vi, "REML" if restricted else "ML").value
    assert below_the_top(yi, vi, tau2, restricted=restricted) <= 1e-9


@settings(deadline=None, max_examples=100)
@given(WILD, st.booleans())
def test_the_parts_of_the_score_only_fall(data, restricted):
    """Spread, penalty and their rates of fall, on which the proof rests, fall from point to point."""
    from synthesis.random_effects.scene import Scene

    sets = Sets.one(*data)
    scene = Scene.of(sets, sets.vi.min(axis=-1), restricted=restricted)
    u = np.linspace(0, 25, 200)
    for name, part in zip(
        ("spread", "penalty", "rate", "rate"), scene.points(np.zeros(200, dtype=int), u)[1:], strict=True
    ):
        positive = part > 1e-290
        assert (np.diff(part[positive]) <= 1e-7 * part[positive][:-1]).all(), name


def test_thousand_sets_with_very_unequal_variances_are_at_their_global_maximum():
    """Simulated sets of 15, tau2 from 0 to 0.5, variances over five decades: each is at its highest peak."""
    rng = np.random.default_rng(2026)
    vi = 10 ** rng.uniform(-4, 1, (1000, 15))
    yi = rng.normal(0.2, np.sqrt(vi + rng.uniform(0, 0.5, (1000, 1))))
    got = pool_many((yi, vi))
    assert got.refused == ()
    far = [below_the_top(y, v, t, restricted=True) for y, v, t in zip(yi, vi, got.tau2, strict=True)]
    assert max(far) <= 1e-10


def test_both_peaks_of_many_sets_are_compared():
    """Of sets with two maxima, among many without heterogeneity, the higher one is chosen for each."""
    rng = np.random.default_rng(5)
    vi = np.tile([1e-4, 1e-4, 1e-4, 1e-4, 0.5, 0.5, 0.5], (400, 1))
    yi = rng.normal(0, 1, (400, 7)) * np.array([0.01, 0.01, 0.01, 0.01, 2.5, 2.5, 2.5])
    yi[::2] *= 1e-4
    tau2 = highest(Sets.of(yi, vi, np.isfinite(vi)), restricted=True)
    far = [below_the_top(y, v, t, restricted=True) for y, v, t in zip(yi, vi, tau2, strict=True)]
    assert max(far) <= 1e-10
    assert (tau2 > 0.5).any()
    assert (tau2 < 0.01).any()


@pytest.mark.parametrize("ratio", [1e6, 1e10, 1e14])
def test_one_study_far_more_precise_than_the_others_costs_no_digits(ratio):
    """With one study nearly certain, REML is that of the others around it, to ten digits."""
    yi, vi = np.array([0.0, 1.0, -2.0, 0.5, 1.5]), np.array([1 / ratio, 1.0, 1.0, 1.0, 1.0])
    tau2 = estimate_tau2(yi, vi).value
    w = 1 / (vi[1:] + tau2)
    first = 1 / (vi[0] + tau2)
    s1 = first + w.sum()
    mean = (w @ yi[1:]) / s1
    spread = (first * mean) ** 2 + ((w * (yi[1:] - mean)) ** 2).sum()
    penalty = (2 * first * w.sum() + w.sum() ** 2 - w @ w) / s1
    assert tau2 == 0.0 or spread == pytest.approx(penalty, rel=1e-10)


@settings(deadline=None, max_examples=150)
@given(WILD, st.floats(0.01, 0.99))
def test_the_generalised_q_is_solved(data, share):
    """The tau2 at which Q equals a target below Q(0) gives back this target."""
    yi, vi = data
    target = share * moments(yi, vi).q
    if target > 1e-12:
        assert moments(yi, vi, *solve_q(yi, vi, target)).q == pytest.approx(target, rel=1e-7)


@settings(deadline=None, max_examples=150)
@given(WILD, st.floats(0.01, 2.0), st.floats(0, 1e6))
def test_where_the_search_for_q_begins_does_not_matter(data, share, near):
    """Left or right of it, the search ends at the same tau2, and at 0 where Q(0) is below the target."""
    yi, vi = data
    target = share * moments(yi, vi).q + 1e-9
    assert solve_q(yi, vi, target, near=near) == pytest.approx(solve_q(yi, vi, target), rel=1e-9)


def test_log_likelihood_has_a_flat_top_at_the_estimate():
    """The restricted likelihood is lower a hundredth to either side of the estimate."""
    yi, vi = np.array([0.1, 0.9, -0.4, 0.5]), np.array([0.02, 0.05, 0.03, 0.01])
    tau2 = estimate_tau2(yi, vi).value
    top = log_likelihood(yi, vi, tau2, restricted=True)
    assert log_likelihood(yi, vi, tau2 * 0.99, restricted=True) < top
    assert log_likelihood(yi, vi, tau2 * 1.01, restricted=True) < top
