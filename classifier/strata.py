"""Exact bounds on the relevant records among all that was set aside, when each cycle was sampled by itself.

Each cycle is a stratum: `of` records were set aside, `read` of them were drawn and read, `relevant` of those
were relevant. The statistic is the plain number found, T. A total M is compatible with what was found if some
way of spreading M over the strata gives P(T <= found) (for the upper bound; P(T >= found) for the lower one)
above 1 - level. The largest such probability is at most the value of a game in which the spreading is done by
an adversary who deals out M stratum by stratum and sees each sample before the next deal: he can do all that
somebody who deals beforehand can, so a bound from the game's value is never too narrow, whatever the truth.
With nothing found, or with one stratum, seeing helps him nothing and the bound is exact. Where numbers are
large his deals are rounded to whole grains in his favour: that widens a bound by a few percent, by up to a
sixth where dozens were found.

The inversion of tests over the worst allocation is the principle of exact inference for a stratified finite
population (Buonaccorsi 1987, The American Statistician 41:215; Wendell & Schmee 1996, JASA 91:825, who order
samples by the weighted estimate instead of by the number found); the game is ours.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce

import numpy as np
from numpy.typing import NDArray

from classifier.audit import missed_at_most

__all__ = ["Sample", "least_relevant", "most_relevant"]

Values = NDArray[np.float64]
"""Shape (found + 1, budget + 1): the adversary's best probability, by what is found and what is left."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one cycle set aside, how many of it were drawn and read, how many of these were relevant.

    Raises
    ------
    ValueError
        Unless 0 <= relevant <= read <= of.
    """

    of: int
    read: int
    relevant: int

    def __post_init__(self) -> None:
        if not 0 <= self.relevant <= self.read <= self.of:
            raise ValueError(f"audit: found {self}; expected 0 <= relevant <= read <= of")

    @property
    def unread(self) -> int:
        """How many nobody read by way of the audit: so many more may be relevant."""
        return self.of - self.read


def most_relevant(samples: Sequence[Sample], *, level: float = 0.95) -> int:
    """Return the upper bound on the number of relevant records in all strata, those found among them.

    Parameters
    ----------
    samples
        One for each cycle. One of which nothing was read may hold any number.
    level
        One-sided confidence, between 0 and 1.

    Returns
    -------
    int
        At least the number found; at most that and all that was not read.

    Raises
    ------
    ValueError
        If `level` is out of range.
    """
    _check(level)
    if len(samples) == 1:
        (one,) = samples
        return missed_at_most(one.relevant, one.read, one.of, level=level)
    found = sum(one.relevant for one in samples)
    unread = sum(one.unread for one in samples)
    least = _most_where_none_found(samples, level)
    if not found:
        return least
    return found + _last(lambda extra: _at_most(tuple(samples), extra) > 1 - level, unread, guess=least)


def least_relevant(samples: Sequence[Sample], *, level: float = 0.95) -> int:
    """Return the lower bound on the number of relevant records in all strata, those found among them.

    Parameters and errors are those of `most_relevant`.
    """
    _check(level)
    found = sum(one.relevant for one in samples)
    unread = sum(one.unread for one in samples)
    return (
        found + 1 + _last(lambda extra: _at_least(tuple(samples), extra) <= 1 - level, unread - 1, start=-1)
    )


def _check(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"audit: found level={level}; expected a number between 0 and 1, such as 0.95")


def _most_where_none_found(samples: Sequence[Sample], level: float) -> int:
    """Deal to the stratum that hides one more best: log P(none found) is concave in each, so it is exact."""
    steps = [np.log1p(-one.read / np.arange(one.of, one.read, -1)) for one in samples if one.unread]
    if not steps:
        return 0
    hidden = np.cumsum(np.sort(np.concatenate(steps))[::-1])
    return int(np.count_nonzero(hidden > np.log1p(-level)))


def _last(holds: Callable[[int], bool], most: int, *, start: int = 0, guess: int = 0) -> int:
    """Return the last number from `start` to `most` for which a thing holds that holds up to some number."""
    if start < guess <= most and holds(guess):
        start = guess
    step = 16
    while start + step < most and holds(start + step):
        start, step = start + step, 2 * step
    low, high = start, min(start + step, most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _at_most(samples: tuple[Sample, ...], extra: int) -> float:
    """Return no less than the adversary's best P(T <= found) with `extra` records beyond those found."""
    budget, grain = _table(extra, samples)
    # Rounding each deal down to whole grains can only help him, and costs less than a grain a stratum.
    grains = -(-max(0, extra - len(samples) * (grain - 1)) // grain)
    return _game(samples, budget // grain + len(samples), grain, upper=True)[grains]


def _at_least(samples: tuple[Sample, ...], extra: int) -> float:
    """Return no less than the adversary's best P(T >= found) with `extra` records beyond those found."""
    budget, grain = _table(extra, samples)
    grains = (extra + len(samples) * (grain - 1)) // grain
    return _game(samples, budget // grain + len(samples), grain, upper=False)[grains]


def _table(extra: int, samples: Sequence[Sample]) -> tuple[int, int]:
    """Return the largest number that a table holds, and its grain: 1 until a table would take seconds."""
    # Few sizes of table, each filled once: smaller numbers stand in the same table.
    budget = max(64, 1 << max(extra, 1).bit_length())
    return budget, max(1, budget // (_fineness(samples) * len(samples)))


def _fineness(samples: Sequence[Sample]) -> int:
    # The cost grows with the square of both: of fineness and of what was found.
    return max(12, 512 // (8 + sum(one.relevant for one in samples)))


@lru_cache(maxsize=64)
def _game(samples: tuple[Sample, ...], budget: int, grain: int, *, upper: bool) -> tuple[float, ...]:
    found = sum(one.relevant for one in samples)
    values = np.zeros((found + 1, budget + 1))
    # At the end all has been dealt; the upper bound's adversary wins with up to `found`, the other with it.
    values[slice(None) if upper else -1, 0] = 1.0
    by_size = sorted(samples, key=lambda one: one.unread)
    return tuple(
        reduce(lambda after, one: _before(one, after, grain, upper=upper), by_size, values)[0].tolist()
    )


def _before(one: Sample, after: Values, grain: int, *, upper: bool) -> Values:
    """Return the values before a stratum is dealt to, given those after it."""
    whole = one.unread // grain if upper else -(-one.unread // grain)
    width = after.shape[1]
    dealt = (np.arange(min(whole, width - 1) + 1) * grain).clip(max=one.unread)
    best = np.zeros_like(after)
    for grains, moves in enumerate(_moves(one, dealt, len(after) - 1, upper=upper)):
        np.maximum(best[:, grains:], moves @ after[:, : width - grains], out=best[:, grains:])
    return best


def _moves(one: Sample, dealt: NDArray[np.int_], found: int, *, upper: bool) -> NDArray[np.float64]:
    """Return, for each deal, the chances to come from one number found to another.

    Shape (dealt, found + 1, found + 1). For the upper bound whoever finds more is out; for the lower one the
    last number stands for itself and all above it.
    """
    from scipy.stats import hypergeom  # noqa: PLC0415 - half a second, which only a review that audits pays

    counts = np.arange(found + 1)
    chances = np.asarray(hypergeom.pmf(counts, one.of, one.relevant + dealt[:, None], one.read))
    step = counts[None, :] - counts[:, None]
    moves = np.where(step >= 0, chances[:, step.clip(min=0)], 0.0)
    if not upper:
        moves[:, :, -1] = (1 - moves[:, :, :-1].sum(axis=2)).clip(min=0)
    return moves
