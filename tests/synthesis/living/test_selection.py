"""Which of a study's results is taken."""

import re
from dataclasses import replace

import pytest

from review.effect import NOT_STATED, ArmMeans, Better
from review.protocol_synthesis import Instrument, Outcome, TimePoint
from synthesis.living.selection import choose
from synthesis.measures.effects import effect_sizes
from tests.synthesis.conftest import DISABILITY, KEY

RULES = replace(
    DISABILITY,
    instruments=(Instrument(name="PDI", better=Better.LOWER), Instrument(name="RMDQ", better=Better.LOWER)),
    values=("final, intention to treat", "final, completers", "change"),
)
MEANS = ArmMeans(m1i=10.0, sd1i=4.0, n1i=30, m2i=12.0, sd2i=5.0, n2i=32)


@pytest.fixture
def rules(make_protocol):
    """A protocol that lists instruments and kinds of values, and takes what `choose` says of a window."""

    def make(choose: str = "longest", window: tuple[int, int] | None = (3, 12), outcome: Outcome = RULES):
        point = TimePoint(id="post", label="Follow-up", choose=choose, window_months=window)
        return replace(make_protocol(outcome=outcome), timepoint=(point,))

    return make


@pytest.fixture
def row(make_row):
    """A made-up row of one trial, with what the rules go by."""

    def make(label: str, study: str = "Trial A", **changes):
        return replace(make_row(study, 0.2, 0.1, label=label), **changes)

    return make


def taken(estimates, protocol):
    """Return the labels that are taken."""
    return [one.label for one in choose(estimates, KEY, protocol).estimates]


def test_the_first_listed_instrument_is_taken(row, rules):
    """Of two instruments the one that the protocol lists first is taken, and the other one is named."""
    rows = [row("by RMDQ", instrument="RMDQ"), row("by PDI", instrument="PDI")]
    got = choose(rows, KEY, rules())
    assert [one.label for one in got.estimates] == ["by PDI"]
    assert got.notes == (
        "by RMDQ: not pooled; by the protocol's order of instrument, PDI (by PDI) is taken before RMDQ.",
    )


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("longest", "at 12"),
        ("first after treatment", "at 3"),
        ("closest to 6 months", "at 5"),
        ("Longest within the window", "at 12"),
    ],
)
def test_the_follow_up_is_taken_that_the_time_point_asks_for(row, rules, words, label):
    """Longest, first and closest take the measurement that they name."""
    rows = [row(f"at {months}", months=float(months)) for months in (3, 5, 9, 12)]
    assert taken(rows, rules(words)) == [label]


def test_of_two_equally_close_follow_ups_the_longer_is_taken(row, rules):
    """Three and nine months are as far from six: the longer is taken, for both would pass for two arms."""
    got = choose([row("at 3", months=3.0), row("at 9", months=9.0)], KEY, rules("closest to 6 months"))
    assert [one.label for one in got.estimates] == ["at 9"]
    assert got.notes[0].startswith("at 3: not pooled")


def test_a_measurement_outside_the_window_is_not_pooled(row, rules):
    """A follow-up beyond the window is left out and said, even where it is the only one."""
    got = choose([row("late", months=18.0)], KEY, rules())
    assert got.estimates == ()
    assert got.notes == ("late: measured at 18 months, outside the 3 to 12 months of Follow-up; not pooled.",)


def test_a_stated_follow_up_is_taken_before_an_unstated_one(row, rules):
    """A measurement whose time nobody states counts as inside, but comes last."""
    rows = [row("unstated"), row("at 4", months=4.0)]
    assert taken(rows, rules()) == ["at 4"]
    assert taken(rows[:1], rules()) == ["unstated"]


def test_intention_to_treat_comes_before_completers_and_final_before_change(row, rules):
    """Kinds of values are taken in the outcome's order."""
    kinds = ["change", "final, completers", "final, intention to treat"]
    rows = [row(kind, values=kind) for kind in kinds]
    assert taken(rows, rules()) == ["final, intention to treat"]
    assert taken(rows[:2], rules()) == ["final, completers"]


def test_the_instrument_decides_before_the_kind_of_value(row, rules):
    """A change on the first instrument is taken before a final value on the second."""
    rows = [
        row("final", instrument="RMDQ", values="final, completers"),
        row("change", instrument="PDI", values="change"),
    ]
    assert taken(rows, rules()) == ["change"]


def test_arms_that_were_measured_alike_all_stay(row, rules):
    """Rows that no rule tells apart are arms of one trial."""
    rows = [row(f"arm {name}", instrument="PDI") for name in "abc"]
    assert taken(rows, rules()) == ["arm a", "arm b", "arm c"]


def test_two_instruments_that_the_protocol_does_not_list_are_refused(row, rules):
    """Which of two unlisted instruments counts is not decided after seeing them."""
    rows = [row("x", instrument="Scale X"), row("y", instrument="Scale Y")]
    with pytest.raises(ValueError, match="Trial A: found results by Scale X and Scale Y, none of which"):
        choose(rows, KEY, rules())


def test_a_mix_of_final_values_and_changes_is_warned_of(row, rules):
    """An SMD over final values and changes says so, and names the studies with changes."""
    rows = [
        row("a", values="final, completers"),
        row("b", study="Trial B", values="change"),
    ]
    (note,) = choose(rows, KEY, rules()).notes
    assert "changes from baseline (Trial B)" in note


def test_what_is_not_taken_reaches_the_notes_of_the_synthesis(row, rules, make_synthesis):
    """A synthesis pools the chosen row alone and tells of the other."""
    rows = [row("by RMDQ", instrument="RMDQ", value=0.9), row("by PDI", instrument="PDI")]
    got = make_synthesis(rows, rules())
    assert got.numbers.estimate == pytest.approx(0.2)
    assert any(note.startswith("by RMDQ: not pooled") for note in got.notes)


@pytest.mark.parametrize("measure", ["SMD", "MD"])
def test_means_per_arm_become_the_measure_of_the_outcome(make_row, make_protocol, make_synthesis, measure):
    """Means and standard deviations are turned into the outcome's measure, its sign as declared."""
    outcome = Outcome(id="disability", label="Disability", measure=measure, better=Better.LOWER)
    row = make_row("Trial A", measure=measure, better=Better.LOWER, arms=MEANS)
    got = make_synthesis([row], make_protocol(outcome=outcome))
    want = effect_sizes(measure, m1i=[10], sd1i=[4], n1i=[30], m2i=[12], sd2i=[5], n2i=[32])
    assert (got.rows[0].yi, got.rows[0].vi) == pytest.approx((-want.yi[0], want.vi[0]))
    assert got.numbers.participants == 62


def test_means_where_counts_are_pooled_are_refused(make_row, make_protocol, make_synthesis):
    """Means per arm say nothing about a risk ratio."""
    outcome = Outcome(id="disability", label="Event", measure="RR", better=Better.LOWER)
    row = make_row("Trial A", measure="RR", better=Better.LOWER, arms=MEANS)
    with pytest.raises(ValueError, match="Trial A: found means per arm; expected counts for RR"):
        make_synthesis([row], make_protocol(outcome=outcome))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sd1i": 0.0}, "treated arm: found the standard deviation 0.0; expected a number above 0"),
        ({"m2i": float("nan")}, "control arm: found the mean nan"),
        ({"n2i": 1}, "control arm: found 1 participants; expected two or more"),
    ],
)
def test_impossible_means_are_refused(change, message):
    """An arm without spread, without a mean or with one participant is refused with what was found."""
    with pytest.raises(ValueError, match=re.escape(message)):
        replace(MEANS, **change)


def test_a_standard_error_typed_as_a_deviation_is_suspected(make_row, make_protocol, make_synthesis):
    """An SD far below those of the other studies on the same scale is named, and nothing is changed."""
    outcome = Outcome(id="disability", label="Disability", measure="MD", better=Better.LOWER)
    arms = [replace(MEANS, m1i=10.0 + place / 10) for place in range(5)]
    slip = replace(MEANS, sd1i=MEANS.sd1i / 30**0.5, sd2i=MEANS.sd2i / 32**0.5)
    rows = [
        replace(make_row(f"Trial {name}", measure="MD", better=Better.LOWER, arms=one), instrument="PDI")
        for name, one in zip("ABCDEF", [*arms, slip], strict=True)
    ]
    got = make_synthesis(rows, make_protocol(outcome=outcome))
    assert [note for note in got.notes if "Trial F" in note and "standard error" in note]
    assert not [note for note in got.notes if "Trial A" in note and "standard error" in note]
    assert got.numbers.k == 6


@pytest.mark.parametrize(("instrument", "warned"), [("PDI", 1), (NOT_STATED, 0)])
def test_standard_deviations_are_compared_on_named_scales_only(row, make_synthesis, instrument, warned):
    """An SD far below the others is a slip on one instrument; scales that nobody names need not be one."""
    sds = {"Trial A": 10.0, "Trial B": 11.0, "Trial C": 12.0, "Trial D": 13.0, "Trial E": 2.0}
    rows = [
        row(
            "arm",
            study=study,
            instrument=instrument,
            value=None,
            se=None,
            arms=ArmMeans(m1i=40.0, sd1i=sd, n1i=30, m2i=41.0, sd2i=sd, n2i=30),
        )
        for study, sd in sds.items()
    ]
    notes = make_synthesis(rows).notes
    assert sum("looks like a standard error" in one for one in notes) == warned
    assert not any("rows have this label" in one for one in notes)
