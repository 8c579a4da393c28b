"""Pooling against metafor's rma.uni, confint, leave1out, cumul, blup, influence, and subgroup fits."""

from functools import partial

import numpy as np

from synthesis import Pooled, pool, subgroups
from tests.synthesis.oracle import Case, assert_close, cases, parametrised

NUMBERS = {
    "estimate": "coef",
    "se": "se",
    "stat": "stat",
    "pval": "pval",
    "ci_lb": "ci_lb",
    "ci_ub": "ci_ub",
    "h2": "H2",
    "q": "QE",
    "q_pval": "QE_p",
    "weights": "weights_pct",
    "k": "k",
}
REFITS = {
    "estimate": "estimate",
    "se": "se",
    "stat": "stat",
    "pval": "pval",
    "ci_lb": "ci_lb",
    "ci_ub": "ci_ub",
    "q": "Q",
    "q_pval": "Qp",
}
LIKELIHOOD = {"REML", "ML", "EB"}
# metafor stops its scoring at a step of 1e-13: that is how far its tau2 may be off, and I2 (percent) with it.
TAU2_STEP, I2_STEP = 1e-13, 1e-8
# tau2 is 1.3e-7 there, of which metafor's last step is more than eight digits.
COARSE = "dat.nielweise2008:IRD/REML"


def pooled(case: Case, **changes: object) -> Pooled:
    """Pool a case's complete rows as its options say."""
    yi, vi, _ = case.complete()
    asked = {
        "method": case.options["method"],
        "test": case.options.get("test", "z"),
        "level": case.options.get("level", 95) / 100,
        "weights": None if case.options.get("weighted", True) else np.ones(len(yi)),
        "tau2": case.options.get("tau2"),
    }
    return pool(yi, vi, **(asked | changes))


def tolerance(case: Case) -> float:
    """Return the relative tolerance of a fit's numbers."""
    return 1e-6 if case.id.startswith(COARSE) else 1e-8


def assert_tau2(got: object, want: object, method: str, rtol: float = 1e-10) -> None:
    """Compare tau2: likelihood methods to eight digits, the others to ten."""
    assert_close(
        got, want, rtol=max(rtol, 1e-8 if method in LIKELIHOOD else rtol), atol=TAU2_STEP, what="tau2"
    )


@parametrised(partial(cases, "rma.uni"))
def test_pooled_numbers_agree_with_metafor(case):
    """Every number of a fit agrees; where metafor fails to converge, ours gives a finite answer."""
    got, want = pooled(case), case.expected
    if "error" in want:
        assert np.isfinite([got.estimate, got.se, got.tau2]).all()
        return
    rtol = tolerance(case)
    assert_tau2(got.tau2, want["tau2"], got.method, rtol if case.id.startswith(COARSE) else 1e-10)
    assert_close(got.i2, want["I2"], rtol=rtol, atol=I2_STEP, what="i2")
    for ours, theirs in NUMBERS.items():
        if want.get(theirs) not in (None, []):
            assert_close(getattr(got, ours), want[theirs], rtol=rtol, atol=1e-14, what=ours)
    if "se_tau2" in want:
        assert_close(got.se_tau2, want["se_tau2"], rtol=rtol, what="se_tau2")


@parametrised(lambda: (case for case in cases("rma.uni") if "pi_lb" in case.expected))
def test_prediction_intervals_agree_with_metafor(case):
    """The three named prediction intervals agree with the reference's."""
    own, fixed = pooled(case), pooled(case, level=0.95)
    # The reference's named t intervals are of 95% whatever the level of the fit.
    intervals = {
        "": own.prediction_interval("z" if own.test == "z" else "k-1"),
        "_t_km1": fixed.prediction_interval("k-1"),
        "_t_km2": fixed.prediction_interval("k-2"),
    }
    for name, got in intervals.items():
        want = np.ravel([case.expected[f"pi_lb{name}"], case.expected[f"pi_ub{name}"]])
        assert_close(got, want, rtol=tolerance(case), atol=1e-13, what=name)


@parametrised(partial(cases, "confint"))
def test_tau2_intervals_agree_with_metafor(case):
    """Q-profile and profile-likelihood intervals of tau2, and of I2 from them, agree to eight digits."""
    got, kind = pooled(case), case.options["type"]
    assert_close([got.tau2, *got.tau2_interval(kind)], case.expected["tau2"], rtol=1e-8, atol=TAU2_STEP)
    if "I2" in case.expected:
        assert_close([got.i2, *got.i2_interval(kind)], case.expected["I2"], rtol=1e-8, atol=1e-8)


@parametrised(partial(cases, "leave1out"))
def test_leave_one_out_agrees_with_metafor(case):
    """Each pool without one study agrees to eight digits."""
    assert_refits(pooled(case).leave_one_out(), case)


@parametrised(partial(cases, "cumul"))
def test_cumulative_pool_agrees_with_metafor(case):
    """Each pool of the first studies agrees to eight digits."""
    assert_refits(pooled(case).cumulative(case.options["order_index0"]), case)


def assert_refits(got: object, case: Case) -> None:
    """Compare arrays of refits."""
    for ours, theirs in REFITS.items():
        if theirs in case.expected:
            assert_close(getattr(got, ours), case.expected[theirs], rtol=1e-8, atol=1e-12, what=ours)
    assert_close(got.i2, case.expected["I2"], rtol=1e-8, atol=I2_STEP, what="i2")
    if case.expected["tau2"] is not None:
        assert_tau2(got.tau2, case.expected["tau2"], case.options["method"])


@parametrised(partial(cases, "blup"))
def test_blups_agree_with_metafor(case):
    """Best linear unbiased predictions and their intervals agree to eight digits."""
    got = pooled(case).blup()
    for name in ("pred", "se", "pi_lb", "pi_ub"):
        assert_close(getattr(got, name), case.expected[name], rtol=1e-8, atol=1e-13, what=name)


@parametrised(partial(cases, "influence"))
def test_influence_agrees_with_metafor(case):
    """Deletion diagnostics agree to eight digits."""
    got, want = pooled(case).influence(), dict(case.expected)
    assert list(got.influential) == want.pop("is_infl")
    assert_tau2(got.tau2_del, want.pop("tau2_del"), case.options["method"])
    want["q_del"] = want.pop("QE_del")
    for name, numbers in want.items():
        assert_close(getattr(got, name), numbers, rtol=1e-8, atol=1e-11, what=name)


@parametrised(partial(cases, "subgroup"))
def test_subgroups_agree_with_metafor(case):
    """Each level's fit and the test between levels agree to eight digits."""
    yi, vi, (levels,) = case.complete(case.options["by"])
    got = subgroups(yi, vi, levels, method=case.options["method"], test=case.options["test"])
    between = case.expected["between"]
    assert set(got.levels) == set(case.expected["groups"])
    ours = [got.between.q, got.between.df, got.between.pval, got.between.i2]
    assert_close(ours, [between[name] for name in ("Q", "df", "pval", "I2")], rtol=1e-8, atol=I2_STEP)
    for level, want in case.expected["groups"].items():
        one = got.levels[level]
        numbers = [one.estimate, one.se, one.ci_lb, one.ci_ub, one.pval, one.q, one.k]
        names = ("estimate", "se", "ci_lb", "ci_ub", "pval", "Q", "k")
        assert_close(numbers, [want[name] for name in names], rtol=1e-8, atol=1e-13, what=level)
        assert_tau2(one.tau2, want["tau2"], case.options["method"])
