"""Many writers at once: everything that was acknowledged is there, once, and the chain holds."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from store.store import open_store
from tests.store.builders import commit, decision

PEOPLE = range(20)
REPORTS = range(5)


@pytest.fixture
def desks(url):
    """Open two stores on one database, as two processes would."""
    with open_store(url) as one, open_store(url) as other:
        commit(one, 1, *REPORTS)
        yield one, other


def test_twenty_people_lose_no_vote(desks):
    """Twenty people deciding at once leave as many rows as were acknowledged, each once."""

    def vote(person):
        return sum(desks[person % 2].decide(decision(number, f"reviewer {person}")) for number in REPORTS)

    with ThreadPoolExecutor(len(PEOPLE)) as pool:
        acknowledged = sum(pool.map(vote, PEOPLE))
    written = desks[0].ledger().decisions
    assert acknowledged == len(written) == len(set(written)) == len(PEOPLE) * len(REPORTS)
    assert desks[0].verify() is None


def test_a_form_sent_ten_times_at_once_is_one_vote(desks):
    """Of ten equal requests at once one is written."""
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda desk: desk.decide(decision(1), token="form"), [*desks] * 5))
    assert (sum(answers), len(desks[0].ledger().decisions)) == (1, 1)


def test_readers_see_one_state(desks):
    """What a reader gets while others write is a state that was: as many audit rows as votes."""

    def vote(person):
        return desks[0].decide(decision(1, f"reviewer {person}"))

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(vote, person) for person in PEOPLE]
        verdicts = [desks[1].verify() for _ in range(5)]
    assert verdicts == [None] * 5
    assert all(one.result() for one in writing)
