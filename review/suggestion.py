"""What the machine says: models and suggestions. Nothing turns a suggestion into a decision."""

from dataclasses import dataclass
from datetime import datetime

from review.ids import ModelId, ReportId

__all__ = ["Model", "Suggestion", "TermWeight"]


@dataclass(frozen=True, slots=True)
class TermWeight:
    """A term of the text and how much it moved the score (positive: towards inclusion)."""

    term: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Where one report stands among those ranked with it.

    Parameters
    ----------
    score
        Rank-mean of the ensemble, 0 to 1; comparable only within one model.
    rank
        1 for the likeliest of the batch.
    probability
        Calibrated probability of relevance, or None where too few labels allow one.
    trial_likelihood
        How much the text reads like a randomised trial, 0 to 1; a tag that hides nothing and ranks nothing.
    nearest_included, nearest_excluded
        Labels of the most similar reference reports.
    """

    report: ReportId
    model: ModelId
    score: float
    rank: int
    of: int
    flagged: bool
    at: datetime
    probability: float | None = None
    trial_likelihood: float | None = None
    terms: tuple[TermWeight, ...] = ()
    nearest_included: str = ""
    nearest_excluded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model card in data: what it learned from and what it can promise.

    Parameters
    ----------
    id
        Digest of the training set, the seed and the settings: the same input trains the same model.
    grades
        How many records of each grade it learned from.
    metrics
        Cross-validated figures by name.
    promise
        The sentence shown to reviewers: a threshold with its recall and n, or why none can be promised.
    """

    id: ModelId
    at: datetime
    seed: int
    training_digest: str
    grades: tuple[tuple[str, int], ...]
    metrics: tuple[tuple[str, float], ...]
    promise: str
    threshold: float | None = None
