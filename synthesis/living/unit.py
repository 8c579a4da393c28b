"""The unit of analysis: one effect per study, however many rows a table prints for it."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike

from review.effect import EffectSize, SharedControl
from review.protocol_synthesis import SharedControlRule
from synthesis.arrays import as_numbers
from synthesis.living.rows import Row

__all__ = ["combine_rows", "correlation_of", "one_effect_per_study"]


def combine_rows(yi: ArrayLike, vi: ArrayLike, r: float) -> tuple[float, float]:
    """Return the mean of m rows and its variance (Borenstein et al. 2009, chapters 24 and 25).

    (sum vi + 2 r sum sqrt(vi vj) over i < j) / m^2.

    Parameters
    ----------
    yi, vi
        Effects and variances of one study's rows, shape (m,), m >= 1.
    r
        Correlation between rows, from 0 to 1: 0 where the control group was split, 0.5 where it is shared
        by groups of equal size.

    Raises
    ------
    ValueError
        For no rows, unequal lengths, a variance not above 0, or a correlation outside 0 to 1.
    """
    effects, variances = as_numbers(yi, "yi"), as_numbers(vi, "vi")
    if len(effects) == 0 or len(effects) != len(variances):
        raise ValueError(f"rows: found {len(effects)} effects, {len(variances)} variances; expected one each")
    if not (variances > 0).all():
        raise ValueError(f"rows: found variances {list(variances)}; expected all above 0")
    if not 0 <= r <= 1:
        raise ValueError(f"r: found {r}; expected a correlation from 0 to 1")
    alone, together = float(variances.sum()), float(np.sqrt(variances).sum()) ** 2
    variance = ((1 - r) * alone + r * together) / len(effects) ** 2
    return float(effects.mean()), variance


def one_effect_per_study(
    rows: Sequence[Row], rule: SharedControlRule
) -> tuple[tuple[EffectSize, ...], tuple[str, ...]]:
    """Return one effect per study, sorted by label, and notes on what was combined and how.

    Parameters
    ----------
    rows
        Rows in the protocol's measure and sign.
    rule
        The correlation for split and for shared controls.

    Raises
    ------
    ValueError
        Where a study's rows do not agree on how they share their control.
    """
    ordered = sorted(rows, key=lambda row: (row.study, row.label))
    studies = [tuple(group) for _, group in groupby(ordered, key=lambda row: row.study)]
    effects, notes = zip(*(_one(study, rule) for study in studies), strict=True) if studies else ((), ())
    return tuple(effects), tuple(note for some in notes for note in some)


def correlation_of(rows: Sequence[Row], rule: SharedControlRule) -> tuple[float, str]:
    """Return the correlation that is taken between one study's rows, and why.

    Parameters
    ----------
    rows
        At least one, all of one study.
    rule
        The correlation for split and for shared controls.

    Raises
    ------
    ValueError
        Where the rows do not agree on how they share their control.
    """
    return {
        SharedControl.NONE: (0.0, "groups that share no control"),
        SharedControl.SPLIT: (rule.split_r, "the control group was split"),
        SharedControl.SHARED: (rule.shared_r, "the control group is shared"),
        SharedControl.UNKNOWN: (rule.shared_r, "whether the control is shared is unknown: taken as shared"),
    }[_shared_control(rows)]


def _one(rows: tuple[Row, ...], rule: SharedControlRule) -> tuple[EffectSize, tuple[str, ...]]:
    first, shared = rows[0], _shared_control(rows)
    r, why = correlation_of(rows, rule)
    yi, vi = combine_rows([row.yi for row in rows], [row.vi for row in rows], r)
    effect = EffectSize(
        study=first.study,
        yi=yi,
        vi=vi,
        ni=_participants(rows, shared),
        rows=tuple(row.label for row in rows),
        imported=any(row.imported for row in rows),
        subgroups=tuple(pair for pair in first.subgroups if all(pair in row.subgroups for row in rows)),
        moderators=tuple(pair for pair in first.moderators if all(pair in row.moderators for row in rows)),
    )
    if len(rows) == 1:
        return effect, ()
    return effect, (f"{first.study}: {len(rows)} rows became one effect, r = {r:g} ({why}).",)


def _shared_control(rows: Sequence[Row]) -> SharedControl:
    found = {row.shared_control for row in rows}
    if len(found) > 1:
        names = ", ".join(sorted(found))
        raise ValueError(
            f"{rows[0].study}: found rows with shared_control {names}; expected one for all rows"
        )
    return found.pop()


def _participants(rows: tuple[Row, ...], shared: SharedControl) -> int | None:
    """Sum the rows, unless people of a shared control would count twice."""
    stated = [row.ni for row in rows if row.ni is not None]
    if len(rows) > 1 and shared in {SharedControl.SHARED, SharedControl.UNKNOWN}:
        return None
    return sum(stated) if len(stated) == len(rows) else None
