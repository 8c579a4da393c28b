"""What `pool` refuses, and what its result can be asked."""

import subprocess
import sys

import numpy as np
import pytest

from synthesis import pool, subgroups

YI, VI = [0.1, 0.4, 0.9], [0.02, 0.05, 0.04]
SLAB = ["A trial of X in Y", "A second trial", "A third trial"]


@pytest.mark.parametrize(
    ("yi", "vi", "message"),
    [
        ([], [], "found no study"),
        ([0.1, 0.2], [0.1], "found 1 variances for 2 effects"),
        ([0.1, np.nan, 0.2], VI, "A second trial: found yi = nan; expected a finite number"),
        (YI, [0.1, 0.0, 0.1], "A second trial: found vi = 0; expected a variance above 0"),
        (
            YI,
            [0.1, 1e-300, 0.1],
            "A second trial: found vi = 1e-300; expected a variance above 0 .and 1e-50",
        ),
        ([0.1, 1e150, 0.1], VI, "A second trial: found yi = 1e.150; expected a finite number .and -1e.50"),
        (YI, [0.1, 0.1, -1.0], "A third trial: found vi = -1"),
        (YI, [0.1, 0.1, np.inf], "A third trial: found vi = inf"),
        (["a", 0.1, 0.1], VI, "yi: found something else"),
    ],
)
def test_bad_numbers_are_refused_by_name(yi, vi, message):
    """Numbers that cannot be pooled are refused with the study and the reason."""
    with pytest.raises(ValueError, match=message):
        pool(yi, vi, slab=SLAB[: len(yi)])


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"method": "XX"}, "method: found 'XX'; expected one of REML"),
        ({"test": "t"}, "test: found 't'"),
        ({"level": 95}, "level: found 95"),
        ({"tau2": -0.1}, "tau2: found -0.1"),
        ({"weights": [1, 2]}, "weights: found 2"),
        ({"weights": [1, 2, 0]}, "A third trial: found weight 0"),
        ({"slab": ["A"]}, "slab: found 1 labels"),
    ],
)
def test_bad_options_are_refused(option, message):
    """Options outside what is known are refused with what was found."""
    with pytest.raises(ValueError, match=message):
        pool(YI, VI, **({"slab": SLAB} | option))


@pytest.mark.parametrize("ask", [lambda p: p.tau2_interval(), lambda p: p.prediction_interval()])
def test_one_study_has_no_interval_of_heterogeneity(ask):
    """One study says nothing about others: asking is refused by its name."""
    with pytest.raises(ValueError, match="A trial of X in Y"):
        ask(pool([0.1], [0.02], slab=SLAB[:1]))


def test_leave_one_out_needs_two_studies():
    """One study cannot be left out."""
    with pytest.raises(ValueError, match="leave-one-out: found one study"):
        pool([0.1], [0.02]).leave_one_out()


def test_prediction_interval_needs_a_degree_of_freedom():
    """Two studies leave no degree of freedom for t(k-2)."""
    with pytest.raises(ValueError, match="found k = 2 with t"):
        pool(YI[:2], VI[:2]).prediction_interval("k-2")


def test_cumulative_order_must_hold_each_study_once():
    """An order that forgets or repeats a study is refused."""
    with pytest.raises(ValueError, match="expected each of 0 to 2 once"):
        pool(YI, VI).cumulative([0, 1, 1])


def test_cumulative_ends_at_the_whole_pool():
    """The last step of a cumulative pool is the pool itself."""
    got = pool(YI, VI, test="knha", slab=SLAB)
    steps = got.cumulative([2, 0, 1])
    assert steps.slab == (SLAB[2], SLAB[0], SLAB[1])
    assert steps.estimate[-1] == pytest.approx(got.estimate, rel=1e-12)


def test_a_study_apart_from_identical_ones_moves_them_infinitely():
    """Hartung and Knapp leave identical effects no variance: what stands apart is infinitely far, not nan."""
    got = pool([0.1, 0.1, 0.1, 0.9], [0.1, 0.2, 0.3, 0.1], method="EE", test="knha").influence()
    assert (got.rstudent[3], got.dfbetas[3], got.influential[3]) == (np.inf, np.inf, True)
    same = pool([0.2] * 4, [0.1, 0.2, 0.3, 0.1], test="knha").influence()
    assert (list(same.dffits), np.isnan(same.cov_r).all()) == ([0.0] * 4, True)


def test_own_weights_are_used():
    """Equal weights give the plain mean of the effects."""
    assert pool(YI, VI, weights=[1, 1, 1]).estimate == pytest.approx(np.mean(YI))


def test_repr_reads_as_a_sentence():
    """A pool shows its estimate, interval, method and heterogeneity."""
    got = pool(YI, VI, test="knha")
    said = repr(got)
    assert said.startswith(f"{got.estimate:.4f} [{got.ci_lb:.4f}, {got.ci_ub:.4f}]")
    assert "by Hartung-Knapp" in said
    assert "k = 3" in said


def test_tables_carry_the_numbers():
    """A pool becomes a table of one row, its refits one row per study."""
    got = pool(YI, VI, slab=SLAB)
    assert got.to_frame().loc[0, "estimate"] == got.estimate
    assert list(got.leave_one_out().to_frame().index) == SLAB
    assert "influential" in got.influence().to_frame()


def test_subgroups_refuse_a_study_without_level():
    """A study without a level is refused by name."""
    with pytest.raises(ValueError, match="A second trial: found no level"):
        subgroups(YI, VI, ["a", None, "b"], slab=SLAB)


def test_one_level_has_nothing_to_compare():
    """One level alone gives a test on no degrees of freedom."""
    got = subgroups(YI, VI, ["a", "a", "a"]).between
    assert (got.q, got.df, got.pval) == (0.0, 0, 1.0)


def test_importing_the_package_does_not_load_pandas():
    """Importing synthesis stays light: pandas comes with the first table."""
    code = "import sys, synthesis; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
