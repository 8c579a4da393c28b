"""Moderators and looks at small-study effects that a protocol declares."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest

from review.protocol_reader import read_protocol
from review.protocol_synthesis import Moderator
from review.published_effects import read_effects
from synthesis import egger, regress, trim_and_fill
from synthesis.living.analysis import synthesise
from tests.synthesis.conftest import PLAN


@pytest.fixture(scope="module")
def bcg(root):
    """The BCG review's synthesis, from its folder."""
    folder = root / "protocols" / "bcg-tuberculosis"
    protocol = read_protocol(folder)
    estimates = [one.estimate for one in read_effects(folder / "baseline/effects.csv", protocol)]
    return synthesise(
        estimates[0].key,
        estimates,
        imported=[True] * len(estimates),
        protocol=protocol,
        at=datetime(2026, 11, 22, tzinfo=UTC),
        code_version="1",
    )


@pytest.fixture
def made_up(make_protocol, make_row):
    """A protocol with a moderator, and rows that state it."""

    def make(many: int, stated: int):
        protocol = replace(make_protocol(), moderator={"age": Moderator(label="Age", unit="years")})
        numbers = zip(range(many), count(30, 5), strict=False)
        rows = [make_row(f"Trial {i:02}", 0.1 + (i * 7 % 5) / 10, 0.1 + i / 50) for i, _ in numbers]
        ages = [replace(row, moderators=(("age", 30.0 + 5 * i),)) for i, row in enumerate(rows[:stated])]
        return protocol, [*ages, *rows[stated:]]

    return make


def test_latitude_of_the_bcg_trials(bcg):
    """The slope on absolute latitude by REML is -0.0291, and explains 75.6% of the variance."""
    (found,) = bcg.moderators
    slope = found.coefficients[1]
    assert (found.name, found.k, slope.name) == ("absolute-latitude", 13, "absolute-latitude")
    assert f"{slope.estimate:.4f}" == "-0.0291"
    assert f"{found.r2:.1f}" == "75.6"
    assert 0 < found.pval_permuted < 0.05


def test_allocation_of_the_bcg_trials(bcg):
    """The declared subgroup has its three levels and the test between them."""
    (found,) = bcg.subgroups
    assert [name for name, _ in found.levels] == ["random", "alternate", "systematic"]
    assert found.df == 2


def test_small_study_looks_of_the_bcg_trials(bcg):
    """Each planned look has its result, in the protocol's order and with its kind of interval."""
    assert [one.name for one in bcg.small_study] == ["egger", "rank test", "trim and fill"]
    columns = [one.yi for one in bcg.rows], [one.vi for one in bcg.rows]
    assert bcg.small_study[0].pval == pytest.approx(egger(*columns).pval)
    filled = trim_and_fill(*columns, test="knha").filled
    assert bcg.small_study[2].estimate == pytest.approx(filled.estimate)
    assert (bcg.small_study[2].ci_lb, bcg.small_study[2].ci_ub) == pytest.approx((filled.ci_lb, filled.ci_ub))


def test_a_moderator_is_fitted_to_the_studies_that_state_it(made_up, make_synthesis):
    """Studies that do not state a moderator are left out of its regression, and counted in the note."""
    protocol, rows = made_up(12, 10)
    (found,) = make_synthesis(rows, protocol).moderators
    want = regress(
        [row.value for row in rows[:10]],
        [row.se**2 for row in rows[:10]],
        {"age": [30 + 5 * i for i in range(10)]},
        test="knha",
    )
    assert found.k == 10
    assert found.coefficients[1].estimate == pytest.approx(want.beta[1])
    assert "2 of 12 studies do not state it." in found.note


@pytest.mark.parametrize(
    ("stated", "why"), [(2, "expected more studies than coefficients"), (3, "fewer than 10")]
)
def test_too_few_studies_are_said(made_up, make_synthesis, stated, why):
    """With too few studies nothing is fitted, or a caution stands beside the numbers."""
    protocol, rows = made_up(5, stated)
    (found,) = make_synthesis(rows, protocol).moderators
    assert why in found.note


def test_a_moderator_that_nobody_states_is_not_shown(made_up, make_synthesis):
    """Without a study that states it there is nothing to say about a moderator."""
    protocol, rows = made_up(5, 0)
    assert make_synthesis(rows, protocol).moderators == ()


def test_a_moderator_that_an_amendment_dropped_does_not_stop_the_pool(made_up, make_synthesis):
    """Rows that state what is declared no more are pooled as if they did not state it."""
    protocol, rows = made_up(5, 5)
    got = make_synthesis(rows, replace(protocol, moderator={}))
    assert (got.numbers.k, got.moderators) == (5, ())


def test_few_studies_are_not_looked_at_for_small_study_effects(make_row, make_protocol, make_synthesis):
    """With fewer than ten studies no test is made, and the reason is given."""
    protocol = make_protocol(plan=replace(PLAN, small_study=("egger", "limit meta-analysis")))
    rows = [make_row(f"Trial {i}", 0.1 * i, 0.1 + i / 50) for i in range(9)]
    found = make_synthesis(rows, protocol).small_study
    assert [(one.pval, one.estimate) for one in found] == [(None, None)] * 2
    assert found[0].note == "Not made: 9 studies; below 10 it cannot tell chance from a pattern."


def test_one_study_is_not_told_in_the_plural(make_row, make_protocol, make_synthesis):
    """A look that one study does not allow says so of 1 study."""
    protocol = make_protocol(plan=replace(PLAN, small_study=("egger",)))
    (found,) = make_synthesis([make_row("Trial A", 0.1, 0.1)], protocol).small_study
    assert found.note.startswith("Not made: 1 study; below 10")


def test_an_smd_and_its_error_are_bound_together(make_row, make_protocol, make_synthesis):
    """A test on standardised differences carries the caution that they depend on their own errors."""
    looks = ("egger", "rank test", "trim and fill", "limit meta-analysis", "PET-PEESE")
    protocol = make_protocol(plan=replace(PLAN, small_study=looks))
    rows = [make_row(f"Trial {i:02}", 0.1 + (i * 7 % 5) / 10, 0.1 + i / 50) for i in range(12)]
    found = make_synthesis(rows, protocol).small_study
    assert [one.name for one in found] == list(looks)
    assert ["by construction" in one.note for one in found] == [True, True, False, False, False]
    assert all(one.estimate is not None and one.ci_lb < one.ci_ub for one in found[2:])
