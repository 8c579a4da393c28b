"""Rank citations by what the review has decided so far: fit, score, rank, and say why."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from classifier.calibration import FEWEST, Calibration, fit_calibration
from classifier.card import Line, draw_line, held_out_metrics, model_digest
from classifier.design import trial_likelihood
from classifier.ensemble import Ensemble, OutOfFold, fit_ensemble
from classifier.explain import Explainer, fit_explainer
from classifier.grade import Grade
from classifier.labels import Graded
from classifier.members import Head, Settings
from classifier.training import TrainingSet, assemble
from review.ids import ModelId, ReportId
from review.record import Record
from review.suggestion import Model, Suggestion

__all__ = ["Ranker"]


class Ranker(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Rank-mean ensemble for a living review that starts from a handful of included studies.

    Four linear members on TF-IDF of words and pairs (`classifier.members`), among them one that takes the
    studies excluded at full text for what they are: near-misses. Deterministic: the same training set, in
    whatever order, with the same seed gives the same bytes.

    Parameters
    ----------
    seed
        Of the folds and the solvers.
    recall
        The recall the protocol wants promised, between 0 and 1.
    settings
        What was chosen on development sets; by default the same for every review.

    Attributes
    ----------
    training_ : TrainingSet
    ensemble_ : Ensemble
    explainer_ : Explainer
    out_of_fold_ : OutOfFold or None
    calibration_ : Calibration or None
        None where fewer than ten included, or ten other, records could be held out.
    line_ : Line
        From which score on a record is flagged, and what that is worth.

    Examples
    --------
    >>> from classifier.grade import Grade
    >>> from review.record import Record
    >>> titles = ("A trial of X by internet", "A trial of Y by internet", "A cohort of Z", "A survey of Z")
    >>> records = [Record(source="files", accession=str(i), title=t) for i, t in enumerate(titles)]
    >>> grades = [Grade.INCLUDED, Grade.INCLUDED, Grade.ABSTRACT_EXCLUDED, Grade.ABSTRACT_EXCLUDED]
    >>> ranker = Ranker(seed=1).fit(records, grades)
    >>> bool(ranker.scores(records[:1]) > ranker.scores(records[3:]))
    True
    """

    training_: TrainingSet
    ensemble_: Ensemble
    explainer_: Explainer
    out_of_fold_: OutOfFold | None
    calibration_: Calibration | None
    line_: Line

    def __init__(self, *, seed: int = 0, recall: float = 0.95, settings: Settings | None = None) -> None:
        self.seed = seed
        self.recall = recall
        self.settings = settings

    def fit(
        self,
        records: Sequence[Record],
        grades: Sequence[Graded],
        *,
        background: Iterable[Record] = (),
        names: Sequence[str] | None = None,
    ) -> "Ranker":
        """Learn from judged records and presumed negatives.

        Parameters
        ----------
        records, grades
            One grade for each record.
        background
            Presumed negatives (`classifier.background.presumed_negatives`); what is also in `records` keeps
            its judgement. Keep what is to be ranked out of it.
        names
            What people call each of `records`, for the reasons; by default its identifier.

        Returns
        -------
        Ranker
            Itself.

        Raises
        ------
        TrainingSetError
            If nothing is included, everything is, a record bears two grades, lengths differ, or no word
            tells the records apart.
        """
        training = assemble(records, grades, background, names)
        ensemble, out = fit_ensemble(training, self.settings or Settings(), seed=self.seed)
        included = training.is_any(Grade.INCLUDED)
        enough = out is not None and min(included.sum(), (~included).sum()) >= FEWEST
        self.line_ = draw_line(None if out is None else out.scores[included], self.recall)
        self.calibration_ = fit_calibration(out.scores, included) if out is not None and enough else None
        self.explainer_ = fit_explainer(training, ensemble)
        self.training_, self.ensemble_, self.out_of_fold_ = training, ensemble, out
        return self

    def scores(self, records: Sequence[Record], *, head: Head = Head.INCLUSION) -> NDArray[np.float64]:
        """Return the score of each record, shape (n,), in [0, 1], higher is likelier to be included.

        It is a mean of ranks against a fixed reference (`classifier.ensemble`): it does not depend on the
        other records of the batch, nor on whether the abstract is missing; a record of which no word is
        known scores 0.5.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before `fit`.
        """
        check_is_fitted(self)
        return self.ensemble_.scores(records, self.ensemble_.features.transform(records), head)

    def rank(
        self, records: Sequence[Record], *, at: datetime, reports: Sequence[ReportId] | None = None
    ) -> list[Suggestion]:
        """Return a suggestion for each record, best first; ties in the order of the report identifiers.

        Parameters
        ----------
        at
            When the suggestion is made.
        reports
            The report each record stands for; by default the one named after the record.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before `fit`.
        ValueError
            If there are not as many reports as records.
        """
        check_is_fitted(self)
        named = [ReportId(record.id) for record in records] if reports is None else list(reports)
        if len(named) != len(records):
            raise ValueError(
                f"Ranker.rank: found {len(records)} records and {len(named)} reports; expected as many"
            )
        vectors = self.ensemble_.features.transform(records)
        scores = self.ensemble_.scores(records, vectors)
        probabilities = self._probabilities(scores)
        likelihoods = trial_likelihood(records)
        terms = self.explainer_.term_weights(records, vectors, scores)
        included = self.explainer_.nearest_included(vectors)
        excluded = self.explainer_.nearest_excluded(vectors)
        model = self.model_id_
        order = sorted(range(len(records)), key=lambda i: (-scores[i], named[i]))
        return [
            Suggestion(
                report=named[i],
                model=model,
                score=float(scores[i]),
                rank=rank,
                of=len(records),
                flagged=self.line_.value is None or bool(scores[i] >= self.line_.value),
                at=at,
                probability=probabilities[i],
                trial_likelihood=float(likelihoods[i]),
                terms=terms[i],
                nearest_included=included[i],
                nearest_excluded=excluded[i],
            )
            for rank, i in enumerate(order, start=1)
        ]

    @property
    def model_id_(self) -> ModelId:
        """The digest of training set, settings, seed, method and libraries."""
        check_is_fitted(self)
        settings = self.settings or Settings()
        return ModelId(
            model_digest(self.training_.digest(), settings, seed=self.seed, recall=self.recall)[:16]
        )

    def model(self, at: datetime) -> Model:
        """Return the model card, trained `at`.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before `fit`.
        """
        check_is_fitted(self)
        out, included = self.out_of_fold_, self.training_.is_any(Grade.INCLUDED)
        calibrated = self.calibration_ is not None
        metrics = {} if out is None else held_out_metrics(out, included, calibrated=calibrated)
        return Model(
            id=self.model_id_,
            at=at,
            seed=self.seed,
            training_digest=self.training_.digest(),
            grades=self.training_.counts(),
            metrics=tuple(metrics.items()),
            promise=self.line_.sentence,
            threshold=self.line_.value,
        )

    def _probabilities(self, scores: NDArray[np.float64]) -> list[float] | list[None]:
        if self.calibration_ is None:
            return [None] * len(scores)
        return [float(one) for one in self.calibration_.probability(scores)]
