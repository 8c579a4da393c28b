"""Would the promise have been kept? Asked of the past: learn from the earlier, look at the later.

The promise assumes that what comes is exchangeable with what was. A living review has no such right: topics
move, words change. What can be done is to stand at an earlier year, draw the line that would have been
promised there, and count how many of the reports included since stood above it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.ensemble import fit_ensemble, flags, known_rows
from classifier.evaluation.intervals import share_interval
from classifier.grade import Grade
from classifier.meanings import Words
from classifier.members import Settings
from classifier.threshold import Threshold, fewest, percent, promise
from classifier.training import TrainingSet, TrainingSetError

__all__ = ["FEWEST_LATER", "NotChecked", "TimeCheck", "check_in_time", "year_of_check"]

FEWEST_LATER = 5
"""Of fewer later reports even all above the line say little: with 4 the interval reaches down to 0.40."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeCheck:
    """What became of the line that would have been promised at the end of a year.

    Parameters
    ----------
    recall
        What was promised.
    until
        The last year that was learned from.
    earlier
        Included reports up to then; the line was drawn by them.
    later, above
        Included reports after it, and those of them that scored at the line or above.
    low, high
        Exact interval of above / later at 95% (Clopper & Pearson 1934).
    flagged
        Share of all records after it, included or not, that scored at the line or above.
    """

    recall: float
    until: int
    earlier: int
    later: int
    above: int
    low: float
    high: float
    flagged: float

    @property
    def failed(self) -> bool:
        """Whether even the upper bound is below what was promised."""
        return self.high < self.recall

    def sentence(self) -> str:
        """Say it to the people who screen."""
        found = (
            f"of {self.later} reports included that are dated after {self.until}, {self.above} stood above "
            f"the line that the {self.earlier} up to then would have promised: "
            f"{_percent(self.above / self.later)} (95% interval {_percent(self.low)} to "
            f"{_percent(self.high)}), promised were {percent(self.recall)}; {_percent(self.flagged)} of all "
            "later records stood above it."
        )
        verdict = "This contradicts the promise." if self.failed else "This does not contradict the promise."
        return f"Checked in time: {found} {verdict}"


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Why the past could not be asked."""

    why: str

    def sentence(self) -> str:
        """Say it to the people who screen."""
        return f"The promise could not be checked in time: {self.why}."


def check_in_time(
    training: TrainingSet,
    settings: Settings,
    *,
    recall: float,
    seed: int,
    until: int | None = None,
    words: Words | None = None,
) -> TimeCheck | NotChecked:
    """Train on what was known at the end of a year, and see how the line drawn then did since.

    Vocabulary, IDF, members and references are those of the earlier records alone. Where the training set
    knows what waits, the later records waited then, their grades unseen. An included report whose year is
    unknown is left out; another record without a year counts as an earlier one.

    Parameters
    ----------
    until
        The year; by default that of `year_of_check`.
    words
        As in `classifier.forecasts.forecast`.

    Returns
    -------
    TimeCheck or NotChecked
        The latter where too few included reports are dated on one of the two sides.
    """
    years, included = training.years(), training.is_any(Grade.INCLUDED)
    until = year_of_check(years[included], recall) if until is None else until
    if until is None:
        return NotChecked(f"fewer than {fewest(recall)} included reports have a known year")
    later = years > until
    if (included & later).sum() < FEWEST_LATER:
        return NotChecked(
            f"{int((included & later).sum())} included reports are dated after {until}, and "
            f"{FEWEST_LATER} would be needed"
        )
    earlier = (years <= until) | (np.isnan(years) & ~included)
    try:
        past = training.part(np.flatnonzero(earlier), then=np.flatnonzero(later))
    except TrainingSetError:
        return NotChecked(f"nothing but included reports is known up to {until}")
    return _asked(training, past, later, settings, recall=recall, seed=seed, until=until, words=words)


def year_of_check(years: NDArray[np.float64], recall: float) -> int | None:
    """Return the first year up to which half of the included are dated, and as many as a promise needs.

    Parameters
    ----------
    years
        Shape (n included,); NaN where unknown.
    """
    known = np.sort(years[~np.isnan(years)])
    needed = max(fewest(recall), -(-len(known) // 2))
    return int(known[needed - 1]) if len(known) >= needed else None


def _asked(
    training: TrainingSet,
    past: TrainingSet,
    later: NDArray[np.bool_],
    settings: Settings,
    *,
    recall: float,
    seed: int,
    until: int,
    words: Words | None,
) -> TimeCheck | NotChecked:
    ensemble, out = fit_ensemble(past, settings, seed=seed, words=words)
    known = past.is_any(Grade.INCLUDED)
    line = promise(() if out is None else out.scores[known], recall)
    if not isinstance(line, Threshold):
        return NotChecked(f"the {int(known.sum())} included reports up to {until} could promise nothing")
    rows = np.flatnonzero(later)
    records = [training.records[at] for at in rows]
    vectors = ensemble.features.transform(records)
    above = flags(ensemble.scores(records, vectors), known_rows(vectors), line.value)
    hits = above[training.is_any(Grade.INCLUDED)[rows]]
    low, high = share_interval(int(hits.sum()), len(hits))
    return TimeCheck(
        recall=recall,
        until=until,
        earlier=int(known.sum()),
        later=len(hits),
        above=int(hits.sum()),
        low=low,
        high=high,
        flagged=float(above.mean()),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"
