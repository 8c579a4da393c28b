"""Models, suggestions and the queue."""

import pytest
from sqlalchemy import event

from review.decision import Stage, Verdict
from review.ids import ModelId, Reviewer
from store.errors import UnknownRowError
from store.store import open_store
from tests.store.builders import commit, decision, model, report_id, suggestion

ADA, BEA = Reviewer("ada"), Reviewer("bea")


def queue(store, reviewer=ADA, stage=Stage.SCREENING, **given):
    return [one.rpartition("-")[2] for one in store.queue(reviewer, stage, **given)]


@pytest.fixture
def ranked(store):
    """Open a store with four reports, the last of which nobody ranked."""
    commit(store, 1, 1, 2, 3, 4)
    store.add_model(model())
    store.add_suggestions([suggestion(1, 0.25), suggestion(2, 0.75), suggestion(3, 0.5)])
    return store


def test_a_model_is_written_once(store):
    """A model of the same digest is the same model."""
    assert (store.add_model(model()), store.add_model(model())) == (True, False)


def test_suggestions_are_written_once_per_model(ranked):
    """What a model said of a report is written once."""
    assert ranked.add_suggestions([suggestion(1, 0.25), suggestion(4, 0.1), suggestion(4, 0.2)]) == 1


def test_suggestions_on_unknown_reports_are_refused(ranked):
    """A suggestion about a report that the store does not hold is refused."""
    with pytest.raises(UnknownRowError, match="made-up-9"):
        ranked.add_suggestions([suggestion(4, 0.5), suggestion(9, 0.5)])


def test_the_latest_suggestion_counts(ranked):
    """Of several models the one that spoke last is the latest."""
    ranked.add_model(model("model-2"))
    ranked.add_suggestions([suggestion(1, 1.0, "model-2")])
    assert {report: one.score for report, one in ranked.latest_suggestions().items()} == {
        report_id(1): 1.0,
        report_id(2): 0.75,
        report_id(3): 0.5,
    }


def test_what_one_model_said(ranked):
    """The suggestions of one model are kept apart."""
    ranked.add_model(model("model-2"))
    ranked.add_suggestions([suggestion(1, 1.0, "model-2")])
    assert [one.report for one in ranked.suggestions(ModelId("model-2"))] == [report_id(1)]


def test_the_queue_is_ordered_by_score(ranked):
    """The highest score comes first and what nobody ranked last."""
    assert queue(ranked) == ["2", "3", "1", "4"]


def test_unranked_reports_come_in_order_of_first_sight(store):
    """What nobody ranked comes in the order in which it was seen."""
    commit(store, 1, 3, 1, 2)
    assert queue(store) == ["3", "1", "2"]


def test_a_new_ranking_reorders_the_queue(ranked):
    """The queue follows the latest suggestion."""
    ranked.add_model(model("model-2"))
    ranked.add_suggestions([suggestion(4, 0.9, "model-2"), suggestion(2, 0.1, "model-2")])
    assert queue(ranked) == ["4", "3", "1", "2"]


def test_a_vote_takes_the_report_out_of_ones_own_queue(ranked):
    """Who voted on a report does not meet it again; the other reviewer does."""
    ranked.decide(decision(2, ADA))
    assert (queue(ranked, ADA), queue(ranked, BEA)) == (["3", "1", "4"], ["2", "3", "1", "4"])


def test_stages_have_their_own_queue(ranked):
    """A vote at screening does not touch the queue of full texts."""
    ranked.decide(decision(2, ADA))
    assert queue(ranked, stage=Stage.FULL_TEXT) == ["2", "3", "1", "4"]


def test_a_withdrawn_vote_brings_the_report_back(ranked):
    """Who withdrew a vote meets the report again."""
    ranked.decide(decision(2, ADA))
    ranked.decide(decision(2, ADA, verdict=Verdict.WITHDRAWN))
    assert queue(ranked) == ["2", "3", "1", "4"]


def test_enough_votes_take_a_report_out_of_every_queue(ranked):
    """With the required votes standing, nobody else is asked."""
    ranked.decide(decision(2, ADA))
    ranked.decide(decision(2, BEA, verdict=Verdict.EXCLUDE))
    assert queue(ranked, Reviewer("cem"), required=2) == ["3", "1", "4"]


def test_one_person_counts_once(ranked):
    """Changing one's vote does not make it two."""
    ranked.decide(decision(2, ADA))
    ranked.decide(decision(2, ADA, verdict=Verdict.EXCLUDE))
    assert queue(ranked, BEA, required=2)[0] == "2"


def test_candidates_narrow_the_queue(ranked):
    """Only reports that the rules let through are given, in the queue's order."""
    ranked.decide(decision(2, ADA))
    assert queue(ranked, candidates=[report_id(4), report_id(1), report_id(2)]) == ["1", "4"]


def test_the_queue_is_as_long_as_asked(ranked):
    """The limit holds with candidates and without."""
    candidates = [report_id(number) for number in (1, 2, 3)]
    assert (queue(ranked, limit=1), queue(ranked, limit=1, candidates=candidates)) == (["2"], ["2"])


def test_the_queue_is_read_from_its_index(sqlite_url):
    """The next report is found along the index of scores, without sorting and without reading all votes."""
    with open_store(sqlite_url) as store:
        asked = []
        event.listen(
            store._database._engine, "before_cursor_execute", lambda *given: asked.append(given[2:4])
        )
        store.queue(ADA, Stage.SCREENING, required=2, limit=1)
        with store._database.read() as connection:
            statement, parameters = next(one for one in asked if "worklist" in one[0])
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
    assert "SCAN worklist USING INDEX ix_worklist_score_seen" in plan
    assert "SCAN decision" not in plan
    assert "TEMP B-TREE" not in plan
