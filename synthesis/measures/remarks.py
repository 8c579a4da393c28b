"""What was done to counts, in sentences: additions to zero cells, studies that were dropped."""

from collections.abc import Iterable, Mapping

import numpy as np

from synthesis.arrays import Flags, Numbers
from synthesis.measures.binary import ZeroCellRule, added

__all__ = ["listed", "remarks", "zero_cells"]


def zero_cells(measure: str, data: Mapping[str, Numbers]) -> tuple[Flags, Flags] | None:
    """Return which studies have a zero cell, and which have no event (or nothing but) in both groups.

    Parameters
    ----------
    measure
        One of `synthesis.measures.effects.MEASURES`.
    data
        Checked arguments, shape (k,).

    Returns
    -------
    tuple or None
        None for measures of something else than counts.
    """
    if measure == "IRR":
        x1i, x2i = data["x1i"], data["x2i"]
        return (x1i == 0) | (x2i == 0), (x1i == 0) & (x2i == 0)
    if measure == "PLO":
        zero = (data["xi"] == 0) | (data["xi"] == data["ni"])
        return zero, np.zeros_like(zero)
    if "ai" not in data:
        return None
    ai, ci = data["ai"], data["ci"]
    bi, di = data.get("bi", data.get("n1i", ai) - ai), data.get("di", data.get("n2i", ci) - ci)
    zero = (ai == 0) | (bi == 0) | (ci == 0) | (di == 0)
    return zero, ((ai == 0) & (ci == 0)) | ((bi == 0) & (di == 0))


def remarks(
    measure: str,
    data: Mapping[str, Numbers],
    slab: tuple[str, ...],
    *,
    add: float,
    to: ZeroCellRule,
    drop00: bool,
) -> tuple[str, ...]:
    """Return what was done to zero cells, in sentences that name the studies.

    Parameters
    ----------
    measure, data, slab
        As `synthesis.effect_sizes`, checked.
    add, to, drop00
        The zero-cell rule.
    """
    cells = zero_cells(measure, data)
    if cells is None:
        return ()
    zero, silent = cells
    dropped = silent & drop00
    extra = added(zero, add, to) > 0
    done = [(extra & ~dropped, f"{add:g} was added to each cell")]
    done.append((dropped, "dropped: no events, or nothing but events, in both groups"))
    return tuple(f"{listed(slab, which)}: {what}." for which, what in done if which.any())


def listed(slab: tuple[str, ...], which: Flags | Iterable[bool], most: int = 8) -> str:
    """Return the labels of the marked studies, the first `most` by name."""
    names = [label for label, marked in zip(slab, which, strict=True) if marked]
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
