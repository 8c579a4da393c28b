"""Labels that say whether records are relevant: booleans, 0 and 1, and nothing that only looks like them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["checked_count", "checked_truth"]


def checked_truth(labels: ArrayLike, *, where: str) -> NDArray[np.bool_]:
    """Return labels as a flat array of booleans, shape (n,).

    Raises
    ------
    ValueError
        If one is neither true, false, 0 nor 1: NaN, -1 and text would all count as true.
    """
    given = np.asarray(labels).ravel()
    wrong = [at for at, good in enumerate(_good(given)) if not good]
    if wrong:
        raise ValueError(
            f"{where}: found {given[wrong[0]]!r} as label {wrong[0]}, of {len(wrong)} that are neither true, "
            "false, 0 nor 1; expected whether each record is relevant"
        )
    return given.astype(bool)


def checked_count(number: object, *, where: str, what: str) -> int:
    """Return a number as a plain whole number.

    Raises
    ------
    ValueError
        If it is none: NaN compares false with every bound, and would pass them all.
    """
    if isinstance(number, int | np.integer) and not isinstance(number, bool):
        return int(number)
    raise ValueError(f"{where}: found {number!r} {what}; expected a whole number")


def _good(given: NDArray[np.generic]) -> NDArray[np.bool_]:
    if given.dtype.kind in "biuf":
        return np.isin(given, (0, 1))
    numbers = (bool, int, float, np.bool_, np.number)
    return np.array([isinstance(one, numbers) and one in {0, 1} for one in given], dtype=bool)
