"""Looking back: at which rank the trials that turned out to matter stood, and what share a cut held."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from classifier.evaluation.intervals import share_interval
from review.ids import ReportId

__all__ = ["Place", "Recall", "places", "ranks", "recall"]

LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a trial stood, 1 being the best: among all that was returned, and among the hard cases alone."""

    rank: int
    of: int
    rank_near: int
    of_near: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """How many of the trials were held, 0 to `of`, with the exact two-sided 95% interval of the share."""

    held: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """`held` of `of`, 0 to 1."""
        return self.held / self.of


def places(
    scores: Mapping[ReportId, float], trials: Collection[ReportId], near_misses: Collection[ReportId]
) -> dict[ReportId, Place]:
    """Return the place of each true trial that was returned.

    Parameters
    ----------
    scores
        Score of every report that the strategy returned in the cycle.
    trials
        The true trials. Those without a score were not returned and have no place.
    near_misses
        Reports that look like trials of the review and are not; those without a score do not count.

    Returns
    -------
    dict
        By report. Ties share their mean rank, rounded up, so that a model that tells nothing apart does not
        shine.
    """
    near = {one: scores[one] for one in {*trials, *near_misses} if one in scores}
    among_all, among_near = ranks(scores), ranks(near)
    return {
        one: Place(rank=among_all[one], of=len(scores), rank_near=among_near[one], of_near=len(near))
        for one in trials
        if one in scores
    }


def ranks(scores: Mapping[ReportId, float]) -> dict[ReportId, int]:
    """Return the rank of each report, from 1 for the best; ties share their mean rank, rounded up."""
    ordered = sorted(scores.values())
    return {one: _rank(score, ordered) for one, score in scores.items()}


def recall(held: Iterable[bool]) -> Recall | None:
    """Return the share of trials that were held; None where there was none.

    The interval is that of Clopper & Pearson 1934. It takes the trials for a random draw, which those of one
    review over the years are not.
    """
    each = list(held)
    if not each:
        return None
    low, high = share_interval(sum(each), len(each), level=LEVEL)
    return Recall(held=sum(each), of=len(each), low=low, high=high)


def _rank(score: float, ordered: list[float]) -> int:
    upto = bisect_right(ordered, score)
    above, ties = len(ordered) - upto, upto - bisect_left(ordered, score)
    return ceil(above + (ties + 1) / 2)
