"""Sensitivity analyses that a protocol plans."""

from dataclasses import replace
from functools import partial

import pytest

from review.effect import ArmCounts, Better, SharedControl
from review.ids import StudyId
from review.protocol_synthesis import Outcome
from synthesis import correlated_effects, mantel_haenszel, peto, pool, robust
from tests.synthesis.conftest import PLAN


@pytest.fixture
def named(make_row, make_synthesis, make_protocol):
    """Run one planned analysis over made-up studies."""

    def run(name: str, rows=None, **changes):
        protocol = make_protocol(plan=replace(PLAN, sensitivity=(name,)))
        found = make_synthesis(rows or _rows(make_row), protocol, **changes)
        return found.sensitivity[0]

    def _rows(make_row):
        values = {"A": (0.1, 0.1), "B": (0.5, 0.2), "C": (0.3, 0.15), "D": (0.2, 0.3), "E": (3.0, 0.1)}
        return [make_row(f"Trial {study}", *value) for study, value in values.items()]

    return run


def test_an_outlier_is_left_out_and_named(named):
    """A study whose own interval does not meet the pooled one is left out by name."""
    got = named("exclude outliers")
    assert got.numbers.k == 4
    assert "Left out, an outlier (its own interval apart from the pooled one): Trial E." in got.note


def test_an_influential_study_is_left_out_and_named(named):
    """A study beyond the bounds of the deletion diagnostics is left out by name."""
    got = named("exclude influential")
    assert got.numbers.k == 4
    assert "influential by deletion diagnostics: Trial E" in got.note


def test_nothing_to_leave_out_is_said(named, make_row):
    """Where a rule names no study the analysis is the main one, and says so."""
    rows = [make_row(f"Trial {study}", 0.2 + place / 100, 0.1) for place, study in enumerate("ABCD")]
    got = named("exclude outliers", rows)
    assert got.numbers.k == 4
    assert "nothing was left out" in got.note


def test_influence_of_two_studies_is_not_computable(named, make_row):
    """Influence needs three studies; with two there is a note instead of numbers."""
    got = named("exclude influential", [make_row("Trial A", 0.1, 0.1), make_row("Trial B", 0.2, 0.1)])
    assert (got.numbers, got.note) == (None, "Influence needs three studies or more.")


def test_imported_effects_may_be_left_out(named):
    """What another meta-analysis printed is left out, or nothing is left."""
    got = named("exclude imported effects", imported=[True, False, False, False, True])
    assert got.numbers.k == 3
    none = named("exclude imported effects", imported=[True] * 5)
    assert none.numbers is None
    assert none.note == "Every study is taken from another meta-analysis: none is left."


def test_high_risk_is_left_out_where_people_judged(named):
    """Studies judged at high risk of bias are left out; without a judgement the analysis says so."""
    got = named("exclude high risk of bias", high_risk=frozenset({StudyId("Trial B")}))
    assert (got.numbers.k, got.note) == (4, "Left out, at high risk of bias: Trial B.")
    assert named("exclude high risk of bias").note == "Risk of bias is not reassessed."


def test_a_common_effect_has_no_variance_between(named):
    """The common-effect analysis pools without tau2, by a z interval, and predicts nothing of a new study."""
    got = named("EE")
    assert (got.numbers.pi_lb, got.numbers.pi_ub, got.numbers.pi_df) == (None, None, "")
    assert got.name == "common effect (EE)"
    assert (got.numbers.method, got.numbers.test, got.numbers.tau2) == ("EE", "z", 0.0)


@pytest.mark.parametrize(("name", "method"), [("DL", "DL"), ("PM", "PM")])
def test_another_estimator_keeps_the_interval(named, name, method):
    """Another estimator of tau2 is pooled with the protocol's interval."""
    assert named(name).numbers.method == method
    assert named(name).numbers.test == "knha"


@pytest.mark.parametrize(("name", "taken"), [("lowest row", 0.1), ("highest row", 0.9)])
def test_one_row_of_each_study_bounds_the_choice_among_arms(named, make_row, name, taken):
    """The lowest and highest row of a study show what the choice among its arms could do."""
    shared = SharedControl.SHARED
    rows = [
        make_row("Trial A", 0.1, 0.2, label="A1", shared=shared),
        make_row("Trial A", 0.9, 0.2, label="A2", shared=shared),
        make_row("Trial B", 0.4, 0.2),
    ]
    got = named(f"{name} of each study", rows)
    want = pool([taken, 0.4], [0.04, 0.04]).estimate
    assert got.numbers.estimate == pytest.approx(want)
    assert got.note.startswith("Taken: A")


def test_rows_that_share_a_control_are_pooled_as_correlated(named, make_row):
    """Rows of one study are pooled by a model of correlated effects, with the protocol's correlation."""
    shared = SharedControl.SHARED
    rows = [
        make_row("Trial A", 0.1, 0.2, label="A1", shared=shared),
        make_row("Trial A", 0.9, 0.2, label="A2", shared=shared),
        *(make_row(f"Trial {study}", 0.1 * place, 0.2) for place, study in enumerate("BCDE")),
    ]
    got = named("correlated effects", rows)
    yi, vi = [row.value for row in rows], [0.04] * 6
    studies = [row.study for row in rows]
    fitted = correlated_effects(yi, vi, studies, rho=0.5)
    tested = robust(fitted, studies)
    assert (got.numbers.k, got.numbers.test) == (5, "CR2")
    assert (got.numbers.estimate, got.numbers.se) == pytest.approx((tested.beta[0], tested.se[0]))
    assert got.note.startswith("Correlation of rows: Trial A 0.5. Robust (CR2) on")


@pytest.mark.parametrize("name", ["correlated effects", "rows as printed"])
def test_people_of_a_shared_control_are_not_counted_twice(named, make_row, name):
    """Participants are stated for the study with one row only, where two rows of another share a control."""
    shared = SharedControl.SHARED
    rows = [
        make_row("Trial A", 0.1, 0.2, label="A1", shared=shared, n=60),
        make_row("Trial A", 0.9, 0.2, label="A2", shared=shared, n=60),
        make_row("Trial B", 0.4, 0.2, n=50),
        make_row("Trial C", 0.6, 0.2, n=40),
    ]
    got = named(name, rows).numbers
    assert (got.participants, got.participants_stated) == (90, 2)


def test_without_a_study_of_several_rows_nothing_is_correlated(named):
    """Where each study has one row the model would say what the main analysis says, and is not made."""
    got = named("correlated effects")
    assert (got.numbers, got.note) == (None, "No study has more than one row.")


COUNTS = [ArmCounts(ai=1, n1i=50, ci=4, n2i=52), ArmCounts(ai=0, n1i=40, ci=3, n2i=41)]


@pytest.fixture
def rare(make_row, make_protocol, make_synthesis):
    """Run one planned analysis over two made-up studies of rare events."""

    def run(name: str, measure: str = "OR", arms=COUNTS, labels=("Trial A", "Trial B")):
        outcome = Outcome(id="disability", label="Event", measure=measure, better=Better.LOWER)
        protocol = make_protocol(outcome=outcome, plan=replace(PLAN, sensitivity=(name,)))
        rows = [
            make_row(study, measure=measure, better=Better.LOWER, arms=one, label=f"{study} {place}")
            for place, (study, one) in enumerate(zip(labels, arms, strict=True))
        ]
        return make_synthesis(rows, protocol).sensitivity[0]

    return run


@pytest.mark.parametrize(
    ("name", "pooled"), [("Mantel-Haenszel", partial(mantel_haenszel, "OR")), ("Peto", peto)]
)
def test_rare_events_are_pooled_from_their_counts(rare, name, pooled):
    """Mantel-Haenszel and Peto pool the counts themselves, without a correction of each study's zeros."""
    got = rare(name).numbers
    want = pooled(ai=[1, 0], n1i=[50, 40], ci=[4, 3], n2i=[52, 41])
    assert (got.estimate, got.se, got.q) == pytest.approx((want.estimate, want.se, want.q))
    assert (got.k, got.tau2, got.participants) == (2, 0.0, 183)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"name": "Peto", "measure": "RR"}, "Peto does not pool RR."),
        ({"name": "Mantel-Haenszel", "labels": ("Trial A", "Trial A")}, "would count more than once"),
    ],
)
def test_counts_that_cannot_be_pooled_say_why(rare, asked, why):
    """A measure that the method does not pool, or a control group twice, leaves a reason."""
    got = rare(**asked)
    assert got.numbers is None
    assert why in got.note


@pytest.mark.parametrize("events", [(0, 0), (50, 52)])
def test_a_risk_difference_without_events_or_survivors_is_not_a_number(rare, events):
    """Where nobody or everybody has the event the Mantel-Haenszel error is 0: there is nothing to test."""
    arms = [ArmCounts(ai=events[0], n1i=50, ci=events[1], n2i=52)] * 2
    got = rare("Mantel-Haenszel", measure="RD", arms=arms)
    assert (got.numbers, got.note) == (None, "No study informs it.")


def test_differences_are_not_pooled_from_counts(named):
    """A standardised difference has no counts to pool."""
    assert named("Mantel-Haenszel").note == "Mantel-Haenszel does not pool SMD."
