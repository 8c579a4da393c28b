"""The ranker on real labelled reviews, beside the naive way: an SVM on the judged records alone.

The two smallest of the development sets that leave 20 relevant records to find after a start of 15 included
and 49 excluded at full text. Both ways rank the same records; the background is drawn without its labels and
kept out of the ranking. `benchmarks/screening` does the same beside ASReview itself, on all sets.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from classifier.evaluation import Labelled, Split, average_precision, tiny_start, wss
from classifier.evaluation.plain import plain_svm_scores
from classifier.members import Head
from classifier.ranker import Ranker
from review.record import Record

SETS = ("Cohen_AtypicalAntipsychotics", "Cohen_CalciumChannelBlockers")


@pytest.fixture(scope="module")
def gains(shared_data: Path) -> NDArray[np.float64]:
    """Return ours minus naive, a row a set and draw: WSS@95, AP, WSS@95 of the abstract-level label."""
    reviews = [_load(shared_data / f"screening/{name}.csv.gz") for name in SETS]
    starts = [tiny_start(review, seed=seed) for review in reviews for seed in (1, 2)]
    return np.array([_ours(one) - _naive(one) for one in starts if one is not None])


def test_the_ensemble_finds_the_included_sooner(gains: NDArray[np.float64]) -> None:
    """WSS@95 is better by more than 0.05 on average."""
    assert gains[:, 0].mean() > 0.05


def test_the_ensemble_puts_no_fewer_of_the_included_on_top(gains: NDArray[np.float64]) -> None:
    """Average precision is not lower on average."""
    assert gains[:, 1].mean() > 0


def test_the_triage_head_finds_what_is_worth_reading_sooner(gains: NDArray[np.float64]) -> None:
    """At the abstract level WSS@95 of the head *triage* is better by more than 0.1 on average."""
    assert gains[:, 2].mean() > 0.1


def _load(path: Path) -> Labelled:
    table = pd.read_csv(path)
    table[["title", "abstract"]] = table[["title", "abstract"]].fillna("").astype(str)
    rows = zip(table["id"], table["title"], table["abstract"], strict=True)
    return Labelled(
        name=path.name,
        records=tuple(
            Record(source="cohen", accession=str(one), title=title, abstract=abstract)
            for one, title, abstract in rows
        ),
        included=table["label_included"].to_numpy() > 0,
        worth_reading=table["label_abstract_screening"].to_numpy() > 0,
    )


def _ours(start: Split) -> NDArray[np.float64]:
    ranker = Ranker(seed=1).fit(start.judged, start.grades, background=start.background)
    return _figures(start, ranker.scores(start.ranked), ranker.scores(start.ranked, head=Head.TRIAGE))


def _naive(start: Split) -> NDArray[np.float64]:
    scores = plain_svm_scores(start, seed=1)
    return _figures(start, scores, scores)


def _figures(start: Split, scores: NDArray[np.float64], triage: NDArray[np.float64]) -> NDArray[np.float64]:
    assert start.worth_reading is not None
    return np.array(
        [
            wss(start.included, scores),
            average_precision(start.included, scores),
            wss(start.worth_reading, triage),
        ]
    )
