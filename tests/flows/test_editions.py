"""An edition shows one result of each key: what people signed, and what still stands."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.steps.baseline import take_in_baseline
from flows.steps.editions import what_changed
from flows.steps.publication import make_editions
from flows.steps.resynthesis import resynthesise
from review.clocks import latest_syntheses
from review.decision import Decision, Stage, Verdict
from review.edition import UpdateDecision, UpdateVerdict
from review.ids import Reviewer
from review.screening import settle

from .conftest import NOW

PUBLISH, HOLD = UpdateVerdict.PUBLISH, UpdateVerdict.HOLD


@pytest.fixture
def pooled(place, store):
    """The baseline, pooled and not yet signed."""
    take_in_baseline(place.folder, place.protocol, store, NOW)
    resynthesise(place.protocol, store, NOW)
    return store


def _say(store, verdict, digests, hours=0):
    word = UpdateDecision(
        verdict=verdict,
        reason="r",
        signer=Reviewer("lena"),
        at=NOW + timedelta(hours=hours),
        syntheses=tuple(digests),
    )
    store.sign(word)
    return word


def _latest(store):
    return latest_syntheses(store.ledger())


def _digests(store):
    return [one.digest for one in _latest(store)]


def _exclude_all(store):
    for report in {one.report for one in store.ledger().imported_decisions}:
        _exclude(store, report)


def _exclude(store, report):
    for who in ("ada", "ben"):
        store.decide(
            Decision(
                report=report,
                stage=Stage.FULL_TEXT,
                verdict=Verdict.EXCLUDE,
                reviewer=Reviewer(who),
                at=NOW,
                criteria_version=1,
                reason="design",
            )
        )


def test_a_pool_between_signature_and_publication_is_not_shown_beside(pooled, place):
    """What was signed is shown, once for its key; what was pooled since waits for its own signature."""
    _say(pooled, PUBLISH, _digests(pooled))
    make_editions(pooled, place, NOW)
    signed, published = _latest(pooled)[0], set(_digests(pooled))
    second = replace(signed, digest="second", at=NOW)
    pooled.add_synthesis(second)
    _say(pooled, PUBLISH, ["second"], 1)
    pooled.add_synthesis(replace(second, digest="third"))
    (edition,) = make_editions(pooled, place, NOW)
    assert set(edition.syntheses) == published - {signed.digest} | {"second"}


def test_what_is_held_after_it_was_signed_is_not_published(pooled, place):
    """The last word on a digest counts."""
    _say(pooled, PUBLISH, _digests(pooled))
    _say(pooled, HOLD, _digests(pooled), 1)
    assert make_editions(pooled, place, NOW) == ()


def test_what_is_signed_twice_is_published_once(pooled, place):
    """Two signatures under the same results make one edition, before and after it is made."""
    _say(pooled, PUBLISH, _digests(pooled))
    _say(pooled, PUBLISH, _digests(pooled), 1)
    made = len(make_editions(pooled, place, NOW))
    _say(pooled, PUBLISH, _digests(pooled), 2)
    assert (made, make_editions(pooled, place, NOW)) == (1, ())


def test_a_skipped_signature_does_not_come_back(pooled, place):
    """A second signature under published results makes no edition once newer ones are shown."""
    first = _latest(pooled)[0]
    for hours in (0, 1):
        _say(pooled, PUBLISH, [first.digest], hours)
    pooled.add_synthesis(replace(first, digest="second"))
    make_editions(pooled, place, NOW)
    _say(pooled, PUBLISH, ["second"], 2)
    make_editions(pooled, place, NOW)
    assert make_editions(pooled, place, NOW) == ()


def test_a_key_without_studies_leaves_with_a_sentence(pooled, place):
    """A signed withdrawal drops the key and says so."""
    _say(pooled, PUBLISH, _digests(pooled))
    make_editions(pooled, place, NOW)
    _exclude_all(pooled)
    _say(pooled, PUBLISH, [], 1)
    (edition,) = make_editions(pooled, place, NOW)
    key = _latest(pooled)[0].key
    assert edition.syntheses == ()
    assert f"{key}: withdrawn: no included study has a result any more." in edition.changes


def test_a_signed_result_without_studies_is_not_published(pooled, place):
    """What nobody includes any more when the edition is made stays out of it."""
    _say(pooled, PUBLISH, _digests(pooled))
    _exclude_all(pooled)
    assert make_editions(pooled, place, NOW) == ()


def test_another_measure_is_told_in_a_sentence(pooled, place):
    """After a measure was amended, an edition says that the results cannot be compared."""
    _say(pooled, PUBLISH, _digests(pooled))
    make_editions(pooled, place, NOW)
    first = _latest(pooled)[0]
    pooled.add_synthesis(replace(first, digest="second", measure="MD"))
    _say(pooled, PUBLISH, ["second"], 1)
    (edition,) = make_editions(pooled, place, NOW)
    assert edition.changes == (
        f"{first.key}: the measure changed from SMD to MD; the results cannot be compared.",
    )


def test_the_first_edition_counts_its_studies(pooled, place):
    """Every study of the baseline is one of the published review."""
    ledger = pooled.ledger()
    (line,) = what_changed(ledger, settle(ledger, place.protocol), {})
    assert line == "First edition: 15 studies, 15 of them from the published review."


def test_own_inclusions_are_not_the_published_review_s(pooled, place):
    """Without what was imported, no study of a first edition is said to be of the published review."""
    ledger = pooled.ledger()
    settlements = settle(ledger, place.protocol)
    (line,) = what_changed(replace(ledger, imported_decisions=()), settlements, {})
    assert line == "First edition: 15 studies, none of them from the published review."


def test_a_study_that_left_says_why(pooled, place):
    """Where people excluded a pooled study, the edition's sentence gives their reason."""
    _say(pooled, PUBLISH, _digests(pooled))
    make_editions(pooled, place, NOW)
    first = max(_latest(pooled), key=lambda one: one.numbers.k)
    study = first.rows[0].study
    for report in {one.report for one in pooled.ledger().imported_decisions if one.study == study}:
        _exclude(pooled, report)
    later = NOW + timedelta(hours=1)
    resynthesise(place.protocol, pooled, later)
    _say(pooled, PUBLISH, _digests(pooled), 1)
    (edition,) = make_editions(pooled, place, later)
    gone = f"{first.key}: {study} removed, no longer included (excluded at full text: design): "
    assert [line for line in edition.changes if line.startswith(gone)]
