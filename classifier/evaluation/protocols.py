"""Run a way of ranking on a split, many splits, or from a cold start, and compare it with another.

A way of ranking is a function from a split to what it says of the records to be ranked: `with_ranker` makes
ours, `with_plain_svm` the naive one. It is handed a split without the truth, so that it cannot peep.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classifier.evaluation.figures import COUNTS, SHARES, Figure, figures
from classifier.evaluation.intervals import Measure, mean_interval
from classifier.evaluation.splits import Labelled, Split, cold_start_priors

__all__ = [
    "Comparison",
    "Outcome",
    "Rank",
    "Said",
    "cold_start",
    "compare",
    "mean_of",
    "run",
    "with_plain_svm",
    "with_ranker",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a model says of m records, in their order.

    Parameters
    ----------
    scores
        Shape (m,), higher is better.
    probabilities
        Shape (m,), or None where the model has none.
    flagged
        Shape (m,), true above its line; None where it draws none.
    triage
        Shape (m,), how much each is worth a reader's time; None where the model has no such scores.
    """

    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64] | None = None
    flagged: NDArray[np.bool_] | None = None
    triage: NDArray[np.float64] | None = None


Rank = Callable[[Split], Said]
"""Learns from `judged`, `grades` and `background` of a split and speaks of `ranked`; sees no truth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was said of the records of a split, beside the truth about them.

    Parameters
    ----------
    included, worth_reading
        Shape (m,), as in `Split`.
    """

    name: str
    said: Said
    included: NDArray[np.bool_]
    worth_reading: NDArray[np.bool_] | None = None

    def figures(
        self, *, seed: int, shares: Sequence[float] = SHARES, counts: Sequence[int] = COUNTS
    ) -> tuple[Figure, ...]:
        """Return the measures of the outcome (`classifier.evaluation.figures`).

        Raises
        ------
        ValueError
            As `classifier.evaluation.figures`.
        """
        return figures(
            self.included,
            self.said.scores,
            seed=seed,
            probabilities=self.said.probabilities,
            flagged=self.said.flagged,
            shares=shares,
            counts=counts,
        )

    def triage_figures(self, *, seed: int) -> tuple[Figure, ...]:
        """Return the measures of the order against what was worth reading, by `triage` where there is one.

        Raises
        ------
        ValueError
            If nobody kept what was worth reading, or nothing was.
        """
        if self.worth_reading is None:
            raise ValueError(f"{self.name}: found no labels of what was worth reading; expected them")
        scores = self.said.scores if self.said.triage is None else self.said.triage
        return figures(self.worth_reading, scores, seed=seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two ways of ranking on the same splits: means, and the difference with its interval over splits.

    Parameters
    ----------
    low, high
        95% bootstrap interval of the mean difference, over the splits as they are given: repeated draws from
        one data set are no new data sets, so give their mean.
    wins
        On how many splits ours was the higher one.
    """

    ours: float
    theirs: float
    difference: float
    low: float
    high: float
    wins: int
    n: int


def run(split: Split, rank: Rank) -> Outcome:
    """Rank a split.

    Raises
    ------
    ValueError
        If there is not one score for each record; and as `rank` does.
    """
    blind = replace(split, included=np.zeros(len(split.ranked), dtype=bool), worth_reading=None)
    said = rank(blind)
    if len(said.scores) != len(split.ranked):
        raise ValueError(
            f"{split.name}: found {len(said.scores)} scores; expected one for each of {len(split.ranked)}"
        )
    return Outcome(name=split.name, said=said, included=split.included, worth_reading=split.worth_reading)


def cold_start(review: Labelled, *, seed: int) -> Outcome:
    """Screen a review from one included and one other record on (`classifier.catch_up.simulate`).

    The two are known at the start and do not count. A score is the place in the order of reading.

    Raises
    ------
    ValueError
        If the review has none of either, or nothing else to find.
    """
    from classifier.catch_up import simulate  # noqa: PLC0415 - loads scikit-learn, which measures need not
    from classifier.pool import build_pool  # noqa: PLC0415 - as above

    priors = cold_start_priors(review, seed=seed)
    order = simulate(build_pool(review.records), review.included, priors, seed=seed)
    if not review.included[order].any():
        raise ValueError(f"cold start: {review.name}: found one included record; expected another to find")
    reading = None if review.worth_reading is None else review.worth_reading[order]
    return Outcome(
        name=f"{review.name}, cold start {seed}",
        said=Said(scores=-np.arange(len(order), dtype=float)),
        included=review.included[order],
        worth_reading=reading,
    )


def mean_of(outcomes: Sequence[Outcome], measure: Measure, *, seed: int, name: str) -> Figure:
    """Return the mean of a measure over outcomes, with its interval over them; n is how many they are.

    Raises
    ------
    ValueError
        If there is no outcome; and as the measure.
    """
    values = [measure(one.included, one.said.scores) for one in outcomes]
    return Figure(name, float(np.mean(values)), *mean_interval(values, seed=seed), len(values))


def compare(ours: Sequence[Outcome], theirs: Sequence[Outcome], measure: Measure, *, seed: int) -> Comparison:
    """Compare two ways of ranking on the same splits, split by split.

    Raises
    ------
    ValueError
        If there is no outcome, or the two are not of the same splits in the same order; and as the measure.
    """
    if [one.name for one in ours] != [one.name for one in theirs]:
        raise ValueError("compare: found outcomes of other splits; expected the same ones in the same order")
    mine, other = (
        np.array([measure(one.included, one.said.scores) for one in all_]) for all_ in (ours, theirs)
    )
    low, high = mean_interval(mine - other, seed=seed)
    return Comparison(
        ours=float(mine.mean()),
        theirs=float(other.mean()),
        difference=float((mine - other).mean()),
        low=low,
        high=high,
        wins=int((mine > other).sum()),
        n=len(mine),
    )


def with_ranker(*, seed: int, recall: float = 0.95) -> Rank:
    """Return our ranking: scores, probabilities where it has them, and what it flags for `recall`."""
    from classifier.ensemble import flags  # noqa: PLC0415 - loads scikit-learn, which measures need not
    from classifier.members import Head  # noqa: PLC0415 - loads scikit-learn, which measures need not
    from classifier.ranker import Ranker  # noqa: PLC0415 - as above

    def rank(split: Split) -> Said:
        ranker = Ranker(seed=seed, recall=recall)
        ranker.fit(split.judged, split.grades, background=split.background, waiting=split.ranked)
        # Not `Ranker.rank`: its reasons cost ten times what the scores do.
        scores = ranker.scores(split.ranked)
        calibration, line = ranker.calibration_, ranker.line_.value
        return Said(
            scores=scores,
            probabilities=None if calibration is None else calibration.probability(scores),
            flagged=flags(scores, ranker.known(split.ranked), line),
            triage=ranker.scores(split.ranked, head=Head.TRIAGE) if Head.TRIAGE in ranker.heads_ else None,
        )

    return rank


def with_plain_svm(*, seed: int) -> Rank:
    """Return the naive ranking: an SVM that tells included from judged and excluded, and knows no more.

    The settings of ASReview's default model, ELAS u4 (`classifier.catch_up`), on TF-IDF of all the records.
    It draws no line and has no probabilities.
    """
    from classifier.evaluation.plain import plain_svm_scores  # noqa: PLC0415 - loads scikit-learn

    return lambda split: Said(scores=plain_svm_scores(split, seed=seed))
