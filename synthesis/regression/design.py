"""The design matrix of a meta-regression: what is known of the studies, as named columns of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers

__all__ = ["INTERCEPT", "Design", "Moderator", "Moderators", "design_matrix"]

INTERCEPT = "intrcpt"
Moderators = Mapping[str, ArrayLike | Sequence[object]] | ArrayLike

# What is left of a column after the others are taken out, as a share of it: less is rounding.
_COLLINEAR = 1e-10


@dataclass(frozen=True, slots=True)
class Moderator:
    """One moderator: a number a study (`levels` empty), or a category with one column a level shown.

    Parameters
    ----------
    name
        As given.
    levels
        Sorted levels of a category.
    reference
        The level that has no column; None where each has one, or for a number.
    """

    name: str
    levels: tuple[str, ...] = ()
    reference: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of its columns; those of a category say what they are compared with."""
        if not self.levels:
            return (self.name,)
        if self.reference is None:
            return tuple(f"{self.name}: {level}" for level in self.levels)
        return tuple(
            f"{self.name}: {level} vs {self.reference}" for level in self.levels if level != self.reference
        )

    def encode(self, values: Sequence[object], slab: Sequence[str]) -> Numbers:
        """Return the columns of these values, shape (k, columns).

        Parameters
        ----------
        values
            One a study.
        slab
            The studies' labels, for messages.

        Raises
        ------
        ValueError
            For a missing value, a number that is not finite, or a level that the model does not know.
        """
        if not self.levels:
            return np.array([[_number(self.name, one, name)] for one, name in zip(values, slab, strict=True)])
        found = [_level(self.name, one, name) for one, name in zip(values, slab, strict=True)]
        for one, name in zip(found, slab, strict=True):
            if one not in self.levels:
                raise ValueError(f"{name}: found {self.name} = {one!r}; expected {' or '.join(self.levels)}")
        shown = [level for level in self.levels if level != self.reference]
        return np.array([[float(one == level) for level in shown] for one in found])


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """A design matrix of full rank.

    Parameters
    ----------
    x
        Shape (k, p).
    names
        The columns' names; `INTERCEPT` for the intercept.
    moderators
        What the columns were made from.
    intercept
        Place of the column of ones; None without.
    """

    x: Numbers
    names: tuple[str, ...]
    moderators: tuple[Moderator, ...]
    intercept: int | None

    @property
    def tested(self) -> tuple[int, ...]:
        """Return the places of the coefficients that QM tests: all but the intercept, if there are any."""
        others = tuple(i for i in range(len(self.names)) if i != self.intercept)
        return others or (0,)

    def encode(self, values: Moderators, m: int | None = None) -> tuple[Numbers, tuple[str, ...]]:
        """Return rows for new values of the moderators, shape (m, p), and a label for each.

        Parameters
        ----------
        values
            As given to the model: a mapping of each moderator's name, or an array of its columns.
        m
            Expected number of rows, where known.

        Raises
        ------
        ValueError
            For a moderator that is missing or unknown, unequal lengths, or a missing value.
        """
        given = _columns(values, tuple(one.name for one in self.moderators))
        asked, known = set(given), {one.name for one in self.moderators}
        if asked != known:
            raise ValueError(f"moderators: found {sorted(asked)}; expected {sorted(known)}")
        lengths = {len(one) for one in given.values()}
        if len(lengths) > 1 or (m is not None and lengths - {m}):
            raise ValueError(f"moderators: found {sorted(lengths)} values; expected as many for each")
        rows = lengths.pop() if lengths else m or 1
        slab = tuple(f"row {i + 1}" for i in range(rows))
        parts = [one.encode(given[one.name], slab) for one in self.moderators]
        matrix = np.concatenate([np.empty((rows, 0)), *parts], axis=1)
        if self.intercept is not None and matrix.shape[1] < len(self.names):
            matrix = np.insert(matrix, self.intercept, 1.0, axis=1)
        return matrix, slab


def design_matrix(
    mods: Moderators,
    slab: Sequence[str],
    *,
    intercept: bool = True,
    names: Sequence[str] | None = None,
) -> Design:
    """Return the design of k studies.

    Parameters
    ----------
    mods
        Each moderator's values by name (text is a category), or columns of numbers, shape (k, m).
    slab
        Labels of the k studies.
    intercept
        Put a column of ones first. Without, the first category has a column for each of its levels, and
        a column of ones among those given is the intercept.
    names
        The columns' names, where `mods` is an array.

    Raises
    ------
    ValueError
        For a missing value, a constant, or a column that follows from others; the message names it.
    """
    given = _columns(mods, names)
    moderators, parts, whole = [], [], not intercept
    for name, values in given.items():
        if len(values) != len(slab):
            raise ValueError(f"{name}: found {len(values)} values for {len(slab)} studies; expected one each")
        one = _moderator(name, values, slab, whole=whole)
        whole = whole and not one.levels
        moderators.append(one)
        parts.append(one.encode(values, slab))
    ones = [np.ones((len(slab), 1))] if intercept else []
    labels = ((INTERCEPT,) if intercept else ()) + tuple(name for one in moderators for name in one.columns)
    if not labels:
        raise ValueError("mods: found neither a moderator nor an intercept; expected at least one")
    x = np.concatenate([*ones, *parts], axis=1)
    place = 0 if intercept else _place_of_ones(x)
    _check(x, labels, place)
    return Design(x, labels, tuple(moderators), place)


def _columns(mods: Moderators, names: Sequence[str] | None) -> dict[str, Sequence[object]]:
    if isinstance(mods, Mapping):
        return {str(name): _listed(str(name), values) for name, values in mods.items()}
    array = np.asarray(mods)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2:
        raise ValueError(f"mods: found {array.ndim} dimensions; expected a column for each moderator")
    labels = [f"mod {i + 1}" for i in range(array.shape[1])] if names is None else [str(one) for one in names]
    if len(set(labels)) != array.shape[1]:
        raise ValueError(f"names: found {labels}; expected {array.shape[1]} different ones, one a column")
    return {name: array[:, i].tolist() for i, name in enumerate(labels)}


def _listed(name: str, values: object) -> list[object]:
    array = np.asarray(values, dtype=object)
    if array.ndim != 1:
        raise ValueError(f"{name}: found {array.ndim} dimensions; expected one value per study")
    return list(array)


def _moderator(name: str, values: Sequence[object], slab: Sequence[str], *, whole: bool) -> Moderator:
    if not any(isinstance(one, str) for one in values):
        return Moderator(name)
    levels = tuple(sorted({_level(name, one, label) for one, label in zip(values, slab, strict=True)}))
    if len(levels) == 1:
        raise ValueError(f"{name}: found {levels[0]!r} in every study; expected a moderator that varies")
    return Moderator(name, levels, None if whole else levels[0])


def _level(name: str, value: object, label: str) -> str:
    if value is None or value != value or not str(value).strip():  # noqa: PLR0124 - only NaN differs
        raise ValueError(f"{label}: found no {name}; expected a level (or leave the study out)")
    return str(value)


def _number(name: str, value: object, label: str) -> float:
    try:
        number = float("nan") if value is None else float(value)  # type: ignore[arg-type] # checked here
    except (TypeError, ValueError) as error:
        raise ValueError(f"{label}: found {name} = {value!r}; expected a number") from error
    if not np.isfinite(number):
        raise ValueError(f"{label}: found {name} = {value}; expected a number (or leave the study out)")
    return number


def _place_of_ones(x: Numbers) -> int | None:
    ones = np.flatnonzero((x == 1).all(axis=0))
    return int(ones[0]) if len(ones) else None


def _check(x: Numbers, names: tuple[str, ...], intercept: int | None) -> None:
    for i, name in enumerate(names):
        if i != intercept and np.ptp(x[:, i]) == 0:
            raise ValueError(f"{name}: found {x[0, i]:g} in every study; expected a moderator that varies")
    if x.shape[1] > x.shape[0]:
        raise ValueError(
            f"mods: found {x.shape[1]} coefficients ({', '.join(names)}) for {x.shape[0]} studies; "
            "expected more studies than coefficients (leave moderators out)"
        )
    for i in range(1, x.shape[1]):
        _check_new(x[:, :i], x[:, i], names[: i + 1])


def _check_new(before: Numbers, column: Numbers, names: tuple[str, ...]) -> None:
    scaled = before / np.linalg.norm(before, axis=0)
    share = np.linalg.lstsq(scaled, column, rcond=None)[0]
    if np.linalg.norm(column - scaled @ share) <= _COLLINEAR * np.linalg.norm(column):
        size = np.abs(share) > 1e-6 * np.abs(share).max()
        others = ", ".join(name for name, used in zip(names[:-1], size, strict=True) if used)
        raise ValueError(
            f"{names[-1]}: found that it follows from {others}; expected moderators that tell "
            "different things (leave one out)"
        )
