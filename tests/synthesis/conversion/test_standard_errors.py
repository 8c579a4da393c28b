"""Standard errors and SDs from intervals, t and p: worked examples, round trips and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from synthesis.conversion import standard_deviations as sds
from synthesis.conversion import standard_errors as ses

positive = st.floats(1e-3, 1e3)
sizes = st.integers(2, 500)


def test_the_handbooks_p_value_gives_its_sd():
    """Cochrane Handbook 6.5.2.3: a difference of 3.8, p = 0.008, 25 and 22 people: SE 1.37, SD 4.69."""
    assert ses.se_from_p(3.8, 0.008, df=45).se[0] == pytest.approx(1.37, abs=0.005)
    assert sds.sd_from_difference_p(3.8, "p = 0.008", 25, 22).sd[0] == pytest.approx(4.69, abs=0.02)


def test_a_t_test_comes_back_from_each_of_its_prints():
    """SE, interval, t and p of scipy's t-test all lead back to the pooled SD."""
    rng = np.random.default_rng(5)
    one, two = rng.normal(1, 2, 30), rng.normal(0, 2, 25)
    test = stats.ttest_ind(one, two)
    interval = test.confidence_interval()
    pooled = np.sqrt((29 * one.var(ddof=1) + 24 * two.var(ddof=1)) / 53)
    difference = one.mean() - two.mean()
    found = [
        sds.sd_from_difference_t(difference, test.statistic, 30, 25),
        sds.sd_from_difference_p(difference, test.pvalue, 30, 25),
        sds.sd_from_difference_ci(interval.low, interval.high, 30, 25),
        sds.sd_from_difference_se(difference / test.statistic, 30, 25),
    ]
    assert [result.sd[0] for result in found] == pytest.approx([pooled] * 4, rel=1e-9)


@given(sd=positive, n=sizes)
def test_sd_to_se_and_back(sd, n):
    """A standard deviation survives the way to its standard error and back."""
    assert sds.sd_from_se(ses.se_from_sd(sd, n).se, n).sd[0] == pytest.approx(sd, rel=1e-12)


@given(mean=st.floats(-100, 100), se=positive, level=st.sampled_from([0.9, 0.95, 0.99]), df=sizes)
def test_se_to_interval_and_back(mean, se, level, df):
    """A standard error survives the way to an interval by z or t and back."""
    for freedom, half in ((None, stats.norm.isf((1 - level) / 2)), (df, stats.t.isf((1 - level) / 2, df))):
        got = ses.se_from_ci(mean - half * se, mean + half * se, level=level, df=freedom)
        assert got.se[0] == pytest.approx(se, rel=1e-9)


@given(estimate=st.floats(0.01, 5), t=st.floats(0.01, 30), df=sizes, sides=st.sampled_from([1, 2]))
def test_se_to_p_and_back(estimate, t, df, sides):
    """A standard error survives the way to a p-value and back, far into the tail too."""
    p = sides * stats.t.sf(t, df)
    assert ses.se_from_p(estimate, p, df=df, sides=sides).se[0] == pytest.approx(estimate / t, rel=1e-6)


def test_ratios_are_taken_to_logarithms():
    """The interval of a ratio gives the standard error of its logarithm, and says so."""
    got = ses.se_from_ratio_ci(np.exp(-1 - 1.959964 * 0.3), np.exp(-1 + 1.959964 * 0.3))
    assert got.se[0] == pytest.approx(0.3, rel=1e-6)
    assert "log scale" in got.notes[-1]


def test_small_groups_rest_on_t_and_large_ones_on_z():
    """Without being told, up to 100 people rest on t, more on z, and the notes name the studies."""
    got = sds.sd_from_ci([0, 0], [2, 2], [20, 150])
    assert got.sd[0] == pytest.approx(np.sqrt(20) / stats.t.isf(0.025, 19))
    assert got.sd[1] == pytest.approx(np.sqrt(150) / stats.norm.isf(0.025))
    assert [note[:8] for note in got.notes] == ["Study 1:", "Study 2:"]
    assert sds.sd_from_ci(0, 2, 20, dist="z").sd[0] == pytest.approx(np.sqrt(20) / stats.norm.isf(0.025))


@pytest.mark.parametrize("text", ["<0.05", "p < .001", "P>0.05", "NS", "≤ 0.01", "not significant"])
def test_an_inequality_is_refused(text):
    """A bound of p is refused with the study and what to look for instead."""
    with pytest.raises(ValueError, match=r"p, study 2: found .* expected an exact p-value\. Look for"):
        ses.se_from_p([1.0, 1.0], [0.04, text])


def test_a_missing_number_stays_missing():
    """None stays NaN for that study only."""
    got = ses.se_from_p([1.0, 1.0], [0.04, None]).se
    assert list(np.isnan(got)) == [False, True]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ses.se_from_ci(2, 1), "ci_lb, study 1: found 2; expected less than ci_ub"),
        (lambda: ses.se_from_ci(1, 2, level=95), "level: found 95"),
        (lambda: ses.se_from_ratio_ci(0, 2), "ci_lb, study 1: found 0; expected a number above 0"),
        (lambda: ses.se_from_p(0.0, 0.5), "estimate, study 1: found 0"),
        (lambda: ses.se_from_p(1.0, 1.5), "p, study 1: found 1.5"),
        (lambda: ses.se_from_p(1.0, 0.6, sides=1), "a one-sided p below 0.5"),
        (lambda: ses.se_from_p(1.0, 0.6, sides=3), "sides: found 3"),
        (lambda: ses.se_from_p(1.0, "0.04*"), "expected an exact p-value such as 0.03"),
        (lambda: ses.se_from_t(1.0, 0.0), "t, study 1: found 0"),
        (lambda: ses.se_from_sd([1, 2], [3, 4, 5]), r"unequal lengths \(sd: 2, n: 3\)"),
        (lambda: sds.sd_from_ci(1, 2, 1), "n, study 1: found 1; expected 2 or more"),
        (lambda: sds.sd_from_ci(1, 2, 9, dist="F"), "dist: found 'F'; expected one of auto t z"),
    ],
)
def test_impossible_prints_are_refused(call, message):
    """What cannot be is refused with the argument, the study and what was expected."""
    with pytest.raises(ValueError, match=message):
        call()
