"""Why a record stands where it stands: the words that moved it, and the judged records most like it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from classifier.ensemble import Ensemble
from classifier.grade import Grade
from classifier.members import Head, Members
from classifier.training import TrainingSet
from review.suggestion import TermWeight

__all__ = ["Explainer", "fit_explainer"]

_UPWARD, _DOWNWARD = 6, 3


@dataclass(frozen=True, slots=True)
class Explainer:
    """What moved a record, and the vectors of the judged records.

    Parameters
    ----------
    terms
        Shape (n features,): the vocabulary.
    telling
        Shape (n features,): false for terms of nothing but function words.
    members, scales
        Each member's weights count in standard deviations of that member's reference scores, shape (m,), so
        that nothing of the score is left out but the ranks.
    included, excluded
        Vectors of the judged records, with `included_names` and `excluded_names`.
    """

    terms: NDArray[np.str_]
    telling: NDArray[np.bool_]
    members: Members
    scales: NDArray[np.float64]
    included: csr_matrix
    included_names: tuple[str, ...]
    excluded: csr_matrix
    excluded_names: tuple[str, ...]

    def term_weights(self, vectors: csr_matrix, row: int) -> tuple[TermWeight, ...]:
        """Return the terms of one record that moved it most, upward first; function words are not shown."""
        vector = vectors[row]
        columns = vector.indices
        pull = (self.members.pulls(vector) / self.scales[:, None]).mean(axis=0)
        moved = np.where(self.telling[columns], vector.data * pull, 0)
        order = np.lexsort((columns, -moved))
        upward = [at for at in order[:_UPWARD] if moved[at] > 0]
        downward = [at for at in order[::-1][:_DOWNWARD] if moved[at] < 0]
        return tuple(TermWeight(str(self.terms[columns[at]]), float(moved[at])) for at in upward + downward)

    def nearest_included(self, vectors: csr_matrix) -> list[str]:
        """Return, for each record, the name of the included record with the highest cosine, or ''."""
        return _nearest(vectors, self.included, self.included_names)

    def nearest_excluded(self, vectors: csr_matrix) -> list[str]:
        """Return, for each record, the name of the excluded record with the highest cosine, or ''."""
        return _nearest(vectors, self.excluded, self.excluded_names)


def fit_explainer(training: TrainingSet, ensemble: Ensemble) -> Explainer:
    """Collect what is needed to explain; presumed negatives are nobody's judgement and are never named."""
    included = np.flatnonzero(training.is_any(Grade.INCLUDED))
    excluded = np.flatnonzero(training.is_any(Grade.FULL_TEXT_EXCLUDED, Grade.ABSTRACT_EXCLUDED))
    terms = ensemble.features.terms_
    return Explainer(
        terms=terms,
        telling=np.array([not ENGLISH_STOP_WORDS.issuperset(term.split()) for term in terms], dtype=bool),
        members=ensemble.members,
        scales=np.array([one.scale for one in ensemble.standings[Head.INCLUSION].bodies.members]),
        included=ensemble.features.transform([training.records[i] for i in included]),
        included_names=tuple(training.names[i] for i in included),
        excluded=ensemble.features.transform([training.records[i] for i in excluded]),
        excluded_names=tuple(training.names[i] for i in excluded),
    )


def _nearest(vectors: csr_matrix, judged: csr_matrix, names: Sequence[str]) -> list[str]:
    if not names:
        return [""] * vectors.shape[0]
    likeness = (vectors @ judged.T).toarray()
    best = likeness.argmax(axis=1)
    return [names[at] if row[at] > 0 else "" for at, row in zip(best, likeness, strict=True)]
