"""How an analysis moved through time."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from review.effect import AnalysisKey
from review.protocol_synthesis import SynthesisPlan
from review.result import Signal
from synthesis.living.evolution import evolution


@pytest.fixture
def years(make_row, make_synthesis, make_protocol):
    """Four syntheses, a year apart: a first result, a new trial, the same again, another estimator."""
    numbers = ((0.1, 0.1), (0.9, 0.2), (0.4, 0.3))
    rows = [make_row(f"Trial {i}", value, se, n=100) for i, (value, se) in enumerate(numbers)]
    plans = [
        SynthesisPlan(ci="z", tau2=tau2, sign="positive = benefit") for tau2 in ("REML", "REML", "REML", "DL")
    ]
    return [
        make_synthesis(rows[:k], make_protocol(plan=plan), at=datetime(2026 + year, 1, 1, tzinfo=UTC))
        for year, (k, plan) in enumerate(zip((2, 3, 3, 3), plans, strict=True))
    ]


def test_each_stage_has_the_numbers_of_its_synthesis(years):
    """A stage's estimate, intervals, heterogeneity and counts are those of its synthesis."""
    got = evolution(years, labels=["1.0.0", "1.1.0", "1.2.0", "2.0.0"])
    for stage, synthesis in zip(got.stages, years, strict=True):
        names = ("estimate", "ci_lb", "ci_ub", "pi_lb", "pi_ub", "tau2", "i2", "k", "participants")
        assert [getattr(stage, name) for name in names] == [
            getattr(synthesis.numbers, name) for name in names
        ]
    assert [one.label for one in got.stages] == ["1.0.0", "1.1.0", "1.2.0", "2.0.0"]


def test_each_stage_says_what_moved_it_most(years):
    """A first result, new studies, nothing, and the method are told apart."""
    first, new, same, method = evolution(years).stages
    assert first.attribution == "First result."
    assert new.attribution == f"New studies alone: {new.impact.total:+.3f}."
    assert same.attribution == "Nothing moved the estimate."
    assert method.attribution == f"Method alone: {method.impact.total:+.3f}."
    assert [step.cause for step in method.impact.steps] == ["estimator"]


def test_of_several_groups_the_largest_leads(make_row, make_synthesis):
    """Where two groups moved the estimate, the larger one stands with its share of the whole."""
    before = make_synthesis([make_row("Trial A", 0.1, 0.1), make_row("Trial B", 0.1, 0.1)])
    after = make_synthesis(
        [make_row("Trial A", 0.12, 0.1), make_row("Trial B", 0.1, 0.1), make_row("C", 2, 0.1)]
    )
    stage = evolution([before, after]).stages[-1]
    assert (
        stage.attribution
        == f"Mostly new studies: {stage.impact.main.change:+.3f} of {stage.impact.total:+.3f}."
    )


def test_signals_are_those_kept_or_computed_anew(years, make_protocol):
    """Without a protocol the kept signals are shown; with one they are computed between neighbours."""
    kept = Signal(name="kept", fired=True, detail="d", source="s")
    syntheses = [replace(one, signals=(kept,)) for one in years]
    assert [stage.fired for stage in evolution(syntheses).stages] == [("kept",)] * 4
    computed = evolution(syntheses, protocol=make_protocol()).stages
    assert "participants added" in computed[1].fired
    assert computed[2].fired == ()


def test_another_measure_is_not_compared(years):
    """Where the measure changed the stage stands, without an attribution."""
    stage = evolution([years[0], replace(years[1], measure="MD")]).stages[-1]
    assert stage.impact is None
    assert stage.attribution == "The measure changed: nothing can be compared."


def test_the_table_has_a_row_for_each_stage(years, make_protocol):
    """The frame holds the numbers, the fired signals and the attribution; the text shows them in lines."""
    got = evolution(years, protocol=make_protocol())
    frame = got.to_frame()
    assert list(frame["k"]) == [2, 3, 3, 3]
    assert frame["attribution"].iloc[0] == "First result."
    assert "participants added" in frame["signals_fired"].iloc[1]
    assert repr(got).splitlines()[1].startswith(f"2026-01-01: {years[0].numbers.estimate:.3f} [")


@pytest.mark.parametrize(
    ("order", "labels", "message"),
    [
        ([], None, "found no synthesis"),
        ([1, 0], None, "found 2026-01-01 00:00 after 2027-01-01 00:00; expected the order of time"),
        ([0, 1], ["1"], "found 1; expected one for each of 2 syntheses"),
    ],
)
def test_what_is_no_course_is_refused(years, order, labels, message):
    """Nothing, another order and other labels are refused."""
    with pytest.raises(ValueError, match=message):
        evolution([years[i] for i in order], labels=labels)


def test_several_analyses_are_refused(years):
    """Syntheses of two analyses are no course of one."""
    other = replace(years[1], key=AnalysisKey("a", "b", "c", "d"))
    with pytest.raises(ValueError, match="expected syntheses of one analysis"):
        evolution([years[0], other])
