"""Combined groups, clusters, changes, cross-over trials and shared controls."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.conversion.changes import change_correlation, sd_of_change, sd_of_final
from synthesis.conversion.clusters import design_effect, effective_sample_size, inflate_se
from synthesis.conversion.crossover import crossover_md, crossover_smd
from synthesis.conversion.groups import combine_groups
from synthesis.conversion.shared_control import (
    correlation_matrix,
    covariance_log_or,
    covariance_log_rr,
    covariance_md,
    covariance_rd,
    covariance_smd,
    split_control,
)

spreads = st.floats(0.1, 20)


@given(st.lists(st.lists(st.floats(-50, 50), min_size=2, max_size=9), min_size=1, max_size=4))
def test_combined_groups_are_the_people_put_together(people):
    """Any number of groups combine to n, mean and SD of all their people."""
    got = combine_groups(
        [len(one) for one in people],
        [np.mean(one) for one in people],
        [np.std(one, ddof=1) for one in people],
    )
    everyone = np.concatenate(people)
    assert got.n[0] == len(everyone)
    assert got.mean[0] == pytest.approx(everyone.mean(), abs=1e-9)
    assert got.sd[0] == pytest.approx(everyone.std(ddof=1), abs=1e-7)


def test_the_handbooks_classrooms():
    """Cochrane Handbook 23.1.5: 63/295 against 84/330 children in 21 classes, ICC 0.02."""
    size = (295 + 330) / 21
    got = effective_sample_size([295, 330], 0.02, size, events=[63, 84])
    assert got.deff[0] == pytest.approx(1.576, abs=0.001)
    assert got.events == pytest.approx([40.0, 53.3], abs=0.05)
    assert got.n == pytest.approx([187.2, 209.4], abs=0.1)


@given(icc=st.floats(0, 1), size=st.floats(1, 200), se=spreads)
def test_a_cluster_design_never_gains(icc, size, se):
    """The design effect is 1 or more, and 1 without correlation or for clusters of one."""
    assert inflate_se(se, icc, size).se[0] >= se
    assert design_effect(0, size)[0] == design_effect(icc, 1)[0] == 1


def test_the_handbooks_correlations():
    """Cochrane Handbook 6.5.2.8: correlations 0.78 and 0.82 from SDs of baseline, final and change."""
    got = change_correlation([6.4, 7.0], [7.1, 6.9], [4.5, 4.2])
    assert got.r == pytest.approx([0.78, 0.82], abs=0.005)


@given(before=spreads, after=spreads, r=st.floats(-0.99, 0.99))
def test_change_and_correlation_go_both_ways(before, after, r):
    """The SD of the change leads back to the correlation."""
    change = sd_of_change(before, after, r).sd
    assert change_correlation(before, after, change).r[0] == pytest.approx(r, abs=1e-6)


@given(before=spreads, more=st.floats(0.1, 20), r=st.floats(-0.99, 0.99))
def test_the_final_sd_gives_its_change(before, more, r):
    """The final SD that is found gives the SD of the change that it was found from."""
    change = before + more
    final = sd_of_final(before, change, r).sd
    assert sd_of_change(before, final, r).sd[0] == pytest.approx(change, rel=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: change_correlation(1, 1, 3), "sd_change, study 1: found 3; expected an SD from"),
        (lambda: sd_of_final(10, 1, 0.5), "with this correlation no final SD"),
        (lambda: sd_of_final(10, 9, 0.8), "two final SDs"),
        (lambda: sd_of_change(1, 1, 1.5), "correlation, study 1: found 1.5"),
        (lambda: design_effect(-0.1, 5), "icc, study 1: found -0.1"),
        (lambda: combine_groups([1, 2], [1], [1]), "found 2 n, 1 mean, 1 sd"),
        (lambda: combine_groups([], [], []), "found no group"),
        (lambda: combine_groups([1, 2], [1, None], [1, 1]), "found a missing number"),
        (lambda: split_control(10, 2, events=11), "events, study 1: found 11; expected no more than n"),
        (lambda: covariance_smd([1, 2], [1, 2, 3], 5, 9), "found 2 effects and 3 variances"),
    ],
)
def test_impossible_designs_are_refused(call, message):
    """What cannot be is refused with the argument, the study and what was expected."""
    with pytest.raises(ValueError, match=message):
        call()


def test_a_crossover_is_its_paired_t_test():
    """With the correlation of its own people the difference has the paired test's variance."""
    rng = np.random.default_rng(2)
    under = rng.multivariate_normal([1, 0], [[4, 2], [2, 3]], size=40).T
    got = crossover_md(
        m1i=under[0].mean(), sd1i=under[0].std(ddof=1), m2i=under[1].mean(), sd2i=under[1].std(ddof=1),
        ni=40, ri=np.corrcoef(under)[0, 1],
    )  # fmt: skip
    differences = under[0] - under[1]
    assert got.yi[0] == pytest.approx(differences.mean())
    assert got.vi[0] == pytest.approx(differences.var(ddof=1) / 40)


def test_a_crossover_smd_stands_on_the_parallel_scale():
    """The SMD is over one period's SD, and a higher correlation makes it more precise (Handbook 23.2.7.2)."""
    low, high = (crossover_smd(m1i=3, sd1i=2, m2i=2, sd2i=2, ni=50, ri=r) for r in (0.3, 0.8))
    assert low.yi[0] == high.yi[0] == 0.5
    assert low.vi[0] == pytest.approx((1 / 50 + 0.25 / 100) * 1.4)
    assert high.vi[0] < low.vi[0]


def test_a_split_control_counts_nobody_twice():
    """The shares of a control add up to it."""
    got = split_control([60, 31], [3, 2], events=[9, 5])
    assert got.n == pytest.approx([20, 15.5])
    assert got.events == pytest.approx([3, 2.5])


def test_covariances_of_a_shared_control_are_what_simulation_shows():
    """Two effects against one simulated control vary together as the formulas say (Gleser & Olkin 2009)."""
    rng = np.random.default_rng(8)
    runs, n = 60_000, 40
    mean = rng.normal([[0.8], [0.4], [0.0]], 1 / np.sqrt(n), (3, runs))
    pooled = np.sqrt(rng.chisquare(3 * (n - 1), runs) / (3 * (n - 1)))
    md, smd = mean[:2] - mean[2], (mean[:2] - mean[2]) / pooled
    risk = rng.binomial(400, np.array([[0.2], [0.3], [0.4]]), (3, runs)) / 400
    odds = np.log(risk / (1 - risk))
    expected = {
        "md": (md, covariance_md([1, 1], 1.0, n)),
        "smd": (smd, covariance_smd([0.8, 0.4], [1, 1], n, 3 * n)),
        "or": (odds[:2] - odds[2], covariance_log_or([1, 1], 160, 240)),
        "rr": (np.log(risk[:2] / risk[2]), covariance_log_rr([1, 1], 160, 400)),
        "rd": (risk[:2] - risk[2], covariance_rd([1, 1], 160, 400)),
    }
    for name, (effects, formula) in expected.items():
        assert np.cov(effects)[0, 1] == pytest.approx(formula[0, 1], rel=0.05), name


def test_equal_arms_correlate_by_a_half():
    """Three arms of one size and SD: two mean differences correlate by 0.5."""
    matrix = covariance_md([2 / 50, 2 / 50], 1.0, 50)
    assert correlation_matrix(matrix)[0, 1] == pytest.approx(0.5)
