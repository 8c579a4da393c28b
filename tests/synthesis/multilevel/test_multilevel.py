"""Nested and multivariate models: laws, limits, refusals."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis import correlated_effects, multivariate, pool, regress, robust, three_level
from synthesis.arrays import as_studies
from synthesis.multilevel.comparison import level_test, likelihood_ratio
from synthesis.multilevel.likelihood import derivatives, solve
from synthesis.multilevel.nested import nested

YI = [0.1, 0.5, 0.3, 0.9, 0.4, 0.2, 0.7, 0.6]
VI = [0.02, 0.03, 0.05, 0.04, 0.01, 0.03, 0.06, 0.02]
STUDY = ["a", "a", "b", "b", "b", "c", "d", "d"]


@st.composite
def problems(draw):
    """Effects, variances and studies: 4 to 8 studies of 1 to 4 effects, at least one of several."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = [2, *draw(st.lists(st.integers(1, 4), min_size=3, max_size=7))]
    study = np.repeat(np.arange(len(sizes)), sizes)
    between, within = (draw(st.sampled_from([0.0, 0.1, 1.0])) for _ in range(2))
    vi = np.exp(random.normal(-2, 0.7, len(study)))
    true = random.normal(0.3, between, len(sizes))[study] + random.normal(0, within, len(study))
    return random.normal(true, np.sqrt(vi)), vi, [f"s{one}" for one in study]


def covariance(model, theta):
    """The dense covariance of a model's effects, (k, k)."""
    dense = np.zeros((len(model.y), len(model.y)))
    for stack, k in zip(model.layout.stacks, model.patterns, strict=True):
        for rows, m in zip(stack.rows, stack.v + np.tensordot(theta, k, axes=1), strict=True):
            dense[np.ix_(rows, rows)] = m
    return dense


@settings(max_examples=20)
@given(problems(), st.sampled_from(["REML", "ML"]))
def test_no_components_of_a_grid_are_likelier(problem, method):
    """The answer is at the global maximum, and its slope is that of one."""
    got = three_level(*problem, method=method)
    grid = [0, *np.geomspace(1e-3, 5, 8)]
    heights = [solve(got.problem, [a, b]).ll for a in grid for b in grid]
    assert solve(got.problem, got.sigma2).ll >= max(heights) - 1e-9
    gradient = derivatives(got.problem, got.solution)[0]
    assert gradient.max() < 1e-5
    assert np.abs(gradient[got.sigma2 > 0]).max(initial=0) < 1e-5
    assert got.notes == ()


@settings(max_examples=20)
@given(problems(), st.booleans())
def test_likelihood_and_slope_are_those_of_the_dense_model(problem, restricted):
    """Block by block gives what one large covariance matrix gives; the slope is the numerical one."""
    fit = three_level(*problem, method="REML" if restricted else "ML")
    theta, model = np.array([0.3, 0.2]), fit.problem
    m, x = covariance(model, theta), model.x
    w = np.linalg.inv(m)
    p = w - w @ x @ np.linalg.inv(x.T @ w @ x) @ x.T @ w
    free = len(model.y) - x.shape[1] * restricted
    extra = np.linalg.slogdet(x.T @ w @ x)[1] if restricted else 0
    want = -0.5 * (free * np.log(2 * np.pi) + np.linalg.slogdet(m)[1] + extra + model.y @ p @ model.y)
    assert solve(model, theta).ll == pytest.approx(want)
    slope = derivatives(model, solve(model, theta))[0]
    for c, step in enumerate(1e-5 * np.eye(2)):
        rise = solve(model, theta + step).ll - solve(model, theta - step).ll
        assert slope[c] == pytest.approx(rise / 2e-5, rel=1e-4, abs=1e-5)


@settings(max_examples=20)
@given(problems())
def test_the_order_of_rows_does_not_matter(problem):
    """Studies in pieces, all over the table, give the same result."""
    yi, vi, study = problem
    order = np.random.default_rng(1).permutation(len(yi))
    got, again = (
        correlated_effects(*one) for one in (problem, (yi[order], vi[order], [study[i] for i in order]))
    )
    np.testing.assert_allclose(got.beta, again.beta, rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(got.sigma2, again.sigma2, rtol=1e-4, atol=1e-7)
    assert got.ll == pytest.approx(again.ll, abs=1e-8)


@given(problems())
@settings(max_examples=20)
def test_one_level_of_single_effects_is_the_random_effects_pool(problem):
    """Where each effect is its own study the model is `pool`'s, and with a moderator `regress`'s."""
    yi, vi, _ = problem
    levels, mods = {"effect": range(len(yi))}, {"x": np.arange(len(yi)) ** 2}
    got, want = nested(as_studies(yi, vi), levels), pool(yi, vi)
    assert got.sigma2[0] == pytest.approx(want.tau2, rel=1e-5, abs=1e-7)
    assert (got.beta[0], got.i2, got.qe) == pytest.approx(
        (want.estimate, want.i2, want.q), rel=1e-4, abs=1e-5
    )
    got, line = nested(as_studies(yi, vi), levels, mods=mods), regress(yi, vi, mods)
    np.testing.assert_allclose(got.beta, line.beta, rtol=1e-4, atol=1e-6)
    assert got.ll == pytest.approx(line.criteria("REML").ll)


def test_a_correlation_of_0_is_the_three_level_model():
    """Independent errors, said in two ways, give one model; a correlation near 1 gives another."""
    none, same = correlated_effects(YI, VI, STUDY, rho=0), three_level(YI, VI, STUDY)
    assert (none.beta[0], none.ll) == pytest.approx((same.beta[0], same.ll), rel=1e-9)
    assert correlated_effects(YI, VI, STUDY, rho=0.9).se[0] != pytest.approx(same.se[0], rel=1e-3)


def test_effects_that_share_a_label_share_their_effect():
    """Rows of one label within a study differ by sampling only: the labels count within their study."""
    got = three_level(YI, VI, STUDY, ["x", "y", "x", "x", "y", "x", "x", "x"])
    pattern = got.problem.patterns[[len(one.rows[0]) for one in got.problem.layout.stacks].index(3)][1, 0]
    assert pattern.tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]


def test_a_diagonal_structure_is_as_many_pools_as_outcomes():
    """Without any correlation two outcomes know nothing of each other."""
    yi, vi, study, outcome = YI[:8], VI[:8], [1, 1, 2, 2, 3, 3, 4, 4], ["p", "q"] * 4
    got = multivariate(yi, vi, study, outcome, struct="DIAG", method="ML")
    for i in range(2):
        alone = pool(yi[i::2], vi[i::2], method="ML")
        assert (got.beta[i], got.tau2[i]) == pytest.approx((alone.estimate, alone.tau2), rel=1e-5, abs=1e-8)
    assert got.names == ("outcome: p", "outcome: q")


def test_three_outcomes_have_three_correlations():
    """The unstructured model contains the compound symmetric one; both stay covariances."""
    random = np.random.default_rng(3)
    true = random.multivariate_normal([0, 1, 2], [[0.2, 0.1, 0], [0.1, 0.3, 0.1], [0, 0.1, 0.2]], 15)
    yi, study = (true + random.normal(0, 0.3, true.shape)).ravel(), np.repeat(range(15), 3)
    un, cs = (
        multivariate(yi, np.full(45, 0.09), study, ["a", "b", "c"] * 15, struct=one) for one in ("UN", "CS")
    )
    assert (len(un.tau2), len(un.rho), len(cs.tau2), len(cs.rho)) == (3, 3, 1, 1)
    test = likelihood_ratio(un, cs)
    assert (test.df, test.chi2 >= 0) == (4, True)
    assert (np.abs(un.rho) <= 1 + 1e-9).all()
    assert "rho" in repr(un)


def test_a_correlation_at_its_bound_is_noted():
    """Two outcomes that go together without fail have a correlation of 1, and the result says so."""
    yi = [0.1, 0.2, 0.5, 0.6, 0.9, 1.0, 1.3, 1.4]
    got = multivariate(yi, [0.001] * 8, np.repeat(range(4), 2), ["p", "q"] * 4)
    assert got.rho[0] == pytest.approx(1)
    assert "A correlation of true effects is at its bound" in repr(got)


def test_a_component_of_0_is_tested_as_not_needed():
    """A level that explains nothing has a ratio of 0 and a p-value of 1; an unknown one is refused."""
    got = three_level([0.1, 0.5] * 4, [0.5] * 8, np.repeat(range(4), 2))
    assert got.sigma2.tolist() == [0, 0]
    assert (level_test(got, "study").chi2, level_test(got, "study").pval) == (0, 1)
    with pytest.raises(ValueError, match="found 'row'; expected study or effect"):
        level_test(got, "row")


def test_models_that_cannot_be_compared_are_refused():
    """Restricted likelihoods of other moderators, other effects, and the wrong order have no test."""
    plain, line = three_level(YI, VI, STUDY), three_level(YI, VI, STUDY, mods={"x": range(8)})
    with pytest.raises(ValueError, match="found other moderators"):
        likelihood_ratio(line, plain)
    with pytest.raises(ValueError, match="found 0 parameters more"):
        likelihood_ratio(plain, plain)
    with pytest.raises(ValueError, match="found other effects or methods"):
        likelihood_ratio(plain, three_level(YI, VI, STUDY, method="ML"))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: three_level(YI, VI, range(8)), "effect: found one in each study"),
        (lambda: three_level(YI, VI, ["a"] * 8), "study: found one for all effects"),
        (lambda: three_level(YI, VI, STUDY[:7]), "study: found 7 labels for 8 effects"),
        (lambda: three_level(YI, VI, [*STUDY[:7], None]), "study 8: found no study"),
        (lambda: three_level(YI, VI, STUDY, method="DL"), "method: found 'DL'; expected REML or ML"),
        (lambda: three_level(YI, VI, STUDY, test="knha"), "test: found 'knha'; expected z or t"),
        (lambda: three_level(YI, VI, STUDY, level=95), "level: found 95"),
        (lambda: three_level(YI, VI, STUDY, v=np.eye(8)), "another diagonal than vi"),
        (lambda: three_level(YI, VI, STUDY, v=np.eye(7)), "found shape"),
        (
            lambda: three_level(YI, VI, STUDY, v=np.where(np.eye(8) == 1, VI, 0.001)),
            "found covariances between studies",
        ),
        (lambda: three_level(YI[:2], VI[:2], ["a", "b"], mods={"x": [1, 2]}), "one in each study"),
        (
            lambda: three_level(YI[:3], VI[:3], list("aab"), mods={"x": [1, 2, 4], "z": [1, 0, 0]}),
            "found 3 coef",
        ),
        (lambda: correlated_effects(YI, VI, STUDY, rho={"a": 0.5, "d": 0.5}), "b: found no rho"),
        (lambda: correlated_effects(YI, VI, STUDY, rho=1), "a: found rho = 1; expected"),
        (
            lambda: correlated_effects(YI, VI, STUDY, rho=-0.9),
            "b: found sampling covariances of its 3 effects",
        ),
        (lambda: correlated_effects(YI, VI, STUDY[:7]), "study: found 7 labels"),
        (lambda: three_level(np.multiply(YI, 1e8), VI, STUDY), "study 5: found a sampling variance of 0.01"),
        (lambda: multivariate(YI, VI, STUDY, ["p"] * 8), "found 2 effects; expected one for each outcome"),
        (lambda: multivariate(YI, VI, range(8), ["p"] * 8), "outcome: found p only"),
        (lambda: multivariate(YI, VI, STUDY, STUDY, struct="AR"), "struct: found 'AR'"),
    ],
)
def test_what_cannot_be_fitted_is_refused_by_name(call, message):
    """Each refusal names the argument, level, study or effect."""
    with pytest.raises(ValueError, match=message):
        call()


def test_predictions_take_all_levels_into_account():
    """A new effect of a new study varies by both components; outcomes have no single prediction."""
    got = three_level(YI, VI, STUDY, test="t")
    low, high = got.prediction_interval()
    width = 2 * 2.364624251592785 * np.sqrt(got.se[0] ** 2 + got.sigma2.sum())
    assert high - low == pytest.approx(width)
    line = three_level(YI, VI, STUDY, mods={"x": range(8)})
    assert "4 studies for 1 moderator: fewer than 10" in repr(line)
    assert line.predict({"x": 3}).pred[0] == pytest.approx(line.fitted[3])
    with pytest.raises(ValueError, match="found moderators"):
        line.prediction_interval()
    both = multivariate(YI, VI, [1, 1, 2, 2, 3, 3, 4, 4], ["p", "q"] * 4)
    with pytest.raises(ValueError, match="found several outcomes"):
        both.predict()


def test_thousands_of_effects_need_no_matrix_of_all_by_all():
    """Three thousand effects in a thousand studies are fitted block by block, robust test included."""
    random = np.random.default_rng(5)
    study = np.repeat(range(1000), 3)
    vi = random.uniform(0.02, 0.1, 3000)
    yi = 0.4 + random.normal(0, 0.3, 1000)[study] + random.normal(0, np.sqrt(vi + 0.04))
    got = correlated_effects(yi, vi, study, rho=0.0)
    assert got.sigma2 == pytest.approx([0.09, 0.04], rel=0.2)
    assert robust(got, study).se[0] == pytest.approx(got.se[0], rel=0.1)


@pytest.fixture(scope="module")
def pain(shared_data):
    """The printed rows on interference by pain: effects, variances, trials (arms of one trial together)."""
    with (shared_data / "pain/gandy2022_interference_partial.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    arms = ("Dear, 2015", "Lin, 2017")
    trials = [next((arm for arm in arms if one["study"].startswith(arm)), one["study"]) for one in rows]
    return [float(one["g"]) for one in rows], [float(one["se"]) ** 2 for one in rows], trials


def test_the_printed_rows_of_the_pain_trials_are_metafors(pain):
    """One call: Dear's arms by r = 0 (control split), Lin's by r = .5 (shared), as in metafor 3.8-1."""
    got = correlated_effects(*pain, rho={"Dear, 2015": 0.0, "Lin, 2017": 0.5})
    assert (got.k, got.studies) == (23, 20)
    assert (got.beta[0], got.se[0]) == pytest.approx((0.27045174931624, 0.04788516565101), rel=1e-6)
    assert got.sigma2 == pytest.approx([0.01339357919712, 0.00122978614095], rel=2e-5)
    assert (got.ll, got.qe) == pytest.approx((2.20836438661601, 30.09569600493663), rel=1e-8)
    assert got.prediction_interval() == pytest.approx((0.0155, 0.5254), abs=5e-5)
    plain, adjusted = (robust(got, pain[2], kind=kind) for kind in ("CR0", "CR1"))
    assert (plain.se[0], plain.pval[0]) == pytest.approx((0.0463028765286, 1.26058036233e-05), rel=1e-6)
    assert (adjusted.se[0], adjusted.pval[0]) == pytest.approx((0.0475057489576, 1.73281177073e-05), rel=1e-6)
    assert (level_test(got, "effect").chi2, level_test(got, "effect").pval) == pytest.approx(
        (0.0118, 0.9133), abs=5e-5
    )
