"""Standardised mean differences in other words: units of an instrument, odds ratios, chances."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from synthesis.arrays import Numbers
from synthesis.columns import Columns
from synthesis.conversion.inputs import above_zero, aligned, at_least

__all__ = [
    "Reexpressed",
    "log_or_to_smd",
    "probability_of_benefit",
    "smd_to_log_or",
    "smd_to_units",
]

_CHINN = np.pi / np.sqrt(3)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Reexpressed(Columns):
    """Effects `yi` and standard errors `sei` on the new scale, shape (k,)."""

    yi: Numbers
    sei: Numbers


def smd_to_units(smd: ArrayLike, se: ArrayLike, *, sd: float, source: str) -> Reexpressed:
    """Return SMDs in an instrument's units: SMD x SD (Cochrane Handbook 15.5.3.2).

    Parameters
    ----------
    smd, se
        SMDs and standard errors, shape (k,).
    sd
        The instrument's SD among people like those of the review, above 0.
    source
        Where that SD is from. What it says of the result hangs on it, so it must be told.

    Raises
    ------
    ValueError
        For an SD without a source, or not above 0.
    """
    if not source.strip():
        raise ValueError(
            f"source: found none for the SD {sd:g}; expected where it is from (a cohort, or the trial "
            "with the most typical people): every number in the instrument's units hangs on it"
        )
    above_zero(sd=np.array([sd]))
    effect, error = _checked(smd, se)
    note = f"Re-expressed with an SD of {sd:g} (source: {source.strip()})."
    return Reexpressed(yi=effect * sd, sei=error * sd, notes=(note,))


def smd_to_log_or(smd: ArrayLike, se: ArrayLike) -> Reexpressed:
    """Return SMDs as log odds ratios: x pi / sqrt(3) (Chinn 2000; Cochrane Handbook 10.6).

    Parameters
    ----------
    smd, se
        SMDs and standard errors, shape (k,); the sign stays.
    """
    effect, error = _checked(smd, se)
    note = "Taken to log odds ratios as if the outcome were logistic and cut anywhere (Chinn 2000)."
    return Reexpressed(yi=effect * _CHINN, sei=error * _CHINN, notes=(note,))


def log_or_to_smd(log_or: ArrayLike, se: ArrayLike) -> Reexpressed:
    """Return log odds ratios as SMDs: x sqrt(3) / pi (Chinn 2000; Cochrane Handbook 10.6).

    Parameters
    ----------
    log_or, se
        Log odds ratios and standard errors, shape (k,); the sign stays.
    """
    effect, error = _checked(log_or, se)
    note = "Taken to SMDs as if the outcome behind the odds were logistic (Chinn 2000)."
    return Reexpressed(yi=effect / _CHINN, sei=error / _CHINN, notes=(note,))


def probability_of_benefit(smd: ArrayLike) -> Numbers:
    """Return the chance that a treated person fares better than an untreated one: Phi(SMD / sqrt(2)).

    The common language effect size of McGraw & Wong 1992, for normal outcomes of one SD.

    Parameters
    ----------
    smd
        SMDs of which positive means benefit, shape (k,); interval bounds are taken over alike.
    """
    (effect,) = aligned(smd=smd)
    return np.asarray(ndtr(effect / np.sqrt(2)))


def _checked(effect: ArrayLike, se: ArrayLike) -> tuple[Numbers, Numbers]:
    value, error = aligned(effect=effect, se=se)
    at_least(0, se=error)
    return value, error
