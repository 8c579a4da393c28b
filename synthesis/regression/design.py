"""The design matrix of a meta-regression: what is known of the studies, as named columns of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers
from synthesis.regression.core import full_rank
from synthesis.regression.moderators import Moderator, moderator

__all__ = ["INTERCEPT", "Design", "Moderators", "design_matrix"]

INTERCEPT = "intrcpt"
Moderators = Mapping[str, ArrayLike | Sequence[object]] | ArrayLike


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

    def encode(self, values: Moderators) -> tuple[Numbers, tuple[str, ...]]:
        """Return rows for new values of the moderators, shape (m, p), and a label for each.

        Parameters
        ----------
        values
            As given to the model: a mapping of each moderator's name, or an array of its columns.

        Raises
        ------
        ValueError
            For a moderator that is missing or unknown, unequal lengths, or a missing value.
        """
        given = _columns(values, [one.name for one in self.moderators])
        asked, known = sorted(given), sorted(one.name for one in self.moderators)
        if asked != known:
            raise ValueError(f"moderators: found {', '.join(asked)}; expected {', '.join(known)}")
        lengths = {len(one) for one in given.values()}
        if len(lengths) > 1:
            raise ValueError(f"moderators: found {sorted(lengths)} values; expected as many for each")
        slab = tuple(f"row {i + 1}" for i in range(max(lengths, default=1)))
        parts = [one.encode(given[one.name], slab) for one in self.moderators]
        ones = [np.ones((len(slab), 1))] if INTERCEPT in self.names else []
        return np.concatenate([*ones, *parts], axis=1), slab


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
        one = moderator(name, values, slab, whole=whole)
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
    array = np.atleast_1d(np.asarray(values, dtype=object))
    if array.ndim != 1:
        raise ValueError(f"{name}: found {array.ndim} dimensions; expected one value per study")
    return list(array)


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
        if not full_rank(x[:, : i + 1]):
            raise ValueError(
                f"{names[i]}: found that it follows from {_sources(x[:, :i], x[:, i], names)}; "
                "expected moderators that tell different things (leave one out)"
            )


def _sources(before: Numbers, column: Numbers, names: tuple[str, ...]) -> str:
    scaled = before / np.linalg.norm(before, axis=0)
    share = np.abs(np.linalg.lstsq(scaled, column, rcond=None)[0])
    return ", ".join(name for name, size in zip(names, share, strict=False) if size > 1e-6 * share.max())
