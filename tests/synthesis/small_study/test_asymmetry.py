"""Tests of asymmetry: what they refuse, what they say beside their numbers, and laws."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis import deeks, egger, harbord, macaskill, peters, pustejovsky, rank_test, schwarzer, thompson
from synthesis.small_study.hypergeometric import noncentral_moments

law = settings(deadline=None, max_examples=60)
YI = [0.1, 0.35, 0.5, 0.2, 0.8, 0.05]
VI = [0.01, 0.04, 0.09, 0.02, 0.16, 0.012]
# Made-up counts.
TABLE = {
    "ai": [4, 9, 2, 7, 0],
    "n1i": [20, 50, 15, 90, 9],
    "ci": [8, 12, 5, 11, 0],
    "n2i": [21, 52, 14, 88, 9],
}
OF_COUNTS = (deeks, harbord, macaskill, peters, schwarzer)


def studies(least: int = 4, most: int = 12):
    """Draw studies with two decimals whose variances are not all the same."""
    effect = st.integers(-300, 300).map(lambda n: n / 100)
    variance = st.integers(1, 400).map(lambda n: n / 200)
    drawn = st.lists(st.tuples(effect, variance), min_size=least, max_size=most)
    apart = drawn.filter(lambda pairs: len({v for _, v in pairs}) > 1 and len({y for y, _ in pairs}) > 1)
    return apart.map(lambda pairs: (np.array([y for y, _ in pairs]), np.array([v for _, v in pairs])))


@law
@given(studies(), st.sampled_from(["lm", "rma"]), st.sampled_from([0.01, 0.5, 40.0]))
def test_units_do_not_matter_to_egger(data, model, scale):
    """Effects in other units keep slope and statistic, and give the limit in these units."""
    yi, vi = data
    one, other = egger(yi, vi, model=model), egger(yi * scale, vi * scale**2, model=model)
    assert other.slope == pytest.approx(one.slope, rel=1e-6, abs=1e-8)
    assert other.est == pytest.approx(one.est * scale, rel=1e-6, abs=1e-8 * scale)


@law
@given(studies())
def test_the_mirrored_funnel_has_the_opposite_asymmetry(data):
    """Changing the sign of all effects changes that of slope and rank correlation, and no p-value."""
    yi, vi = data
    one, other = egger(yi, vi), egger(-yi, vi)
    assert (other.slope, other.pval) == pytest.approx((-one.slope, one.pval), rel=1e-9, abs=1e-12)
    ranks, mirrored = rank_test(yi, vi), rank_test(-yi, vi)
    assert (mirrored.s, mirrored.pval) == (-ranks.s, ranks.pval)


@law
@given(studies(), st.floats(-5, 5))
def test_a_shift_of_all_effects_shifts_the_limit_only(data, shift):
    """Adding a constant to all effects adds it to the limit estimate and leaves the slope."""
    yi, vi = data
    one, other = egger(yi, vi), egger(yi + shift, vi)
    assert other.slope == pytest.approx(one.slope, rel=1e-6, abs=1e-9)
    assert other.est == pytest.approx(one.est + shift, rel=1e-6, abs=1e-9)


@law
@given(st.integers(3, 7), st.randoms(use_true_random=False))
def test_the_exact_p_of_ranks_counts_orders(k, random):
    """The exact p-value is the share of all orders of k studies that are at least as extreme."""
    order = random.sample(range(k), k)
    # Nearly equal variances keep the standardised effects in the order of the effects.
    got = rank_test(np.array(order, dtype=float), 1 + np.arange(k) * 1e-6)
    scores = [_score(one) for one in permutations(range(k))]
    assert got.s == _score(order)
    assert got.pval == pytest.approx(np.mean(np.abs(scores) >= abs(got.s)))


def _score(order) -> int:
    pairs = [(i, j) for i in range(len(order)) for j in range(i)]
    return sum(1 if order[i] > order[j] else -1 for i, j in pairs)


@law
@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_without_an_effect_the_count_is_hypergeometric(n1, n2, draw):
    """At an odds ratio of 1 mean and variance are those of the central hypergeometric law."""
    events, n = draw.draw(st.integers(0, n1 + n2)), n1 + n2
    mean, variance = noncentral_moments(np.array([n1]), np.array([n2]), np.array([events]), 1.0)
    assert mean[0] == pytest.approx(n1 * events / n)
    if n > 1:
        central = n1 * n2 * events * (n - events) / (n**2 * (n - 1))
        assert variance[0] == pytest.approx(central, abs=1e-9)


@pytest.mark.parametrize("predictor", ["sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv"])
def test_only_a_predictor_of_precision_has_a_limit(predictor):
    """There is a limit estimate exactly where a predictor of 0 stands for a study without error."""
    got = egger(YI, VI, predictor=predictor, ni=[400, 100, 44, 200, 25, 333])
    assert (got.est is None) == (predictor in {"ni", "sqrtni"})


def test_few_studies_are_noted():
    """Below ten studies a test says that it has little power, from ten on it does not."""
    assert any("little power" in note for note in egger(YI, VI).notes)
    assert any("little power" in note for note in rank_test(YI, VI).notes)
    many = np.arange(10)
    assert egger(many / 10, 1 + many).notes == ()


def test_a_measure_tied_to_its_standard_error_is_noted():
    """A test of standardised mean differences against their standard errors says that both are tied."""
    assert any("by construction" in note for note in egger(YI, VI, measure="SMD").notes)
    assert not any(
        "by construction" in note for note in pustejovsky(YI, VI, n1i=[9] * 5 + [5], n2i=[9] * 6).notes
    )


def test_studies_without_events_are_named():
    """A study without events in both groups has no part in a test of counts, and the notes name it."""
    got = harbord(slab=["A", "B", "C", "D", "E"], **TABLE)
    assert got.k == 4
    assert got.notes[-1].endswith(": E")


@pytest.mark.parametrize("test", OF_COUNTS)
def test_tests_of_counts_refuse_too_few_studies(test):
    """Fewer than three studies with events are refused."""
    with pytest.raises(ValueError, match="found 2 studies with events"):
        test(ai=[1, 2, 0], n1i=[9, 9, 9], ci=[2, 3, 0], n2i=[9, 9, 9])


def test_schwarzer_refuses_an_infinite_odds_ratio():
    """Where one group has no events at all, there is no odds ratio to compare with."""
    with pytest.raises(ValueError, match="log odds ratio"):
        schwarzer(ai=[0, 0, 0], n1i=[9, 9, 9], ci=[2, 3, 1], n2i=[9, 8, 9])


def test_harbord_of_risk_ratios_is_the_score_of_a_log_risk_ratio():
    """With equal groups, the score test of risk ratios gives each study Z / V = 2 (a - c) / (a + c)."""
    ai, ci, n = np.array([4.0, 9, 2, 7]), np.array([8.0, 12, 5, 11]), np.array([20.0, 50, 15, 90])
    got = harbord(measure="RR", ai=ai, n1i=n, ci=ci, n2i=n)
    v = n * (ai + ci) / (2 * (2 * n - ai - ci))
    line = egger(2 * (ai - ci) / (ai + ci), 1 / v)
    assert (got.slope, got.stat) == pytest.approx((line.slope, line.stat))


@pytest.mark.parametrize(
    ("test", "message"),
    [
        (lambda: egger(YI[:2], VI[:2]), "found k = 2"),
        (lambda: egger(YI, [0.1] * 6), "found the same in all 6 studies"),
        (lambda: egger(YI, VI, model="gls"), "expected lm or rma"),
        (lambda: egger(YI, VI, predictor="se"), "expected one of sei vi"),
        (lambda: egger(YI, VI, predictor="ni"), "total sample size"),
        (lambda: egger(YI, VI, predictor="ni", ni=[1, 2]), "one for each of 6 studies"),
        (lambda: egger(YI, VI, predictor="ni", ni=[9, 9, 9, 9, 9, np.nan]), "study 6: found ni = nan"),
        (lambda: thompson(YI, [0.1] * 6), "found the same in all 6 studies"),
        (lambda: rank_test(YI[:2], VI[:2]), "found k = 2"),
        (lambda: rank_test(YI, [0.1] * 6), "same variances"),
        (lambda: rank_test([0.3] * 6, VI), "same effects"),
        (lambda: rank_test(YI, [1e-20, 1, 2, 3, 4, 5], slab=list("ABCDEF")), "^A: found a variance"),
        (lambda: peters(measure="SMD", **TABLE), "expected one of OR RR RD"),
        (lambda: harbord(measure="RD", **TABLE), "expected OR or RR"),
    ],
)
def test_what_cannot_be_tested_is_refused(test, message):
    """Degenerate or wrong input is refused with what was found."""
    with pytest.raises(ValueError, match=message):
        test()


@pytest.mark.parametrize("how", [{}, {"model": "rma"}, {"model": "rma", "test": "knha"}])
def test_equal_effects_have_no_asymmetry(how):
    """Where all effects are the same, slope and statistic are 0 and the limit is that effect."""
    got = egger([0.3] * 6, VI, **how)
    assert (got.slope, got.stat, got.pval) == (0.0, 0.0, 1.0)
    assert got.est == pytest.approx(0.3)


def test_many_studies_take_the_normal_law():
    """Beyond 500 studies, or with ties, the p-value of ranks is the normal one and says so."""
    rng = np.random.default_rng(1)
    got = rank_test(rng.normal(size=600), rng.uniform(1, 2, 600))
    assert not got.exact
    assert not rank_test(YI, [0.1, 0.1, 0.2, 0.3, 0.4, 0.5]).exact


@pytest.mark.parametrize("run", [egger, rank_test, thompson])
def test_results_are_readable(run):
    """A result prints its numbers and notes, and makes a table of one row."""
    result = run(YI, VI)
    assert "little power" in str(result)
    table = result.to_frame()
    assert len(table) == 1
    assert "little power" in table["notes"][0]
