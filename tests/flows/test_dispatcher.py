"""The dispatcher asks once for each generation, and again after a crash."""

from datetime import UTC, datetime

import pytest

from flows.serving.dispatcher import Dispatcher
from review.edition import UpdateDecision, UpdateVerdict
from review.ids import ReportId, StudyId
from review.link import StudyLink
from review.record import Record
from store.store import open_store

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    """A store with one report."""
    with open_store(f"sqlite:///{tmp_path / 'review.db'}", create=True) as opened:
        opened.add_records([Record(source="pubmed", accession="1", title="A trial")], NOON)
        yield opened


def _link(store, study="Study A"):
    store.link_study(StudyLink(report=ReportId("pubmed:1"), study=StudyId(study), by="lena", at=NOON))


def test_nothing_pending_asks_for_nothing(store):
    """An empty outbox wakes nobody."""
    asked = []
    assert Dispatcher(review="r", submit=lambda *call: not asked.append(call)).dispatch(store) == ()
    assert asked == []


def test_the_same_generation_is_one_key(store):
    """Asking again for the same rows uses the same key, so that it is one run."""
    _link(store)
    dispatcher = Dispatcher(review="r", submit=lambda *_: True)
    assert dispatcher.dispatch(store) == dispatcher.dispatch(store)


def test_a_later_decision_is_another_key(store):
    """A decision made while a run is under way asks for a run of its own."""
    _link(store)
    dispatcher = Dispatcher(review="r", submit=lambda *_: True)
    first = dispatcher.dispatch(store)
    _link(store, "Study B")
    assert dispatcher.dispatch(store) != first


def test_a_run_that_ended_without_doing_its_work_is_asked_for_again(store):
    """What still waits after a run has ended is asked for under a new key, after ever longer rests."""
    _link(store)
    dispatcher = Dispatcher(review="r", submit=lambda *_: False)
    asked = [dispatcher.dispatch(store) for _ in range(16)]
    assert [n for n, keys in enumerate(asked) if keys] == [0, 1, 3, 7, 15]
    assert len({keys for keys in asked if keys}) == 5


def test_each_topic_wakes_its_own_deployment(store):
    """A signature wakes publication, a decision wakes resynthesis."""
    _link(store)
    store.sign(
        UpdateDecision(verdict=UpdateVerdict.PUBLISH, reason="new", signer=None, at=NOON, syntheses=())
    )
    woken = []
    Dispatcher(review="r", submit=lambda name, _key: not woken.append(name)).dispatch(store)
    assert woken == ["publication/on-signature", "resynthesis/on-decision"]
