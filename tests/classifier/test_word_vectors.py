"""Vectors of words from the company they keep."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from classifier.word_vectors import WordVectors

# Words 0 and 1 occur in the first two contexts, words 2 and 3 in the last two; word 4 everywhere alike.
COUNTS = np.array([[8, 7, 0, 0, 2], [6, 9, 0, 0, 2], [0, 0, 5, 9, 2], [0, 0, 9, 6, 2]], dtype=float)


def test_the_formula_is_that_of_the_paper():
    """With all dimensions kept, products of words are those of S^1/2-scaled PPMI, worked out by hand."""
    smooth = COUNTS.sum(axis=1) ** 0.75
    expected = np.outer(smooth / smooth.sum(), COUNTS.sum(axis=0))
    with np.errstate(divide="ignore"):
        ppmi = np.maximum(np.log(COUNTS / expected), 0)
    values, rows = np.linalg.svd(ppmi)[1:]
    by_hand = rows[: len(values)].T * np.sqrt(values)
    lengths = np.linalg.norm(by_hand, axis=1, keepdims=True)
    by_hand = np.divide(by_hand, lengths, out=np.zeros_like(by_hand), where=lengths > 1e-12)
    vectors = WordVectors(n_components=4, random_state=1).fit(COUNTS).vectors_
    np.testing.assert_allclose(vectors[:4] @ vectors[:4].T, by_hand[:4] @ by_hand[:4].T, atol=1e-9)


def test_words_of_one_company_lie_together():
    """The cosine of two words that share their contexts is high, of two that share none is 0."""
    vectors = WordVectors(n_components=2, random_state=1).fit(COUNTS).vectors_
    cosines = vectors @ vectors.T
    assert cosines[0, 1] > 0.9
    assert cosines[2, 3] > 0.9
    assert abs(cosines[0, 2]) < 1e-9


def test_a_text_is_the_weighted_sum_of_its_words():
    """Two words of weight 2 and 3 give twice the one vector and three times the other."""
    fitted = WordVectors(n_components=2, random_state=1).fit(COUNTS)
    text = csr_matrix([[2.0, 0, 3, 0, 0]])
    np.testing.assert_allclose(fitted.transform(text)[0], 2 * fitted.vectors_[0] + 3 * fitted.vectors_[2])


def test_threads_change_no_bit():
    """However many threads may run, the vectors are the same to the last bit."""
    counts = np.random.default_rng(1).poisson(0.3, size=(300, 300)).astype(float)
    found = []
    for threads in (1, 2):
        with threadpool_limits(limits=threads, user_api="blas"):
            found.append(WordVectors(n_components=20, random_state=1).fit(counts).vectors_.tobytes())
    assert found[0] == found[1]


def test_counts_below_zero_are_refused():
    """What is no count is an error that names the estimator."""
    with pytest.raises(ValueError, match="Negative values in data passed to WordVectors"):
        WordVectors().fit(-COUNTS)
