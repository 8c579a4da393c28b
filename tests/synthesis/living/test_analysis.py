"""A protocol meets numbers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from review.effect import AnalysisKey, ArmCounts, Better, SharedControl
from review.protocol_synthesis import Fallback, Outcome, Reexpression, SignalRules, Subgroup, SynthesisPlan
from review.result import Pending
from synthesis import pool


@pytest.fixture
def rows(make_row):
    """Four made-up studies that differ."""
    values = {"Trial A": (0.1, 0.1), "Trial B": (0.5, 0.2), "Trial C": (0.9, 0.15), "Trial D": (0.3, 0.3)}
    return [make_row(name, *value) for name, value in values.items()]


@pytest.fixture
def by_name(rows, make_synthesis):
    """The sensitivity analyses of the four studies, by name."""
    return {one.name: one for one in make_synthesis(rows).sensitivity}


def binary(measure, **plan):
    """Make an outcome of counts and a plan without turning."""
    outcome = Outcome(id="disability", label="Event", measure=measure, better=Better.LOWER)
    return {"outcome": outcome, "plan": SynthesisPlan(sign="positive = benefit", **plan)}


def test_main_numbers_are_the_pool_of_the_rows(rows, make_synthesis):
    """The main analysis is REML with Hartung-Knapp over one effect per study."""
    got = make_synthesis(rows).numbers
    want = pool([0.1, 0.5, 0.9, 0.3], [0.01, 0.04, 0.0225, 0.09], test="knha")
    assert (got.estimate, got.ci_lb, got.tau2) == pytest.approx((want.estimate, want.ci_lb, want.tau2))
    assert (got.pi_lb, got.pi_ub) == pytest.approx(want.prediction_interval("k-1"))
    assert (got.tau2_lb, got.tau2_ub) == pytest.approx(want.tau2_interval("QP"))
    assert (got.test, got.pi_df) == ("knha", "t(k-1)")


def test_order_of_estimates_changes_nothing(rows, make_synthesis):
    """The same estimates in another order give an equal synthesis, digest included."""
    assert make_synthesis(rows[::-1]) == make_synthesis(rows)


def test_weights_are_percent_in_the_order_of_rows(rows, make_synthesis):
    """Weights stand beside the studies, sorted by label, and sum to 100."""
    got = make_synthesis(rows[::-1])
    assert [one.study for one in got.rows] == ["Trial A", "Trial B", "Trial C", "Trial D"]
    assert sum(got.weights) == pytest.approx(100)
    assert max(got.weights) == got.weights[0]


@pytest.mark.parametrize(
    ("sign", "better", "turned"),
    [
        ("positive = benefit", Better.LOWER, True),
        ("positive = benefit", Better.HIGHER, False),
        ("as measured", Better.LOWER, False),
        ("as measured", Better.HIGHER, True),
    ],
)
def test_direction_is_turned_once_and_noted(make_row, make_protocol, make_synthesis, sign, better, turned):
    """A difference is turned where the protocol's sign asks for it, and a note says so."""
    protocol = make_protocol(plan=SynthesisPlan(sign=sign))
    got = make_synthesis([make_row("Trial A", 0.4, 0.1, better=better)], protocol)
    assert got.rows[0].yi == (-0.4 if turned else 0.4)
    assert any("sign turned" in note for note in got.notes) is turned


@pytest.mark.parametrize("measure", ["RR", "OR", "RD"])
def test_ratios_and_risks_are_never_turned(make_row, make_protocol, make_synthesis, measure):
    """An event's ratio keeps its direction whatever the protocol's sign says."""
    row = make_row("Trial A", -0.4, 0.1, measure=measure, better=Better.LOWER)
    got = make_synthesis([row], make_protocol(**binary(measure)))
    assert got.rows[0].yi == -0.4


def test_counts_become_log_ratios(make_row, make_protocol, make_synthesis):
    """Counts per arm give the log ratio, its variance and the participants."""
    row = make_row("Trial A", measure="OR", arms=ArmCounts(ai=5, n1i=20, ci=10, n2i=20))
    got = make_synthesis([row], make_protocol(**binary("OR"))).rows[0]
    assert got.yi == pytest.approx(-1.0986122886681098)
    assert got.vi == pytest.approx(1 / 5 + 1 / 15 + 1 / 10 + 1 / 10)
    assert got.ni == 40


def test_a_study_without_events_is_not_pooled_as_a_ratio(make_row, make_protocol, make_synthesis):
    """Two arms without events say nothing about a ratio: the study is left out, with a note."""
    rows = [
        make_row("Trial A", measure="RR", arms=ArmCounts(ai=0, n1i=20, ci=0, n2i=20)),
        make_row("Trial B", measure="RR", arms=ArmCounts(ai=0, n1i=20, ci=3, n2i=20)),
    ]
    got = make_synthesis(rows, make_protocol(**binary("RR")))
    assert [one.study for one in got.rows] == ["Trial B"]
    assert "Trial A: no events in both arms" in " ".join(got.notes)
    assert "Trial B: a cell of its table is 0" in " ".join(got.notes)


def test_another_measure_is_refused(make_row, make_synthesis):
    """An estimate whose measure is not the protocol's is refused with both measures."""
    with pytest.raises(ValueError, match="Trial A: found the measure MD; expected SMD"):
        make_synthesis([make_row("Trial A", 0.1, 0.1, measure="MD")])


def test_another_key_is_refused(make_row, make_synthesis):
    """An estimate of another analysis is refused: strata are never pooled together."""
    row = replace(make_row("Trial A", 0.1, 0.1), key=AnalysisKey("usual", "disability", "post", "headache"))
    with pytest.raises(ValueError, match="found the analysis usual/disability/post/headache"):
        make_synthesis([row])


def test_a_row_given_twice_is_refused(make_row, make_synthesis):
    """The same row twice is refused, not averaged away."""
    with pytest.raises(ValueError, match="Trial A, row Trial A: found twice"):
        make_synthesis([make_row("Trial A", 0.1, 0.1), make_row("Trial A", 0.2, 0.1)])


def test_nothing_to_pool_is_refused(make_synthesis):
    """Without any estimate there is no synthesis."""
    with pytest.raises(ValueError, match="found no result that can be pooled"):
        make_synthesis([])


def test_one_study_keeps_its_own_interval(make_row, make_synthesis):
    """One study shows its own z interval, no heterogeneity, and says that nothing was pooled."""
    got = make_synthesis([make_row("Trial A", 0.4, 0.1)])
    assert (got.numbers.ci_lb, got.numbers.ci_ub) == pytest.approx((0.4 - 0.195996, 0.4 + 0.195996), abs=1e-6)
    assert (got.numbers.test, got.numbers.pi_lb, got.numbers.tau2_lb) == ("z", None, None)
    assert got.fallback.startswith("k = 1")
    assert "One study: nothing is pooled." in got.notes


def test_two_studies_fall_back_on_z(make_row, make_synthesis):
    """With two studies the protocol's rule shows z, in words, and Hartung-Knapp stands beside it."""
    got = make_synthesis([make_row("Trial A", 0.1, 0.1), make_row("Trial B", 0.6, 0.1)])
    beside = next(one for one in got.sensitivity if one.name == "Hartung-Knapp")
    assert (got.numbers.test, beside.numbers.test) == ("z", "knha")
    assert got.fallback.startswith("k = 2: as the protocol states, the z interval")


def test_no_heterogeneity_shows_the_wider_interval(make_row, make_synthesis):
    """With tau2 = 0 the wider of both intervals is shown: here z, for the effects agree closely."""
    got = make_synthesis([make_row(f"Trial {i}", 0.3 + i / 1000, 0.2) for i in range(4)])
    assert (got.numbers.tau2, got.numbers.test) == (0.0, "z")
    assert got.fallback.startswith("tau2 = 0: as the protocol states, the wider")


def test_rules_are_tried_in_order(make_row, make_protocol, make_synthesis):
    """The first rule that applies is the one used."""
    rules = (Fallback(when="tau2 = 0", ci="z"), Fallback(when="k = 2", ci="wider"))
    rows = [make_row("Trial A", 0.3, 0.2), make_row("Trial B", 0.3, 0.1)]
    got = make_synthesis(rows, make_protocol(plan=SynthesisPlan(fallback=rules)))
    assert got.fallback.startswith("tau2 = 0: as the protocol states, the z interval")


def test_planned_analyses_come_in_their_order(by_name):
    """Every planned analysis is there, one for each study left out, and risk of bias says why it is not."""
    names = ["rows as printed", "DL", "z", *(f"without Trial {x}" for x in "ABCD")]
    assert list(by_name) == [*names, "exclude high risk of bias"]
    assert by_name["exclude high risk of bias"].numbers is None
    assert by_name["exclude high risk of bias"].note == "Risk of bias is not reassessed."


def test_another_estimator_is_used_where_planned(by_name):
    """The DL analysis uses the moment estimator and keeps the interval's method."""
    assert (by_name["DL"].numbers.method, by_name["DL"].numbers.test) == ("DL", "knha")


def test_leaving_one_out_pools_the_others(by_name, rows, make_synthesis):
    """An analysis without a study is the synthesis of the others."""
    assert by_name["without Trial C"].numbers == make_synthesis([rows[0], rows[1], rows[3]]).numbers


def test_the_other_interval_stands_beside_without_being_planned(rows, make_protocol, make_synthesis):
    """Even a protocol without sensitivity analyses shows the interval that is not the main one."""
    got = make_synthesis(rows, make_protocol(plan=SynthesisPlan()))
    assert [(one.name, one.numbers.test) for one in got.sensitivity] == [("z", "z")]


def test_named_sets_add_and_leave_out(rows, make_row, make_synthesis):
    """A named set adds estimates and leaves studies out, and its note says which."""
    sets = {"another view": [make_row("Trial E", 0.7, 0.1), "Trial A"]}
    got = make_synthesis(rows, sensitivity_sets=sets).sensitivity[-1]
    assert (got.name, got.numbers.k) == ("another view", 4)
    assert got.note == "Added: Trial E. Left out: Trial A."


@pytest.mark.parametrize(("member", "message"), [("Trial Z", "not in the main"), (None, "already")])
def test_named_sets_must_fit_the_main_analysis(rows, make_synthesis, member, message):
    """A set cannot leave out what is not pooled, nor add what is."""
    with pytest.raises(ValueError, match=message):
        make_synthesis(rows, sensitivity_sets={"a view": [member or rows[0]]})


def test_subgroups_are_pooled_and_compared(make_row, make_protocol, make_synthesis):
    """Declared levels are pooled by themselves, in the protocol's order, and tested against each other."""
    protocol = make_protocol(subgroup={"dose": Subgroup(label="Dose", levels=("low", "high"))})
    levels = {"Trial A": "high", "Trial B": "high", "Trial C": "low"}
    rows = [make_row(name, 0.2, 0.1, subgroups=(("dose", level),)) for name, level in levels.items()]
    got = make_synthesis([*rows, make_row("Trial D", 0.2, 0.1)], protocol)
    (dose,) = got.subgroups
    assert [(level, numbers.k) for level, numbers in dose.levels] == [("low", 1), ("high", 2)]
    assert (dose.df, dose.q_between) == (1, pytest.approx(0.0, abs=1e-12))
    assert "Subgroup dose: 1 of 4 studies have no stated level." in got.notes
    assert any(note.startswith("Subgroup dose, low: k = 1") for note in got.notes)


def test_identical_effects_leave_nothing_to_compare(make_row, make_protocol, make_synthesis):
    """Levels whose effects are identical have no standard error by Hartung-Knapp: a note says so."""
    subgroup = {"dose": Subgroup(label="Dose", levels=("low", "high"))}
    rows = [
        make_row(f"Trial {i}", 0.2, 0.1, subgroups=(("dose", "low" if i < 3 else "high"),)) for i in range(6)
    ]
    got = make_synthesis(rows, make_protocol(subgroup=subgroup, plan=SynthesisPlan()))
    assert got.subgroups == ()
    assert "Subgroup dose: identical effects leave no standard error to compare." in got.notes


def test_one_level_alone_is_said(make_row, make_protocol, make_synthesis):
    """A declared subgroup of which one level has studies leaves a note instead of a comparison."""
    protocol = make_protocol(subgroup={"dose": Subgroup(label="Dose", levels=("low", "high"))})
    got = make_synthesis([make_row("Trial A", 0.1, 0.1, subgroups=(("dose", "low"),))], protocol)
    assert got.subgroups == ()
    assert "Subgroup dose: only low has studies; nothing is compared." in got.notes


def test_an_undeclared_level_is_refused(make_row, make_synthesis):
    """A level that the protocol does not know is refused."""
    with pytest.raises(ValueError, match="found the level 'high' of subgroup 'dose'"):
        make_synthesis([make_row("Trial A", 0.1, 0.1, subgroups=(("dose", "high"),))])


def test_participants_are_summed_where_stated(make_row, make_synthesis):
    """The sum of participants says how many studies state them."""
    got = make_synthesis([make_row("Trial A", 0.1, 0.1, n=50), make_row("Trial B", 0.1, 0.1)]).numbers
    assert (got.participants, got.participants_stated) == (50, 1)


def test_imported_rows_are_marked(rows, make_synthesis):
    """A study whose numbers another meta-analysis printed carries the mark."""
    got = make_synthesis(rows, imported=[True, False, False, False])
    assert [one.imported for one in got.rows] == [True, False, False, False]


def test_digest_does_not_know_the_clock(rows, make_synthesis):
    """The same analysis at another time has the same digest."""
    first = make_synthesis(rows)
    assert make_synthesis(rows, at=first.at + timedelta(days=1)).digest == first.digest


@pytest.mark.parametrize(
    "change",
    [
        {"code_version": "2"},
        {"imported": [True, False, False, False]},
        {"pending": [Pending(study="Trial E", reports=(), why="no result yet")]},
        {"sensitivity_sets": {"without A": ["Trial A"]}},
    ],
)
def test_digest_knows_everything_else(rows, make_synthesis, change):
    """Whatever a synthesis is made from changes its digest."""
    assert make_synthesis(rows, **change).digest != make_synthesis(rows).digest


def test_digest_knows_the_protocol(rows, make_protocol, make_synthesis):
    """A new version of the protocol, another plan, or other thresholds of signals change the digest."""
    changed = [
        make_protocol(version=2),
        make_protocol(plan=SynthesisPlan(sign="positive = benefit")),
        replace(make_protocol(), signals=SignalRules(relative_change=0.2)),
    ]
    digests = {make_synthesis(rows, one).digest for one in [make_protocol(), *changed]}
    assert len(digests) == 4


def test_a_set_that_cannot_be_pooled_leaves_the_main_analysis(rows, make_row, make_synthesis):
    """A study held as a conflict whose rows contradict each other leaves a reason, not an error."""
    twice = [
        make_row("Trial E", 0.1, 0.2, label="one", shared=SharedControl.SHARED),
        make_row("Trial E", 0.3, 0.2, label="two", shared=SharedControl.SPLIT),
    ]
    got = make_synthesis(rows, sensitivity_sets={"with E": twice})
    assert got.numbers == make_synthesis(rows).numbers
    assert got.sensitivity[-1].numbers is None
    assert "Not made: Trial E: found rows with shared_control" in got.sensitivity[-1].note


def test_a_set_that_adds_nothing_is_not_shown_as_an_analysis(make_row, make_synthesis, make_protocol):
    """A study without events tells nothing of a ratio: the set that adds it has no numbers of its own."""
    made = make_protocol(**binary("RR"))
    count = {"measure": "RR", "better": Better.LOWER}
    pooled = [make_row(f"Trial {one}", arms=ArmCounts(ai=3, n1i=20, ci=5, n2i=20), **count) for one in "AB"]
    empty = make_row("Trial E", arms=ArmCounts(ai=0, n1i=20, ci=0, n2i=20), **count)
    (found,) = (
        one for one in make_synthesis(pooled, made, sensitivity_sets={"with E": [empty]}).sensitivity[-1:]
    )
    assert found.numbers is None
    assert "nothing to add can be pooled. Trial E: no events" in found.note


@pytest.mark.parametrize(("measure_in", "told"), [({}, 1), ({"non-headache": "MD"}, 0)])
def test_points_of_a_scale_are_told_of_an_smd_only(make_row, make_synthesis, make_protocol, measure_in, told):
    """A stratum that is pooled in another measure than its outcome is not multiplied by the scale's SD."""
    scale = Reexpression(instrument="NRS", sd=2.5, source="a made-up survey")
    outcome = Outcome(
        id="disability",
        label="Disability",
        measure="SMD",
        better=Better.LOWER,
        measure_in=measure_in,
        reexpress=scale,
    )
    measure = measure_in.get("non-headache", "SMD")
    rows = [make_row(f"Trial {one}", 0.3, 0.1, measure=measure) for one in "AB"]
    notes = make_synthesis(rows, make_protocol(outcome=outcome)).notes
    assert len([one for one in notes if one.startswith("In points of the NRS")]) == told
