"""Which model is in force: written when it changes, followed by the worklist, told by every fold alike."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from review.decision import Stage
from review.ids import ModelId, Reviewer
from review.in_force import latest_said, model_in_force
from store.store import open_store
from tests.store.builders import AT, commit, in_force, model, report_id, suggestion

LATER = AT + timedelta(days=1)


@pytest.fixture
def ranked(store):
    """Open a store in which a second model ranked two of the three reports that the first one had ranked."""
    commit(store, 1, 1, 2, 3)
    store.add_model(model())
    store.add_suggestions([suggestion(1, 0.25), suggestion(2, 0.75), suggestion(3, 0.5)])
    store.put_in_force(in_force())
    store.add_model(replace(model("model-2"), at=LATER))
    store.add_suggestions([suggestion(1, 0.9, "model-2"), suggestion(2, 0.1, "model-2")])
    return store


def _queue(store):
    return [one.rpartition("-")[2] for one in store.queue(Reviewer("ada"), Stage.SCREENING)]


def _scores(store):
    return {report: one.score for report, one in store.latest_suggestions().items()}


def test_nothing_changes_before_a_model_is_in_force(ranked):
    """What a model says counts once a row puts it in force; a run broken off before changes nothing."""
    assert _queue(ranked) == ["2", "3", "1"]
    assert model_in_force(ranked.ledger()).id == "model-1"


def test_the_queue_follows_the_model_in_force(ranked):
    """What it said counts, and of what it did not rank the last that was said."""
    ranked.put_in_force(in_force("model-2"))
    assert _queue(ranked) == ["1", "3", "2"]
    assert {report: line.model for report, line in ranked.lines().items()} == {
        report_id(1): "model-2",
        report_id(2): "model-2",
        report_id(3): "model-1",
    }


def test_a_model_of_before_is_present_again(ranked):
    """Put in force again, it orders the queue as it did, though it says nothing new."""
    before = _scores(ranked)
    ranked.put_in_force(in_force("model-2"))
    assert ranked.put_in_force(in_force("model-1"))
    assert (_queue(ranked), _scores(ranked)) == (["2", "3", "1"], before)
    assert ranked.latest_of([report_id(1)])[report_id(1)].model == "model-1"
    assert model_in_force(ranked.ledger()).id == "model-1"


def test_only_a_change_is_written(ranked):
    """The model that is in force already is not put in force again, at whatever time."""
    assert not ranked.put_in_force(in_force(at=LATER))
    assert ranked.ledger().in_force == (in_force(),)


def test_the_chain_seals_it(ranked):
    """Which model was in force is under the audit chain."""
    ranked.put_in_force(in_force("model-2"))
    assert ranked.verify() is None
    assert ranked.audit(1)[0].action == "model in force"


def test_a_model_that_is_not_there_is_not_put_in_force(ranked):
    """The database refuses a model that it does not hold."""
    with pytest.raises(IntegrityError):
        ranked.put_in_force(in_force("nobody"))


def test_any_day_can_be_rebuilt(ranked):
    """The model in force on a day is the one of the rows up to that day."""
    for name, days in (("model-2", 1), ("model-1", 2)):
        ranked.put_in_force(in_force(name, AT + timedelta(days=days)))
    ledger = ranked.ledger()
    days = [ledger.as_of(AT + timedelta(days=day)) for day in range(3)]
    assert [model_in_force(one).id for one in days] == ["model-1", "model-2", "model-1"]


acts = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(1, 3), st.sets(st.integers(1, 4), min_size=1)),
        st.tuples(st.just("put"), st.integers(1, 3), st.just(set())),
    ),
    max_size=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_the_worklist_is_the_fold(urls, acts):
    """Whatever is said and put in force in whatever order, the store's table says what the ledgers do."""
    models = [ModelId(f"model-{number}") for number in (1, 2, 3)]
    with open_store(urls()) as store:
        commit(store, 1, 1, 2, 3, 4)
        for one in models:
            store.add_model(model(one))
        for at, (act, number, reports) in enumerate(acts):
            when, name = AT + timedelta(hours=at), models[number - 1]
            if act == "put":
                store.put_in_force(in_force(name, when))
            else:
                said = [suggestion(report, at / 12, name) for report in sorted(reports)]
                store.add_suggestions([replace(one, at=when) for one in said])
        every = [said for one in models for said in store.suggestions(one)]
        assert store.latest_suggestions() == latest_said(every, store.ledger())
