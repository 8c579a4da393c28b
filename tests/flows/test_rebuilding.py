"""A model of the past is trained again from the ledger, or it is said why it cannot be."""

from dataclasses import replace

import pytest

from flows.errors import Refused
from flows.steps.ranking import rank_waiting
from flows.steps.rebuilding import rebuild
from review.ids import ModelId
from review.link import DuplicateLink
from tests.flows.one_topic import decided, january, made_up_records


@pytest.fixture
def ranking(place, store):
    """A ranking of the fourth day; since then everything went on."""
    first, second = made_up_records("1", 24), made_up_records("2", 9)
    store.add_records([*first, *second], january(1))
    store.add_background(made_up_records("8", 30), january(2))
    store.import_decisions(decided(first, 3))
    found = rank_waiting(place.protocol, store, january(4))
    store.import_decisions(decided(second, 5))
    store.add_background(made_up_records("9", 40), january(6))
    return found


def test_a_model_is_trained_again_from_what_was_known(place, store, ranking):
    """Later decisions and a larger background change nothing: identifier, card and scores are back."""
    ranker = rebuild(place.protocol, store, ranking.model.id)
    assert ranker.model(ranking.model.at) == ranking.model
    texts = store.reports({one.report for one in ranking.suggestions})
    again = ranker.scores([texts[one.report].record for one in ranking.suggestions])
    assert again.tolist() == [one.score for one in ranking.suggestions]


def test_a_later_model_is_another_one(place, store, ranking):
    """What was decided since makes another model, and both can be had again."""
    store.add_records(made_up_records("3", 4), january(7))
    later = rank_waiting(place.protocol, store, january(8))
    assert later.model.id != ranking.model.id
    assert rebuild(place.protocol, store, later.model.id).model_id_ == later.model.id
    assert rebuild(place.protocol, store, ranking.model.id).model_id_ == ranking.model.id


def test_a_model_that_never_was_is_refused(place, store, ranking):
    """An identifier that no card bears is the user's mistake, told without a traceback."""
    with pytest.raises(Refused, match="found no model nobody among 1"):
        rebuild(place.protocol, store, ModelId("nobody"))


def test_other_settings_are_refused(place, store, ranking):
    """Under another seed the same training set gives another model, and the refusal says where to look."""
    other = replace(place.protocol, classifier=replace(place.protocol.classifier, seed=99))
    with pytest.raises(Refused, match="from the same training set: the seed or the promise"):
        rebuild(other, store, ranking.model.id)


@pytest.mark.parametrize("at", [1, 30])
def test_reports_that_became_one_since_are_taken_apart_again(place, store, ranking, at):
    """Where two of the reports, judged or waiting, have become one since, the model is trained as before."""
    records = [*made_up_records("1", 24), *made_up_records("2", 9)]
    store.link_duplicates(
        [
            DuplicateLink(
                record=records[at].id,
                report=records[at + 1].report_id,
                rule="by hand",
                by="lena",
                at=january(7),
            )
        ]
    )
    assert rebuild(place.protocol, store, ranking.model.id).model(ranking.model.at) == ranking.model


def test_what_waited_is_part_of_a_model(place, store, ranking):
    """One report more that waits makes another model without a decision, and both can be had again."""
    before = rank_waiting(place.protocol, store, january(7))
    assert before is None
    store.add_records(made_up_records("3", 4), january(7))
    first = rank_waiting(place.protocol, store, january(8))
    store.add_records(made_up_records("4", 1), january(9))
    second = rank_waiting(place.protocol, store, january(10))
    assert first.model.grades == second.model.grades
    assert first.model.id != second.model.id
    for one in (first, second):
        assert rebuild(place.protocol, store, one.model.id).model(one.model.at) == one.model
