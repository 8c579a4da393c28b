"""Mantel-Haenszel and Peto against metafor's rma.mh and rma.peto."""

from functools import partial

import numpy as np

from synthesis import Sparse, mantel_haenszel, peto
from tests.synthesis.oracle import Case, assert_close, count_cases, parametrised

NUMBERS = {
    "estimate": "estimate",
    "se": "se",
    "stat": "stat",
    "pval": "pval",
    "ci_lb": "ci_lb",
    "ci_ub": "ci_ub",
    "q": "QE",
    "q_pval": "QE_p",
    "i2": "I2",
    "h2": "H2",
    "k": "k",
    "k_yi": "k_yi",
}
CORRECTIONS = {
    "default": {},
    "nocc": {"add": (0, 0), "to": ("none", "none")},
    "all": {"add": (0.5, 0.5), "to": ("all", "all")},
}


def pooled(case: Case, data: dict[str, list[int]]) -> Sparse:
    """Pool counts as the case's options say."""
    if "measure" not in case.options:
        return peto(**data)
    correction = CORRECTIONS[case.options.get("correction", "default")]
    return mantel_haenszel(case.options["measure"], **correction, **data)


@parametrised(partial(count_cases, "rma.mh"))
def test_mantel_haenszel_agrees_with_metafor(case):
    """Estimate, interval and heterogeneity agree to ten digits, for OR also the three tests."""
    got = pooled(case, case.data)
    assert_numbers(got, case.expected)
    for test, name in ((got.mh, "MH"), (got.tarone, "TA"), (got.breslow_day, "BD")):
        if name in case.expected:
            want = [case.expected[name], case.expected[f"{name}p"]]
            assert_close([test.stat, test.pval], want, rtol=1e-10, what=name)


@parametrised(partial(count_cases, "rma.peto"))
def test_peto_agrees_with_metafor(case):
    """Estimate, interval and heterogeneity agree to ten digits."""
    assert_numbers(pooled(case, case.data), case.expected)


@parametrised(lambda: (case for kind in ("mh", "peto") for case in count_cases(f"rma.{kind}.leave1out")))
def test_leaving_one_out_agrees_with_metafor(case):
    """Pooling all studies but one agrees to ten digits; what nothing informs is NaN."""
    k = len(case.data["ai"])
    without = [{name: np.delete(column, i) for name, column in case.data.items()} for i in range(k)]
    got = [pooled(case, data) for data in without]
    for ours, theirs in (("estimate", "estimate"), ("se", "se"), ("q", "Q")):
        numbers = [getattr(one, ours) for one in got]
        assert_close(numbers, case.expected[theirs], rtol=1e-10, atol=1e-12, what=ours)


def assert_numbers(got: Sparse, expected: dict[str, float]) -> None:
    """Compare the numbers that the reference has."""
    for ours, theirs in NUMBERS.items():
        if theirs in expected:
            assert_close(getattr(got, ours), expected[theirs], rtol=1e-10, atol=1e-12, what=ours)
