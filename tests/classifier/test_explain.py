"""Reasons: the terms that moved a record, where they stand, and the judged records nearest to it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from classifier.draw import draw
from classifier.evaluation import Labelled, Split, tiny_start
from classifier.grade import Grade
from classifier.ranker import Ranker
from classifier.text import words
from review.record import Record
from review.suggestion import Suggestion

AT = datetime(2020, 1, 1, tzinfo=UTC)


def _without(record: Record, gone: set[str]) -> Record:
    """Cut words out of a text, in capitals too."""
    pattern = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, gone))) + r")\b", re.IGNORECASE)
    return replace(
        record,
        title=pattern.sub("", record.title),
        abstract=pattern.sub("", record.abstract),
        keywords=tuple(one for one in record.keywords if one not in gone),
    )


def _upward(one: Suggestion) -> set[str]:
    return {word for term in one.terms if term.weight > 0 for word in term.term.split()}


def _not_lower(ranker: Ranker, records: list[Record]) -> list[str]:
    """Return which records score no lower once the upward terms are cut out of their text."""
    said = {one.report: one for one in ranker.rank(records, at=AT)}
    scores = ranker.scores([_without(one, _upward(said[one.id])) for one in records])
    pairs = zip(records, scores, strict=True)
    return [one.id for one, score in pairs if _upward(said[one.id]) and score >= said[one.id].score]


@pytest.fixture(scope="module")
def start(shared_data: Path) -> Split:
    """A tiny start on a real labelled review."""
    table = pd.read_csv(shared_data / "screening/Cohen_CalciumChannelBlockers.csv.gz")
    table[["title", "abstract"]] = table[["title", "abstract"]].fillna("").astype(str)
    rows = zip(table["id"], table["title"], table["abstract"], strict=True)
    review = Labelled(
        name="calcium channel blockers",
        records=tuple(
            Record(source="cohen", accession=str(one), title=title, abstract=abstract)
            for one, title, abstract in rows
        ),
        included=table["label_included"].to_numpy() > 0,
        worth_reading=table["label_abstract_screening"].to_numpy() > 0,
    )
    found = tiny_start(review, seed=1)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def taught(start: Split) -> Ranker:
    """A ranker that knows the tiny start."""
    return Ranker(seed=1).fit(start.judged, start.grades, background=start.background)


def test_deleting_the_top_terms_lowers_every_score_at_the_top(start: Split, taught: Ranker) -> None:
    """Of the fifty records a reader sees first every one has upward terms, and scores lower without them."""
    top = [start.ranked[at] for at in np.argsort(-taught.scores(start.ranked), kind="stable")[:50]]
    assert all(_upward(one) for one in taught.rank(top, at=AT))
    assert _not_lower(taught, top) == []


def test_deleting_the_top_terms_lowers_scores_anywhere(start: Split, taught: Ranker) -> None:
    """Of a hundred drawn from the whole ranking none scores as high without its upward terms."""
    by_id = {one.id: one for one in start.ranked}
    assert _not_lower(taught, [by_id[one] for one in draw(by_id, 100, seed=7)]) == []


def test_a_title_alone_has_reasons_too(start: Split, taught: Ranker) -> None:
    """Where the abstract is missing, the words of the title are the reasons, and they hold."""
    titles = [replace(one, abstract="") for one in start.ranked[:50]]
    assert any(_upward(one) for one in taught.rank(titles, at=AT))
    assert _not_lower(taught, titles) == []


def test_an_index_of_words_has_reasons_without_places(make: Callable[..., Any]) -> None:
    """Words of an index move a record, and there is no text to point at but the title."""
    review = make(3)
    seen = [
        replace(one, abstract="", keywords=tuple(sorted(set(one.abstract.split()))), index_only=True)
        for one in (*review.records, *review.fresh[:20])
    ]
    ranker = Ranker(seed=1).fit(seen[: len(review.records)], review.grades, background=review.background)
    fresh = seen[len(review.records) :]
    assert _not_lower(ranker, fresh) == []
    said = [term for one in ranker.rank(fresh, at=AT) for term in one.terms]
    assert any(not term.spans for term in said)
    assert {span.field for term in said for span in term.spans} == {"title"}


def test_every_term_stands_where_it_says(start: Split, taught: Ranker) -> None:
    """The characters of every span, read again, are the term."""
    by_id = {one.id: one for one in start.ranked}
    suggestions = taught.rank(start.ranked[:30], at=AT)
    for one in suggestions:
        for term in one.terms:
            assert term.spans
            for span in term.spans:
                text = getattr(by_id[one.report], span.field)[span.start : span.end]
                assert " ".join(words(text)) == term.term


def test_a_weight_is_what_would_be_lost(made_up: Any) -> None:
    """Cutting out a word that stands in no known pair moves the score the way its weight says."""
    ranker = Ranker(seed=1).fit(made_up.records, made_up.grades, background=made_up.background)
    fresh = made_up.fresh[:30]
    for one, record in zip(_in_order(ranker, fresh), fresh, strict=True):
        for term in one.terms:
            if " " in term.term or any(
                term.term in other.term.split() for other in one.terms if other != term
            ):
                continue
            without = ranker.scores([_without(record, {term.term})])[0]
            assert (without < one.score) == (term.weight > 0)


def _in_order(ranker: Ranker, records: list[Record]) -> list[Suggestion]:
    said = {one.report: one for one in ranker.rank(records, at=AT)}
    return [said[one.id] for one in records]


def test_function_words_are_no_reasons(start: Split, taught: Ranker) -> None:
    """No term of nothing but function words is shown."""
    shown = {term.term for one in taught.rank(start.ranked[:30], at=AT) for term in one.terms}
    assert not shown & {"of the", "in the", "and", "with", "the"}


def test_presumed_negatives_are_never_named(made_up: Any) -> None:
    """What nobody judged is not called excluded, however near it is."""
    grades = [Grade.INCLUDED] * 15
    ranker = Ranker(seed=1).fit(made_up.records[:15], grades, background=made_up.background)
    assert {one.nearest_excluded for one in ranker.rank(made_up.background[:5], at=AT)} == {""}
