"""Records by what their words mean: near one another though they share no word.

The words' vectors are learned without a label, from the training set and from what waits to be ranked. They
change no feature: a record's place is a fixed sum over its TF-IDF vector, so that a linear model on places is
one on terms, and its reasons are terms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize
from sklearn.utils import gen_batches

from classifier.balanced_svm import BalancedSvm
from classifier.codes import codes_of
from classifier.company import count_company
from classifier.draw import draw
from classifier.features import Features
from classifier.training import TrainingSet
from classifier.word_vectors import WordVectors
from review.record import Record

__all__ = ["LEARNED_FROM", "Meanings", "Words", "fit_meanings", "learn_words"]

LEARNED_FROM = 5_000
"""Records that words are learned from at the most, drawn without a look at labels; it bounds the cost."""

# Records placed at a time: it bounds the memory of a backlog.
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Words:
    """What was learned of n words: their codes, shape (n,), and vectors, shape (n, n dimensions)."""

    codes: NDArray[np.uint64]
    vectors: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Meanings:
    """A vector for each term, and the middle of the records it was fitted on.

    Parameters
    ----------
    terms
        Shape (n features, n dimensions): that of a word times `scale`; 0 for pairs and for words of which
        nothing was learned.
    centre
        Shape (n dimensions,).
    """

    terms: NDArray[np.float64]
    centre: NDArray[np.float64]

    def places(self, vectors: csr_matrix) -> NDArray[np.float64]:
        """Return where records lie, shape (n, n dimensions); the root mean square distance from 0 is 1."""
        return np.asarray(vectors @ self.terms) - self.centre

    def directions(self, vectors: csr_matrix) -> NDArray[np.float64]:
        """Return places scaled to length 1, shape (n, n dimensions); 0 for a record without a known word."""
        known = np.asarray(vectors @ self.terms).any(axis=1, keepdims=True)
        directions: NDArray[np.float64] = normalize(np.where(known, self.places(vectors), 0))
        return directions

    def on_terms(self, fitted: BalancedSvm) -> BalancedSvm:
        """Return a linear model of places as the same model of TF-IDF vectors."""
        model = BalancedSvm(C=fitted.C, ratio=fitted.ratio, random_state=fitted.random_state)
        model.classes_, model.n_iter_ = fitted.classes_, fitted.n_iter_
        model.coef_ = (self.terms @ fitted.coef_[0])[None, :]
        model.intercept_ = fitted.intercept_ - self.centre @ fitted.coef_[0]
        model.n_features_in_ = len(self.terms)
        return model


def learn_words(training: TrainingSet, *, dimensions: int, seed: int) -> Words:
    """Learn the words of the training set and of what waits, without a look at labels.

    Where the texts are too short or too few to say which words keep company, there are none.
    """
    words, company = count_company(_drawn(training, seed=seed), training.reading)
    if not company.nnz:
        return Words(np.empty(0, np.uint64), np.empty((0, dimensions)))
    fitted = WordVectors(n_components=dimensions, random_state=seed).fit(company)
    return Words(codes_of(words), fitted.vectors_)


def fit_meanings(words: Words, features: Features, vectors: csr_matrix) -> Meanings | None:
    """Place the terms of a training set by the words that were learned.

    Parameters
    ----------
    vectors
        TF-IDF vectors of the training set and of what can be neighbours.

    Returns
    -------
    Meanings or None
        None where none of the words tells these records apart.
    """
    columns = features.vocabulary_.find(words.codes)
    terms = np.zeros((len(features.vocabulary_.codes), words.vectors.shape[1]))
    terms[columns[columns >= 0]] = words.vectors[columns >= 0]
    centre = np.asarray(vectors.mean(axis=0)).ravel() @ terms
    batches = gen_batches(vectors.shape[0], _AT_ONCE)
    squares = sum(np.square(np.asarray(vectors[one] @ terms) - centre).sum() for one in batches)
    scale = float(np.sqrt(squares / vectors.shape[0]))
    return Meanings(terms / scale, centre / scale) if scale > 0 else None


def _drawn(training: TrainingSet, *, seed: int) -> Sequence[Record]:
    every: dict[str, Record] = {one.id: one for one in (*training.records, *training.waiting)}
    return [every[one] for one in sorted(draw(every, LEARNED_FROM, seed=seed))]
