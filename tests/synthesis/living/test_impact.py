"""What changed, step by step."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.protocol_synthesis import SynthesisPlan
from synthesis.living.impact import Cause, impact

TABLES = st.dictionaries(
    st.sampled_from(["Trial A", "Trial B", "Trial C", "Trial D", "Trial E"]),
    st.tuples(st.integers(-100, 100).map(lambda n: n / 100), st.integers(5, 60).map(lambda n: n / 100)),
    min_size=1,
)


@pytest.fixture(scope="session")
def made(make_row, make_synthesis, make_protocol):
    """Synthesise a table of made-up studies."""

    def make(table, method="REML"):
        plan = SynthesisPlan(tau2=method, sign="positive = benefit")
        rows = [make_row(study, *numbers) for study, numbers in table.items()]
        return make_synthesis(rows, make_protocol(plan=plan))

    return make


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
@given(TABLES, TABLES, st.sampled_from(["REML", "DL"]))
def test_steps_sum_to_the_whole(made, before, after, method):
    """The changes of all steps sum to the change of the estimate."""
    got = impact(made(before), made(after, method))
    assert sum(step.change for step in got.steps) == pytest.approx(got.total, abs=1e-12)


def test_steps_come_in_the_stated_order(made):
    """New studies come first, then corrected values, then removed studies, each by label; method last."""
    before = {"Trial A": (0.1, 0.1), "Trial D": (0.4, 0.1), "Trial E": (0.9, 0.2)}
    after = {"Trial C": (0.3, 0.1), "Trial B": (0.2, 0.3), "Trial A": (0.2, 0.1), "Trial D": (0.4, 0.1)}
    got = impact(made(before), made(after, "DL"))
    assert [(step.cause, step.study) for step in got.steps] == [
        (Cause.NEW, "Trial B"),
        (Cause.NEW, "Trial C"),
        (Cause.CORRECTED, "Trial A"),
        (Cause.REMOVED, "Trial E"),
        (Cause.METHOD, None),
    ]


def test_each_step_has_its_sentence(made):
    """A step says what happened, from where to where, and by how much."""
    got = impact(made({"Trial A": (0.1, 0.1)}), made({"Trial A": (0.1, 0.1), "Trial B": (0.3, 0.1)}))
    assert got.steps[0].sentence == "Trial B added: 0.100 to 0.200 (+0.100)."
    assert got.steps[-1].cause is Cause.METHOD
    assert "REML with a z interval became REML with a Hartung-Knapp interval" in got.steps[-1].sentence


def test_the_same_synthesis_has_no_steps(made):
    """Nothing changed: no step."""
    one = made({"Trial A": (0.1, 0.1), "Trial B": (0.3, 0.1)})
    assert (impact(one, one).total, impact(one, one).steps) == (0.0, ())


def test_a_first_result_is_one_step(made):
    """Without an earlier synthesis there is one step and no change."""
    got = impact(None, made({"Trial A": (0.1, 0.1)}))
    assert (got.total, got.steps[0].sentence) == (0.0, "First result: 0.100 from 1 study.")


def test_two_questions_are_not_compared(made, make_row, make_protocol, make_synthesis):
    """Syntheses of different measures are refused."""
    from review.effect import Better
    from review.protocol import Outcome

    outcome = Outcome(id="disability", label="D", measure="MD", better=Better.LOWER)
    other = make_synthesis([make_row("Trial A", 0.1, 0.1, measure="MD")], make_protocol(outcome=outcome))
    with pytest.raises(ValueError, match="expected two syntheses of one analysis and measure"):
        impact(made({"Trial A": (0.1, 0.1)}), other)
