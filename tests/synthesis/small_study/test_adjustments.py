"""Adjusted pools: how they behave, what they refuse, and laws."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis import (
    excess_significance,
    fail_safe_n,
    henmi_copas,
    limit_meta,
    pet_peese,
    pool,
    trim_and_fill,
    two_models,
)
from synthesis.small_study.fail_safe import TYPES

law = settings(deadline=None, max_examples=60)
YI = np.array([0.1, 0.35, 0.5, 0.2, 0.8, 0.05])
VI = np.array([0.01, 0.04, 0.09, 0.02, 0.16, 0.012])
NODES = np.polynomial.legendre.leggauss(200)


def studies(least: int = 3, most: int = 10):
    """Draw studies with two decimals and at least two different variances."""
    effect = st.integers(-300, 300).map(lambda n: n / 100)
    variance = st.integers(1, 400).map(lambda n: n / 200)
    drawn = st.lists(st.tuples(effect, variance), min_size=least, max_size=most)
    return drawn.filter(lambda pairs: len({v for _, v in pairs}) > 1).map(
        lambda pairs: (np.array([y for y, _ in pairs]), np.array([v for _, v in pairs]))
    )


@law
@given(studies(), st.sampled_from(["L0", "R0"]))
def test_filled_studies_mirror_the_most_extreme(data, estimator):
    """Filled studies have the variances of the k0 most extreme ones, which they mirror at one centre."""
    yi, vi = data
    got = trim_and_fill(yi, vi, estimator=estimator, method="EE", side="left")
    extreme = np.argsort(yi, kind="stable")[len(yi) - got.k0 :]
    assert got.k == len(yi) + got.k0
    np.testing.assert_array_equal(got.filled_vi, vi[extreme])
    centres = (got.filled_yi + yi[extreme]) / 2
    assert np.ptp(centres) < 1e-9 if got.k0 else got.estimate == pool(yi, vi, method="EE").estimate


@law
@given(studies(), st.sampled_from(["L0", "R0"]))
def test_the_mirrored_funnel_misses_studies_on_the_other_side(data, estimator):
    """Changing the sign of all effects fills as many studies on the other side, with the opposite effects."""
    yi, vi = data
    one = trim_and_fill(yi, vi, estimator=estimator, method="EE", side="left")
    other = trim_and_fill(-yi, vi, estimator=estimator, method="EE", side="right")
    assert other.k0 == one.k0
    assert other.estimate == pytest.approx(-one.estimate, abs=1e-12)
    np.testing.assert_allclose(other.filled_yi, -one.filled_yi, atol=1e-12)


def test_a_number_that_goes_round_is_refused():
    """Where trimming moves tau2 so that the number missing never settles, the circle is named."""
    yi, vi = [1.4, 0.8, 2.1, -1.4, -0.8, -0.1], [0.504, 8.652, 3.605, 0.691, 0.025, 0.307]
    with pytest.raises(ValueError, match=r"goes round between \[2, 3\]"):
        trim_and_fill(yi, vi, method="HE", side="left")
    assert trim_and_fill(yi, vi, method="EE", side="left").k0 == 3


def test_equal_effects_miss_no_study():
    """Where all effects are the same, nothing is filled by any estimator, and the pool stays."""
    for estimator in ("L0", "R0", "Q0"):
        got = trim_and_fill([0.3] * 6, VI, estimator=estimator)
        assert (got.k0, got.k, len(got.filled_yi)) == (0, 6, 0)


@settings(deadline=None, max_examples=25)
@given(studies(least=2), st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_henmi_copas_solves_its_equation(data, level):
    """The chance beyond the bounds, summed over a grid of the pivot's normal part, is 1 - level."""
    yi, vi = data
    got = henmi_copas(yi, vi, level=level)
    w, tau2, k = 1 / vi, got.tau2, len(yi)
    spread = 1 + tau2 * (w @ w) / w.sum()
    t = (got.ci_ub - got.estimate) / got.se / np.sqrt(spread)
    assert 2 * _beyond(t, w, tau2, k) == pytest.approx(1 - level, abs=2e-7)


def _beyond(t: float, w: np.ndarray, tau2: float, k: int) -> float:
    """P(R > t and Q within bounds) by Gauss-Legendre, the moments of Q by matrix algebra."""
    from scipy.stats import gamma

    nodes, weights = NODES
    r, step = t + (nodes + 1) / 2 * 12, weights * 6
    # Q = y'Py; R is the standardised weighted mean: condition y's normal law on R = r.
    p, cov = np.diag(w) - np.outer(w, w) / w.sum(), np.diag(1 / w + tau2)
    a = w / np.sqrt(w @ cov @ w)
    along, rest = cov @ a, cov - np.outer(cov @ a, cov @ a)
    mean = np.trace(p @ rest) + r**2 * (along @ p @ along)
    variance = 2 * np.trace(p @ rest @ p @ rest) + 4 * r**2 * (along @ p @ rest @ p @ along)
    s1, s2 = w.sum(), w @ w
    allowed = (s1 / (s2 / s1) - 1) * ((r / t) ** 2 - 1) + k - 1
    share = gamma.cdf(allowed, mean**2 / variance, scale=variance / mean)
    return float(step @ (share * np.exp(-(r**2) / 2) / np.sqrt(2 * np.pi)))


@law
@given(studies(least=2, most=7), st.sampled_from(["two.sided", "greater", "less"]))
def test_the_exact_excess_test_adds_up_all_outcomes(data, alternative):
    """The exact p-value is the chance of all outcomes with at least as many significant studies."""
    yi, vi = data
    got = excess_significance(yi, vi, test="exact", alternative=alternative)
    outcomes = np.array(list(product([0, 1], repeat=len(yi))))
    chances = np.prod(np.where(outcomes == 1, got.power, 1 - got.power), axis=1)
    assert got.pval == pytest.approx(chances[outcomes.sum(axis=1) >= got.observed].sum())


@pytest.mark.parametrize("alternative", ["two.sided", "greater", "less"])
def test_power_under_heterogeneity_is_an_average_of_powers(alternative):
    """With tau2, a study's power is the mean of its powers over normal true effects."""
    got = excess_significance(YI, VI, theta=0.2, tau2=0.05, alternative=alternative)
    nodes, weights = np.polynomial.hermite_e.hermegauss(150)
    each = [
        excess_significance(YI, VI, theta=0.2 + np.sqrt(0.05) * node, alternative=alternative).power
        for node in nodes
    ]
    np.testing.assert_allclose(got.power, weights @ np.array(each) / weights.sum(), rtol=1e-6)


def test_the_limit_of_excess_gives_its_level():
    """At the limit effect the p-value of excess is the level asked for."""
    yi, vi = np.array([0.5, 0.6, 0.7, 0.45, 0.1]), np.array([0.06, 0.08, 0.1, 0.05, 0.01])
    for test in ("exact", "chi2", "binom"):
        limit = excess_significance(yi, vi, test=test, excess_alpha=0.2).theta_lim
        assert excess_significance(yi, vi, test=test, theta=limit).pval == pytest.approx(0.2)


@pytest.mark.parametrize(("k", "test"), [(19, "exact"), (20, "chi2"), (100_000, "chi2")])
def test_the_exact_test_stops_at_a_million_subsets(k, test):
    """With no significant study, 19 studies have less than a million subsets to sum over, 20 have more."""
    assert excess_significance(np.zeros(k), np.ones(k)).test == test


def test_theta_of_each_study_has_no_limit():
    """With an effect for each study there is no single one to look for."""
    got = excess_significance(YI, VI, theta=YI)
    assert got.theta is None
    assert got.theta_lim is None


def test_certain_power_leaves_nothing_to_chance():
    """Where each study is certain to be significant and is, nothing is in excess."""
    got = excess_significance([50.0, 60.0, 70.0], [0.01] * 3, test="chi2")
    assert (got.x2, got.ratio) == (0.0, 1.0)


@law
@given(studies(), st.sampled_from([0.01, 0.05, 0.2]))
def test_rosenthals_number_is_the_first_that_suffices(data, alpha):
    """With Rosenthal's number the combined z is no more significant, with one study less it was."""
    from scipy.special import ndtri

    yi, vi = data
    n, total = fail_safe_n(yi, vi, alpha=alpha).fsnum, abs(float((yi / np.sqrt(vi)).sum()))
    bound = float(ndtri(1 - alpha))
    assert total <= bound * np.sqrt(len(yi) + n) * (1 + 1e-9)
    assert n == 0 or total > bound * np.sqrt(len(yi) + n - 1) * (1 - 1e-9)


@law
@given(studies(), st.sampled_from([0.01, 0.05, 0.2]))
def test_fishers_number_is_the_first_that_suffices(data, alpha):
    """With Fisher's number of studies of p = 0.5 the combined p reaches alpha, with one less it did not."""
    from scipy.stats import chi2, norm

    yi, vi = data
    n, logs = int(fail_safe_n(yi, vi, kind="Fisher", alpha=alpha).fsnum), norm.logsf(abs(yi) / np.sqrt(vi))

    def p(more: int) -> float:
        return float(chi2.sf(-2 * (logs.sum() + more * np.log(0.5)), 2 * (len(yi) + more)))

    assert p(n) >= alpha * (1 - 1e-9)
    assert n == 0 or p(n - 1) < alpha * (1 + 1e-9)


def test_orwins_number_halves_the_mean_or_reaches_its_target():
    """Orwin's number is k for half the mean; a target of 0 is never reached, a larger one is there."""
    number = {target: fail_safe_n(YI, VI, kind="Orwin", target=target).fsnum for target in (None, 0.0, 5.0)}
    assert number == {None: 6.0, 0.0: np.inf, 5.0: 0.0}
    assert fail_safe_n([-1.0, 1.0], [1.0, 1.0], kind="Orwin").fsnum == 0
    mean = YI.mean()
    n = fail_safe_n(YI, VI, kind="Orwin", target=0.1).fsnum
    assert mean * 6 / (6 + n) <= 0.1 < mean * 6 / (6 + n - 1)


@pytest.mark.parametrize("kind", TYPES)
def test_fail_safe_numbers_say_what_they_aim_at(kind):
    """Each number names its aim and is marked as not recommended."""
    text = str(fail_safe_n(YI, VI, kind=kind))
    assert "more than k = 6 for a" in text
    assert "not recommended" in text


@law
@given(studies(), st.sampled_from(["beta0", "betalim", "mulim"]), st.floats(-5, 5))
def test_a_shift_of_all_effects_shifts_the_limit(data, adjust, shift):
    """Adding a constant to all effects adds it to the adjusted effect and keeps bias and error."""
    yi, vi = data
    one, other = limit_meta(yi, vi, adjust=adjust), limit_meta(yi + shift, vi, adjust=adjust)
    assert other.estimate == pytest.approx(one.estimate + shift, abs=1e-5)
    assert (other.se, other.alpha_r) == pytest.approx((one.se, one.alpha_r), rel=1e-5, abs=1e-5)


@law
@given(studies())
def test_without_heterogeneity_the_limit_is_eggers(data):
    """With tau2 = 0 the adjusted effect is the limit estimate of Egger's regression, Q splits into parts."""
    yi, vi = data
    got = limit_meta(yi, vi, method="EE")
    assert got.estimate == pytest.approx(pet_peese(yi, vi).pet.est, abs=1e-9)
    assert got.q_small + got.q_resid == pytest.approx(got.q, abs=1e-9)
    assert 0 <= got.g2 <= 1


def test_pet_peese_follows_its_rule():
    """PEESE is taken where PET's p is below alpha, and the reason says so."""
    strong, none = YI * 0.1 + 2, VI**0.5 * 2 + np.array([0.01, -0.02, 0.01, 0.02, -0.01, 0.0])
    peese, pet = pet_peese(strong, VI), pet_peese(none, VI)
    assert (peese.chosen, pet.chosen) == ("PEESE", "PET")
    assert (peese.estimate, pet.estimate) == (peese.peese.est, pet.pet.est)
    assert "not below 0.05" in pet.why
    assert pet_peese(strong, VI, alternative="less").chosen == "PET"
    assert pet_peese(strong, VI, alternative="greater").pval == pytest.approx(peese.pval / 2)


def test_two_models_part_where_small_studies_differ():
    """Random effects moves the estimate towards small studies, and not at all where tau2 is 0."""
    apart = two_models([0.1, 0.12, 0.9, 1.4], [0.001, 0.002, 0.1, 0.12])
    assert apart.difference > 0.1
    assert apart.notes == ()
    same = two_models([0.1, 0.12, 0.11], [0.1, 0.2, 0.3])
    assert same.difference == 0
    assert "tau2 is 0" in str(same)


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (lambda: trim_and_fill(YI[:2], VI[:2]), "found k = 2"),
        (lambda: trim_and_fill(YI, [0.1] * 6), "give left or right"),
        (lambda: trim_and_fill(YI, VI, estimator="L1"), "expected one of L0 R0 Q0"),
        (lambda: trim_and_fill(YI, VI, side="up"), "expected left, right, or None"),
        (lambda: trim_and_fill(VI**0.5, VI, estimator="Q0"), "Q0: found too many"),
        (lambda: henmi_copas([0.1], [0.1], slab=["A"]), r"one study \(A\)"),
        (lambda: limit_meta(YI, [0.1] * 6), "precision: found the same"),
        (lambda: limit_meta(YI, VI, adjust="beta"), "expected one of beta0"),
        (lambda: pet_peese(YI[:2], VI[:2]), "found k = 2"),
        (lambda: pet_peese(YI, VI, alternative="up"), "expected one of two.sided"),
        (lambda: pet_peese(YI, VI, alpha=1.0), "alpha: found 1.0"),
        (lambda: fail_safe_n(YI, VI, kind="REM"), "expected one of Rosenthal"),
        (lambda: fail_safe_n(YI, VI, alpha=0.0), "alpha: found 0.0"),
        (lambda: fail_safe_n(YI, VI, target=0.1), "only Orwin's"),
        (lambda: excess_significance(YI, VI, test="fisher"), "expected one of exact chi2 binom"),
        (lambda: excess_significance(YI, VI, alternative="up"), "expected one of two.sided"),
        (lambda: excess_significance(YI, VI, excess_alpha=2), "excess_alpha: found 2"),
        (lambda: excess_significance(YI, VI, tau2=-1), "tau2: found -1"),
        (lambda: excess_significance(YI, VI, theta=[1, 2]), "theta: found 2 numbers"),
    ],
)
def test_what_cannot_be_adjusted_is_refused(run, message):
    """Degenerate or wrong input is refused with what was found."""
    with pytest.raises(ValueError, match=message):
        run()


@pytest.mark.parametrize(
    "run", [trim_and_fill, henmi_copas, limit_meta, pet_peese, fail_safe_n, excess_significance, two_models]
)
def test_adjusted_results_are_readable(run):
    """Each result prints its main number and makes a table of one row."""
    result = run(YI, VI)
    assert len(result.to_frame()) == 1
    assert "nan" not in str(result)


def test_a_number_missing_has_no_standard_error_where_its_variance_is_negative():
    """Where all effects lie on the centre the rank sum's variance is negative: NaN, not 0."""
    got = trim_and_fill(np.full(6, 0.3), VI, side="right")
    assert got.k0 == 0
    assert np.isnan(got.se_k0)
