"""Generalised mixed models against metafor's rma.glmm, which fits them with lme4."""

from functools import partial

import numpy as np
import pytest

from synthesis.counts.glmm import Glmm, glmm
from synthesis.counts.glmm_likelihood import OwnEffects, RandomStudies
from synthesis.counts.glmm_models import Counts, likelihood, read
from synthesis.counts.quadrature import mode_and_curvature
from tests.synthesis.oracle import Case, assert_close, count_cases, parametrised

# SYNTHESIS.md names no tolerance. lme4 stops its optimiser, and its inner iterations, early: 1e-4 is as far
# as both may be compared, 1e-3 for variances. With two random effects per study its inner tolerance (1e-7 of
# the penalised deviance) leaves Laplace's likelihood itself uneven, and the second differences of it more so.
FIXED = {
    "estimate": 1e-4,
    "se": 1e-4,
    "tau2": 1e-3,
    "sigma2": 1e-3,
    "i2": 1e-3,
    "q_lrt": 1e-5,
    "q_wald": 1e-4,
}
UNEVEN = FIXED | {"estimate": 1e-3, "se": 2e-2, "tau2": 2e-3, "sigma2": 1e-3, "i2": 2e-3, "q_wald": 2e-2}
NAMES = {"i2": "I2", "q_wald": "QE_Wld", "q_lrt": "QE_LRT"}

# lme4 1.1-31 with tolPwrss = 1e-13 instead of 1e-7, all else as metafor 3.8-1 calls it: UM.RS, ML.
TIGHT = {
    "dat.nielweise2008": {
        "estimate": -0.4677621843,
        "se": 0.2263483226,
        "tau2": 0.0913425845,
        "sigma2": 0.3817626878,
        "q_wald": 10.54931611,
        "q_lrt": 13.14474073,
    },
    "dat.hahn2001": {
        "estimate": -0.4887956666,
        "se": 0.1402606299,
        "tau2": 0.0,
        "sigma2": 0.2585867803,
        "q_lrt": 15.40667479,
    },
    "dat.yusuf1985.t6": {
        "estimate": -0.0720465702,
        "se": 0.1193739377,
        "tau2": 0.0,
        "sigma2": 0.6946484953,
        "q_lrt": 13.44257291,
    },
}


def uneven(case: Case) -> bool:
    """Whether lme4 had two random effects per study, for which it knows Laplace's approximation only."""
    return (case.options["model"], case.options["method"]) == ("UM.RS", "ML")


def fitted(case: Case) -> Glmm:
    """Fit a case's model as metafor does."""
    options = case.options
    nodes = 1 if uneven(case) else options["nAGQ"]
    return glmm(
        options["measure"], model=options["model"], method=options["method"], nodes=nodes, **case.data
    )


def has_infinite_effect(case: Case) -> bool:
    """Whether a study that says something has no event, or nothing else, among the treated."""
    data = case.data
    if "x1i" in data:
        return any(one == 0 < other for one, other in zip(data["x1i"], data["x2i"], strict=True))
    a, c = np.array(data["ai"]), np.array(data["ci"])
    n1 = np.array(data["n1i"]) if "n1i" in data else a + np.array(data["bi"])
    n2 = np.array(data["n2i"]) if "n2i" in data else c + np.array(data["di"])
    return bool((((a == 0) & (c > 0)) | ((a == n1) & (c < n2))).any())


@parametrised(partial(count_cases, "rma.glmm"))
def test_mixed_models_agree_with_metafor(case):
    """Effect, variances, I2 and both tests of heterogeneity agree as far as lme4 goes."""
    got, want = fitted(case), case.expected
    tolerances = dict(UNEVEN if uneven(case) else FIXED)
    if case.options["model"] == "UM.RS" and has_infinite_effect(case):
        # lme4 may not be able to invert its Hessian there and falls back on the variance for a known sigma:
        # its Wald statistic is larger for it (the test below). Ours keeps sigma's part.
        rtol = tolerances.pop("q_wald")
        assert 0 < got.q_wald <= want["QE_Wld"] * (1 + rtol)
    for name, rtol in tolerances.items():
        theirs = want[NAMES.get(name, name)]
        if theirs is not None:
            atol = rtol * want["se"] if name == "estimate" else 1e-6
            assert_close(getattr(got, name), theirs, rtol=rtol, atol=atol, what=name)
    assert [got.k, got.q_df] == [want["k"], want["QE_df"]]
    if not uneven(case):
        assert_close([got.ci_lb, got.ci_ub], [want["ci_lb"], want["ci_ub"]], rtol=0, atol=1e-3 * want["se"])
        assert_close([got.stat, got.pval], [want["stat"], want["pval"]], rtol=2e-3)


def in_tight(case: Case) -> bool:
    """Whether lme4 converges for these data at the tight tolerance."""
    return uneven(case) and case.id.split(":")[0] in TIGHT


@parametrised(lambda: (case for case in count_cases("rma.glmm") if in_tight(case)))
def test_two_random_effects_agree_with_lme4_when_it_iterates_further(case):
    """With lme4's inner tolerance at 1e-13 instead of 1e-7, all agree to four digits or better."""
    got = fitted(case)
    for name, value in TIGHT[case.id.split(":")[0]].items():
        assert getattr(got, name) == pytest.approx(value, rel=1e-4, abs=1e-8), name


@pytest.mark.parametrize(("data", "theirs"), [("dat.hahn2001", 12.1127), ("dat.yusuf1985.t6", 9.0713)])
@pytest.mark.usefixtures("shared_data")
def test_lme4_takes_sigma_for_known_where_an_effect_is_infinite(data, theirs):
    """With sigma held fixed the Wald statistic is metafor's, to three digits; with its part it is ours."""
    case = next(one for one in count_cases("rma.glmm") if one.id == f"{data}:GLMM/OR/UM.RS/EE")
    counts = read("OR", case.data, None)
    function = likelihood("OR", "UM.RS", counts, 7)
    saturated = function.own_effects()
    fixed = wald_given_sigma(function, counts)
    assert fixed == pytest.approx(theirs, rel=1e-3)
    assert saturated.wald() == pytest.approx(fitted(case).q_wald)


def wald_given_sigma(function: RandomStudies, counts: Counts) -> float:
    """Return the Wald statistic from the information of the linearised model at the mode, sigma known."""
    best, effects = function.saturated()
    arms, sigma, k = function.arms, best[1], counts.k
    fixed = np.stack([best[0] + effects, np.full(k, best[0])])
    mode = mode_and_curvature(arms, fixed, np.full((2, 1), sigma))[0][:, 0]
    weights = [arm.moments(eta)[1] for arm, eta in zip(arms, fixed + sigma * mode, strict=True)]
    known = np.flatnonzero(np.abs(effects) < 50)
    information = np.zeros((len(known) + 1, len(known) + 1))
    for i in range(k):
        row = np.zeros((2, len(known) + 1))
        row[:, -1], row[0, :-1] = 1, known == i
        arm = slice(0, 2) if i in known else slice(1, 2)
        spread = np.diag(1 / np.array([one[i] for one in weights])[arm]) + sigma**2
        information += row[arm].T @ np.linalg.inv(spread) @ row[arm]
    covariance = np.linalg.inv(information)[:-1, :-1]
    return OwnEffects(0.0, effects[known], covariance).wald()
