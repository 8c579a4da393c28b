"""Signals for updating."""

from dataclasses import replace

import pytest

from review.certainty import Certainty
from review.effect import Better
from review.protocol_synthesis import Outcome, SynthesisPlan
from synthesis.living.signals import certainty, new_harm, signals

ORDER = [
    "minimal important difference crossed",
    "certainty changed",
    "new harm",
    "participants added",
    "relative change of 50% or more",
    "prediction interval",
    "statistical significance changed",
]


@pytest.fixture
def base(make_row, make_synthesis):
    """A synthesis of three made-up studies, to be changed in its numbers."""
    return make_synthesis([make_row(f"Trial {i}", 0.2 + i / 10, 0.1, n=100) for i in range(3)])


@pytest.fixture
def ask(base, make_protocol):
    """Compare two sets of numbers and return the signals by name."""

    def compare(before, after, mid=0.5):
        outcome = Outcome(id="disability", label="D", measure="SMD", better=Better.LOWER, mid=mid)
        then, now = (replace(base, numbers=replace(base.numbers, **changes)) for changes in (before, after))
        return {one.name: one for one in signals(then, now, make_protocol(outcome=outcome))}

    return compare


@pytest.fixture
def harm(base, make_protocol):
    """Compare two sets of numbers of a harm, of which less is better, and return that signal."""

    def compare(
        before, after, *, measure="RR", sign="positive = benefit", mid="not declared", better="lower"
    ):
        outcome = Outcome(
            id="disability", label="Fits", measure=measure, better=Better(better), mid=mid, harm=True
        )
        then, now = (
            one if one is None else replace(base, measure=measure, numbers=replace(base.numbers, **one))
            for one in (before, after)
        )
        return new_harm(then, now, make_protocol(outcome=outcome, plan=SynthesisPlan(sign=sign)))

    return compare


def test_order_puts_patients_first_and_significance_last(ask):
    """Signals come in one order, and each names where it was published."""
    got = ask({}, {})
    assert list(got) == ORDER
    assert all(one.source for one in got.values())


def test_nothing_changed_fires_nothing(ask):
    """Two equal syntheses fire no signal."""
    assert not any(one.fired for one in ask({}, {}).values())


@pytest.mark.parametrize(
    ("name", "before", "after", "fired"),
    [
        (ORDER[0], {"estimate": 0.4}, {"estimate": 0.5}, True),
        (ORDER[0], {"estimate": 0.1}, {"estimate": 0.4}, False),
        (ORDER[0], {"estimate": 0.6}, {"estimate": -0.6}, True),
        (ORDER[1], {}, {}, None),
        (ORDER[2], {}, {}, None),
        (ORDER[3], {"participants": 300}, {"participants": 375}, True),
        (ORDER[3], {"participants": 300}, {"participants": 374}, False),
        (ORDER[3], {}, {"participants_stated": 2}, None),
        (ORDER[3], {"participants": 0}, {}, None),
        (ORDER[4], {"estimate": 0.2}, {"estimate": 0.1}, True),
        (ORDER[4], {"estimate": 0.2}, {"estimate": 0.29}, False),
        (ORDER[4], {"estimate": 0.0}, {"estimate": 0.1}, None),
        (ORDER[5], {"pi_lb": -0.1, "pi_ub": 0.5}, {"pi_lb": 0.1, "pi_ub": 0.5}, True),
        (ORDER[5], {"pi_lb": -0.5, "pi_ub": -0.1}, {"pi_lb": 0.1, "pi_ub": 0.5}, False),
        (ORDER[5], {"pi_lb": None, "pi_ub": None}, {}, None),
        (ORDER[6], {"pval": 0.06}, {"pval": 0.04}, True),
        (ORDER[6], {"pval": 0.04}, {"pval": 0.001}, False),
    ],
)
def test_each_signal_fires_by_its_rule(ask, name, before, after, fired):
    """A signal fires, does not, or says that it cannot be computed."""
    assert ask(before, after)[name].fired is fired


def test_undeclared_difference_is_not_computable(ask):
    """Without a declared minimal important difference its signal says so."""
    got = ask({}, {}, mid="not declared")[ORDER[0]]
    assert got.fired is None
    assert "declares no minimal important difference" in got.detail


def test_without_an_earlier_synthesis_nothing_is_computable(base, make_protocol):
    """A first synthesis has all signals, none of them computable."""
    got = signals(None, base, make_protocol())
    assert [one.name for one in got] == ORDER
    assert {one.fired for one in got} == {None}


@pytest.mark.parametrize(
    ("before", "after", "fired", "said"),
    [
        (None, None, None, "the certainty of the evidence is not recorded"),
        (None, Certainty.LOW, None, "the certainty of the last edition is not recorded"),
        (Certainty.LOW, None, None, "the certainty of the candidate is not recorded"),
        (Certainty.LOW, Certainty.LOW, False, "was low and is low"),
        (Certainty.VERY_LOW, Certainty.MODERATE, True, "was very low and is moderate"),
    ],
)
def test_certainty_is_compared_once_it_is_recorded(before, after, fired, said):
    """Without both levels the signal says which is missing; with both it tells whether they differ."""
    got = certainty(before, after)
    assert got.fired is fired
    assert said in got.detail


def test_recorded_certainty_reaches_its_signal(base, make_protocol):
    """The levels that people record are handed on."""
    levels = {"certainty_before": Certainty.HIGH, "certainty_after": Certainty.LOW}
    got = signals(base, base, make_protocol(), **levels)
    assert [one.name for one in got if one.fired] == ["certainty changed"]


NEITHER, HIGHER, LOWER = ({"ci_lb": low, "ci_ub": high} for low, high in ((-1, 1), (0.1, 1), (-1, -0.1)))


@pytest.mark.parametrize(
    ("before", "after", "how", "fired"),
    [
        (None, NEITHER, {}, True),
        (NEITHER, HIGHER, {}, True),
        (NEITHER, LOWER, {}, False),
        (HIGHER, HIGHER, {}, False),
        (HIGHER, NEITHER, {}, False),
        (LOWER, HIGHER, {}, True),
        (NEITHER, LOWER, {"better": "higher"}, True),
        (NEITHER, LOWER, {"measure": "SMD"}, True),
        (NEITHER, HIGHER, {"measure": "SMD"}, False),
        (NEITHER, HIGHER, {"measure": "SMD", "sign": "as measured"}, True),
        ({**NEITHER, "estimate": 0.4}, {**NEITHER, "estimate": 0.6}, {"mid": 0.5}, True),
        ({**NEITHER, "estimate": 0.6}, {**NEITHER, "estimate": 0.7}, {"mid": 0.5}, False),
        ({**NEITHER, "estimate": -0.4}, {**NEITHER, "estimate": -0.6}, {"mid": 0.5}, False),
        ({**NEITHER, "estimate": 0.6}, {**HIGHER, "estimate": 0.6}, {"mid": 0.5}, True),
    ],
)
def test_a_new_harm_fires_on_its_own_side(harm, before, after, how, fired):
    """Harm is first results, an interval beyond no effect, or an estimate beyond the difference; once."""
    assert harm(before, after, **how).fired is fired


def test_a_harm_says_what_is_new(harm):
    """The sentence names what shows now and did not before."""
    assert "excludes no effect on the harmful side, as it did not before" in harm(NEITHER, HIGHER).detail
    assert harm(HIGHER, HIGHER).detail.endswith("no harm shows that did not before.")
    assert "for the first time" in harm(None, NEITHER).detail


def test_no_harm_is_claimed_or_denied_of_other_outcomes(ask, base, make_protocol):
    """Of an outcome that is not marked as a harm the signal is not computable, and says so."""
    assert "marks no outcome as a harm" in ask({}, {})["new harm"].detail
    outcome = Outcome(id="fits", label="Fits", measure="RR", better=Better.LOWER, harm=True)
    protocol = make_protocol()
    got = new_harm(base, base, replace(protocol, outcome=(*protocol.outcome, outcome)))
    assert got.detail == "Not computable: the protocol does not mark this outcome as a harm."


def test_another_method_is_noted_where_it_bears(ask):
    """A computed signal says that the method changed too; participants do not depend on it."""
    got = ask({"test": "z"}, {})
    assert "The method changed as well: REML with a 95% z interval became REML" in got[ORDER[6]].detail
    assert "method" not in got["participants added"].detail
    assert "method" not in ask({}, {})[ORDER[6]].detail


def test_another_version_of_the_protocol_is_noted(base, make_protocol):
    """A computed signal says that the protocol was amended in between."""
    got = signals(base, replace(base, protocol_version=2), make_protocol())
    assert got[-1].detail.endswith("version 2 of the protocol followed 1.")


def test_another_measure_is_not_compared(base, make_protocol):
    """Where the measure changed, no signal compares the numbers."""
    got = signals(replace(base, measure="MD"), base, make_protocol())
    assert {one.fired for one in got} == {None}
    assert got[-1].detail == "Not computable: the measure changed from MD to SMD."


def test_a_difference_declared_for_another_measure_is_not_computable(base, make_protocol):
    """In a stratum with a measure of its own neither the outcome's difference nor its harmful side holds."""
    outcome = Outcome(
        id="disability",
        label="D",
        measure="SMD",
        better=Better.LOWER,
        mid=0.2,
        harm=True,
        measure_in={"non-headache": "RR"},
    )
    ratio = replace(base, measure="RR")
    found = {one.name: one for one in signals(ratio, ratio, make_protocol(outcome=outcome))}
    assert found["minimal important difference crossed"].fired is None
    assert found["new harm"].detail == "Not computable: the harmful side is declared for SMD, not for RR."


def test_signals_of_ratios_say_that_they_speak_of_logarithms(base, harm, make_protocol):
    """Estimates of a risk ratio are told as logarithms, those of a difference are not."""
    names = (ORDER[0], ORDER[4])
    for measure in ("RR", "OR", "SMD"):
        outcome = Outcome(id="disability", label="D", measure=measure, better=Better.LOWER, mid=0.2)
        one = replace(base, measure=measure)
        got = [
            found.detail for found in signals(one, one, make_protocol(outcome=outcome)) if found.name in names
        ]
        got.append(harm(NEITHER, HIGHER, measure=measure).detail)
        assert [" on the log scale" in detail for detail in got] == [measure != "SMD"] * 3
