"""Rank citations by what the review has decided so far: fit, score, rank, and say why."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from classifier.calibration import Calibration
from classifier.card import Trained, make_card, model_digest
from classifier.ensemble import Ensemble, OutOfFold, fit_ensemble, known_rows, words_for
from classifier.explain import Explainer, fit_explainer
from classifier.fitted_with import FittedWith, checked_seed
from classifier.forecasts import calibrate
from classifier.grade import Grade
from classifier.labels import Graded
from classifier.line import Line, draw_line
from classifier.members import Head, Settings
from classifier.not_text import refuse_what_is_no_text
from classifier.suggesting import Suggester
from classifier.time_check import check_in_time
from classifier.training import TrainingSet, assemble
from review.ids import ModelId, ReportId
from review.record import Record
from review.suggestion import Model, Suggestion

__all__ = ["MissingHeadError", "Ranker"]


class MissingHeadError(ValueError):
    """A model was asked a question that its training set cannot answer."""


class Ranker(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Rank-mean ensemble for a living review that starts from a handful of included studies.

    Its members (`classifier.members`) read TF-IDF of words and pairs. Where studies were excluded at full
    text they ask three questions: was it worth a reader's time (*triage*), what tells the included from
    these near-misses (*near*, *meaning*), what is like the nearest included (*neighbours*). Without
    near-misses there are two members: included against everything else (*loose*, *strict*). The head
    `Head.INCLUSION`, of which all speak, orders the queue; `Head.TRIAGE` is there where near-misses are.

    Deterministic: the same training set, in whatever order, with the same seed gives the same bytes.

    Parameters
    ----------
    seed
        Of the folds and the solvers: a whole number from 0 to 2**32 - 1.
    recall
        The recall the protocol wants promised, between 0 and 1.
    settings
        What was chosen on development sets; by default the same for every review.

    Attributes
    ----------
    fitted_with_ : FittedWith
        Seed, recall and settings of the fit; parameters that are set later change no fitted model.
    training_ : TrainingSet
    ensemble_ : Ensemble
    explainer_ : Explainer
    out_of_fold_ : OutOfFold or None
    calibration_ : Calibration or None
        As `classifier.forecasts.calibrate` returns it.
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

    fitted_with_: FittedWith
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
        waiting: Iterable[Record] = (),
    ) -> "Ranker":
        """Learn from judged records and presumed negatives.

        Parameters
        ----------
        records, grades
            One grade for each record: a `Grade`, its text, or a `classifier.labels.Label` that also says
            who gave it, when and at which stage. What is the same record twice with one grade counts once;
            two records of one text are two records, whatever their grades.
        background
            Presumed negatives (`classifier.background.presumed_negatives`); what is also in `records` keeps
            its judgement. Keep what is to be ranked out of it.
        names
            What people call each of `records`, for the reasons; by default its identifier.
        waiting
            What is to be ranked: no negatives, but words are learned from it, and each is moved towards its
            like (`classifier.nearby`). Another list is another model; without one nothing is moved.

        Returns
        -------
        Ranker
            Itself.

        Raises
        ------
        TrainingSetError
            If nothing is included, everything is, a record bears two grades or what is no grade, a title or
            an abstract is no text (NaN), lengths differ, or no word tells the records apart.
        ValueError
            If `recall` is not between 0 and 1, or `seed` no whole number from 0 to 2**32 - 1.
        """
        seed, recall, settings = checked_seed(self.seed), self.recall, self.settings or Settings()
        training = assemble(records, grades, background, names, waiting)
        words = words_for(training, settings, seed=seed)
        ensemble, out = fit_ensemble(training, settings, seed=seed, words=words)
        included = training.is_any(Grade.INCLUDED)
        line = draw_line(
            None if out is None else out.scores[included],
            recall,
            lambda: check_in_time(training, settings, recall=recall, seed=seed, words=words),
            included=int(included.sum()),
        )
        calibration = calibrate(training, out, settings, seed=seed, words=words)
        explainer = fit_explainer(training, ensemble)
        # All at the end: a fit that is refused leaves the model of before whole.
        self.fitted_with_ = FittedWith(seed=seed, recall=recall, settings=settings)
        self.training_, self.ensemble_, self.out_of_fold_ = training, ensemble, out
        self.line_, self.calibration_, self.explainer_ = line, calibration, explainer
        return self

    @property
    def heads_(self) -> tuple[Head, ...]:
        """The heads that the model has; *inclusion* always."""
        check_is_fitted(self)
        return tuple(self.ensemble_.standings)

    def scores(self, records: Iterable[Record], *, head: Head = Head.INCLUSION) -> NDArray[np.float64]:
        """Return the score of each record under a head, shape (n,), in [0, 1], higher is likelier.

        It is a mean of ranks against a fixed reference (`classifier.standing`), moved towards its like where
        the record was among `waiting`: it does not depend on the other records of the batch, nor on whether
        the abstract is missing; a record of which no word is known scores 0.5.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before `fit`.
        MissingHeadError
            If the model has no such head.
        NotTextError
            If a title or an abstract is no text (NaN).
        """
        if head not in self.heads_:
            raise MissingHeadError(
                f"Ranker.scores: found no head '{head}' in model {self.model_id_}; expected one of "
                f"{', '.join(self.heads_)}: train on two records excluded at full text or more, and others"
            )
        records = list(records)
        refuse_what_is_no_text(records)
        return self.ensemble_.scores(records, self.ensemble_.features.transform(records), head)

    def known(self, records: Iterable[Record]) -> NDArray[np.bool_]:
        """Return of which records the model knows a word, shape (n,); errors as `scores`."""
        check_is_fitted(self)
        records = list(records)
        refuse_what_is_no_text(records)
        return known_rows(self.ensemble_.features.transform(records))

    def rank(
        self, records: Iterable[Record], *, at: datetime, reports: Sequence[ReportId] | None = None
    ) -> list[Suggestion]:
        """Return a suggestion for each record, best first; ties in the order of the report identifiers.

        A record of which the model knows no word (`known`) is flagged, wherever the line is, and has neither
        probability nor reasons: a person must read it.

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
        NotTextError
            If a title or an abstract is no text (NaN).
        ValueError
            If there are not as many reports as records.
        """
        check_is_fitted(self)
        records = list(records)
        refuse_what_is_no_text(records)
        named = [ReportId(record.id) for record in records] if reports is None else list(reports)
        if len(named) != len(records):
            raise ValueError(
                f"Ranker.rank: found {len(records)} records and {len(named)} reports; expected as many"
            )
        parts = (self.ensemble_, self.explainer_, self.calibration_, self.line_)
        return Suggester(self.model_id_, *parts).suggest(records, named, at)

    @property
    def model_id_(self) -> ModelId:
        """The digest of training set with what waits, settings, seed, recall, method and libraries."""
        check_is_fitted(self)
        by = self.fitted_with_
        return model_digest(self.training_.digest(), by.settings, seed=by.seed, recall=by.recall)

    def model(self, at: datetime) -> Model:
        """Return the model card, trained `at`.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before `fit`.
        """
        check_is_fitted(self)
        trained = Trained(
            id=self.model_id_,
            seed=self.fitted_with_.seed,
            training=self.training_,
            out_of_fold=self.out_of_fold_,
            calibration=self.calibration_,
            line=self.line_,
            moved=len(self.ensemble_.towards),
        )
        return make_card(trained, at)
