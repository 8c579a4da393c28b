"""The rank-mean of the members, against what they said of the training set when it was held out.

A record's score is the mean, over the members, of the share of reference scores below its own. The reference
is fixed at training, so that a score does not depend on who else is in the batch. Titles are compared with
what the reference records score on their titles alone: a missing abstract neither sinks nor lifts a record.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifier.features import Features, fit_features
from classifier.grade import Grade
from classifier.members import Members, Settings, fit_latent, fit_members
from classifier.reference import Reference, reference_of
from classifier.text import has_body
from classifier.training import TrainingSet
from review.record import Record

__all__ = ["FOLDS", "KNOWS_NOTHING", "Ensemble", "OutOfFold", "fit_ensemble"]

FOLDS = 5

# Where a record stands of which the model can read no word: in the middle.
KNOWS_NOTHING = 0.5


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Features, members, and for each member a reference for records with a body and one for titles."""

    features: Features
    members: Members
    bodies: tuple[Reference, ...]
    titles: tuple[Reference, ...]

    def scores(self, records: Sequence[Record], vectors: csr_matrix) -> NDArray[np.float64]:
        """Return the score of each record, shape (n,), in [0, 1]; `vectors` are those of `records`."""
        return self.place(self.members.scores(vectors), _bodied(records), _known(vectors))

    def place(
        self, raw: NDArray[np.float64], bodied: NDArray[np.bool_], known: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Turn the members' scores, shape (n, m), into rank-means, shape (n,).

        Parameters
        ----------
        bodied
            Where a record has more than a title.
        known
            Where the model knows at least one word.
        """
        means = np.where(bodied, _rank_mean(raw, self.bodies), _rank_mean(raw, self.titles))
        return np.where(known, means, KNOWS_NOTHING)


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Rank-mean of each training record under members that were not trained on it, and its fold: (n,)."""

    scores: NDArray[np.float64]
    folds: NDArray[np.intp]


def fit_ensemble(
    training: TrainingSet, settings: Settings, *, seed: int
) -> tuple[Ensemble, OutOfFold | None]:
    """Train the members and their references.

    Vocabulary, IDF and singular vectors are fitted once, on all texts of the training set; labels are held
    out fold by fold.

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
    anchors = training.ladder(seed=seed)[: settings.anchors]
    latent = fit_latent(vectors, anchors, components=settings.components)

    def fit(rows: NDArray[np.intp]) -> Members:
        return fit_members(vectors, latent, training, rows, settings=settings, seed=seed)

    members = fit(np.arange(len(training.records)))
    raw, raw_titles = members.scores(vectors), members.scores(titles)
    folds = _folds(training, seed)
    for fold in () if folds is None else np.unique(folds):
        out, rest = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        held_out = fit(rest)
        raw[out], raw_titles[out] = held_out.scores(vectors[out]), held_out.scores(titles[out])
    bodied, known = _bodied(training.records), _known(vectors)
    ensemble = Ensemble(
        features=features,
        members=members,
        bodies=_references(raw[bodied & known] if (bodied & known).any() else raw),
        titles=_references(raw_titles[_known(titles)] if _known(titles).any() else raw),
    )
    return ensemble, None if folds is None else OutOfFold(ensemble.place(raw, bodied, known), folds)


def _folds(training: TrainingSet, seed: int) -> NDArray[np.intp] | None:
    included = training.is_any(Grade.INCLUDED)
    if min(included.sum(), (~included).sum()) < 2:
        return None
    return training.folds(FOLDS, seed=seed)


def _references(raw: NDArray[np.float64]) -> tuple[Reference, ...]:
    return tuple(reference_of(column) for column in raw.T)


def _rank_mean(raw: NDArray[np.float64], references: Sequence[Reference]) -> NDArray[np.float64]:
    places = [one.place(column) for one, column in zip(references, raw.T, strict=True)]
    means: NDArray[np.float64] = np.mean(places, axis=0)
    return means


def _bodied(records: Sequence[Record]) -> NDArray[np.bool_]:
    return np.array([has_body(record) for record in records], dtype=bool)


def _known(vectors: csr_matrix) -> NDArray[np.bool_]:
    return np.diff(vectors.indptr) > 0
