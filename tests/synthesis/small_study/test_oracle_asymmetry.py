"""Tests of asymmetry against metafor's regtest and ranktest, and meta's metabias."""

from functools import partial

import numpy as np

from synthesis import effect_sizes
from synthesis.small_study.asymmetry import AsymmetryTest
from synthesis.small_study.counts import deeks, harbord, macaskill, peters, schwarzer
from synthesis.small_study.egger import egger, pustejovsky, thompson
from synthesis.small_study.rank import RankTest, rank_test
from tests.synthesis.oracle import Case, assert_close, cases, other_cases, parametrised

COUNTS = {
    "Harbord": harbord,
    "Peters": peters,
    "Macaskill": macaskill,
    "Deeks": deeks,
    "Schwarzer": schwarzer,
}
ARGUMENTS = {"n1": "n1i", "n2": "n2i", "m1": "m1i", "m2": "m2i", "s1": "sd1i", "s2": "sd2i"}


@parametrised(partial(cases, "regtest"))
def test_egger_agrees_with_metafor(case: Case):
    """Slope, test and limit estimate of each form of Egger's regression are metafor's."""
    yi, vi, _ = case.complete()
    got = egger(yi, vi, model=case.options["model"], predictor=case.options["predictor"])
    want = dict(case.expected)
    assert got.df == want.pop("df")
    for name, number in want.items():
        assert_close(getattr(got, name), number, rtol=1e-8, what=name)


@parametrised(partial(cases, "ranktest"))
def test_rank_test_agrees_with_metafor(case: Case):
    """Kendall's tau and its exact or normal p-value are metafor's."""
    yi, vi, _ = case.complete()
    got = rank_test(yi, vi)
    assert_close(got.tau, case.expected["tau"], rtol=1e-8)
    assert_close(got.pval, case.expected["pval"], rtol=1e-8)


@parametrised(partial(other_cases, "meta.metabias"))
def test_named_tests_agree_with_meta(case: Case):
    """Statistic, degrees of freedom, p-value and estimate of each named test are meta's."""
    got, want = _named(case), case.expected
    estimate = (got.s, got.se_s) if isinstance(got, RankTest) else (got.slope, got.se_slope)
    assert_close(got.stat, want["stat"], rtol=1e-8)
    assert_close(got.pval, want["pval"], rtol=1e-8)
    assert_close(estimate, want["estimate"], rtol=1e-8)
    assert (None if isinstance(got, RankTest) else got.df) == want["df"]


def _named(case: Case) -> AsymmetryTest | RankTest:
    name, data = case.id.split("/")[-1], {ARGUMENTS.get(arg, arg): x for arg, x in case.data.items()}
    if name in COUNTS:
        return COUNTS[name](**data)
    if "ai" in data:
        sizes = effect_sizes("OR", drop00=True, **data)
    else:
        # meta's exact Hedges g has the unbiased variance.
        sizes = effect_sizes("SMD", vtype="UB", **data)
    kept = np.isfinite(sizes.yi)
    yi, vi = sizes.yi[kept], sizes.vi[kept]
    if name == "Begg":
        return rank_test(yi, vi, exact=False)
    if name == "Pustejovsky":
        return pustejovsky(yi, vi, n1i=np.array(data["n1i"])[kept], n2i=np.array(data["n2i"])[kept])
    return {"Egger": egger, "Thompson": thompson}[name](yi, vi)
