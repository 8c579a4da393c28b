"""Draws for audit, words to put back, drift, and where each report's latest suggestion stands."""

import pytest

from review.audit import QueueWord
from review.ids import ModelId
from review.setting_aside import Line
from store.errors import ConflictingRowError, UnknownRowError
from tests.store.builders import back, commit, draw, drift, link_of, model, report_id, suggestion


@pytest.fixture
def ranked(store):
    """Open a store with three reports, two of them below the line."""
    commit(store, 1, 1, 2, 3)
    store.add_model(model())
    store.add_suggestions([suggestion(1, 0.25), suggestion(2, 0.75), suggestion(3, 0.5)])
    return store


def test_a_draw_is_written_once(ranked):
    """The same cycle run twice draws once."""
    assert (ranked.add_draw(draw([1, 3], [3])), ranked.add_draw(draw([1, 3], [3]))) == (True, False)
    assert ranked.ledger().audit_draws == (draw([1, 3], [3]),)


def test_what_was_drawn_is_not_drawn_otherwise(ranked):
    """Another draw from what was set aside already is refused, and nothing is written."""
    ranked.add_draw(draw([1, 3], [3]))
    with pytest.raises(ConflictingRowError, match="drawn"):
        ranked.add_draw(draw([1, 3], [1]))


def test_a_report_that_is_not_there_is_not_set_aside(ranked):
    """A draw that names a report which the store does not hold is refused whole."""
    with pytest.raises(UnknownRowError, match="made-up-9"):
        ranked.add_draw(draw([1, 9], []))
    assert ranked.ledger().audit_draws == ()


def test_words_to_put_back_are_kept_in_order(ranked):
    """The undo of a word is another word."""
    ranked.put_back(back(1))
    ranked.put_back(back(1, QueueWord.ASIDE))
    assert [one.word for one in ranked.ledger().put_back] == [QueueWord.BACK, QueueWord.ASIDE]


def test_drift_is_written_once(ranked):
    """The same look twice is one row."""
    assert (ranked.add_drift(drift()), ranked.add_drift(drift())) == (True, False)
    assert ranked.ledger().drifts == (drift(),)


def test_a_draw_follows_its_reports_into_a_merge(ranked):
    """What was set aside under a report that became another one stands under that one."""
    ranked.add_draw(draw([1, 3], [3]))
    ranked.link_duplicates([link_of(3, 1, by="ada")])
    (found,) = ranked.ledger().audit_draws
    assert (found.set_aside, found.drawn) == ((report_id(1), report_id(1)), (report_id(1),))


def test_the_latest_suggestion_says_where_the_line_is(ranked):
    """A later model moves a report over the line."""
    ranked.add_model(model("model-2"))
    ranked.add_suggestions([suggestion(1, 0.9, "model-2")])
    lines = ranked.lines()
    assert lines[report_id(1)] == Line(ModelId("model-2"), flagged=True)
    assert lines[report_id(3)] == Line(ModelId("model-1"), flagged=False)


def test_the_first_score_stays_the_first(ranked):
    """What a report scored when it was new does not change with later models."""
    ranked.add_model(model("model-2"))
    ranked.add_suggestions([suggestion(1, 0.9, "model-2")])
    assert {report: said.score for report, said in ranked.first_said().items()} == {
        report_id(1): 0.25,
        report_id(2): 0.75,
        report_id(3): 0.5,
    }


def test_all_of_it_is_sealed(ranked):
    """The audit chain holds over draws, words and drift."""
    ranked.add_draw(draw([1, 3], [3]))
    ranked.put_back(back(1))
    ranked.add_drift(drift())
    assert ranked.verify() is None


def test_the_latest_of_some_reports(ranked):
    """Only those asked for come, and what nobody ranked does not."""
    ranked.add_model(model("model-2"))
    ranked.add_suggestions([suggestion(1, 0.9, "model-2")])
    found = ranked.latest_of([report_id(1), report_id(2), report_id(9)])
    assert {report: one.score for report, one in found.items()} == {report_id(1): 0.9, report_id(2): 0.75}
