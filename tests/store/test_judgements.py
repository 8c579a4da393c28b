"""People's word: ledger, audit and outbox together, and nothing twice."""

from datetime import timedelta

import pytest

from review.decision import Verdict
from review.effect import EffectCheck
from review.ids import EffectId, Reviewer
from store.errors import ConflictingRowError, UnknownRowError
from tests.store.builders import AT, STEPS, commit, decision, effect, imported_effect, report_id

LATER = AT + timedelta(minutes=1)
WORDS = [
    "vote",
    "resolution",
    "imported decisions",
    "study link",
    "effect",
    "check",
    "imported effects",
    "notice",
]


@pytest.fixture
def sighted(store):
    """Open a store with two reports."""
    commit(store, 1, 1, 2)
    return store


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_sealed_and_sent(filled, word):
    """Every word of a person, or of another review, has an audit row and asks for a new synthesis."""
    actions = {row.action for row in filled.audit()}
    sent = {row.body["action"] for row in filled.pending_outbox("resynthesis")} | {"decided"}
    assert ACTIONS[word] in actions & sent


ACTIONS = {
    "vote": "decided",
    "resolution": "resolved",
    "imported decisions": "decisions imported",
    "study link": "linked",
    "effect": "effect entered",
    "check": "effect checked",
    "imported effects": "effects imported",
    "notice": "notice",
}


@pytest.mark.parametrize("word", WORDS)
def test_the_same_word_twice_is_once(filled, word):
    """A row that is there already leaves no trace when it comes again."""
    before = (filled.generation(), filled.pending_outbox(), filled.digest())
    assert not STEPS[word](filled)
    assert (filled.generation(), filled.pending_outbox(), filled.digest()) == before


def test_a_later_word_is_another(sighted):
    """The same vote at another time is a row of its own."""
    sighted.decide(decision(1))
    assert sighted.decide(decision(1, at=LATER))


def test_a_form_sent_twice_is_one_vote(sighted):
    """The same token at another time is the same vote."""
    sighted.decide(decision(1), token="form")
    assert not sighted.decide(decision(1, at=LATER), token="form")


def test_a_token_belongs_to_one_vote(sighted):
    """A token that was used for another vote is refused."""
    sighted.decide(decision(1), token="form")
    with pytest.raises(ConflictingRowError, match="expected each form once"):
        sighted.decide(decision(1, verdict=Verdict.EXCLUDE, at=LATER), token="form")


def test_a_vote_on_an_unknown_report_is_refused(sighted):
    """A vote needs a report that the store holds."""
    with pytest.raises(UnknownRowError, match="made-up-9"):
        sighted.decide(decision(9))


def test_a_refused_vote_leaves_nothing(sighted):
    """A refused vote writes neither ledger nor audit nor outbox."""
    before = (sighted.generation(), sighted.pending_outbox(), sighted.ledger())
    with pytest.raises(UnknownRowError):
        sighted.decide(decision(9))
    assert (sighted.generation(), sighted.pending_outbox(), sighted.ledger()) == before


def test_the_reader_cannot_check(sighted):
    """A result is checked by a second person."""
    sighted.enter_effect(effect())
    with pytest.raises(ValueError, match="expected a second person"):
        sighted.check_effect(EffectCheck(effect=EffectId("effect-1"), by=Reviewer("ada"), at=AT))


def test_an_unknown_result_cannot_be_checked(sighted):
    """A check needs a result that was entered."""
    with pytest.raises(UnknownRowError, match="expected one that was entered"):
        sighted.check_effect(EffectCheck(effect=EffectId("none"), by=Reviewer("bea"), at=AT))


def test_a_result_supersedes_one_that_is_there(sighted):
    """A result cannot supersede one that was never entered."""
    with pytest.raises(UnknownRowError, match="expected one that was entered"):
        sighted.enter_effect(effect(supersedes=EffectId("none")))


def test_another_result_under_one_identifier_is_refused(sighted):
    """The identifier of a result is used once."""
    sighted.enter_effect(effect())
    with pytest.raises(ConflictingRowError, match="found another report"):
        sighted.enter_effect(effect(report=report_id(2)))


def test_imported_effects_may_be_imported_again(sighted):
    """An import that is repeated at another time writes what is new."""
    sighted.import_effects([imported_effect("one")])
    again = [imported_effect("one", at=LATER), imported_effect("two", at=LATER)]
    assert sighted.import_effects(again) == 1


def test_an_empty_import_leaves_no_trace(sighted):
    """Importing nothing writes nothing."""
    before = sighted.generation()
    assert (sighted.import_decisions([]), sighted.import_effects([]), sighted.generation()) == (0, 0, before)
