"""Numbers needed to treat, odds and risk ratios, and SMDs in other words."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from synthesis.conversion.needed import nnt, nnt_from_smd
from synthesis.conversion.reexpress import log_or_to_smd, probability_of_benefit, smd_to_log_or, smd_to_units
from synthesis.conversion.risks import log_or_to_log_rr, log_rr_to_log_or, risk_change

risks = st.floats(0.01, 0.99)
effects = st.floats(-3, 3)


@pytest.mark.parametrize(
    ("measure", "effect", "text"),
    [("RD", -0.12, "NNTB 9"), ("RR", np.log(0.92), "NNTB 42"), ("OR", np.log(0.73), "NNTB 17")],
)
def test_the_handbooks_examples(measure, effect, text):
    """Cochrane Handbook 15.4.4: RD -0.12; RR 0.92 and OR 0.73 at a control risk of 0.3."""
    assert nnt(measure, effect, 0.3).text == (text,)


@given(measure=st.sampled_from(["OR", "RR"]), effect=effects, risk=risks)
def test_the_sign_is_that_of_benefit(measure, effect, risk):
    """Fewer bad events are benefit, more are harm; for good events it is the other way round."""
    assume(abs(effect) > 1e-6)
    bad, good = (nnt(measure, effect, risk, event=event) for event in ("bad", "good"))
    assert np.sign(bad.nnt[0]) == -np.sign(effect)
    assert good.nnt[0] == -bad.nnt[0]
    assert abs(bad.nnt[0]) >= 1


@given(smd=effects, risk=risks)
def test_a_larger_smd_needs_fewer(smd, risk):
    """The better the effect, the fewer are needed; no effect needs infinitely many."""
    assume(abs(smd) > 1e-6)
    got = nnt_from_smd([smd, 2 * smd, 0], risk)
    assert abs(got.nnt[1]) <= abs(got.nnt[0])
    assert np.isinf(got.nnt[2])


def test_an_interval_across_no_effect_runs_through_infinity():
    """Altman's notation (1998): from a benefit through infinity to a harm, and a note says so."""
    got = nnt("RD", -0.1, 0.3, ci_lb=-0.25, ci_ub=0.05)
    assert got.text == ("NNTB 10 (NNTB 4 to ∞ to NNTH 20)",)
    assert got.notes[-1].startswith("Row 1: the interval holds no effect")


@pytest.mark.parametrize(
    ("effect", "low", "high", "text"),
    [
        (-0.1, -0.2, -0.05, "NNTB 10 (NNTB 5 to NNTB 20)"),
        (0.1, 0.05, 0.2, "NNTH 10 (NNTH 5 to NNTH 20)"),
        (0.0, -0.1, 0.1, "∞ (NNTB 10 to ∞ to NNTH 10)"),
        (None, None, None, "not computable"),
    ],
)
def test_the_notation_of_each_side(effect, low, high, text):
    """An interval on one side reads from the stronger to the weaker effect."""
    assert nnt("RD", [effect], 0.3, ci_lb=[low], ci_ub=[high]).text == (text,)


def test_a_risk_ends_at_certainty():
    """A ratio that asks for a risk above 1 stops there."""
    assert risk_change("RR", np.log(5), 0.4)[0] == pytest.approx(0.6)
    assert risk_change("RD", -0.5, 0.2)[0] == pytest.approx(-0.2)


def test_absurd_effects_reach_certainty_without_overflow():
    """Log ratios of hundreds end at a risk of 1 or 0."""
    assert risk_change("OR", [800, -800], 0.3) == pytest.approx([0.7, -0.3])
    assert risk_change("RR", 800, 0.3)[0] == pytest.approx(0.7)
    assert log_or_to_log_rr(800, 0.3)[0] == pytest.approx(-np.log(0.3))


@given(log_or=effects, risk=risks)
def test_odds_and_risk_ratios_go_both_ways(log_or, risk):
    """OR to RR and back is nothing; both ask for the same risk."""
    log_rr = log_or_to_log_rr(log_or, risk)
    assert log_rr_to_log_or(log_rr, risk)[0] == pytest.approx(log_or, abs=1e-8)
    assert risk_change("RR", log_rr, risk)[0] == pytest.approx(risk_change("OR", log_or, risk)[0], abs=1e-12)


@given(smd=effects, se=st.floats(0.01, 2))
def test_smd_and_log_odds_go_both_ways(smd, se):
    """Chinn's factor 1.81 out and back is nothing, for effect and standard error."""
    out = smd_to_log_or(smd, se)
    back = log_or_to_smd(out.yi, out.sei)
    assert out.sei[0] / se == pytest.approx(1.8138, abs=1e-4)
    assert (back.yi[0], back.sei[0]) == pytest.approx((smd, se))


def test_an_instruments_sd_needs_a_source():
    """An SMD times an SD is in units; without where the SD is from it is refused."""
    got = smd_to_units(0.3, 0.1, sd=12, source="Smith 2015, baseline of both arms")
    assert got.yi[0] == pytest.approx(3.6)
    assert got.sei[0] == pytest.approx(1.2)
    assert "Smith 2015" in got.notes[0]
    with pytest.raises(ValueError, match="source: found none for the SD 12; expected where it is from"):
        smd_to_units(0.3, 0.1, sd=12, source=" ")


def test_the_chance_of_faring_better():
    """No effect is an even chance; one SD is 76% (McGraw & Wong 1992)."""
    assert probability_of_benefit([0, 1]) == pytest.approx([0.5, 0.7602], abs=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nnt("HR", 0, 0.2), "measure: found 'HR'; expected one of OR RR RD"),
        (lambda: nnt("OR", 0, 1.2), "control_risk, study 1: found 1.2"),
        (lambda: nnt("OR", 0, 0.2, event="odd"), "event: found 'odd'"),
        (
            lambda: nnt("OR", 0, 0.2, ci_lb=0.1, ci_ub=0.2),
            "effect, study 1: found 0; expected",
        ),
        (lambda: nnt("RD", 1.5, 0.2), "effect, study 1: found 1.5"),
        (lambda: log_rr_to_log_or(np.log(5), 0.4), "found a risk ratio of 5 at a control risk of 0.4"),
        (lambda: smd_to_units(0.3, 0.1, sd=0, source="x"), "sd, study 1: found 0"),
    ],
)
def test_impossible_risks_are_refused(call, message):
    """What cannot be is refused with the argument and what was expected."""
    with pytest.raises(ValueError, match=message):
        call()
