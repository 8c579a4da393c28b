"""Looking back: at which rank the trials that turned out to matter stood when they were found."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from review.ids import ReportId

__all__ = ["Place", "places"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a trial stood, 1 being the best: among all that was returned, and among the hard cases alone."""

    rank: int
    of: int
    rank_near: int
    of_near: int


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
    found = [one for one in trials if one in scores]
    near = {one: scores[one] for one in {*trials, *near_misses} if one in scores}
    return {
        one: Place(
            rank=_rank(scores[one], scores.values()),
            of=len(scores),
            rank_near=_rank(scores[one], near.values()),
            of_near=len(near),
        )
        for one in found
    }


def _rank(score: float, among: Iterable[float]) -> int:
    others = list(among)
    above = sum(other > score for other in others)
    ties = sum(other == score for other in others)
    return ceil(above + (ties + 1) / 2)
