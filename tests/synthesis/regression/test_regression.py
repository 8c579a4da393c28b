"""Meta-regression: laws, degenerate input, deletion, permutation; numbers are metafor 3.8-1's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis import pool, regress
from synthesis.random_effects.heterogeneity import METHODS
from synthesis.regression.core import orthonormal
from synthesis.regression.likelihood import log_likelihood
from synthesis.regression.permutation import arrangements

# Log risk ratios of the first seven trials of metafor's dat.bcg, by escalc(measure="RR").
BCG = {
    "yi": [
        *(-0.88931133392020545, -1.58538865720143063, -1.34807314829969327, -1.44155119002130538),
        *(-0.21754732221129558, -0.78611558581886398, -1.62089822359839175),
    ],
    "vi": [
        *(0.3255847650039613295, 0.1945811213981438470, 0.4153679653679653860, 0.0200100319022475728),
        *(0.0512101721696308632, 0.0069056184559087574, 0.2230172475723151693),
    ],
    "ablat": [44, 55, 42, 52, 13, 44, 19],
    "alloc": ["random", "random", "random", "random", "alternate", "alternate", "random"],
}


@st.composite
def problems(draw):
    """Effects, variances and two moderators of 5 to 12 studies."""
    k = draw(st.integers(5, 12))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    tau = draw(st.sampled_from([0.0, 0.1, 1.0, 10.0]))
    vi = np.exp(random.normal(-2, draw(st.sampled_from([0.1, 1.0, 3.0])), k))
    x = np.column_stack([random.normal(2000, 10, k), random.random(k)])
    return x[:, 1] + random.normal(0, np.sqrt(vi + tau**2)), vi, x


@given(problems(), st.sampled_from(METHODS))
def test_other_units_of_a_moderator_change_its_coefficient_only(problem, method):
    """A moderator in other units has a coefficient in other units; all else stays."""
    yi, vi, x = problem
    before, after = regress(yi, vi, x, method=method), regress(yi, vi, x * [1, -60], method=method)
    np.testing.assert_allclose(before.beta[2], -60 * after.beta[2], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose([before.tau2, before.qe], [after.tau2, after.qe], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(before.fitted, after.fitted, rtol=1e-6, atol=1e-8)


@given(problems(), st.sampled_from(METHODS), st.sampled_from(["z", "knha", "adhoc"]))
def test_without_moderators_a_regression_is_a_pool(problem, method, test):
    """An intercept alone gives the pooled estimate and its heterogeneity."""
    yi, vi, _ = problem
    got, want = regress(yi, vi, {}, method=method, test=test), pool(yi, vi, method=method, test=test)
    ours = [got.beta[0], got.se[0], got.tau2, got.qe, got.i2, got.pval[0]]
    theirs = [want.estimate, want.se, want.tau2, want.q, want.i2, want.pval]
    np.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=1e-9)
    assert got.r2 is None


@settings(max_examples=20)
@given(problems(), st.booleans())
def test_no_tau2_of_a_fine_grid_is_likelier(problem, restricted):
    """The likelihood estimate is at the global maximum."""
    yi, vi, x = problem
    got = regress(yi, vi, x, method="REML" if restricted else "ML")
    basis = orthonormal(got.design.x)[0]
    grid = np.concatenate([[0], np.geomspace(1e-8, 1e4, 200)])
    heights = [log_likelihood(yi, vi, basis, float(one), restricted=restricted) for one in grid]
    assert got.criteria("REML" if restricted else "ML").ll >= max(heights) - 1e-9


@given(problems(), st.sampled_from(METHODS))
def test_leverages_sum_to_the_coefficients_and_tau2_is_no_less_than_0(problem, method):
    """The hat values sum to p, whatever the estimator, which never gives less than 0."""
    got = regress(*problem, method=method)
    assert got.hat.sum() == pytest.approx(3)
    assert got.tau2 >= 0
    assert (got.vif >= 1 - 1e-9).all()


@settings(max_examples=20)
@given(problems())
def test_deleting_a_study_is_fitting_the_others(problem):
    """Coefficients and tau2 without a study are those of the other studies."""
    yi, vi, x = problem
    deleted, rest = regress(yi, vi, x).influence(), regress(yi[1:], vi[1:], x[1:])
    np.testing.assert_allclose(deleted.beta_del[0], rest.beta, rtol=1e-6, atol=1e-9)
    assert deleted.tau2_del[0] == pytest.approx(rest.tau2, rel=1e-6, abs=1e-12)


def test_a_study_that_alone_tells_a_coefficient_cannot_be_deleted():
    """The only study of a level has no deletion diagnostics: nan, not an error, and a leverage of 1."""
    kind = ["a", "a", "a", "b", "a", "a", "a"]
    got = regress(BCG["yi"], BCG["vi"], {"kind": kind}).influence()
    assert np.isnan(got.cook_d).tolist() == [one == "b" for one in kind]
    assert got.hat[3] == pytest.approx(1)
    assert got.to_frame().shape == (7, 11)


def test_too_few_studies_to_delete_one_are_refused():
    """Deleting needs as many studies as coefficients, and two more."""
    with pytest.raises(ValueError, match="found 3 studies for 2 coefficients; expected at least 4"):
        regress(BCG["yi"][:3], BCG["vi"][:3], {"ablat": BCG["ablat"][:3]}).influence()


def test_effects_on_the_line_leave_nothing():
    """A perfect fit has no heterogeneity, and under Knapp-Hartung infinite statistics instead of noise."""
    x = np.arange(6.0)
    for method in METHODS:
        got = regress(1 + 2 * x, np.full(6, 0.1), {"x": x}, method=method, test="knha")
        if method != "SJ":  # its start is the spread of the effects themselves
            assert got.tau2 == 0
        assert got.qe == 0
        assert np.isinf(got.stat[1])
        assert (got.pval[1], got.qm_pval) == (0, 0)


def test_identical_effects_have_no_slope():
    """Where nothing differs there is nothing to explain, for every estimator."""
    for method in METHODS:
        got = regress(np.full(5, 0.3), np.full(5, 0.1), {"x": [1, 2, 4, 8, 16]}, method=method)
        assert got.beta == pytest.approx([0.3, 0], abs=1e-12)
        assert (got.tau2, got.qe) == (0, 0)
        assert got.r2 == 0


@pytest.mark.parametrize("method", METHODS)
def test_wildly_unequal_variances_have_an_answer(method):
    """Variances sixteen orders of magnitude apart still give finite numbers."""
    vi = np.array([1e-12, 1e-9, 1.0, 10.0, 1e4, 0.5, 0.2])
    got = regress(BCG["yi"], vi, {"ablat": BCG["ablat"]}, method=method)
    assert np.isfinite([got.tau2, *got.beta, *got.se, got.qm, got.qe, got.i2]).all()


def test_as_many_coefficients_as_studies_fit_only_without_tau2():
    """Without residual degrees of freedom a common-effect line is drawn; tau2, and t, are refused."""
    yi, vi, x = BCG["yi"][:2], BCG["vi"][:2], {"ablat": BCG["ablat"][:2]}
    got = regress(yi, vi, x, method="EE")
    assert got.fitted == pytest.approx(yi)
    assert (got.qe, got.qe_pval, got.i2) == (0, 1, 0)
    for asked in ({"method": "REML"}, {"method": "EE", "test": "knha"}):
        with pytest.raises(ValueError, match=r"found 2 coefficients \(intrcpt, ablat\) for 2 studies"):
            regress(yi, vi, x, **asked)


def test_a_line_through_the_origin_leaves_its_own_residuals():
    """Without a constant the effects are not centred first: QE is the sum of squares around the line."""
    yi, vi, x = (np.array(BCG[name], dtype=float) for name in ("yi", "vi", "ablat"))
    got = regress(yi, vi, {"ablat": x}, intercept=False)
    slope = (x / vi) @ yi / ((x / vi) @ x)
    assert got.qe == pytest.approx(((yi - slope * x) ** 2 / vi).sum())
    assert (got.p, got.r2) == (1, None)


def test_a_given_tau2_is_kept():
    """A fixed tau2 is used as it is, and explains no share of an estimate."""
    got = regress(BCG["yi"], BCG["vi"], {"ablat": BCG["ablat"]}, tau2=0.2)
    assert (got.tau2, got.r2) == (0.2, None)


def test_few_studies_a_moderator_are_noted():
    """Below ten studies a moderator the result says so; a category counts once."""
    few = regress(BCG["yi"], BCG["vi"], {"alloc": BCG["alloc"]})
    assert "7 studies for 1 moderator: fewer than 10 a moderator (Cochrane Handbook" in repr(few)
    many = regress(BCG["yi"] * 2, BCG["vi"] * 2, {"alloc": BCG["alloc"] * 2})
    assert many.notes == ()


@pytest.mark.parametrize(
    ("k", "mods", "options", "pvals", "seen"),
    [
        (7, ("alloc",), {}, (5 / 21, 1 / 21, 1 / 21), 21),
        (7, (), {}, (2 / 128, 2 / 128), 128),
        (6, ("ablat",), {"test": "knha", "method": "DL"}, (261 / 360, 7 / 360, 7 / 360), 360),
    ],
)
def test_exact_permutation_p_values_are_metafors(k, mods, options, pvals, seen):
    """All arrangements, each once, give metafor's permutest(exact=TRUE) to the last digits."""
    model = regress(BCG["yi"][:k], BCG["vi"][:k], {name: BCG[name][:k] for name in mods}, **options)
    got = model.permutation_test(exact=True)
    assert [*got.pval, got.qm_pval] == pytest.approx(pvals, abs=1e-12)
    assert (got.exact, got.iterations, got.qm_pval_se) == (True, seen, 0)


def test_random_permutations_come_near_the_exact_ones():
    """Seeded arrangements give the exact p-value within four Monte Carlo errors, and the same again."""
    model = regress(BCG["yi"], BCG["vi"], {"ablat": BCG["ablat"]}, test="knha", method="DL")
    exact = 518 / 2520
    got, again = (model.permutation_test(iterations=400, seed=4) for _ in range(2))
    assert abs(got.qm_pval - exact) < 4 * got.qm_pval_se
    assert got.pval.tolist() == again.pval.tolist()
    assert "400 arrangements, random (seed 4)" in repr(got)


def test_all_arrangements_are_seen_where_they_are_few():
    """Without being asked the test is exact where that takes no longer; equal rows are not counted twice."""
    model = regress(BCG["yi"], BCG["vi"], {"alloc": BCG["alloc"]})
    assert arrangements(model.design) == 21
    assert model.permutation_test(iterations=21).exact
    assert not model.permutation_test(iterations=20).exact


def test_too_many_arrangements_or_too_few_iterations_are_refused():
    """A count that cannot be seen through, and a test of one arrangement, have messages."""
    model = regress(BCG["yi"] * 2, BCG["vi"] * 2, {"x": range(14)})
    with pytest.raises(ValueError, match="found 87178291200 different arrangements"):
        model.permutation_test(exact=True)
    with pytest.raises(ValueError, match="iterations: found 1"):
        model.permutation_test(iterations=1)


def test_the_q_profile_interval_is_metafors():
    """The interval of the residual tau2 has metafor's bounds; without freedom there is none."""
    got = regress(BCG["yi"], BCG["vi"], {"ablat": BCG["ablat"]}, method="PM")
    assert got.tau2_interval() == pytest.approx((0.0074631532, 1.3608382869), rel=1e-8)
    assert got.tau2 == pytest.approx(0.1147484929, rel=1e-8)
    with pytest.raises(ValueError, match="expected more"):
        regress(BCG["yi"][:2], BCG["vi"][:2], {"a": [1, 2]}, method="EE").tau2_interval()


def test_wildly_unequal_variances_leave_every_coefficient_its_error():
    """Where one study outweighs the others beyond rounding no variance of a coefficient falls below 0."""
    got = regress([0.1, 0.5, 0.3, 0.9], [1e-18, 1.0, 2.0, 3.0], {"x": [0, 1, 2, 3]}, method="EE")
    assert got.se[0] == pytest.approx(1e-9, rel=1e-6)
    assert got.se[1] == pytest.approx((1 / (1 + 4 / 2 + 9 / 3)) ** 0.5, rel=1e-6)
