"""What a model was fitted with: kept, because the parameters of an estimator may be set again after a fit."""

from dataclasses import dataclass

import numpy as np

from classifier.members import Settings

__all__ = ["FittedWith", "checked_seed"]

_SEEDS = 2**32


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedWith:
    """The parameters of a fit, checked."""

    seed: int
    recall: float
    settings: Settings


def checked_seed(seed: object) -> int:
    """Return the seed as a plain whole number.

    Raises
    ------
    ValueError
        If it is no whole number from 0 to 2**32 - 1: with None two fits would differ and bear one name.
    """
    if isinstance(seed, int | np.integer) and not isinstance(seed, bool) and 0 <= seed < _SEEDS:
        return int(seed)
    raise ValueError(
        f"Ranker: found seed={seed!r}; expected a whole number from 0 to {_SEEDS - 1}: "
        "the same seed must give the same model"
    )
