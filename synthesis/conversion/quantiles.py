"""Mean and SD from median, quartiles and range, by the method that the protocol names."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Flags, Numbers
from synthesis.columns import Columns
from synthesis.conversion.inputs import one_of
from synthesis.conversion.normal_order import luo_mean, shi_sd, wan_mean, wan_sd
from synthesis.conversion.power_normal import power_normal
from synthesis.conversion.quantile_fit import quantile_fit
from synthesis.conversion.skewness import skewed
from synthesis.conversion.summaries import Summary, summary

__all__ = ["MEAN_METHODS", "SD_METHODS", "MeansAndSds", "mean_sd_from_quantiles"]

MEAN_METHODS = ("Luo", "Wan", "QE", "MLN")
SD_METHODS = ("Shi", "Wan", "QE", "MLN")

_MEANS: dict[str, Callable[[Summary], Numbers]] = {"Luo": luo_mean, "Wan": wan_mean}
_SDS: dict[str, Callable[[Summary], Numbers]] = {"Shi": shi_sd, "Wan": wan_sd}
_SOURCES = {
    "Luo": "Luo et al. 2018",
    "Wan": "Wan et al. 2014",
    "Shi": "Shi et al. 2020 (Wan et al. 2014 where only quartiles or only the range are printed)",
    "QE": "quantile estimation (McGrath et al. 2020)",
    "MLN": "the Box-Cox likelihood (Cai et al. 2021)",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MeansAndSds(Columns):
    """Estimated means and SDs, shape (k,).

    Parameters
    ----------
    mean, sd
        NaN where the median or n is missing.
    skewed
        Where Shi's test (2023) refutes normal data at 5%: there the closed forms are not to be trusted.
    dist
        The family that QE chose, empty for other methods.
    """

    mean: Numbers
    sd: Numbers
    skewed: Flags
    dist: tuple[str, ...]


def mean_sd_from_quantiles(
    median: ArrayLike,
    n: ArrayLike,
    *,
    q1: ArrayLike | None = None,
    q3: ArrayLike | None = None,
    minimum: ArrayLike | None = None,
    maximum: ArrayLike | None = None,
    mean_method: str = "Luo",
    sd_method: str = "Shi",
) -> MeansAndSds:
    """Return the mean and SD that a median with quartiles, range or both stands for.

    Parameters
    ----------
    median, n
        Medians and participants (3 or more), shape (k,).
    q1, q3, minimum, maximum
        What is printed beside them, shape (k,); None where nothing is. A study may have either or both.
    mean_method
        ``Luo`` (2018), ``Wan`` (2014), ``QE`` (McGrath 2020) or ``MLN`` (Cai 2021). Luo and Wan expect data
        near normal.
    sd_method
        ``Shi`` (2020), ``Wan`` (2014), ``QE`` or ``MLN``.

    Raises
    ------
    ValueError
        For an unknown method, a study with neither quartiles nor range, or numbers that do not rise from the
        minimum to the maximum; the message names the study's place (from 1).
    """
    one_of("mean_method", mean_method, MEAN_METHODS)
    one_of("sd_method", sd_method, SD_METHODS)
    five = summary(median, n, q1=q1, q3=q3, minimum=minimum, maximum=maximum)
    fits = {one: _fits(one, five) for one in {mean_method, sd_method} & {"QE", "MLN"}}
    mean = fits[mean_method].mean if mean_method in fits else _MEANS[mean_method](five)
    sd = fits[sd_method].sd if sd_method in fits else _SDS[sd_method](five)
    chosen = fits["QE"].dist if "QE" in fits else ("",) * len(five.n)
    refuted = skewed(five)
    notes = _notes(mean_method, sd_method, five, mean, refuted)
    return MeansAndSds(mean=mean, sd=sd, skewed=refuted, dist=chosen, notes=notes)


@dataclass(frozen=True, slots=True, eq=False)
class _Fits:
    mean: Numbers
    sd: Numbers
    dist: tuple[str, ...]


def _fits(method: str, five: Summary) -> _Fits:
    rows = [
        _fit(method, five, i) if ready else (np.nan, np.nan, "") for i, ready in enumerate(five.complete())
    ]
    mean, sd = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    return _Fits(mean, sd, tuple(row[2] for row in rows))


def _fit(method: str, five: Summary, place: int) -> tuple[float, float, str]:
    if method == "QE":
        best = quantile_fit(five, place)
        return best.mean, best.sd, best.dist
    found = power_normal(five, place)
    return found.mean, found.sd, ""


def _notes(mean_method: str, sd_method: str, five: Summary, mean: Numbers, refuted: Flags) -> tuple[str, ...]:
    used = f"Estimated, not reported: means by {_SOURCES[mean_method]}, SDs by {_SOURCES[sd_method]}."
    outside = (mean < five.minimum) | (mean > five.maximum)
    closed = {mean_method, sd_method} & {"Luo", "Wan", "Shi"}
    advice = "; take QE or MLN, or leave the study out and say so" if closed else ""
    return (
        used,
        *(
            f"Study {i + 1}: median {five.median[i]:g} is off the middle of its quartiles or range by more "
            f"than {five.n[i]:g} normal values show (Shi et al. 2023): the data look skewed{advice}."
            for i in np.flatnonzero(refuted)
        ),
        *(
            f"Study {i + 1}: the estimated mean {mean[i]:.4g} lies outside the printed range: do not use it."
            for i in np.flatnonzero(outside)
        ),
    )
