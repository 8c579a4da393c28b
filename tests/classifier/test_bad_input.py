"""Bad input has a defined answer or a clear error (more of it: `test_training`, `test_ranker`)."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.grade import Grade
from classifier.members import Head
from classifier.not_text import NotTextError
from classifier.ranker import MissingHeadError, Ranker
from classifier.training import TrainingSetError
from review.record import Record

AT = datetime(2020, 1, 1, tzinfo=UTC)
EMPTY = Record(source="test", accession="empty", title="")


@pytest.fixture(scope="module")
def ranker(made_up: Any) -> Ranker:
    """Return a ranker that knows the made-up review."""
    return _fit(made_up)


def _fit(review: Any, **params: Any) -> Ranker:
    return Ranker(seed=1, **params).fit(review.records, review.grades, background=review.background)


@pytest.mark.parametrize("field", ["title", "abstract"])
@pytest.mark.parametrize("cell", [math.nan, None, 7])
def test_an_empty_cell_of_a_table_is_refused(ranker: Ranker, made_up: Any, field: str, cell: object) -> None:
    """NaN for a text names record and field, whether it comes to be learned from, scored or ranked."""
    bad = replace(made_up.fresh[0], **{field: cell})
    message = f"test:fresh0: found the {field} {cell!r}; expected text"
    with pytest.raises(TrainingSetError, match=message):
        Ranker().fit([*made_up.records, bad], [*made_up.grades, Grade.INCLUDED])
    with pytest.raises(TrainingSetError, match=message):
        Ranker().fit(made_up.records, made_up.grades, background=[bad])
    with pytest.raises(NotTextError, match=message):
        ranker.scores([bad])
    with pytest.raises(NotTextError, match=message):
        ranker.rank([bad], at=AT)


def test_a_keyword_that_is_no_text_is_refused(ranker: Ranker, made_up: Any) -> None:
    """An index of words has texts for words."""
    bad = replace(made_up.fresh[0], keywords=("a1", math.nan), index_only=True)
    with pytest.raises(NotTextError, match="found the keyword nan"):
        ranker.scores([bad])


@pytest.mark.parametrize("recall", [math.nan, 0, 1, 1.2])
def test_a_recall_that_is_no_share_is_refused(made_up: Any, recall: float) -> None:
    """NaN, nothing and everything cannot be promised."""
    with pytest.raises(ValueError, match="expected a share between 0 and 1"):
        _fit(made_up, recall=recall)


def test_identical_texts_of_two_grades_are_both_learned_from(made_up: Any) -> None:
    """Two records of one text are two records: both count, score alike, and the card tells of them."""
    twin = replace(made_up.records[0], accession="twin")
    ranker = Ranker(seed=1).fit(
        [*made_up.records, twin],
        [*made_up.grades, Grade.FULL_TEXT_EXCLUDED],
        background=made_up.background,
    )
    card = ranker.model(AT)
    assert dict(card.grades)["excluded at full text"] == 21
    assert "2 records share their whole text with one of another judgement." in card.limits
    assert ranker.scores([made_up.records[0]]) == ranker.scores([twin])


def test_the_same_record_twice_is_learned_once(made_up: Any) -> None:
    """A record told twice with one grade makes the same model as told once."""
    once = _fit(made_up)
    twice = Ranker(seed=1).fit(
        [*made_up.records, made_up.records[0]],
        [*made_up.grades, made_up.grades[0]],
        background=[*made_up.background, made_up.background[0]],
    )
    assert twice.model(AT) == once.model(AT)


def test_texts_that_tell_nothing_apart_give_one_score() -> None:
    """Where all records read alike but for one word, what has no word of its own stands with the others."""
    same = [Record(source="test", accession=str(at), title="A trial of X1 in Y1") for at in range(6)]
    other = Record(source="test", accession="other", title="A trial of Z1 in Y1")
    grades = [Grade.INCLUDED, Grade.ABSTRACT_EXCLUDED] * 3
    ranker = Ranker().fit([*same, other], [*grades, Grade.ABSTRACT_EXCLUDED])
    assert len(set(ranker.scores(same).tolist())) == 1


@pytest.mark.parametrize("near", [0, 1, 2, 3])
@pytest.mark.parametrize("included", [1, 2, 3])
def test_the_smallest_numbers_can_be_learned_from(make: Callable[..., Any], included: int, near: int) -> None:
    """One to three included, none to three near-misses: scores are finite, triage needs two of the latter."""
    review = make(31, included=included, near=near, background=20)
    ranker = _fit(review)
    assert np.isfinite(ranker.scores(review.fresh)).all()
    assert (Head.TRIAGE in ranker.heads_) == (near >= 2)
    card = ranker.model(AT)
    assert all(math.isfinite(value) for _, value in card.metrics)
    assert all((one.triage is None) == (near < 2) for one in ranker.rank(review.fresh[:3], at=AT))


def test_a_head_that_is_not_there_is_a_clear_error(make: Callable[..., Any]) -> None:
    """Asked for triage, a model without near-misses says what it has and what would be needed."""
    ranker = _fit(make(32, near=0))
    with pytest.raises(
        MissingHeadError, match=r"found no head 'triage' .* expected one of inclusion: train on"
    ):
        ranker.scores([EMPTY], head=Head.TRIAGE)


def test_both_heads_are_scores(ranker: Ranker, made_up: Any) -> None:
    """Triage is a score of its own, from 0 to 1, and every suggestion carries it."""
    triage = ranker.scores(made_up.fresh, head=Head.TRIAGE)
    said = {one.report: one.triage for one in ranker.rank(made_up.fresh, at=AT)}
    assert ((triage >= 0) & (triage <= 1)).all()
    assert [said[one.id] for one in made_up.fresh] == triage.tolist()
    assert triage.tolist() != ranker.scores(made_up.fresh).tolist()


def test_a_review_of_titles_alone_is_ranked(made_up: Any) -> None:
    """Without any abstract titles are compared with titles, and the relevant still stand higher."""
    bare = [replace(one, abstract="") for one in (*made_up.records, *made_up.background, *made_up.fresh)]
    judged, known = len(made_up.records), len(made_up.records) + len(made_up.background)
    ranker = Ranker(seed=1).fit(bare[:judged], made_up.grades, background=bare[judged:known])
    scores = ranker.scores(bare[known:])
    relevant = np.array(made_up.relevant)
    assert scores[relevant].mean() > scores[~relevant].mean()


def test_ten_megabytes_are_read_at_the_beginning(ranker: Ranker, made_up: Any) -> None:
    """An abstract of 10 MB is scored by its first part, and its reasons stand there."""
    monster = replace(made_up.fresh[0], abstract=made_up.fresh[0].abstract + " filler1" * 1_250_000)
    (one,) = ranker.rank([monster], at=AT)
    assert len(monster.abstract) > 10_000_000
    assert math.isfinite(one.score)
    assert max(span.end for term in one.terms for span in term.spans) <= 50_000


def test_an_empty_record_has_a_suggestion_without_reasons(ranker: Ranker) -> None:
    """What cannot be read stands in the middle and nothing is made up about it."""
    (one,) = ranker.rank([EMPTY], at=AT)
    assert (one.score, one.terms, one.nearest_included, one.nearest_excluded) == (0.5, (), "", "")


ODD = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["topic1", "topic2", "filler3", "\0", "\x1b[2J", "\u202e", "疼痛", "ألم", "👩‍⚕️", "Straße", "\ud83d"]
    ),
    max_size=12,
).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(ODD, ODD)
def test_any_text_can_be_ranked(ranker: Ranker, title: str, abstract: str) -> None:
    """Other scripts, control characters and half emoji: a finite score and reasons that stand in the text."""
    record = Record(source="test", accession="1", title=title, abstract=abstract)
    (one,) = ranker.rank([record], at=AT)
    assert 0 <= one.score <= 1
    for term in one.terms:
        assert term.spans
        assert all(span.end <= len(getattr(record, span.field)) for span in term.spans)


@pytest.mark.parametrize("odd", ["疼痛 试验", "ألم مزمن", "\0\x01 control\x1b", "\ud83d half"])
def test_odd_texts_can_be_learned_from(made_up: Any, odd: str) -> None:
    """A training set with other scripts and control characters has a model, a card and a digest."""
    records = [replace(one, title=f"{odd} {one.title}") for one in made_up.records]
    ranker = Ranker(seed=1).fit(records, made_up.grades, background=made_up.background)
    assert np.isfinite(ranker.scores(made_up.fresh)).all()
    assert ranker.model(AT).training_digest
