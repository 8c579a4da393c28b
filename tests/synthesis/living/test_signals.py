"""Signals for updating."""

from dataclasses import replace

import pytest

from review.effect import Better
from review.protocol_synthesis import Outcome
from synthesis.living.signals import signals

ORDER = [
    "minimal important difference crossed",
    "certainty changed",
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
        (ORDER[2], {"participants": 300}, {"participants": 375}, True),
        (ORDER[2], {"participants": 300}, {"participants": 374}, False),
        (ORDER[2], {}, {"participants_stated": 2}, None),
        (ORDER[3], {"estimate": 0.2}, {"estimate": 0.1}, True),
        (ORDER[3], {"estimate": 0.2}, {"estimate": 0.29}, False),
        (ORDER[3], {"estimate": 0.0}, {"estimate": 0.1}, None),
        (ORDER[4], {"pi_lb": -0.1, "pi_ub": 0.5}, {"pi_lb": 0.1, "pi_ub": 0.5}, True),
        (ORDER[4], {"pi_lb": -0.5, "pi_ub": -0.1}, {"pi_lb": 0.1, "pi_ub": 0.5}, False),
        (ORDER[4], {"pi_lb": None, "pi_ub": None}, {}, None),
        (ORDER[5], {"pval": 0.06}, {"pval": 0.04}, True),
        (ORDER[5], {"pval": 0.04}, {"pval": 0.001}, False),
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
