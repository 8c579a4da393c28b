"""The answer box says the stored numbers, names its intervals and favours the right side."""

from dataclasses import replace
from datetime import timedelta

import pytest

from publisher.answers import answer, signal_rows
from publisher.impacts import impact_view
from publisher.scales import scale_of
from publisher.snapshot import archived, living
from publisher.words import day
from review.effect import Better
from review.refusals import not_pooled
from review.result import Signal
from synthesis.living.impact import impact
from tests.publisher.synthetic import NOW


@pytest.fixture
def snapshot(material):
    return living(material, NOW)


def with_protocol(material, **changes):
    return living(replace(material, protocol=replace(material.protocol, **changes)), NOW)


def test_verdict_holds_the_pooled_numbers(snapshot):
    """The verdict is the stored estimate with its interval."""
    numbers = snapshot.syntheses[0].numbers
    expected = f"SMD {numbers.estimate:.3f} (95% CI {numbers.ci_lb:.3f} to {numbers.ci_ub:.3f})"
    assert answer(snapshot, snapshot.syntheses[0]).verdict == expected


def test_ratio_is_back_transformed(snapshot):
    """A risk ratio pooled as a logarithm is shown as a ratio."""
    assert answer(snapshot, snapshot.syntheses[1]).verdict.startswith("RR 1.221 ")


def test_prediction_interval_names_its_df(snapshot):
    """The prediction interval says which degrees of freedom it rests on."""
    facts = dict(answer(snapshot, snapshot.syntheses[0]).facts)
    assert facts["Prediction interval"].endswith(", t(k-1)")


def test_participants_are_said_as_stated(snapshot):
    """Participants are given for as many studies as state them."""
    facts = dict(answer(snapshot, snapshot.syntheses[0]).facts)
    assert facts["Participants"] == "600 (stated for 6 of 7 studies)"


def test_certainty_is_not_claimed(snapshot):
    """Nothing rates the certainty, so the page says so."""
    assert dict(answer(snapshot, snapshot.syntheses[0]).facts)["Certainty"] == "not assessed"


def test_benefit_is_positive_where_the_protocol_turns_signs(snapshot):
    """Where differences are turned to benefit, larger values favour the intervention."""
    assert scale_of(snapshot, snapshot.syntheses[0]).right == "favours intervention"


def test_measured_sign_keeps_the_outcomes_direction(material):
    """Where differences stay as measured and lower is better, smaller values favour the intervention."""
    plan = replace(material.protocol.synthesis, sign="as measured")
    snapshot = with_protocol(material, synthesis=plan)
    assert scale_of(snapshot, snapshot.syntheses[0]).left == "favours intervention"


def test_ratio_follows_its_estimates(material):
    """A ratio's side is what the estimates declare, whatever the outcome's scale says."""
    lower = tuple(replace(one, better=Better.LOWER) for one in material.protocol.outcome)
    snapshot = with_protocol(material, outcome=lower)
    assert scale_of(snapshot, snapshot.syntheses[1]).right == "favours intervention"


def test_imported_effects_are_cited(snapshot):
    """The source of imported effects stands beside the answer."""
    assert answer(snapshot, snapshot.syntheses[0]).sources == (
        "A synthetic meta-analysis, written for these tests",
    )


def test_every_sensitivity_analysis_is_shown(snapshot):
    """No analysis is left out, computable or not."""
    names = [row.name for row in answer(snapshot, snapshot.syntheses[0]).sensitivity]
    assert names == ["Main analysis", "DL", "with Study H added", "exclude high risk of bias"]


def test_uncomputable_signal_is_said(snapshot):
    """A signal that cannot be computed is neither fired nor silent."""
    states = [row.state for row in answer(snapshot, snapshot.syntheses[0]).signals]
    assert states == ["not fired", "not computable"]


def test_sentences_of_the_synthesis_take_the_pages_minus(snapshot):
    """Signals and reasons have the minus sign of the numbers beside them, and no hyphen before a digit."""
    signal = Signal(name="a signal", fired=True, detail="From -0.1 to -0.2.", source="a paper")
    assert signal_rows([signal])[0].detail == "From −0.1 to −0.2."
    was = snapshot.syntheses[0]
    rows = (replace(was.rows[0], yi=-0.5), *was.rows[1:])
    found = impact(was, replace(was, rows=rows, digest="another"))
    view = impact_view(found, scale_of(snapshot, was), 3, about=("a", "A"))
    said = next(row[0] for row in view.steps if "corrected value" in row[0])
    assert "became −0.500" in said


def test_decimals_follow_the_labels(material):
    """The number of decimals is the caller's choice."""
    snapshot = living(replace(material, labels=replace(material.labels, decimals=1)), NOW)
    assert answer(snapshot, snapshot.syntheses[1]).verdict.startswith("RR 1.2 (")


def test_a_result_that_stood_already_is_compared_with_the_edition_before(snapshot):
    """Signals of an unchanged result do not say that there is nothing earlier when an edition holds it."""
    found = snapshot.syntheses[0]
    stood = replace(snapshot, previous=replace(snapshot.edition, syntheses=(found.digest,)))
    rows = answer(stood, found).signals
    assert "no earlier synthesis" not in " ".join(row.detail for row in rows)
    assert {row.name: row.state for row in rows}["statistical significance changed"] == "not fired"


def _refused(material, snapshot, at):
    found = snapshot.syntheses[0]
    entry = not_pooled(found.key, "Study A: found the measure RR; expected SMD.", at)
    entries = (*material.ledger.status_entries, entry)
    return replace(material, ledger=replace(material.ledger, status_entries=entries))


def test_a_result_that_could_not_be_pooled_anew_says_so(material, snapshot):
    """The card of a refused analysis gives the day, the reason and the day of what it shows."""
    found, other = snapshot.syntheses[:2]
    after = living(_refused(material, snapshot, NOW), NOW)
    assert answer(after, found).refused == (
        f"This analysis could not be pooled on {day(NOW)}: Study A: found the measure RR; expected SMD. "
        f"What is shown is the result of {day(found.at)}."
    )
    assert (answer(after, other).refused, answer(snapshot, found).refused) == ("", "")


def test_a_refusal_before_the_result_is_over(material, snapshot):
    """A result that was pooled after the refusal needs no word, and an archived edition never gets one."""
    found, edition = snapshot.syntheses[0], snapshot.edition
    earlier = living(_refused(material, snapshot, found.at - timedelta(days=1)), NOW)
    assert answer(earlier, found).refused == ""
    frozen = archived(_refused(material, snapshot, edition.at), edition)
    assert answer(frozen, found).refused == ""


def test_the_card_shows_that_it_could_not_be_pooled(material, snapshot, front):
    """The front page says it once, on the card of that analysis, and nowhere while all is well."""
    ledger = _refused(material, snapshot, NOW).ledger
    assert (front(ledger=ledger).count('<p class="refused">'), front().count('class="refused"')) == (1, 0)
