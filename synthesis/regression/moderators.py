"""One moderator as columns of a design: a number, or a category against its first level."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Numbers

__all__ = ["Moderator", "moderator"]


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


def moderator(name: str, values: Sequence[object], slab: Sequence[str], *, whole: bool) -> Moderator:
    """Return the moderator that these values are: text makes a category.

    Parameters
    ----------
    name
        Its name.
    values
        One a study.
    slab
        The studies' labels, for messages.
    whole
        Give each level of a category a column: no intercept, and no category before, takes one's place.

    Raises
    ------
    ValueError
        Where a level is missing, or all studies have the same one.
    """
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
