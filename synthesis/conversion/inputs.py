"""What all conversions check: columns of one length, and numbers that can be."""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Flags, Numbers, as_numbers

__all__ = ["above_zero", "aligned", "at_least", "between", "fraction", "increasing", "one_of", "refuse"]


def aligned(**columns: ArrayLike) -> tuple[Numbers, ...]:
    """Return columns as arrays of one shape (k,); a single number stands for every study.

    Parameters
    ----------
    **columns
        Numbers by argument name; None stands for a missing one.

    Raises
    ------
    ValueError
        For something else than numbers, or unequal lengths.
    """
    arrays = {name: as_numbers(values, name) for name, values in columns.items()}
    k = next((len(array) for array in arrays.values() if len(array) != 1), 1)
    if any(len(array) not in {1, k} for array in arrays.values()):
        lengths = ", ".join(f"{name}: {len(array)}" for name, array in arrays.items())
        raise ValueError(f"found unequal lengths ({lengths}); expected one entry per study, or one for all")
    return tuple(np.broadcast_to(array, (k,)) for array in arrays.values())


def above_zero(**columns: Numbers) -> None:
    """Raise ValueError where a number is 0 or less."""
    for name, array in columns.items():
        refuse(array <= 0, name, array, "a number above 0")


def at_least(least: float, **columns: Numbers) -> None:
    """Raise ValueError where a number is below `least`."""
    for name, array in columns.items():
        refuse(array < least, name, array, f"{least:g} or more")


def between(low: float, high: float, **columns: Numbers) -> None:
    """Raise ValueError where a number lies outside `low` to `high`, ends included."""
    for name, array in columns.items():
        refuse((array < low) | (array > high), name, array, f"a number from {low:g} to {high:g}")


def fraction(**columns: Numbers) -> None:
    """Raise ValueError where a number is not between 0 and 1, ends excluded."""
    for name, array in columns.items():
        refuse((array <= 0) | (array >= 1), name, array, "a number between 0 and 1")


def increasing(**columns: Numbers) -> None:
    """Raise ValueError where a column is not below the next one, given in this order; NaN passes."""
    names = list(columns)
    for low, high in pairwise(names):
        refuse(columns[low] > columns[high], low, columns[low], f"no more than {high}")


def one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    """Raise ValueError where an option is unknown."""
    if value not in known:
        raise ValueError(f"{name}: found {value!r}; expected one of {' '.join(known)}")


def refuse(wrong: Flags, name: str, array: Numbers, expected: str) -> None:
    """Raise ValueError that names the first study marked as wrong, if there is any.

    Parameters
    ----------
    wrong
        The marks, shape (k,).
    name, array
        The argument and its numbers.
    expected
        What should have been there.
    """
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(f"{name}, study {place + 1}: found {array[place]:g}; expected {expected}")
