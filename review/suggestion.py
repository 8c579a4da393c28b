"""What the machine says: models and suggestions. Nothing turns a suggestion into a decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from review.ids import ModelId, ReportId

__all__ = ["InForce", "Interval", "Model", "Suggestion", "TermWeight", "TextSpan"]


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Where a term stands: characters `start` to `end`, the last excluded, of the title or the abstract."""

    field: Literal["title", "abstract"]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TermWeight:
    """A term of the text, how much it moved the score (positive: towards inclusion), and where it stands."""

    term: str
    weight: float
    spans: tuple[TextSpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Where one report stands among those ranked with it.

    Parameters
    ----------
    score
        Of the head *inclusion*: the rank-mean of the ensemble, 0 to 1; comparable only within one model.
    triage
        Of the head *triage* (worth a reader's time), 0 to 1; None where the model has no such head.
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
    triage: float | None = None
    probability: float | None = None
    trial_likelihood: float | None = None
    terms: tuple[TermWeight, ...] = ()
    nearest_included: str = ""
    nearest_excluded: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """The interval of one of a model's figures, at 95% confidence."""

    figure: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model card in data: what it learned from and what it can promise.

    Parameters
    ----------
    id
        Digest of the training set, the seed and the settings: the same input trains the same model.
    grades
        How many records of each grade it learned from.
    labels
        Who judged what it learned from (votes, resolutions, imports), and from when to when.
    metrics
        Cross-validated figures by name.
    promise
        The sentence shown to reviewers: a threshold with its recall and n, or why none can be promised.
    threshold
        The score from which a report is flagged; None where everything is.
    threshold_version
        Digest of the threshold, the recall asked for and what both follow from.
    promised
        Whether the threshold bears a promise; False for a reading aid, and where the promise was withdrawn.
    recall
        The recall that was asked for when the line was drawn, between 0 and 1; None where no card says it.
    promise_withdrawn
        Why a promise that could have been given was not, or "".
    time_check
        What the time-split said of the promise, or why it could say nothing.
    intervals
        Of some of the `metrics`.
    limits
        What the model cannot do and the figures do not say, a sentence each.
    statement
        The paragraph on the use of machine learning for the review's report.
    """

    id: ModelId
    at: datetime
    seed: int
    training_digest: str
    grades: tuple[tuple[str, int], ...]
    metrics: tuple[tuple[str, float], ...]
    promise: str
    threshold: float | None = None
    threshold_version: str = ""
    promised: bool = False
    promise_withdrawn: str = ""
    time_check: str = ""
    intervals: tuple[Interval, ...] = ()
    limits: tuple[str, ...] = ()
    statement: str = ""
    labels: str = ""
    recall: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """From `at` on a model ranks the waiting reports: a new one, or one of before once more."""

    model: ModelId
    at: datetime
