"""Meta-regression against metafor's rma.uni with moderators."""

from functools import partial

import numpy as np

from synthesis.regression.model import MetaRegression, regress
from tests.synthesis.oracle import Case, assert_close, cases, parametrised

NUMBERS = {
    "beta": "coef",
    "se": "se",
    "stat": "stat",
    "pval": "pval",
    "ci_lb": "ci_lb",
    "ci_ub": "ci_ub",
    "vcov": "vcov",
    "h2": "H2",
    "qm": "QM",
    "qm_pval": "QM_p",
    "qe": "QE",
    "qe_pval": "QE_p",
    "weights": "weights_pct",
    "fitted": "fitted",
    "k": "k",
    "p": "p",
    "df": "df",
    "r2": "R2",
    "hat": "hat",
    "vif": "vif",
}
LIKELIHOOD = {"REML", "ML"}
# metafor stops its scoring at a step of 1e-13: that is how far its tau2 may be off, and I2 (percent) with it.
TAU2_STEP, I2_STEP = 1e-13, 1e-8


def fitted(case: Case) -> MetaRegression:
    """Fit a case's rows on its design matrix."""
    rows, x = case.expected["rows0"], np.array(case.expected["design"], dtype=float)
    yi, vi = (np.array(case.effects[name], dtype=object)[rows].astype(float) for name in ("yi", "vi"))
    names, first = case.expected["names"], case.expected["names"][0] == "intrcpt"
    return regress(
        yi,
        vi,
        x[:, int(first) :],
        intercept=first,
        names=names[int(first) :],
        method=case.options["method"],
        test=case.options["test"],
    )


@parametrised(partial(cases, "rma.uni.mods"))
def test_regressions_agree_with_metafor(case):
    """Every number of a fit agrees: coefficients, tests, heterogeneity, R2, leverage, predictions."""
    got, want = fitted(case), case.expected
    likelihood = case.options["method"] in LIKELIHOOD
    assert_close(got.tau2, want["tau2"], rtol=1e-8 if likelihood else 1e-10, atol=TAU2_STEP, what="tau2")
    assert_close(got.i2, want["I2"], rtol=1e-8, atol=I2_STEP, what="i2")
    for ours, theirs in NUMBERS.items():
        if want.get(theirs) not in (None, []):
            assert_close(
                np.ravel(getattr(got, ours)), np.ravel(want[theirs]), rtol=1e-8, atol=1e-12, what=ours
            )
    assert got.qm_df == tuple(want["QM_df"])
    if "se_tau2" in want:
        assert_close(got.se_tau2, want["se_tau2"], rtol=1e-8, what="se_tau2")
    predicted = got.predict()
    assert_close(predicted.se, want["pred_se"], rtol=1e-8, what="pred_se")
    if "pred_pi_lb" in want:
        assert_close(predicted.pi_lb, want["pred_pi_lb"], rtol=1e-8, atol=1e-10, what="pi_lb")
        assert_close(predicted.pi_ub, want["pred_pi_ub"], rtol=1e-8, atol=1e-10, what="pi_ub")


@parametrised(partial(cases, "rma.uni.mods"))
def test_likelihoods_and_deletions_agree_with_metafor(case):
    """Fit statistics agree, and so do the deletion diagnostics where metafor gave them."""
    got, want = fitted(case), case.expected
    for kind, theirs in want["fit"].items():
        ours = got.criteria(kind)
        expected = [theirs[name] for name in ("ll", "dev", "AIC", "BIC", "AICc")]
        assert_close([ours.ll, ours.dev, ours.aic, ours.bic, ours.aicc], expected, rtol=1e-8, what=kind)
    if "cook_d" in want:
        deleted = got.influence()
        for name in ("cook_d", "dffits", "rstudent"):
            assert_close(getattr(deleted, name), want[name], rtol=1e-7, atol=1e-9, what=name)
