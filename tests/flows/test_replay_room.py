"""A new replay never deletes what people decided on the last one."""

import pytest

from flows.place import find_place, open_place_store
from flows.replay.replay import _make_room
from flows.settings import Settings
from review.decision import Decision, Stage, Verdict
from review.ids import ReportId, Reviewer
from review.record import Record

from .conftest import NOW


@pytest.fixture
def rehearsal(root, tmp_path):
    """The replay's home, with one report in its store."""
    place = find_place(root / "protocols" / "internet-pain", Settings(home=tmp_path), rehearsal=True)
    with open_place_store(place) as store:
        store.add_records([Record(source="pubmed", accession="1", title="A trial of X in Y")], NOW)
    return place


def test_an_untouched_replay_makes_room(rehearsal):
    """What a machine replayed can be replayed again."""
    _make_room(rehearsal)
    assert not rehearsal.home.exists()


def test_a_replay_that_people_worked_on_is_moved_aside(rehearsal):
    """Votes cast on a rehearsal are kept under another name."""
    vote = Decision(
        report=ReportId("pubmed:1"),
        stage=Stage.SCREENING,
        verdict=Verdict.INCLUDE,
        reviewer=Reviewer("rosa"),
        at=NOW,
        criteria_version=1,
    )
    with open_place_store(rehearsal) as store:
        store.decide(vote)
    _make_room(rehearsal)
    kept = rehearsal.home.with_name(f"{rehearsal.home.name}-kept-1")
    assert (kept / "review.db").exists()
    assert not rehearsal.home.exists()
