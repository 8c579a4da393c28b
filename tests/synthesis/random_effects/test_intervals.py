"""Intervals beyond Cochran's Q: fixed weights, names in the literature, IQWiG's rule, I2 by tests."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import chi2

from synthesis import pool
from synthesis.random_effects.consistency import inconsistency
from synthesis.random_effects.generalised_q import below, bounds

YI, VI = [0.1, 0.5, -0.2, 0.9, 0.4], [0.02, 0.05, 0.03, 0.08, 0.01]
STUDIES = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 4)), min_size=3, max_size=8)


def imhof(q: float, vi: np.ndarray, weights: np.ndarray, tau2: float) -> float:
    """Return the same probability by Imhof's (1961) integral over eigenvalues."""
    form, root = np.diag(weights) - np.outer(weights, weights) / weights.sum(), np.sqrt(vi + tau2)
    eigen = np.linalg.eigvalsh(root[:, None] * form * root)[1:]

    def integrand(u: float) -> float:
        angle = np.arctan(eigen * u).sum() / 2 - q * u / 2
        return float(np.sin(angle) / (u * np.prod((1 + (eigen * u) ** 2) ** 0.25)))

    return 0.5 - quad(integrand, 0, np.inf, limit=2000, epsabs=1e-12)[0] / np.pi


@pytest.mark.parametrize("k", [2, 3, 13, 102, 300, 1000])
@pytest.mark.parametrize("share", [0.001, 0.025, 0.5, 0.975])
def test_equal_weights_give_chi_squared(k, share):
    """With equal variances and weights 1 / v, Q is chi-squared on k - 1 degrees of freedom."""
    got = below(chi2.ppf(share, k - 1), np.ones(k), np.ones(k), 0.0)
    assert got == pytest.approx(share, abs=1e-10)


@pytest.mark.parametrize("k", [6, 13, 40])
@pytest.mark.parametrize("times", [0.4, 1.0, 2.0])
def test_unequal_weights_agree_with_imhof(k, times):
    """Talbot's contour and Imhof's integral, two independent routes, agree."""
    vi = np.random.default_rng(k).lognormal(0, 1.5, k)
    weights = 1 / np.sqrt(vi)
    q = times * float(weights @ (vi + 0.3))
    assert below(q, vi, weights, 0.3) == pytest.approx(imhof(q, vi, weights, 0.3), abs=1e-9)


@given(STUDIES)
@pytest.mark.parametrize("kind", ["J", "BJ"])
def test_at_each_bound_q_has_its_tail(kind, rows):
    """At the bounds, the Q that was seen cuts off the tails; a bound of 0 already has less below it."""
    yi, vi = (np.array(column) for column in zip(*rows, strict=True))
    weights = 1 / np.sqrt(vi) if kind == "J" else 1 / vi
    q = float(weights @ (yi - weights @ yi / weights.sum()) ** 2)
    for bound, tail in zip(pool(yi, vi, method="DL").tau2_interval(kind), (0.975, 0.025), strict=True):
        seen = below(q, vi, weights, bound)
        assert seen == pytest.approx(tail, abs=1e-8) if bound > 0 else seen <= tail + 1e-9


def test_identical_effects_leave_no_room_for_tau2():
    """Without any spread both bounds are 0."""
    assert bounds(np.full(4, 0.3), np.full(4, 0.1), np.ones(4)) == (0.0, 0.0)


def test_too_many_studies_for_fixed_weights_are_refused():
    """Beyond a thousand studies the distribution would lose digits: the message says what to take."""
    many = pool(np.zeros(1001), np.ones(1001), method="DL")
    with pytest.raises(ValueError, match=r"J: found 1001 studies; expected at most 1000 \(take QP\)"):
        many.tau2_interval("J")


def test_unknown_kinds_are_refused():
    """The message lists what is known."""
    with pytest.raises(ValueError, match="kind: found 'X'; expected QP, PL, J or BJ"):
        pool(YI, VI).tau2_interval("X")
    with pytest.raises(ValueError, match="df: found 'X'; expected one of k-1 k-2 z V HTS HK S"):
        pool(YI, VI).prediction_interval("X")


def test_names_of_prediction_intervals_fix_the_standard_error():
    """V, HTS and S are the classic pool's, HK is Hartung-Knapp's, whatever test the pool itself has."""
    classic, knha = pool(YI, VI), pool(YI, VI, test="knha")
    for name, df in (("V", "k-1"), ("HTS", "k-2"), ("S", "z")):
        assert knha.prediction_interval(name) == classic.prediction_interval(df)
    assert classic.prediction_interval("HK") == knha.prediction_interval("k-1")


def test_iqwig_corrects_a_narrow_interval_only():
    """Where Hartung-Knapp is narrower than DerSimonian-Laird its factor is not below 1; else as it is."""
    alike = pool([0.30, 0.31, 0.30, 0.29], [0.02, 0.03, 0.02, 0.04])
    assert (alike.iqwig6().test, pool(YI, VI).iqwig6().test) == ("adhoc", "knha")
    assert alike.iqwig6().se == pytest.approx(alike.se)


@given(st.floats(0, 500), st.integers(3, 60))
def test_i2_by_q_lies_within_its_interval(q, k):
    """I2 lies between its bounds, all within 0 and 100, and is that of Q and its degrees of freedom."""
    got = inconsistency(q, k)
    assert 0 <= got.i2_lb <= got.i2 <= got.i2_ub < 100
    assert got.i2 == pytest.approx(100 * max(0, 1 - (k - 1) / q) if q > 0 else 0, abs=1e-9)


def test_two_studies_without_excess_tell_no_spread_of_i2():
    """With two studies and a Q of at most 2 the interval is unknown, not narrow; with one there is none."""
    for got in (inconsistency(1.0, 2), inconsistency(0.0, 1)):
        assert got.i2 == 0
        assert np.isnan([got.i2_lb, got.i2_ub]).all()


def test_i2_takes_its_interval_from_tau2():
    """The bounds of I2 are those of tau2, over tau2 and the typical variance."""
    got = pool(YI, VI)
    lower, upper = got.i2_interval()
    assert lower <= got.i2 <= upper
    ratio = got.tau2_interval().ub / got.tau2
    assert upper / (100 - upper) == pytest.approx(ratio * got.i2 / (100 - got.i2))
