"""Several treated arms against one control: split it, or state how the effects vary together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers, as_numbers
from synthesis.columns import Columns
from synthesis.conversion.inputs import above_zero, aligned, at_least, refuse

__all__ = [
    "SplitControl",
    "correlation_matrix",
    "covariance_log_or",
    "covariance_log_rr",
    "covariance_md",
    "covariance_rd",
    "covariance_smd",
    "split_control",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SplitControl(Columns):
    """What each comparison keeps of the control group, shape (k,); not rounded, `events` NaN if not given."""

    n: Numbers
    events: Numbers


def split_control(n: ArrayLike, arms: ArrayLike, *, events: ArrayLike | None = None) -> SplitControl:
    """Return control groups split evenly among the arms that share them (Cochrane Handbook 23.3.4).

    Mean and SD stay as they are. The split keeps people from being counted twice; the effects of one study
    still vary together a little, which `covariance_smd` and its kin state exactly.

    Parameters
    ----------
    n, events
        Participants and, for counts, events of the control group, shape (k,).
    arms
        How many treated arms share it, 1 or more, shape (k,).
    """
    size, shares, many = aligned(n=n, arms=arms, events=np.nan if events is None else events)
    above_zero(n=size)
    at_least(1, arms=shares)
    at_least(0, events=many)
    refuse(many > size, "events", many, "no more than n")
    note = "Control groups were split evenly among the arms that share them; the shares are not rounded."
    return SplitControl(n=size / shares, events=many / shares, notes=(note,))


def covariance_md(vi: ArrayLike, sd2: float, n2: float) -> Numbers:
    """Return the covariance matrix of mean differences against one control: sd2^2 / n2 off the diagonal.

    Parameters
    ----------
    vi
        Variances of the study's mean differences, shape (m,).
    sd2, n2
        SD and participants of the control, above 0.
    """
    above_zero(sd2=np.array([sd2]), n2=np.array([n2]))
    return _with_diagonal(vi, np.full((_size(vi), _size(vi)), sd2**2 / n2))


def covariance_smd(yi: ArrayLike, vi: ArrayLike, n2: float, total: float) -> Numbers:
    """Return the covariance matrix of SMDs against one control (Gleser & Olkin 2009, eq. 19.19).

    1/n2 + d_i d_j / (2 N) off the diagonal, for SMDs over the SD that is pooled over all arms.

    Parameters
    ----------
    yi, vi
        The study's SMDs and their variances, shape (m,).
    n2, total
        Participants of the control and of all the study's arms N, above 0.
    """
    above_zero(n2=np.array([n2]), total=np.array([total]))
    effects = as_numbers(yi, "yi")
    return _with_diagonal(vi, 1 / n2 + np.outer(effects, effects) / (2 * total))


def covariance_log_or(vi: ArrayLike, ci: float, di: float) -> Numbers:
    """Return the covariance matrix of log odds ratios against one control: 1/ci + 1/di off the diagonal.

    The source is Gleser & Olkin 2009, section 19.2. Add to zero cells what the effects had added.

    Parameters
    ----------
    vi
        Variances of the study's log odds ratios, shape (m,).
    ci, di
        Events and non-events of the control, above 0.
    """
    above_zero(ci=np.array([ci]), di=np.array([di]))
    return _with_diagonal(vi, np.full((_size(vi), _size(vi)), 1 / ci + 1 / di))


def covariance_log_rr(vi: ArrayLike, ci: float, n2: float) -> Numbers:
    """Return the covariance matrix of log risk ratios against one control: 1/ci - 1/n2 off the diagonal.

    Parameters
    ----------
    vi
        Variances of the study's log risk ratios, shape (m,).
    ci, n2
        Events and participants of the control, above 0 (Gleser & Olkin 2009, section 19.2).
    """
    above_zero(ci=np.array([ci]), n2=np.array([n2]))
    return _with_diagonal(vi, np.full((_size(vi), _size(vi)), 1 / ci - 1 / n2))


def covariance_rd(vi: ArrayLike, ci: float, n2: float) -> Numbers:
    """Return the covariance matrix of risk differences against one control: p (1 - p) / n2, p = ci / n2.

    Parameters
    ----------
    vi
        Variances of the study's risk differences, shape (m,).
    ci, n2
        Events (0 or more) and participants of the control (Gleser & Olkin 2009, section 19.2).
    """
    at_least(0, ci=np.array([ci]))
    above_zero(n2=np.array([n2]))
    risk = ci / n2
    return _with_diagonal(vi, np.full((_size(vi), _size(vi)), risk * (1 - risk) / n2))


def correlation_matrix(covariance: Numbers) -> Numbers:
    """Return correlations from a covariance matrix of shape (m, m)."""
    spread = np.sqrt(np.diag(covariance))
    return np.asarray(covariance / np.outer(spread, spread))


def _size(vi: ArrayLike) -> int:
    return len(as_numbers(vi, "vi"))


def _with_diagonal(vi: ArrayLike, matrix: Numbers) -> Numbers:
    variances = as_numbers(vi, "vi")
    above_zero(vi=variances)
    if matrix.shape != (len(variances), len(variances)):
        raise ValueError(f"found {len(matrix)} effects and {len(variances)} variances; expected one for each")
    filled = matrix.copy()
    np.fill_diagonal(filled, variances)
    return filled
