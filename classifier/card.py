"""The model card: what a model learned from, how it did on what was held out, and what it can promise."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

import numpy as np
import scipy
import sklearn

from classifier.calibration import Calibration
from classifier.ensemble import OutOfFold
from classifier.grade import Grade
from classifier.held_out import held_out_figures
from classifier.labels import provenance
from classifier.limits import limits_of
from classifier.line import Line
from classifier.statement import Folds, statement_of
from classifier.training import TrainingSet
from review.ids import ModelId
from review.suggestion import Interval, Model

__all__ = ["METHOD", "Trained", "make_card", "model_digest"]

METHOD = "rank-mean/5"
"""Name and version of the method: raised whenever the same input would train another model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What a training left behind that the card tells of; `moved` is how many of what waited were moved."""

    id: ModelId
    seed: int
    training: TrainingSet
    out_of_fold: OutOfFold | None
    calibration: Calibration | None
    line: Line
    moved: int


def make_card(trained: Trained, at: datetime) -> Model:
    """Return the card of a model, trained `at`."""
    out, training, line = trained.out_of_fold, trained.training, trained.line
    calibrated = trained.calibration is not None
    told = () if out is None else held_out_figures(out, training, seed=trained.seed, calibrated=calibrated)
    card = Model(
        id=trained.id,
        at=at,
        seed=trained.seed,
        training_digest=training.digest(),
        grades=training.counts(),
        labels=provenance(training.labels),
        metrics=tuple((one.name, one.value) for one in told),
        intervals=tuple(
            Interval(one.name, one.low, one.high)
            for one in told
            if one.low is not None and one.high is not None
        ),
        promise=line.sentence,
        threshold=line.value,
        threshold_version=line.version(trained.id),
        promised=line.promised,
        recall=line.recall,
        promise_withdrawn=line.withdrawn,
        time_check=line.time_check,
        limits=limits_of(
            training,
            held_out=out is not None,
            calibration=trained.calibration,
            moved=trained.moved,
        ),
    )
    said = statement_of(card, method=METHOD, calibrated=calibrated, folds=_folds(out, training))
    return replace(card, statement=said)


def _folds(out: OutOfFold | None, training: TrainingSet) -> Folds | None:
    if out is None:
        return None
    included = training.is_any(Grade.INCLUDED)
    return Folds(len(np.unique(out.folds)), len(np.unique(out.folds[included])))


def model_digest(training_digest: str, settings: object, *, seed: int, recall: float) -> ModelId:
    """Name a model by all that it follows from: training set, settings, seed, method and libraries."""
    versions = (np.__version__, scipy.__version__, sklearn.__version__)
    hashed = sha256(repr((METHOD, training_digest, settings, seed, recall, versions)).encode())
    return ModelId(hashed.hexdigest()[:16])
