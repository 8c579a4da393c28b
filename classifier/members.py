"""The members of the ensemble: views of what is relevant, none of which is the best on every review.

Studies excluded at full text are near-misses: what tells them from the included is not what tells either from
the rest. *triage*: included and near-misses, which were worth a reader's time, against the rest. *near* and
*meaning*: included against near-misses alone, by terms and by what words mean, half a voice each.
*neighbours*: likeness to the nearest included. Where nothing fell at full text there are *loose* and
*strict*: included against everything else, less and more regularised.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifier.balanced_svm import BalancedSvm
from classifier.grade import Grade
from classifier.meanings import Meanings
from classifier.neighbours import Neighbours
from classifier.training import TrainingSet

__all__ = ["Head", "Member", "Members", "Settings", "fit_members", "has_near_misses"]

Member = BalancedSvm | Neighbours


class Head(StrEnum):
    """The two questions a model answers: will it be included, is it worth a reader's time."""

    INCLUSION = "inclusion"
    TRIAGE = "triage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What was chosen on development sets and is the same for every review.

    Parameters
    ----------
    strong, weak
        Inverse strength of the SVMs' regularisation: *strong* for *near* and *strict*, *weak* for *triage*,
        *meaning* and *loose*.
    ratio
        Total weight of the positives for one of the negatives (ASReview's ELAS u4 uses the same).
    neighbours
        Nearest included records whose likeness is averaged.
    dimensions
        Of the vectors of words.
    nearby, share
        How many of the nearest records that wait move a score, and by what share of the way.
    """

    strong: float = 0.01
    weak: float = 0.11
    ratio: float = 9.8
    neighbours: int = 5
    dimensions: int = 200
    nearby: int = 5
    share: float = 0.25


@dataclass(frozen=True, slots=True)
class Members:
    """Fitted members by name, and *neighbours*, which no near-miss teaches, where there is one."""

    named: Mapping[str, Member]

    def scores(self, vectors: csr_matrix) -> NDArray[np.float64]:
        """Return each member's score of each record, shape (n, m).

        Intercepts are left out: a rank needs none, and those of two folds differ for no reason of the text.
        """
        return np.column_stack([one.likeness(vectors) for one in self.named.values()])

    def held_out(
        self, raw: NDArray[np.float64], vectors: csr_matrix, included: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Return `raw`, shape (n, m), with *neighbours* held out one by one instead of fold by fold.

        The nearest of all included are nearer than those of four folds in five: folds would make what is to
        come look better than what is known. It learns nothing else, so that one by one costs nothing.
        """
        if "neighbours" not in self.named:
            return raw
        held_out = raw.copy()
        alone = self.named["neighbours"]
        column = list(self.named).index("neighbours")
        held_out[:, column] = alone.likeness(vectors)
        held_out[included, column] = alone.left_out(vectors[included])
        return held_out

    def voices(self, head: Head) -> NDArray[np.float64]:
        """Return what each member counts for a head, shape (m,); 0 throughout where there is no such head."""
        if head is Head.TRIAGE:
            return np.array([float(name == "triage") for name in self.named])
        return np.array([0.5 if name in self._halves() else 1.0 for name in self.named])

    def _halves(self) -> tuple[str, ...]:
        return ("near", "meaning") if "meaning" in self.named else ()


def has_near_misses(training: TrainingSet) -> bool:
    """Say whether near-misses can teach: there are two of them, and two others to tell them from."""
    near = training.is_any(Grade.FULL_TEXT_EXCLUDED)
    others = training.is_any(Grade.ABSTRACT_EXCLUDED, Grade.PRESUMED_NEGATIVE)
    return bool(min(near.sum(), others.sum()) > 1)


def fit_members(
    vectors: csr_matrix,
    training: TrainingSet,
    rows: NDArray[np.intp],
    meanings: Meanings | None = None,
    *,
    settings: Settings,
    seed: int,
) -> Members:
    """Train every member on `rows` of the training set.

    Parameters
    ----------
    vectors
        Shape (n, n features), all records of the training set.
    rows
        Indices of those to learn from; of each grade that the training set has twice there must be one.
    meanings
        None where nothing is known of what words mean: *near* then has a whole voice.
    """
    included = training.is_any(Grade.INCLUDED)[rows]
    chosen = vectors[rows]

    def svm(C: float) -> BalancedSvm:  # noqa: N803 - scikit-learn's letter
        return BalancedSvm(C=C, ratio=settings.ratio, random_state=seed)

    if not has_near_misses(training):
        return Members(
            {
                "loose": svm(settings.weak).fit(chosen, included),
                "strict": svm(settings.strong).fit(chosen, included),
            }
        )
    worth = training.is_any(Grade.INCLUDED, Grade.FULL_TEXT_EXCLUDED)[rows]
    read, which = chosen[worth], included[worth]
    named: dict[str, Member] = {
        "triage": svm(settings.weak).fit(chosen, worth),
        "near": svm(settings.strong).fit(read, which),
    }
    if meanings is not None:
        named["meaning"] = meanings.on_terms(svm(settings.weak).fit(meanings.places(read), which))
    named["neighbours"] = Neighbours(n_neighbors=settings.neighbours).fit(chosen, included)
    return Members(named)
