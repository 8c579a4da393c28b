"""The members of a model together: fitted on everything, scored against what was held out of them.

The references are fixed at training, so that a score does not depend on who else is in the batch.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from threadpoolctl import threadpool_limits

from classifier.features import Features, fit_features
from classifier.grade import Grade
from classifier.meanings import Meanings, Words, fit_meanings, learn_words
from classifier.members import Head, Members, Settings, fit_members, has_near_misses
from classifier.nearby import moved
from classifier.standing import HeldOut, Standing, fit_standing
from classifier.text import has_body
from classifier.training import TrainingSet
from classifier.waiting import Waiting, fit_waiting, possible_neighbours
from review.ids import RecordId
from review.record import Record

__all__ = [
    "FOLDS",
    "KNOWS_NOTHING",
    "Ensemble",
    "OutOfFold",
    "fit_ensemble",
    "flags",
    "known_rows",
    "words_for",
]

FOLDS = 5

# Where a record stands of which the model can read no word: in the middle.
KNOWS_NOTHING = 0.5


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Features, members, and how a record stands with each head that the members can speak for.

    Parameters
    ----------
    towards
        Mean log-odds of the nearest of what waits (`classifier.nearby`), for each that waits and has any.
    share
        How far these move its score under the head *inclusion*, which orders what waits.
    """

    features: Features
    members: Members
    standings: Mapping[Head, Standing]
    towards: Mapping[RecordId, float]
    share: float

    def scores(
        self, records: Sequence[Record], vectors: csr_matrix, head: Head = Head.INCLUSION
    ) -> NDArray[np.float64]:
        """Return the score of each record under a head, shape (n,), in [0, 1]; `vectors` are of `records`.

        Raises
        ------
        KeyError
            If the model has no such head.
        """
        if not records:
            return np.empty(0)
        scores = self.standings[head].scores(self.members.scores(vectors), _bodied(records))
        if head is Head.INCLUSION:
            towards = np.array([self.towards.get(record.id, np.nan) for record in records])
            scores = moved(scores, towards, share=self.share)
        return np.where(known_rows(vectors), scores, KNOWS_NOTHING)


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Score of each training record, by head, under members not trained on it, and its fold: (n,) each."""

    by_head: Mapping[Head, NDArray[np.float64]]
    folds: NDArray[np.intp]

    @property
    def scores(self) -> NDArray[np.float64]:
        """Those of the head *inclusion*."""
        return self.by_head[Head.INCLUSION]


Fold = tuple[NDArray[np.intp], Members]
"""Rows of the training set, and members that did not learn from them."""


def fit_ensemble(
    training: TrainingSet, settings: Settings, *, seed: int, words: Words | None = None
) -> tuple[Ensemble, OutOfFold | None]:
    """Train the members and their references.

    Vocabulary and IDF are fitted once, on all texts of the training set; labels are held out fold by fold.
    Held out, a record is moved by what waits as one that waits is, and as its fold's members see it.

    Parameters
    ----------
    words
        What is known of words from elsewhere; by default it is learned, where a member or what waits asks.

    Returns
    -------
    Ensemble
        Trained on everything.
    OutOfFold or None
        None where there are fewer than two positives or negatives: nothing can be held out, and the
        references are what the members say of their own training set.
    """
    # Sums in another order have another last digit: the number of threads must not make another model.
    with threadpool_limits(limits=1, user_api="blas"):
        return _fit(training, settings, seed=seed, words=words)


def _fit(
    training: TrainingSet, settings: Settings, *, seed: int, words: Words | None
) -> tuple[Ensemble, OutOfFold | None]:
    features, vectors = fit_features(training)
    titles = features.transform(training.records, titles_only=True)
    meanings, waiting = _around(training, features, vectors, settings, seed=seed, words=words)

    def fit(rows: NDArray[np.intp]) -> Members:
        return fit_members(vectors, training, rows, meanings, settings=settings, seed=seed)

    folds = _folds(training, seed)
    members, held_out = fit(np.arange(len(training.records))), _held_out(fit, folds)
    raw, raw_titles = (_raw(members, held_out, training, one) for one in (vectors, titles))
    bodied, known = _bodied(training.records), known_rows(vectors)
    said = HeldOut(raw=raw, raw_titles=raw_titles, bodied=bodied & known, titled=known_rows(titles))
    standings = {
        head: fit_standing(said, members.voices(head)) for head in Head if members.voices(head).any()
    }
    standing = standings[Head.INCLUSION]
    towards = {} if waiting is None else waiting.towards(members, standing)
    ensemble = Ensemble(features, members, standings, towards, settings.share)
    if folds is None:
        return ensemble, None
    scores = {head: one.scores(raw, bodied) for head, one in standings.items()}
    if waiting is not None:
        nearby = _nearby(waiting, held_out, standing)
        scores[Head.INCLUSION] = moved(scores[Head.INCLUSION], nearby, share=settings.share)
    by_head = {head: np.where(known, one, KNOWS_NOTHING) for head, one in scores.items()}
    return ensemble, OutOfFold(by_head, folds)


def _held_out(fit: Callable[[NDArray[np.intp]], Members], folds: NDArray[np.intp] | None) -> list[Fold]:
    if folds is None:
        return []
    return [(np.flatnonzero(folds == one), fit(np.flatnonzero(folds != one))) for one in np.unique(folds)]


def _nearby(waiting: Waiting, held_out: Sequence[Fold], standing: Standing) -> NDArray[np.float64]:
    """Return what each training record is moved towards, by the members that did not learn from it."""
    nearby = np.empty(sum(len(rows) for rows, _ in held_out))
    for rows, members in held_out:
        nearby[rows] = waiting.training_towards(members, standing, rows)
    return nearby


def _raw(
    members: Members, held_out: Sequence[Fold], training: TrainingSet, vectors: csr_matrix
) -> NDArray[np.float64]:
    """Return the members' scores of the training set, shape (n, m), held out where that can be."""
    raw = members.scores(vectors)
    for rows, one in held_out:
        raw[rows] = one.scores(vectors[rows])
    return members.held_out(raw, vectors, training.is_any(Grade.INCLUDED)) if held_out else raw


def _around(
    training: TrainingSet,
    features: Features,
    vectors: csr_matrix,
    settings: Settings,
    *,
    seed: int,
    words: Words | None,
) -> tuple[Meanings | None, Waiting | None]:
    """Return what terms mean, and what waits."""
    known = words_for(training, settings, seed=seed) if words is None else words
    if known is None:
        return None, None
    neighbours = features.transform([training.waiting[at] for at in possible_neighbours(training)])
    meanings = fit_meanings(known, features, csr_matrix(vstack([vectors, neighbours])))
    if meanings is None:
        return None, None
    return meanings, fit_waiting(training, features, meanings, vectors, neighbours, settings=settings)


def words_for(training: TrainingSet, settings: Settings, *, seed: int) -> Words | None:
    """Learn the words of a training set; None where neither a member nor what waits asks for them."""
    if not training.waiting and not has_near_misses(training):
        return None
    return learn_words(training, dimensions=settings.dimensions, seed=seed)


def _folds(training: TrainingSet, seed: int) -> NDArray[np.intp] | None:
    included = training.is_any(Grade.INCLUDED)
    if min(included.sum(), (~included).sum()) < 2:
        return None
    return training.folds(FOLDS, seed=seed)


def _bodied(records: Sequence[Record]) -> NDArray[np.bool_]:
    return np.array([has_body(record) for record in records], dtype=bool)


def known_rows(vectors: csr_matrix) -> NDArray[np.bool_]:
    """Return of which records the model knows a word, shape (n,): of the others it can say nothing."""
    return np.diff(vectors.indptr) > 0


def flags(scores: NDArray[np.float64], known: NDArray[np.bool_], line: float | None) -> NDArray[np.bool_]:
    """Return which records are flagged, shape (n,): at the line or above, and all that cannot be read.

    Parameters
    ----------
    known
        Shape (n,): where the model knows a word.
    line
        None where everything is flagged.
    """
    return np.ones(len(scores), dtype=bool) if line is None else (scores >= line) | ~known
