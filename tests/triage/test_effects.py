"""Results: read by one person, checked by another, corrected by a new one."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.effect import AnalysisKey, ArmCounts, ArmMeans, Better
from review.ids import StudyId
from review.link import LinkHint
from review.studies import usable_estimates
from tests.triage.person import forms_of
from tests.triage.world import KEY, PROTOCOL, START, effect, include, record, report
from triage.errors import WrongError
from triage.extraction import SuspiciousError, read_estimate
from triage.forms import Fields

STUDY = StudyId("Alpha 2024")
GOOD = {"instrument": "Scale B", "value": "-0.25", "se": "0.1", "locator": "Table 2", "n": "80"}
RESPONSE = AnalysisKey("usual", "response", "post", "all")
RESPONDERS = AnalysisKey("usual", "disability", "post", "responders")


def _read(key=KEY, **values):
    return read_estimate(Fields({**GOOD, **values}), STUDY, key, PROTOCOL)


@pytest.fixture
def included(store):
    """One study is included by one report."""
    include(store, 1, STUDY)


def _enter(person, **values):
    address = f"/effect/{STUDY}?comparison=usual&outcome=disability&timepoint=post&stratum=all"
    form = next(
        one for one in forms_of(person.open(address).text) if one.method == "post" and "effect" in one.action
    )
    return person.send(form, **{**GOOD, **values})


MEANS = {"m1i": "10", "sd1i": "4", "n1i": "30", "m2i": "12", "sd2i": "5", "n2i": "32"}


def _means(**values):
    given = {"instrument": "Scale B", "locator": "Table 2", **MEANS, **values}
    return read_estimate(Fields(given), STUDY, KEY, PROTOCOL)


def test_means_per_arm_are_kept_as_entered():
    """Means, standard deviations and sizes are kept; the effect is calculated where it is pooled."""
    found = _means()
    assert found.arms == ArmMeans(m1i=10.0, sd1i=4.0, n1i=30, m2i=12.0, sd2i=5.0, n2i=32)
    assert (found.value, found.n) == (None, 62)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"sd2i": ""}, "both arms, or leave all six empty"),
        ({"sd2i": "0"}, "control arm: found the standard deviation 0"),
        ({"value": "0.2"}, "either the value with its error or what the arms show, and not both"),
        ({"months": "soon"}, "expected a number"),
        ({"months": "-1"}, "months: found -1; expected a follow-up of 0 or more"),
        ({"n": "61"}, "n: found 61; expected 62 or more"),
    ],
)
def test_means_that_cannot_be_are_refused(change, sentence):
    """A missing or impossible number of an arm is told, and so is a value beside it."""
    with pytest.raises(WrongError, match=sentence):
        _means(**change)


def test_an_sd_that_looks_like_an_error_needs_a_second_look():
    """Means many standard deviations apart are a standard error typed as an SD, unless confirmed."""
    with pytest.raises(SuspiciousError, match="standard error entered as a standard deviation"):
        _means(sd1i="0.4", sd2i="0.5")
    assert _means(sd1i="0.4", sd2i="0.5", confirmed="yes").arms.sd1i == 0.4


def test_the_follow_up_is_kept():
    """Months of follow-up are kept with the result, for the protocol's choice among several."""
    assert _means(months="6").months == 6.0
    assert _means().months is None


def test_the_direction_comes_from_the_instrument():
    """Nobody types the direction of a scale that the protocol lists."""
    assert _read().better is Better.HIGHER


def test_another_instrument_must_declare_its_direction():
    """A scale that the protocol does not list is refused without one."""
    with pytest.raises(WrongError, match="never assumed"):
        _read(instrument="other", other_instrument="Scale Z")


def test_a_scale_says_nothing_of_a_ratio():
    """Where a stratum is measured by a ratio, its direction is declared with the result."""
    with pytest.raises(WrongError, match="never assumed"):
        _read(RESPONDERS, value="1.5")
    assert _read(RESPONDERS, value="1.5", other_better="higher").better is Better.HIGHER


@given(value=st.floats(-2, 2).map(lambda x: round(x, 6)), se=st.floats(0.01, 0.9).map(lambda x: round(x, 6)))
def test_limits_give_back_the_standard_error(value, se):
    """The 95% interval of a value and its standard error converts to that standard error."""
    found = _read(
        value=f"{value:.9f}",
        se="",
        ci_lb=f"{value - 1.959964 * se:.9f}",
        ci_ub=f"{value + 1.959964 * se:.9f}",
    )
    assert found.se == pytest.approx(se, rel=1e-5)


def test_ratios_are_kept_as_logarithms():
    """A risk ratio of 2 with limits 1 and 4 is log 2 with the standard error of its interval."""
    found = _read(RESPONSE, instrument="", value="2", se="", ci_lb="1", ci_ub="4")
    assert found.value == pytest.approx(math.log(2))
    assert found.se == pytest.approx(math.log(4) / (2 * 1.959964), rel=1e-6)


def test_counts_stand_for_a_ratio():
    """Events and participants per arm are kept as they are, and their sum is the participants."""
    counts = {
        "ai": "10",
        "n1i": "40",
        "ci": "5",
        "n2i": "42",
        "value": "",
        "se": "",
        "n": "",
        "instrument": "",
    }
    found = _read(RESPONSE, **counts)
    assert (found.arms, found.value, found.n) == (ArmCounts(ai=10, n1i=40, ci=5, n2i=42), None, 82)


@pytest.mark.parametrize(
    ("key", "values", "sentence"),
    [
        (KEY, {"locator": ""}, "where in the report"),
        (KEY, {"value": ""}, "Give the value"),
        (KEY, {"value": "0,25"}, "expected a number"),
        (KEY, {"value": "nan"}, "expected a number"),
        (KEY, {"se": ""}, "either the standard error"),
        (KEY, {"se": "-0.1"}, "more than 0"),
        (KEY, {"se": "", "ci_lb": "0", "ci_ub": "1"}, "lower limit below"),
        (KEY, {"ci_lb": "-1"}, "not both"),
        (KEY, {"instrument": "Scale Q"}, "choose one of"),
        (KEY, {"n": "many"}, "whole number"),
        (KEY, {"subgroup-guidance": "some"}, "choose one of"),
        (RESPONSE, {"instrument": "", "value": "-1"}, "above 0"),
        (RESPONSE, {"instrument": "", "ai": "5"}, "both arms"),
        (RESPONSE, {"instrument": "", "ai": "50", "n1i": "40", "ci": "1", "n2i": "40"}, "50 events"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(key, values, sentence):
    """Each slip is named with what was expected."""
    with pytest.raises(WrongError, match=sentence):
        _read(key, **values)


@pytest.mark.parametrize("values", [{"se": "12.5"}, {"value": "-4"}])
def test_a_standard_deviation_is_suspected_and_passes_when_confirmed(values):
    """What looks like a slip asks for a second look, and is then believed."""
    with pytest.raises(SuspiciousError, match="Look again"):
        _read(**values)
    assert _read(**values, confirmed="yes").study == STUDY


def test_a_result_counts_once_a_second_person_has_checked_it(included, store, sign_in):
    """One reads, another checks, and only then it can be pooled."""
    _enter(sign_in("ada"))
    before = usable_estimates(store.ledger(), PROTOCOL)
    ben = sign_in("ben")
    ben.send(ben.form(f"/study/{STUDY}", "/check"))
    after = usable_estimates(store.ledger(), PROTOCOL)
    assert (len(before), [one.estimate.value for one in after]) == (0, [-0.25])


def test_nobody_checks_their_own_result(included, store, sign_in):
    """The reader is not offered the check, and sending it all the same is refused."""
    store.enter_effect(effect(1, STUDY, "ada"))
    ada = sign_in("ada")
    assert all(not form.action.startswith("/check") for form in forms_of(ada.open(f"/study/{STUDY}").text))
    token = ada.form("/", "/logout").values["csrf"]
    assert ada.ask("POST", "/check/effect-1-ada", data={"csrf": token}).status_code == 403


def test_a_correction_supersedes(included, store, sign_in):
    """A correction is a new result that names the one it replaces; the old one stays readable."""
    store.enter_effect(effect(1, STUDY, "ada"))
    ben = sign_in("ben")
    form = ben.form(f"/effect/{STUDY}?supersedes=effect-1-ada", "/effect")
    ben.send(form, value="-0.4")
    first, second = store.ledger().effects
    assert (second.supersedes, second.estimate.value, first.estimate.value) == (first.id, -0.4, -0.3)
    assert "corrected since" in ben.open(f"/study/{STUDY}").text


def test_a_corrected_result_cannot_be_checked(included, store, sign_in):
    """A check that comes after the correction is stale."""
    store.enter_effect(effect(1, STUDY, "ada"))
    stan, ben = sign_in("stan"), sign_in("ben")
    check = stan.form(f"/study/{STUDY}", "/check")
    ben.send(ben.form(f"/effect/{STUDY}?supersedes=effect-1-ada", "/effect"), value="-0.4")
    assert stan.send(check).status_code == 409


def test_a_second_result_of_one_row_is_refused(included, store, sign_in):
    """Where a result of the same study, outcome and row stands, the desk asks to correct that one."""
    store.enter_effect(effect(1, STUDY, "ada"))
    answer = _enter(sign_in("ben"))
    assert (answer.status_code, "entered by ada" in answer.text, len(store.ledger().effects)) == (
        422,
        True,
        1,
    )


def test_another_row_of_a_study_is_taken(included, store, sign_in):
    """A second arm under a name of its own stands beside the first."""
    store.enter_effect(effect(1, STUDY, "ada"))
    assert _enter(sign_in("ben"), label="Alpha 2024, arm 2").status_code == 303


def test_a_result_form_sent_twice_is_one_result(included, store, sign_in):
    """The second of two identical forms is refused as sent already."""
    ada = sign_in("ada")
    address = f"/effect/{STUDY}?comparison=usual&outcome=disability&timepoint=post&stratum=all"
    form = next(one for one in forms_of(ada.open(address).text) if one.action.startswith("/effect"))
    assert [ada.send(form, **GOOD).status_code for _ in range(2)] == [303, 409]
    assert len(store.ledger().effects) == 1


def test_results_are_for_included_studies_only(sign_in):
    """A study that no report was included for takes no result."""
    assert sign_in("ada").open("/effect/Nobody 2020").status_code == 404


def test_a_report_is_linked_to_a_study(included, store, sign_in):
    """The lead ties a report to a study; the link is written with its author."""
    lena = sign_in("lena")
    form = lena.form(f"/link/{report(1)}", "/link")
    lena.send(form, new_study="Alpha 2023", kind="linked")
    link = store.ledger().study_links[-1]
    assert (link.report, link.study, link.by) == (report(1), "Alpha 2023", "lena")


def test_sibling_hints_are_shown_and_nothing_more(store, sign_in):
    """A hint names the other report and its evidence, and links nothing."""
    other = record(8)
    store.add_records([other], START)
    hint = LinkHint(report=report(9), other=report(1), evidence="same registration", at=START)
    store.add_records([record(9)], START, hints=[hint])
    assert "same registration" in sign_in("lena").open(f"/link/{report(1)}").text
    assert store.ledger().study_links == ()
