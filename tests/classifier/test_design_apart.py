"""The design tag stays out of the ranking."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import Ranker
from classifier.grade import Grade
from review.record import Record

TYPES = ("Randomized Controlled Trial", "Review", "Case Reports", "Clinical Trial Protocol", "Letter")
WORDS = ("pain", "internet", "therapy", "randomised", "protocol", "review", "adults", "mice", "sleep")
RECORDS = [
    Record(source="test", accession=str(number), title=" ".join(WORDS[number % 6 : number % 6 + 3]))
    for number in range(30)
]


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    """Return a ranker of made-up records."""
    grades = [Grade.INCLUDED if number % 5 == 0 else Grade.ABSTRACT_EXCLUDED for number in range(30)]
    return Ranker(seed=1).fit(RECORDS, grades)


@settings(max_examples=20, deadline=None)
@given(
    types=st.lists(st.sampled_from(TYPES), max_size=3),
    mesh=st.lists(st.sampled_from(["Double-Blind Method", "Animals", "Cohort Studies"]), max_size=2),
    registered=st.booleans(),
)
def test_scores_do_not_know_the_metadata_of_design(
    ranker: Ranker, types: list[str], mesh: list[str], *, registered: bool
) -> None:
    """Whatever types, headings and registrations a record has, its score is the same to the last bit."""
    changed = [
        replace(
            record,
            publication_types=tuple(types),
            mesh=tuple(mesh),
            registrations=("NCT01234567",) if registered else (),
        )
        for record in RECORDS
    ]
    assert np.array_equal(ranker.scores(changed), ranker.scores(RECORDS))


def test_ranks_do_not_know_the_tag(ranker: Ranker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turning every likelihood round changes no rank, score or flag."""
    from datetime import UTC, datetime

    at = datetime(2024, 1, 1, tzinfo=UTC)
    before = ranker.rank(RECORDS, at=at)
    monkeypatch.setattr(
        "classifier.suggesting.trial_likelihood", lambda records: np.full(len(records), 0.123)
    )
    after = ranker.rank(RECORDS, at=at)
    assert {one.trial_likelihood for one in after} == {0.123}
    untagged = [[replace(one, trial_likelihood=None) for one in ranked] for ranked in (before, after)]
    assert untagged[0] == untagged[1]
