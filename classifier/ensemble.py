"""The members of a model together: fitted on everything, scored against what was held out of them.

The references are fixed at training, so that a score does not depend on who else is in the batch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifier.features import Features, fit_features
from classifier.grade import Grade
from classifier.members import Head, Members, Settings, fit_members
from classifier.standing import HeldOut, Standing, fit_standing
from classifier.text import has_body
from classifier.training import TrainingSet
from review.record import Record

__all__ = ["FOLDS", "KNOWS_NOTHING", "Ensemble", "OutOfFold", "fit_ensemble", "flags", "known_rows"]

FOLDS = 5

# Where a record stands of which the model can read no word: in the middle.
KNOWS_NOTHING = 0.5


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Features, members, and how a record stands with each head that the members can speak for."""

    features: Features
    members: Members
    standings: Mapping[Head, Standing]

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


def fit_ensemble(
    training: TrainingSet, settings: Settings, *, seed: int
) -> tuple[Ensemble, OutOfFold | None]:
    """Train the members and their references.

    Vocabulary and IDF are fitted once, on all texts of the training set; labels are held out fold by fold.

    Returns
    -------
    Ensemble
        Trained on everything.
    OutOfFold or None
        None where there are fewer than two positives or negatives: nothing can be held out, and the
        references are what the members say of their own training set.
    """
    features, vectors = fit_features(training)
    titles = features.transform(training.records, titles_only=True)

    def fit(rows: NDArray[np.intp]) -> Members:
        return fit_members(vectors, training, rows, settings=settings, seed=seed)

    members = fit(np.arange(len(training.records)))
    raw, raw_titles = members.scores(vectors), members.scores(titles)
    folds = _folds(training, seed)
    for fold in () if folds is None else np.unique(folds):
        out, rest = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        held_out = fit(rest)
        raw[out], raw_titles[out] = held_out.scores(vectors[out]), held_out.scores(titles[out])
    if folds is not None:
        included = training.is_any(Grade.INCLUDED)
        raw = members.held_out(raw, vectors, included)
        raw_titles = members.held_out(raw_titles, titles, included)
    bodied, known = _bodied(training.records), known_rows(vectors)
    said = HeldOut(raw=raw, raw_titles=raw_titles, bodied=bodied & known, titled=known_rows(titles))
    standings = {head: fit_standing(said, members.at(head)) for head in Head if members.at(head).any()}
    ensemble = Ensemble(features=features, members=members, standings=standings)
    if folds is None:
        return ensemble, None
    scores = {
        head: np.where(known, one.scores(raw, bodied), KNOWS_NOTHING) for head, one in standings.items()
    }
    return ensemble, OutOfFold(scores, folds)


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
