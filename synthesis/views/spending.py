"""Error-spending functions: how much of alpha may be spent by when."""

from typing import Literal, get_args

import numpy as np
from scipy.special import ndtr, ndtri

from synthesis.arrays import Numbers

__all__ = ["SPENDINGS", "Spending", "spent"]

Spending = Literal["esOF", "esPoc", "HSDC", "rho"]
SPENDINGS: tuple[Spending, ...] = get_args(Spending)


def spent(spending: Spending, fraction: Numbers, alpha: float, shape: float | None = None) -> Numbers:
    """Return the error spent by each fraction of the information, shape (looks,).

    Parameters
    ----------
    spending
        ``esOF``: 2 - 2 Phi(z_(1-alpha/2) / sqrt(t)), close to O'Brien & Fleming; ``esPoc``:
        alpha log(1 + (e - 1) t), close to Pocock (both Lan & DeMets 1983, section 2); ``HSDC``:
        alpha (1 - exp(-shape t)) / (1 - exp(-shape)) (Hwang, Shih & de Cani 1990); ``rho``: alpha t^shape
        (Kim & DeMets 1987).
    fraction
        Information over the required information, above 0; from 1 on all is spent.
    alpha
        The error of one side.
    shape
        gamma of ``HSDC``, any number; rho of ``rho``, above 0.

    Raises
    ------
    ValueError
        For an unknown function, or a shape that is missing or out of its range.
    """
    t = np.minimum(fraction, 1.0)
    if spending == "esOF":
        return np.asarray(2 * ndtr(ndtri(alpha / 2) / np.sqrt(t)))
    if spending == "esPoc":
        return np.asarray(alpha * np.log1p((np.e - 1) * t))
    if spending not in SPENDINGS:
        raise ValueError(f"spending: found {spending!r}; expected one of {' '.join(SPENDINGS)}")
    if shape is None or not np.isfinite(shape) or (spending == "rho" and shape <= 0):
        expected = "a number above 0" if spending == "rho" else "a finite number"
        raise ValueError(f"shape: found {shape}; expected {expected} for {spending}")
    if spending == "rho":
        return np.asarray(alpha * t**shape)
    return np.asarray(alpha * (np.expm1(-shape * t) / np.expm1(-shape) if shape else t))
