"""Change from baseline: its SD from a correlation, and the correlation from SDs (Handbook 6.5.2.8)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers
from synthesis.columns import Columns
from synthesis.conversion.inputs import above_zero, aligned, between, refuse
from synthesis.conversion.standard_deviations import StandardDeviations

__all__ = ["Correlations", "change_correlation", "sd_of_change", "sd_of_final"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Correlations(Columns):
    """Correlations `r` of two measurements of the same people, shape (k,)."""

    r: Numbers


def sd_of_change(sd_baseline: ArrayLike, sd_final: ArrayLike, correlation: ArrayLike) -> StandardDeviations:
    """Return the SD of the change: sqrt(b^2 + f^2 - 2 r b f) (Cochrane Handbook 6.5.2.8).

    Parameters
    ----------
    sd_baseline, sd_final
        SDs of one group at both times, shape (k,), above 0.
    correlation
        Correlation r of both times, -1 to 1, imputed from a similar study, shape (k,).
    """
    before, after, r = aligned(sd_baseline=sd_baseline, sd_final=sd_final, correlation=correlation)
    above_zero(sd_baseline=before, sd_final=after)
    between(-1, 1, correlation=r)
    # (b - f)^2 + 2 (1 - r) b f cannot fall below 0 by rounding.
    variance = (before - after) ** 2 + 2 * (1 - r) * before * after
    return StandardDeviations(sd=np.sqrt(variance), notes=(_assumed(r),))


def change_correlation(sd_baseline: ArrayLike, sd_final: ArrayLike, sd_change: ArrayLike) -> Correlations:
    """Return the correlation (b^2 + f^2 - c^2) / (2 b f) of baseline and final (Cochrane Handbook 6.5.2.8).

    Parameters
    ----------
    sd_baseline, sd_final, sd_change
        SDs of one group, shape (k,), above 0.

    Raises
    ------
    ValueError
        Where no correlation gives such an SD of the change.
    """
    before, after, change = aligned(sd_baseline=sd_baseline, sd_final=sd_final, sd_change=sd_change)
    above_zero(sd_baseline=before, sd_final=after, sd_change=change)
    r = (before**2 + after**2 - change**2) / (2 * before * after)
    impossible = np.abs(r) > 1 + 1e-12
    refuse(impossible, "sd_change", change, "an SD from |baseline - final| to baseline + final")
    return Correlations(r=np.clip(r, -1, 1))


def sd_of_final(sd_baseline: ArrayLike, sd_change: ArrayLike, correlation: ArrayLike) -> StandardDeviations:
    """Return the final SD that gives this SD of the change: the root f of `sd_of_change`.

    Parameters
    ----------
    sd_baseline, sd_change
        SDs of one group, shape (k,), above 0.
    correlation
        Correlation r of baseline and final, -1 to 1, shape (k,).

    Raises
    ------
    ValueError
        Where no final SD, or two of them, would give this SD of the change.
    """
    before, change, r = aligned(sd_baseline=sd_baseline, sd_change=sd_change, correlation=correlation)
    above_zero(sd_baseline=before, sd_change=change)
    between(-1, 1, correlation=r)
    inside = change**2 - (1 - r**2) * before**2
    refuse(inside < 0, "sd_change", change, "a larger SD: with this correlation no final SD gives it")
    ambiguous = (r > 0) & (change < before) & (inside > 0)
    refuse(ambiguous, "sd_change", change, "at least the baseline's SD: two final SDs would give this one")
    return StandardDeviations(sd=r * before + np.sqrt(inside), notes=(_assumed(r),))


def _assumed(r: Numbers) -> str:
    shown = ", ".join(f"{one:g}" for one in np.unique(r))
    return f"A correlation of {shown} between baseline and final was assumed: repeat with others."
