"""The ranker as a whole, on a made-up review."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from classifier.evaluation import average_precision
from classifier.grade import Grade
from classifier.ranker import Ranker
from classifier.training import TrainingSetError
from review.ids import ReportId
from review.record import Record

AT = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def ranker(made_up: Any) -> Ranker:
    """Return a ranker that knows the made-up review."""
    return _fit(made_up)


def _fit(review: Any, **params: Any) -> Ranker:
    return Ranker(seed=1, **params).fit(review.records, review.grades, background=review.background)


def test_relevant_records_come_first(ranker: Ranker, made_up: Any) -> None:
    """On records it has not seen the ranking is nearly perfect, where the words make that possible."""
    assert average_precision(made_up.relevant, ranker.scores(made_up.fresh)) > 0.9


def test_same_input_same_bytes(ranker: Ranker, made_up: Any) -> None:
    """A second training, from shuffled input, gives the same scores to the last bit and the same card."""
    order = np.random.default_rng(2).permutation(len(made_up.records))
    again = Ranker(seed=1).fit(
        [made_up.records[i] for i in order],
        [made_up.grades[i] for i in order],
        background=made_up.background[::-1],
    )
    assert again.scores(made_up.fresh).tobytes() == ranker.scores(made_up.fresh).tobytes()
    assert again.model(AT) == ranker.model(AT)


def test_another_seed_is_another_model(ranker: Ranker, made_up: Any) -> None:
    """The model's identifier tells seeds apart."""
    other = Ranker(seed=2).fit(made_up.records, made_up.grades, background=made_up.background)
    assert other.model(AT).id != ranker.model(AT).id


def test_a_score_does_not_depend_on_the_batch(ranker: Ranker, made_up: Any) -> None:
    """A record alone scores what it scores among a hundred, to the last bit."""
    alone = [ranker.scores([record])[0] for record in made_up.fresh[:20]]
    assert alone == ranker.scores(made_up.fresh)[:20].tolist()


def test_scores_lie_between_nought_and_one(ranker: Ranker, made_up: Any) -> None:
    """A rank-mean is a share."""
    scores = ranker.scores(made_up.fresh)
    assert ((scores >= 0) & (scores <= 1)).all()


def test_a_record_without_a_known_word_stands_in_the_middle(ranker: Ranker) -> None:
    """Neither an empty record nor one in another script is judged."""
    empty = Record(source="test", accession="empty", title="")
    foreign = replace(empty, title="δοκιμη του χ", abstract="试验")
    assert ranker.scores([empty, foreign]).tolist() == [0.5, 0.5]


def test_deleting_the_top_terms_lowers_the_score(ranker: Ranker, made_up: Any) -> None:
    """The reasons are reasons: without its upward terms every relevant record scores lower."""
    relevant = [record for record, yes in zip(made_up.fresh, made_up.relevant, strict=True) if yes]
    for suggestion in ranker.rank(relevant, at=AT):
        record = next(one for one in relevant if one.id == suggestion.report)
        upward = {word for one in suggestion.terms if one.weight > 0 for word in one.term.split()}
        assert ranker.scores([_without(record, upward)])[0] < suggestion.score


def _without(record: Record, words: set[str]) -> Record:
    pattern = r"\b(?:" + "|".join(sorted(words)) + r")\b"
    return replace(
        record, title=re.sub(pattern, "", record.title), abstract=re.sub(pattern, "", record.abstract)
    )


def test_only_terms_of_the_record_are_given_as_reasons(ranker: Ranker, made_up: Any) -> None:
    """Every term named occurs in the text."""
    record = made_up.fresh[0]
    (suggestion,) = ranker.rank([record], at=AT)
    assert suggestion.terms
    assert all(one.term in f"{record.title} . {record.abstract}" for one in suggestion.terms)


def test_suggestions_are_ranked_best_first(ranker: Ranker, made_up: Any) -> None:
    """Ranks count from 1 and scores never rise."""
    suggestions = ranker.rank(made_up.fresh, at=AT)
    scores = [one.score for one in suggestions]
    assert [one.rank for one in suggestions] == list(range(1, len(made_up.fresh) + 1))
    assert scores == sorted(scores, reverse=True)


def test_equal_scores_are_ranked_by_report(ranker: Ranker) -> None:
    """The order of a tie does not depend on the order of the batch."""
    twins = [Record(source="test", accession=name, title="filler1 filler2") for name in "BA"]
    assert [one.report for one in ranker.rank(twins, at=AT)] == ["test:A", "test:B"]


def test_a_suggestion_names_report_model_and_date(ranker: Ranker, made_up: Any) -> None:
    """A suggestion says for which report, by which model and when it was made."""
    (one,) = ranker.rank(made_up.fresh[:1], at=AT, reports=[ReportId("report")])
    assert (one.report, one.model, one.at) == ("report", ranker.model(AT).id, AT)


def test_reports_must_match_records(ranker: Ranker, made_up: Any) -> None:
    """A missing report is an error that gives both numbers."""
    with pytest.raises(ValueError, match="found 2 records and 1 reports"):
        ranker.rank(made_up.fresh[:2], at=AT, reports=[ReportId("report")])


def test_the_nearest_judged_records_are_named(made_up: Any) -> None:
    """A copy of an included record is nearest to it, by the name people gave it."""
    names = [f"Study {record.accession}" for record in made_up.records]
    ranker = Ranker().fit(made_up.records, made_up.grades, background=made_up.background, names=names)
    (one,) = ranker.rank([replace(made_up.records[3], source="copy")], at=AT)
    assert one.nearest_included == "Study yes3"
    assert one.nearest_excluded.startswith("Study near")


def test_probabilities_rise_with_scores(ranker: Ranker, made_up: Any) -> None:
    """With fifteen included records there is a calibrated probability, in the order of the scores."""
    probabilities = [one.probability for one in ranker.rank(made_up.fresh, at=AT)]
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0 < one < 1 for one in probabilities)


def test_too_few_positives_have_no_probability(make: Callable[..., Any]) -> None:
    """With nine included records no probability is given."""
    review = make(4, included=9)
    assert all(one.probability is None for one in _fit(review).rank(review.fresh[:5], at=AT))


def test_fifteen_positives_draw_a_reading_aid(ranker: Ranker, made_up: Any) -> None:
    """The card says that nothing is promised, and the line keeps every included record held out."""
    card = ranker.model(AT)
    held = ranker.out_of_fold_.scores[ranker.training_.is_any(Grade.INCLUDED)]
    assert "no promise but a reading aid" in card.promise
    assert card.threshold == held.min()


def test_flagged_is_what_reaches_the_line(ranker: Ranker, made_up: Any) -> None:
    """A suggestion is flagged if and only if its score is at or above the threshold of the card."""
    line = ranker.model(AT).threshold
    assert all(one.flagged == (one.score >= line) for one in ranker.rank(made_up.fresh, at=AT))


def test_enough_positives_draw_a_promised_line(make: Callable[..., Any]) -> None:
    """With twenty included records the recall of 0.95 is promised, not aided."""
    card = _fit(make(5, included=20)).model(AT)
    assert "at least 95%" in card.promise
    assert "reading aid" not in card.promise


def test_one_positive_flags_everything(make: Callable[..., Any]) -> None:
    """With a single included record nothing can be held out: no metrics, no line, all is shown."""
    review = make(6, included=1)
    ranker = _fit(review)
    assert all(one.flagged for one in ranker.rank(review.fresh, at=AT))
    assert ranker.model(AT).metrics == ()
    assert "Everything is flagged." in ranker.model(AT).promise


def test_the_card_counts_what_was_learned_from(ranker: Ranker) -> None:
    """Every grade is listed with its number, and the metrics with theirs."""
    card = ranker.model(AT)
    assert dict(card.grades) == {
        "included": 15,
        "excluded at full text": 20,
        "excluded at title and abstract": 0,
        "presumed negative": 120,
    }
    assert dict(card.metrics)["n included"] == 15


def test_a_ranker_can_be_taught_without_a_background(make: Callable[..., Any]) -> None:
    """Included and excluded studies alone are enough to rank."""
    review = make(7, background=0)
    assert average_precision(review.relevant, _fit(review).scores(review.fresh)) > 0.5


def test_two_records_are_enough_to_fit() -> None:
    """The smallest training set has one included and one excluded record."""
    yes, no = (Record(source="test", accession=word, title=f"A trial of {word}") for word in ("X1", "Y1"))
    ranker = Ranker().fit([yes, no], [Grade.INCLUDED, Grade.ABSTRACT_EXCLUDED])
    assert ranker.scores([yes])[0] > ranker.scores([no])[0]


def test_an_index_of_words_ranks_as_well(make: Callable[..., Any]) -> None:
    """Where every abstract is served as an index the ranking still works."""
    review = make(8)
    seen = [
        [_indexed(record) for record in part] for part in (review.records, review.background, review.fresh)
    ]
    ranker = Ranker().fit(seen[0], review.grades, background=seen[1])
    assert average_precision(review.relevant, ranker.scores(seen[2])) > 0.9


def test_abstracts_beside_indexes_do_not_give_themselves_away(make: Callable[..., Any]) -> None:
    """With abstracts for the judged and indexes for the rest, a fresh record scores the same as either."""
    review = make(9)
    ranker = Ranker().fit(review.records, review.grades, background=map(_indexed, review.background))
    indexes = [_indexed(record) for record in review.fresh]
    assert np.allclose(ranker.scores(review.fresh), ranker.scores(indexes))


def _indexed(record: Record) -> Record:
    return replace(record, abstract="", keywords=tuple(sorted(set(record.abstract.split()))), index_only=True)


def test_an_empty_batch_has_an_empty_answer(ranker: Ranker) -> None:
    """Nothing new is a normal week."""
    assert ranker.rank([], at=AT) == []
    assert ranker.scores([]).shape == (0,)


@pytest.mark.parametrize("act", [lambda r: r.scores([]), lambda r: r.rank([], at=AT), lambda r: r.model(AT)])
def test_an_unfitted_ranker_says_so(act: Callable[..., object]) -> None:
    """Before `fit` every question is answered with scikit-learn's own error."""
    with pytest.raises(NotFittedError):
        act(Ranker())


def test_records_without_a_word_teach_nothing() -> None:
    """A training set without text is refused with a sentence."""
    blank = [Record(source="test", accession=name, title="") for name in "AB"]
    with pytest.raises(TrainingSetError, match="no distinguishing word in 2 records"):
        Ranker().fit(blank, [Grade.INCLUDED, Grade.ABSTRACT_EXCLUDED])


def test_parameters_can_be_read_and_cloned() -> None:
    """The ranker follows scikit-learn's habits."""
    ranker = Ranker(seed=3, recall=0.9)
    assert clone(ranker).get_params() == {"recall": 0.9, "seed": 3, "settings": None}
