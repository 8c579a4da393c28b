"""Cluster-robust tests: what they must be by definition, for every kind of fit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis import effect_sizes, pool, regress, robust, three_level
from synthesis.multilevel.clusters import working
from synthesis.multilevel.robust import _pieces
from synthesis.multilevel.small_sample import joint_df, satterthwaite


@st.composite
def problems(draw):
    """Effects, variances, two moderators and clusters of 8 to 20 effects."""
    k = draw(st.integers(8, 20))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    cluster = [f"c{one}" for one in np.sort(np.append(np.arange(6), random.integers(0, 6, k - 6)))]
    x = np.column_stack([random.normal(50, 10, k), random.random(k)])
    return random.normal(0.3, 0.5, k), np.exp(random.normal(-2, 0.5, k)), x, cluster


def dense(problem):
    """The z_i of each coefficient and cluster under CR2, (J, p, k), and the effects' covariance."""
    yi, vi, x, cluster = problem
    fit = regress(yi, vi, x)
    x, phi = fit.design.x, np.diag(vi + fit.tau2)
    w = np.linalg.inv(phi)
    bread = np.linalg.inv(x.T @ w @ x)
    left = np.eye(len(yi)) - x @ bread @ x.T @ w
    z = []
    for name in dict.fromkeys(cluster):
        rows = np.flatnonzero(np.array(cluster) == name)
        block, d = phi[np.ix_(rows, rows)], np.sqrt(phi[np.ix_(rows, rows)])
        values, vectors = np.linalg.eigh(d @ (left @ phi @ left.T)[np.ix_(rows, rows)] @ d)
        adjust = d @ vectors @ np.diag(values**-0.5) @ vectors.T @ d
        z.append(bread @ x[rows].T @ np.linalg.inv(block) @ adjust @ left[rows])
    return fit, np.array(z), phi


@settings(max_examples=20)
@given(problems())
def test_cr2_is_unbiased_under_the_model(problem):
    """The expected CR2 covariance under the model is the model's own: that is its definition."""
    fit, z, phi = dense(problem)
    expected = sum(one @ phi @ one.T for one in z)
    np.testing.assert_allclose(expected, fit.vcov, rtol=1e-6, atol=1e-9)
    got = robust(fit, problem[3])
    scores = z @ fit.studies.yi
    np.testing.assert_allclose(got.vcov, scores.T @ scores, rtol=1e-6, atol=1e-9)


@settings(max_examples=20)
@given(problems())
def test_degrees_of_freedom_match_the_moments_of_the_variance(problem):
    """Satterthwaite's and HTZ's degrees of freedom are those of all pairs of clusters, written out."""
    fit, z, phi = dense(problem)
    pairs = np.einsum("isk,kl,jtl->stij", z, phi, z)
    by_hand = [np.trace(pairs[c, c]) ** 2 / (pairs[c, c] ** 2).sum() for c in range(3)]
    pieces = _pieces(working(fit, problem[3]), adjust=True)
    np.testing.assert_allclose(satterthwaite(pieces), by_hand, rtol=1e-6)
    values, vectors = np.linalg.eigh(np.einsum("stii->st", pairs)[1:, 1:])
    unit = vectors / np.sqrt(values) @ vectors.T
    p = np.einsum("as,bt,stij->abij", unit, unit, pairs[1:, 1:])
    spread = sum((p[s, s] * p[t, t] + p[s, t] * p[t, s]).sum() for s in range(2) for t in range(2))
    assert joint_df(pieces, [1, 2]) == pytest.approx(6 / spread, rel=1e-6)
    assert joint_df(pieces, [1]) == pytest.approx(by_hand[1], rel=1e-6)


@settings(max_examples=20)
@given(problems())
def test_cr1_is_cr0_with_a_factor(problem):
    """CR1 multiplies CR0's variances by J / (J - p), metafor's small-sample factor."""
    yi, vi, x, cluster = problem
    fit = regress(yi, vi, x)
    plain, adjusted = robust(fit, cluster, kind="CR0"), robust(fit, cluster, kind="CR1")
    np.testing.assert_allclose(adjusted.vcov, plain.vcov * 6 / 3, rtol=1e-9)
    assert adjusted.df.tolist() == [3, 3, 3]
    assert adjusted.qm_df == (2, 3)


@given(problems())
@settings(max_examples=20)
def test_a_pool_and_a_regression_without_moderators_are_one(problem):
    """A pool's robust test is that of the regression on an intercept alone."""
    yi, vi, _, cluster = problem
    one, other = robust(pool(yi, vi), cluster), robust(regress(yi, vi, {}), cluster)
    np.testing.assert_allclose([one.se[0], one.df[0]], [other.se[0], other.df[0]], rtol=1e-6)
    assert one.qm_pval == pytest.approx(one.pval[0], rel=1e-6)


def test_clusters_of_a_regression_are_metafors():
    """The 13 BCG trials clustered by allocation, on latitude: metafor 3.8-1's robust()."""
    # ai, bi, ci, di of dat.bcg; latitude; allocation.
    counts = np.array(
        [
            *((4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619)),
            *((33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892)),
            *((29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338)),
            (27, 16886, 29, 17825),
        ]
    )
    ai, bi, ci, di = counts.T
    effects = effect_sizes("RR", ai=ai, bi=bi, ci=ci, di=di)
    ablat = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
    alloc = "rrrraarrrssss"
    fit = regress(effects.yi, effects.vi, {"ablat": ablat})
    got = robust(fit, list(alloc), kind="CR1")
    np.testing.assert_allclose(got.se, [0.12838086866751, 0.00593461401091], rtol=1e-6)
    assert (got.qm, got.qm_pval) == pytest.approx((24.04653527087850, 0.12806765994716), rel=1e-6)
    plain = robust(fit, list(alloc), kind="CR0")
    np.testing.assert_allclose(plain.se, [0.07412072908398, 0.00342635099674], rtol=1e-6)


def test_a_cluster_that_alone_tells_a_coefficient_is_left_out_of_its_correction():
    """A level seen in one cluster only: the residuals there are 0, and so is what they add."""
    yi, vi = [0.1, 0.5, 0.3, 0.9, 0.4, 0.2, 0.7, 0.6], [0.05] * 8
    cluster = ["a", "a", "b", "b", "c", "c", "d", "d"]
    fit = regress(yi, vi, {"kind": ["x"] * 6 + ["y"] * 2})
    got = robust(fit, cluster)
    assert np.isfinite(got.se).all()
    assert (got.df > 0).all()


def test_a_coefficient_that_one_cluster_alone_tells_is_refused():
    """Without variation between clusters there is no robust error, and the coefficient is named."""
    fit = regress([0.1, 0.5, 0.3, 0.9, 0.4, 0.2], [0.05] * 6, {"kind": list("xxxxyy")}, intercept=False)
    with pytest.raises(ValueError, match="one cluster alone tells kind: y"):
        robust(fit, list("aabbcc"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "CR3"}, "kind: found 'CR3'; expected CR0, CR1, CR2"),
        ({"cluster": ["a"] * 8}, "cluster: found 1 for 1 coefficients; expected more"),
        ({"cluster": ["a"] * 7}, "cluster: found 7 labels for 8 effects"),
        ({"cluster": [*"aabbccd", None]}, "cluster: found none for effect 8"),
        ({"cluster": list("abcdefgh")}, "cluster: found a and b in one study"),
    ],
)
def test_clusters_that_do_not_fit_are_refused(change, message):
    """An unknown kind, too few clusters, missing labels, and a study that is cut have messages."""
    fit = three_level([0.1, 0.5, 0.3, 0.9, 0.4, 0.2, 0.7, 0.6], [0.05] * 8, list("aabbccdd"))
    with pytest.raises(ValueError, match=message):
        robust(fit, **({"cluster": list("aabbccdd")} | change))


def test_a_pool_with_its_own_weights_is_refused():
    """The corrections hold for inverse variances."""
    fit = pool([0.1, 0.5, 0.3], [0.05] * 3, weights=[1, 1, 2])
    with pytest.raises(ValueError, match="found a pool with its own weights"):
        robust(fit, list("abc"))
