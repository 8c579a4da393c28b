"""What changed, step by step."""

import math
from dataclasses import fields, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.departure import Departure, DepartureKind
from review.effect import Better, SharedControl
from review.protocol_synthesis import Outcome, SharedControlRule, SynthesisPlan
from review.result import Pending
from synthesis.living.impact import Cause, Group, State, impact
from synthesis.living.impact.changes import ORDER

NUMBERS = [one.name for one in fields(State)]
TABLES = st.dictionaries(
    st.sampled_from(["Trial A", "Trial B", "Trial C", "Trial D", "Trial E"]),
    st.tuples(
        st.integers(-100, 100).map(lambda n: n / 100),
        st.integers(5, 60).map(lambda n: n / 100),
        st.sampled_from([None, 40, 100]),
    ),
    min_size=1,
)
PLANS = st.builds(
    SynthesisPlan,
    tau2=st.sampled_from(["REML", "DL", "PM"]),
    ci=st.sampled_from(["HKSJ", "z"]),
    sign=st.just("positive = benefit"),
)


@pytest.fixture(scope="session")
def made(make_row, make_synthesis, make_protocol):
    """Synthesise a table of made-up studies: effect, standard error, and participants where stated."""

    def make(table, plan=None, *, imported=frozenset(), **changes):
        plan = plan or SynthesisPlan(sign="positive = benefit")
        rows = [make_row(study, *numbers[:2], n=(*numbers, None)[2]) for study, numbers in table.items()]
        flags = [study in imported for study in table]
        return make_synthesis(rows, make_protocol(plan=plan), imported=flags, **changes)

    return make


@pytest.fixture(scope="session")
def arms(make_row, make_synthesis, make_protocol):
    """Synthesise one study of several arms, and a second study."""

    def make(*labels, shared_r=0.5):
        rule = SharedControlRule(shared_r=shared_r)
        plan = SynthesisPlan(sign="positive = benefit", shared_control=rule)
        rows = [
            make_row("Trial A", 0.2 + i / 10, 0.2, label=label, shared=SharedControl.SHARED)
            for i, label in enumerate(labels)
        ]
        return make_synthesis([*rows, make_row("Trial B", 0.5, 0.2)], make_protocol(plan=plan))

    return make


def _kept_otherwise(synthesis, by):
    """A synthesis whose kept numbers are not what the present code makes of its rows."""
    return replace(
        synthesis, numbers=replace(synthesis.numbers, estimate=synthesis.numbers.estimate + by, tau2=0.5)
    )


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=100)
@given(TABLES, TABLES, PLANS, PLANS, st.sampled_from([0.0, 1e-13, 0.01]), st.sampled_from([0.0, -0.02]))
def test_steps_sum_to_the_whole(made, before, after, then, now, off_before, off_after):
    """Whatever changed, the steps are a chain, and what they did to each number sums to its total."""
    start = _kept_otherwise(made(before, then), off_before) if off_before else made(before, then)
    end = _kept_otherwise(made(after, now), off_after) if off_after else made(after, now)
    got = impact(start, end)
    assert math.fsum([*(step.change for step in got.steps), got.residual]) == pytest.approx(
        end.numbers.estimate - start.numbers.estimate, abs=1e-15
    )
    assert abs(got.residual) <= 1e-12
    for name in NUMBERS:
        moved = math.fsum(getattr(step.after, name) - getattr(step.before, name) for step in got.steps)
        assert moved == pytest.approx(
            getattr(end.numbers, name) - getattr(start.numbers, name), rel=1e-12, abs=1e-12
        )
    for one, following in zip(got.steps, got.steps[1:], strict=False):
        assert one.after is following.before
    assert math.fsum(one.change for one in got.shares) == pytest.approx(got.total, abs=1e-12)


def test_steps_come_in_the_stated_order(made, arms, make_row, make_protocol, make_synthesis):
    """All causes stand in the order that is stated, studies within a cause by label."""
    before = _kept_otherwise(
        made({f"Trial {name}": (0.1, 0.1) for name in "ADEFG"}, SynthesisPlan(ci="z", sign="as measured")),
        0.1,
    )
    table = {"Trial C": (0.3, 0.1), "Trial B": (0.2, 0.3), "Trial A": (0.2, 0.1), "Trial D": (0.1, 0.1)}
    pending = (Pending(study="Trial F", reports=("r1",), why="result entered, not yet checked"),)
    after = made(table, SynthesisPlan(tau2="DL", sign="as measured"), pending=pending)
    left = {"Trial E": Departure(study="Trial E", kind=DepartureKind.NOT_INCLUDED, why="design")}
    got = impact(before, after, left=left)
    assert [(step.cause, step.study) for step in got.steps] == [
        (Cause.RECALCULATED, None),
        (Cause.NEW, "Trial B"),
        (Cause.NEW, "Trial C"),
        (Cause.CORRECTED, "Trial A"),
        (Cause.NOT_INCLUDED, "Trial E"),
        (Cause.WITHDRAWN, "Trial F"),
        (Cause.LEFT, "Trial G"),
        (Cause.ESTIMATOR, None),
        (Cause.INTERVAL, None),
    ]
    assert set(ORDER) == set(Cause) - {Cause.FIRST}


def test_each_step_has_its_sentence(made):
    """A step says what happened, from where to where, and by how much."""
    got = impact(made({"Trial A": (0.1, 0.1)}), made({"Trial A": (0.1, 0.1), "Trial B": (0.3, 0.1)}))
    assert got.steps[0].sentence == "Trial B added: 0.100 to 0.200 (+0.100)."
    assert got.steps[-1].cause is Cause.INTERVAL
    assert got.steps[-1].sentence.startswith(
        "Method: the 95% z interval became a 95% Hartung-Knapp interval; no longer so: k = 1: one study"
    )


def test_a_step_tells_of_interval_heterogeneity_and_participants(made):
    """A new study's step holds the interval, tau2, k and participants before and after it."""
    table = {"Trial A": (0.1, 0.1, 50), "Trial B": (0.5, 0.1, 70)}
    z = SynthesisPlan(ci="z", sign="positive = benefit")
    one, two = made({"Trial A": (0.1, 0.1, 50)}, z), made(table, z)
    (step,) = impact(one, two).steps
    for name in NUMBERS:
        assert getattr(step.before, name) == getattr(one.numbers, name)
        assert getattr(step.after, name) == getattr(two.numbers, name)
    assert step.change_of_width == pytest.approx(
        (two.numbers.ci_ub - two.numbers.ci_lb) - (one.numbers.ci_ub - one.numbers.ci_lb)
    )


def test_own_extraction_replaces_an_imported_effect(made):
    """A study whose value stands but was read anew is a corrected value that says so and moves nothing."""
    table = {"Trial A": (0.1, 0.1), "Trial B": (0.3, 0.1)}
    (step,) = impact(made(table, imported={"Trial A"}), made(table)).steps
    assert (step.cause, step.change) == (Cause.CORRECTED, 0.0)
    assert step.sentence == ("Trial A corrected (own extraction replaces an imported effect): nothing moved.")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((0.4, 0.1, 50), "effect 0.100 became 0.400"),
        ((0.1, 0.3, 50), "standard error 0.100 became 0.300"),
        ((-0.1, 0.1, 50), "its sign was turned"),
        ((0.1, 0.1, 60), "participants 50 became 60"),
        ((0.1, 0.1), "participants 50 became not stated"),
    ],
)
def test_a_correction_says_what_was_corrected(made, row, reason):
    """The reason of a correction names what differs."""
    (step,) = impact(made({"Trial A": (0.1, 0.1, 50)}), made({"Trial A": row})).steps
    assert (step.cause, step.reason) == (Cause.CORRECTED, reason)


def test_other_rows_are_a_correction(arms):
    """A study pooled from other rows is corrected, and the rows are named."""
    (step,) = impact(arms("one"), arms("one", "two")).steps
    assert step.cause is Cause.CORRECTED
    assert step.reason.startswith("from row one and row two instead of row one; effect 0.200 became 0.250")


def test_another_correlation_is_a_matter_of_method(arms):
    """The same rows combined with another correlation are the unit of analysis, not a correction."""
    (step,) = impact(arms("one", "two", shared_r=0.5), arms("one", "two", shared_r=0.9)).steps
    assert step.cause is Cause.UNIT
    assert "2 rows became one effect, r = 0.9" in step.sentence
    assert impact(arms("one", "two"), arms("one", "two")).steps == ()


def test_what_left_says_why_where_it_is_known(made):
    """A study that a decision removed, one that waits for a result, and one of which nothing is known."""
    table = {f"Trial {name}": (0.1, 0.1) for name in "ABCD"}
    pending = (Pending(study="Trial C", reports=("r1",), why="result entered, not yet checked"),)
    after = made({"Trial A": (0.1, 0.1)}, pending=pending)
    why = "excluded at full text: design"
    left = {"Trial B": Departure(study="Trial B", kind=DepartureKind.NOT_INCLUDED, why=why)}
    said = [step.sentence for step in impact(made(table), after, left=left).steps[:3]]
    assert said[0].startswith(f"Trial B removed, no longer included ({why}): 0.100 to 0.100 (+0.000)")
    assert said[1].startswith("Trial C removed, its result withdrawn (result entered, not yet checked): ")
    assert said[2].startswith("Trial D left the analysis: ")


def test_numbers_of_another_code_are_a_step(made):
    """Kept numbers that the present code does not make are told apart from what studies did, at both ends."""
    one, two = made({"Trial A": (0.1, 0.1)}), made({"Trial A": (0.1, 0.1), "Trial B": (0.3, 0.1)})
    got = impact(_kept_otherwise(one, 0.01), _kept_otherwise(two, 0.02))
    assert [step.cause for step in got.steps] == [
        Cause.RECALCULATED,
        Cause.NEW,
        Cause.INTERVAL,
        Cause.RECALCULATED,
    ]
    assert [step.change for step in got.steps] == pytest.approx([-0.01, 0.1, 0.0, 0.02])
    assert "calculated by version 1 of the service" in got.steps[0].sentence


def test_the_groups_sum_up_and_one_leads(made):
    """New studies, corrections, eligibility and method are summed; the largest leads."""
    before = {"Trial A": (0.1, 0.1), "Trial B": (0.1, 0.1)}
    after = {"Trial A": (0.15, 0.1), "Trial C": (0.9, 0.1), "Trial D": (0.9, 0.1)}
    got = impact(made(before), made(after))
    assert [(one.group, one.steps) for one in got.shares] == [
        (Group.NEW, 2),
        (Group.CORRECTED, 1),
        (Group.ELIGIBILITY, 1),
    ]
    assert got.main == got.shares[0]


def test_the_table_has_a_row_for_each_step(made):
    """The frame holds each step's cause, group and numbers."""
    frame = impact(
        made({"Trial A": (0.1, 0.1)}), made({"Trial A": (0.1, 0.1), "Trial B": (0.3, 0.1)})
    ).to_frame()
    assert list(frame["group"]) == ["new studies", "method"]
    assert list(frame["k_after"]) == [2, 2]
    assert frame["estimate_after"].iloc[-1] - frame["estimate_before"].iloc[0] == pytest.approx(0.1)


def test_the_same_synthesis_has_no_steps(made):
    """Nothing changed: no step, and no group leads."""
    one = made({"Trial A": (0.1, 0.1), "Trial B": (0.3, 0.1)})
    got = impact(one, one)
    assert (got.total, got.steps, got.shares, got.main, got.residual) == (0.0, (), (), None, 0.0)
    assert got.to_frame().empty


def test_a_first_result_is_one_step(made):
    """Without an earlier synthesis there is one step and no change."""
    got = impact(None, made({"Trial A": (0.1, 0.1)}))
    assert (got.total, got.steps[0].sentence) == (0.0, "First result: 0.100 from 1 study.")
    assert (got.before, got.shares, list(got.to_frame()["group"])) == (None, (), [""])


def test_two_questions_are_not_compared(made, make_row, make_protocol, make_synthesis):
    """Syntheses of different measures are refused."""
    outcome = Outcome(id="disability", label="D", measure="MD", better=Better.LOWER)
    other = make_synthesis([make_row("Trial A", 0.1, 0.1, measure="MD")], make_protocol(outcome=outcome))
    with pytest.raises(ValueError, match="expected two syntheses of one analysis and measure"):
        impact(made({"Trial A": (0.1, 0.1)}), other)
