"""A pool that is vectorised once."""

from typing import Any

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

import classifier.codes
import classifier.pool
from classifier.codes import code_of
from classifier.pool import Pool, build_pool, empty_pool
from classifier.text import Reading, terms
from review.record import Record


def _record(title: str, abstract: str = "") -> Record:
    return Record(source="test", accession=title, title=title, abstract=abstract)


def _weights(pool: Pool, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=pool.n_terms).astype(np.float32)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    # Borders of batches are where building could go wrong: let there be many.
    monkeypatch.setattr(classifier.codes, "BATCH", 7)
    monkeypatch.setattr(classifier.pool, "BATCH", 5)


def test_vectors_are_those_of_scikit_learn(made_up: Any) -> None:
    """In single precision, built batch by batch, they are what ASReview's TF-IDF gives on the same terms."""
    records = [*made_up.background, *(_record(f"{one.title} everywhere") for one in made_up.records)]
    theirs = TfidfVectorizer(analyzer=lambda one: terms(one, Reading.TEXT), sublinear_tf=True, max_df=0.95)
    expected = theirs.fit_transform(records)
    pool = build_pool(iter(records))
    codes = np.array([code_of(term) for term in theirs.get_feature_names_out()], dtype=np.uint64)
    ours = pool.rows(range(len(records)))[:, pool.vocabulary.find(codes)]
    np.testing.assert_allclose(ours.toarray(), expected.toarray(), rtol=0, atol=1e-6)


def test_words_of_nearly_every_record_do_not_count() -> None:
    """What stands in more than 95% of the records has no weight in any of them."""
    pool = build_pool([_record(f"the word{i}") for i in range(30)])
    weights = np.zeros(pool.n_terms, np.float32)
    weights[pool.vocabulary.find(np.array([code_of("the")], dtype=np.uint64))] = 1
    assert not pool.scores(weights).any()


def test_scores_are_products(made_up: Any) -> None:
    """The score of a record is the sum over its terms of its weights times the given ones."""
    pool = build_pool(made_up.fresh)
    weights = _weights(pool)
    expected = pool.rows(range(100)).toarray() @ weights
    np.testing.assert_allclose(pool.scores(weights), expected, atol=1e-5)


def test_appending_leaves_the_old_alone(made_up: Any) -> None:
    """Old blocks are the same objects, old scores the same; new records stand at the end."""
    old = build_pool(made_up.fresh)
    new = old.append(made_up.background[:20])
    weights = _weights(old)
    assert new.blocks[0] is old.blocks[0]
    assert len(new) == 120
    assert (new.scores(weights)[:100] == old.scores(weights)).all()
    assert old.append(made_up.background[:20]).scores(weights)[105] == new.scores(weights)[105]


def test_a_record_appended_has_the_vector_it_would_have_had(made_up: Any) -> None:
    """Under the same vocabulary the same text gives the same vector."""
    pool = build_pool(made_up.fresh).append(made_up.fresh[3:4])
    both = pool.rows([3, 100]).toarray()
    np.testing.assert_allclose(both[0], both[1], atol=1e-7)


def test_rows_come_in_the_order_asked(made_up: Any) -> None:
    """Rows of several blocks are returned as they were named, repeated ones too."""
    pool = build_pool(made_up.fresh[:50]).append(made_up.fresh[50:])
    asked = [99, 0, 50, 49, 0]
    expected = np.vstack([pool.rows([one]).toarray() for one in asked])
    assert (pool.rows(asked).toarray() == expected).all()
    assert pool.rows([]).shape == (0, pool.n_terms)


def test_idf_of_a_background_holds_for_what_is_appended(made_up: Any) -> None:
    """A pool under a background has its vocabulary and IDF, and none of its records."""
    background = empty_pool(made_up.background)
    pool = background.append(made_up.fresh)
    assert (len(background), len(pool)) == (0, 100)
    assert pool.vocabulary is background.vocabulary


def test_odd_and_empty_records_have_a_place() -> None:
    """Every record has a row, whatever is in it; one that cannot be read scores 0."""
    pool = build_pool([_record("pain trial"), _record(""), _record("\ud83d\0 👩‍⚕️"), _record("慢性疼痛 ألم")])
    scores = pool.scores(np.ones(pool.n_terms))
    assert (scores > 0).tolist() == [True, False, False, True]


def test_an_empty_pool_can_be_built() -> None:
    """No records, no scores."""
    pool = build_pool([])
    assert len(pool.scores(np.empty(0))) == 0


def test_a_pool_of_nothing_to_read_scores_nothing() -> None:
    """Empty records alone make a pool without terms."""
    pool = build_pool([_record(""), _record(" . ", "\0")])
    assert (pool.n_terms, pool.scores(np.empty(0)).tolist()) == (0, [0, 0])


def test_weights_must_fit(made_up: Any) -> None:
    """A weight too many is refused before it is multiplied."""
    pool = build_pool(made_up.fresh)
    with pytest.raises(ValueError, match="found weights of shape"):
        pool.scores(np.zeros(pool.n_terms + 1))


@pytest.mark.parametrize("record", [-1, 100])
def test_a_record_that_is_not_there_is_refused(made_up: Any, record: int) -> None:
    """Numbers outside the pool are an error, not another record."""
    with pytest.raises(IndexError, match="expected 0 to 99"):
        build_pool(made_up.fresh).rows([record])
