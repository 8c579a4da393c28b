"""Scoring more records than fit into memory."""

from collections.abc import Iterator
from typing import Any

import pytest

from classifier.ranker import Ranker
from classifier.stream import score_stream
from review.record import Record


@pytest.fixture(scope="module")
def ranker(made_up: Any) -> Ranker:
    """A ranker trained on the made-up review."""
    return Ranker(seed=1).fit(made_up.records, made_up.grades, background=made_up.background)


def test_a_stream_has_the_scores_of_the_whole(ranker: Ranker, made_up: Any) -> None:
    """Scores come in the order of the records, and the size of the batches changes none."""
    expected = ranker.scores(made_up.fresh)
    assert list(score_stream(ranker, iter(made_up.fresh), batch=7)) == pytest.approx(expected, abs=1e-12)


def test_no_more_than_a_batch_is_held(ranker: Ranker, made_up: Any) -> None:
    """A record is asked for only when those before its batch have been scored."""
    asked: list[Record] = []

    def records() -> Iterator[Record]:
        for record in made_up.fresh:
            asked.append(record)
            yield record

    scores = score_stream(ranker, records(), batch=10)
    next(scores)
    assert len(asked) == 10


def test_no_records_have_no_scores(ranker: Ranker) -> None:
    """An empty stream ends at once."""
    assert list(score_stream(ranker, [])) == []
