"""All measures of a ranking in one table, each with its interval and what it rests on.

Intervals are percentile bootstrap intervals over resampled records (`classifier.evaluation.resampling`), but
exact for recall at a share or a count, *recall of the flagged* and *flagged share*. They speak of other
records of the same kind under the same model, not of another training set.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from classifier.evaluation.intervals import share_interval
from classifier.evaluation.measures import BINS, bin_of, checked_probabilities, flagged_share
from classifier.evaluation.ranks import (
    atd_at,
    average_precision_at,
    checked_pair,
    first_of,
    ndcg_at,
    recall_among,
    wss_at,
)
from classifier.evaluation.resampling import Counts, drawn_counts, drawn_ranks
from classifier.truth import checked_truth

__all__ = ["COUNTS", "FEWEST", "SHARES", "Figure", "figures", "paired_differences"]

SHARES = (0.05, 0.1, 0.2, 0.5)
COUNTS = (10, 50, 100)

FEWEST = 5
"""Relevant records below which no bootstrap interval is given.

Four have 35 distinct resamples, which is no sample to read a tail of 2.5% from; five have 126.
"""

_OF_ALL = {"Brier", "ECE"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure.

    Parameters
    ----------
    low, high
        Its 95% interval; None where too few records would bear one, where all resamples say the same, and
        for a recall among fewer records than are relevant, which cannot reach 1.
    n
        How many records it rests on: the relevant ones for a measure of the order and for the recall of the
        flagged, all for Brier, ECE and the flagged share.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    n: int


def figures(
    relevant: ArrayLike,
    scores: ArrayLike,
    *,
    seed: int,
    probabilities: ArrayLike | None = None,
    flagged: ArrayLike | None = None,
    shares: Sequence[float] = SHARES,
    counts: Sequence[int] = COUNTS,
    draws: int = 1000,
    level: float = 0.95,
) -> tuple[Figure, ...]:
    """Return WSS@95, WSS@100, recall at shares and counts, ATD, AP and NDCG of a ranking.

    Parameters
    ----------
    relevant
        Shape (n,), the truth.
    scores
        Shape (n,), higher is better; ties count against the ranking.
    probabilities
        Shape (n,), calibrated: with them come Brier and ECE.
    flagged
        Shape (n,), true above the line: with it come the recall of the flagged and the flagged share.
    counts
        Those above n are left out: they would say 1 of any ranking.

    Raises
    ------
    ValueError
        If nothing is relevant, lengths differ, a label or a flag is neither true, false, 0 nor 1, a score is
        not a number or a probability not in [0, 1].
    """
    labels, unordered = checked_pair(relevant, scores)
    chances = None if probabilities is None else checked_probabilities(labels, probabilities)[1]
    truth, (given, *more) = _in_order(labels, unordered, *(() if chances is None else (chances,)))
    measured = [_of_order(truth, given, shares, counts), *(_of_chances(truth, one) for one in more)]
    table = _table(_together(measured), truth, _Draws(seed, draws, level))
    firsts = _firsts(len(truth), shares, counts)
    table = tuple(_exact(one, firsts[one.name], level) if one.name in firsts else one for one in table)
    return (*table, *(() if flagged is None else _of_flags(labels, flagged, level)))


def paired_differences(
    relevant: ArrayLike,
    scores: ArrayLike,
    others: ArrayLike,
    *,
    seed: int,
    shares: Sequence[float] = SHARES,
    counts: Sequence[int] = COUNTS,
    draws: int = 1000,
    level: float = 0.95,
) -> tuple[Figure, ...]:
    """Return how much better `scores` rank than `others`, for each measure of the order: ours minus theirs.

    Both are judged on the same resamples. For ATD a negative difference is better.

    Raises
    ------
    ValueError
        As `figures`.
    """
    (labels, one), (_, another) = checked_pair(relevant, scores), checked_pair(relevant, others)
    truth, (ours, theirs) = _in_order(labels, one, another)
    mine, other = (_of_order(truth, one, shares, counts) for one in (ours, theirs))

    def difference(drawn: Counts) -> Values:
        them = other(drawn)
        return {name: values - them[name] for name, values in mine(drawn).items()}

    return _table(difference, truth, _Draws(seed, draws, level))


def _in_order(
    truth: NDArray[np.bool_], *columns: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], list[NDArray[np.float64]]]:
    """Return the columns in an order of their own, so that the order of the rows draws no other resamples."""
    scores, *more = columns
    order = np.lexsort((*more, truth, -scores))
    return truth[order], [column[order] for column in columns]


Values = dict[str, NDArray[np.float64]]

_Measured = Callable[[Counts], Values]
"""From how often each record was drawn, shape (b, n), to measures by name, each of shape (b,)."""


@dataclass(frozen=True, slots=True)
class _Draws:
    seed: int
    draws: int
    level: float


def _table(measured: _Measured, truth: NDArray[np.bool_], how: _Draws) -> tuple[Figure, ...]:
    n, p = len(truth), int(truth.sum())
    values = measured(np.ones((1, n), dtype=np.intp))
    ends = _ends(measured, truth, how) if p >= FEWEST else dict.fromkeys(values, (None, None))
    return tuple(
        Figure(name, float(one[0]), *ends[name], n if name in _OF_ALL else p) for name, one in values.items()
    )


def _ends(
    measured: _Measured, truth: NDArray[np.bool_], how: _Draws
) -> Mapping[str, tuple[float | None, float | None]]:
    blocks = [measured(block) for block in drawn_counts(truth, seed=how.seed, draws=how.draws)]
    tails = [(1 - how.level) / 2, (1 + how.level) / 2]
    ends: dict[str, tuple[float | None, float | None]] = {}
    for name in blocks[0]:
        low, high = np.quantile(np.concatenate([block[name] for block in blocks]), tails)
        # Resamples that all say the same know nothing of other records: 20 of 20 is no certainty.
        ends[name] = (float(low), float(high)) if low < high else (None, None)
    return ends


def _together(measured: Sequence[_Measured]) -> _Measured:
    return lambda drawn: {name: one for each in measured for name, one in each(drawn).items()}


def _of_order(
    truth: NDArray[np.bool_], scores: NDArray[np.float64], shares: Sequence[float], counts: Sequence[int]
) -> _Measured:
    n = len(truth)
    firsts = _firsts(n, shares, counts)

    def measured(drawn: Counts) -> Values:
        ranks = drawn_ranks(drawn, truth, scores)
        return {
            "WSS@95": wss_at(ranks, n, 0.95),
            "WSS@100": wss_at(ranks, n, 1.0),
            **{name: recall_among(ranks, first) for name, first in firsts.items()},
            "ATD": atd_at(ranks, n),
            "AP": average_precision_at(ranks),
            "NDCG": ndcg_at(ranks),
        }

    return measured


def _firsts(n: int, shares: Sequence[float], counts: Sequence[int]) -> dict[str, int]:
    """Return how many records are read for each recall at a share and at a count."""
    firsts = {f"recall@{100 * one:.4g}%": first_of(one, n) for one in shares}
    return firsts | {f"recall@{one}": one for one in counts if one <= n}


def _exact(figure: Figure, first: int, level: float) -> Figure:
    """Give a recall its exact interval; none where the relevant do not fit in what is read, or are few."""
    if figure.n < FEWEST or figure.n > first:
        return replace(figure, low=None, high=None)
    low, high = share_interval(round(figure.value * figure.n), figure.n, level=level)
    return replace(figure, low=low, high=high)


def _of_chances(truth: NDArray[np.bool_], chances: NDArray[np.float64]) -> _Measured:
    n = len(truth)
    squares, gaps = (chances - truth) ** 2, np.zeros((n, BINS))
    gaps[np.arange(n), bin_of(chances)] = truth - chances

    def measured(drawn: Counts) -> Values:
        times = drawn.astype(float)
        return {"Brier": times @ squares / n, "ECE": np.abs(times @ gaps).sum(axis=1) / n}

    return measured


def _of_flags(truth: NDArray[np.bool_], flagged: ArrayLike, level: float) -> tuple[Figure, ...]:
    above = checked_truth(flagged, where="flagged")
    if len(above) != len(truth):
        raise ValueError(f"found {len(truth)} labels and {len(above)} flags; expected one flag a label")
    hits, p, n = int((above & truth).sum()), int(truth.sum()), len(truth)
    found = share_interval(hits, p, level=level)
    share = share_interval(int(above.sum()), n, level=level)
    return (
        Figure("recall of the flagged", hits / p, *found, p),
        Figure("flagged share", flagged_share(above), *share, n),
    )
