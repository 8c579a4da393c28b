"""Several groups of a study as one (Cochrane Handbook 6.5.2.10, Table 6.5.a)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers, as_numbers
from synthesis.columns import Columns
from synthesis.conversion.inputs import above_zero, at_least

__all__ = ["Group", "combine_groups"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Group(Columns):
    """Participants, mean and SD of the combined group, each of shape (1,)."""

    n: Numbers
    mean: Numbers
    sd: Numbers


def combine_groups(n: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Group:
    """Return several groups of one study as one: the numbers that their participants' data would give.

    The formula of Table 6.5.a, applied to any number of groups at once.

    Parameters
    ----------
    n, mean, sd
        Participants, means and SDs of the study's groups, shape (m,), m at least 1.

    Raises
    ------
    ValueError
        For a missing number, unequal lengths, n below 1 or an SD below 0.
    """
    sizes, means, spreads = (as_numbers(one, name) for one, name in ((n, "n"), (mean, "mean"), (sd, "sd")))
    if not len(sizes) == len(means) == len(spreads):
        raise ValueError(
            f"found {len(sizes)} n, {len(means)} mean, {len(spreads)} sd; expected one per group"
        )
    if np.isnan(sizes + means + spreads).any():
        raise ValueError("found a missing number; expected n, mean and SD of every group that is combined")
    if len(sizes) == 0:
        raise ValueError("found no group; expected n, mean and SD of at least one")
    above_zero(n=sizes)
    at_least(0, sd=spreads)
    total = sizes.sum()
    centre = (sizes * means).sum() / total
    squares = ((sizes - 1) * spreads**2).sum() + (sizes * (means - centre) ** 2).sum()
    # One person in one group has no spread: 0 / 0 is 0 here, as its SD was given.
    spread = np.sqrt(squares / (total - 1)) if total > 1 else spreads[0]
    return Group(
        n=np.array([total]),
        mean=np.array([centre]),
        sd=np.array([spread]),
        notes=(f"Combined from {len(sizes)} (participants: {total:g}).",),
    )
