"""What models of the past said of the year that followed: what the probabilities of a living review rest on.

Records that are held out at random have neighbours of their own year in the training set; those of later
years have none. The scores of the two differ, and a calibration fitted on the one is wrong on the other: on
development reviews it expected up to twice as many included as came. So probabilities are calibrated as they
will be judged, on forecasts of later records by earlier ones (Dawid 1984, the prequential approach).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classifier.calibration import FEWEST, Calibration, fit_calibration
from classifier.ensemble import OutOfFold, fit_ensemble
from classifier.grade import Grade
from classifier.meanings import Words
from classifier.members import Settings
from classifier.training import TrainingSet, TrainingSetError

__all__ = ["EARLIER", "YEARS", "Forecasts", "calibrate", "forecast"]

YEARS = 5
"""How many of the last years are forecast: each costs a training."""

EARLIER = 8
"""Included records before a year, below which a model of the past is unlike the one of today."""


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Records of some years, as models trained on the years before each of them scored them.

    Parameters
    ----------
    years
        Those that were forecast, in order.
    scores, included
        Shape (n,): of all records of these years.
    """

    years: tuple[int, ...]
    scores: NDArray[np.float64]
    included: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Cut:
    year: int
    before: NDArray[np.intp]
    then: NDArray[np.intp]


def calibrate(
    training: TrainingSet,
    out: OutOfFold | None,
    settings: Settings,
    *,
    seed: int,
    words: Words | None = None,
) -> Calibration | None:
    """Calibrate on forecasts of the last years; where these are too few, on what was held out at random.

    Parameters
    ----------
    words
        As in `forecast`.

    Returns
    -------
    Calibration or None
        None where fewer than ten included, or ten other, records could be held out.
    """
    included = training.is_any(Grade.INCLUDED)
    if out is None or not _enough(included):
        return None
    found = forecast(training, settings, seed=seed, words=words)
    if found is None:
        return fit_calibration(out.scores, included)
    return replace(fit_calibration(found.scores, found.included), years=found.years)


def forecast(
    training: TrainingSet, settings: Settings, *, seed: int, words: Words | None = None
) -> Forecasts | None:
    """Stand before each of the last years, learn from what was known, and score what the year brought.

    Vocabulary, IDF, members and references are those of the earlier records alone. Where the training set
    knows what waits, the records of the year waited then, their grades unseen. An included record whose year
    is unknown is left out; another record without a year counts as an earlier one.

    Parameters
    ----------
    words
        What all texts, the later ones among them, tell of words: no judgement is in it, and to learn it once
        is cheap. By default each past learns its own.

    Returns
    -------
    Forecasts or None
        None where the years that can be forecast hold fewer than ten included or ten other records, or no
        word tells the records of a past apart.
    """
    included, cuts = training.is_any(Grade.INCLUDED), list(_cuts(training))
    rows = np.concatenate([np.empty(0, dtype=np.intp), *(one.then for one in cuts)])
    if not _enough(included[rows]):
        return None
    try:
        scores = [_scored(training, one, settings, seed, words) for one in cuts]
    except TrainingSetError:  # no word tells the records of some past apart
        return None
    return Forecasts(tuple(one.year for one in cuts), np.concatenate(scores), included[rows])


def _cuts(training: TrainingSet) -> Iterator[_Cut]:
    years, included = training.years(), training.is_any(Grade.INCLUDED)
    for year in np.unique(years[~np.isnan(years)])[-YEARS:]:
        before = (years < year) | (np.isnan(years) & ~included)
        if EARLIER <= included[before].sum() < before.sum():
            yield _Cut(int(year), np.flatnonzero(before), np.flatnonzero(years == year))


def _scored(
    training: TrainingSet, cut: _Cut, settings: Settings, seed: int, words: Words | None
) -> NDArray[np.float64]:
    ensemble, _ = fit_ensemble(training.part(cut.before, then=cut.then), settings, seed=seed, words=words)
    records = [training.records[at] for at in cut.then]
    return ensemble.scores(records, ensemble.features.transform(records))


def _enough(included: NDArray[np.bool_]) -> bool:
    return bool(min(included.sum(), (~included).sum()) >= FEWEST)
