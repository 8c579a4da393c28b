"""One digest over the substance: histories that came to the same agree."""

from datetime import timedelta

import pytest

from review.decision import Verdict
from review.ids import RunId
from review.searching import RunCounts
from store.store import open_store
from tests.store.builders import AT, STEPS, commit, decision, gap, record, run, suggestion

SUBSTANCE = [
    name for name in STEPS if name not in {"account", "session", "failed sign-in", "password", "sent"}
]
LATER = AT + timedelta(days=1)


@pytest.fixture
def other(urls):
    """Open a second empty store on the same kind of database."""
    with open_store(urls()) as opened:
        yield opened


def test_every_step_of_substance_changes_the_digest(store):
    """Whatever is written about the review, the digest is another."""
    seen = [store.digest()]
    for name in SUBSTANCE:
        STEPS[name](store)
        seen.append(store.digest())
    assert len(set(seen)) == len(SUBSTANCE) + 1


def test_accounts_and_sessions_are_no_substance(filled):
    """Who signs in, and what was acted upon, does not change the digest."""
    before = filled.digest()
    filled.note_login_failure("bea", AT)
    filled.close_session("token")
    filled.set_password("ada", "new", at=AT)
    filled.mark_sent(2, AT)
    assert filled.digest() == before


def test_two_equal_histories_agree(filled, other):
    """The same history on another database has the same digest."""
    for write in STEPS.values():
        write(other)
    assert other.digest() == filled.digest()


def test_a_window_searched_again_does_not_count(store, other):
    """A history that searched a window twice equals one that searched it once, whatever its run numbers."""
    commit(store, 1, 1)
    commit(store, 2, 2)
    commit(other, 1, 1)
    commit(other, 2, run=run(2, ended=LATER, counts=RunCounts(retrieved=1, known=1)))
    commit(
        other, 3, run=run(3, counts=RunCounts(retrieved=1, queued=1)), sightings=[(record(2), record(2).id)]
    )
    assert store.digest() == other.digest()


def test_a_gap_that_was_closed_does_not_count(store, other):
    """A gap counts while it is open."""
    commit(store, 1, 1)
    commit(other, 1, 1, opens=[gap(1)])
    opened = other.digest()
    commit(other, 2, closes=[gap(1, closed_by=RunId("pubmed-0002"), closed_at=AT)])
    assert (opened == store.digest(), other.digest() == store.digest()) == (False, True)


def test_the_cursor_counts(store, other):
    """How far a source was searched is part of the substance."""
    commit(store, 1, 1)
    commit(other, 1, 1, cursor=None)
    assert store.digest() != other.digest()


def test_the_order_of_machines_does_not_count(store, other):
    """Records and suggestions may come in any order."""
    for one, numbers in ((store, (1, 2)), (other, (2, 1))):
        commit(one, 1, *numbers)
        STEPS["model"](one)
        one.add_suggestions([suggestion(number, number / 4) for number in numbers])
    assert store.digest() == other.digest()


def test_the_order_of_votes_counts(store, other):
    """Which of two votes came last is part of the substance, even within one tick of the clock."""
    votes = [decision(1), decision(1, verdict=Verdict.EXCLUDE)]
    for one, ordered in ((store, votes), (other, votes[::-1])):
        commit(one, 1, 1)
        for vote in ordered:
            one.decide(vote)
    assert store.digest() != other.digest()


def test_a_form_token_does_not_count(store, other):
    """How a vote was sent is no substance."""
    for one, token in ((store, "form"), (other, None)):
        commit(one, 1, 1)
        one.decide(decision(1), token=token)
    assert store.digest() == other.digest()


def test_times_may_be_left_out(store, other):
    """Histories told at other hours agree once times are left out, and only then."""
    for one, at in ((store, AT), (other, LATER)):
        one.add_records([record(1)], at)
        one.decide(decision(1, at=at))
    assert store.digest() != other.digest()
    assert store.digest(times=False) == other.digest(times=False)
