"""Effect sizes from what trials report, in the argument names of metafor's ``escalc``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers, Pair
from synthesis.measures import binary, continuous, inputs
from synthesis.measures.binary import ZERO_CELL_RULES, TwoByTwo, ZeroCellRule, added
from synthesis.measures.continuous import TwoMeans

__all__ = ["MEASURES", "EffectSizes", "effect_sizes", "two_by_two"]

MEASURES = ("SMD", "SMDH", "MD", "ROM", "RR", "OR", "RD", "PETO", "IRR", "ZCOR", "PLO", "GEN")

_VTYPES: dict[str, tuple[str, ...]] = {
    "SMD": ("LS", "LS2", "UB", "AV"),
    "MD": ("LS", "HO"),
    "ROM": ("LS", "HO"),
}


@dataclass(frozen=True, slots=True, eq=False)
class EffectSizes:
    """Effects `yi` and their sampling variances `vi`, each of shape (k,); NaN where a study gives none."""

    yi: Numbers
    vi: Numbers

    def __len__(self) -> int:
        return len(self.yi)


@dataclass(frozen=True, slots=True)
class _Options:
    add: float
    to: ZeroCellRule
    drop00: bool
    vtype: str
    correct: bool


def effect_sizes(
    measure: str,
    *,
    add: float = 0.5,
    to: ZeroCellRule = "only0",
    drop00: bool = False,
    vtype: str = "LS",
    correct: bool = True,
    slab: Sequence[str] | None = None,
    **data: ArrayLike,
) -> EffectSizes:
    """Return effects and sampling variances of one measure for k studies.

    Parameters
    ----------
    measure
        ``SMD SMDH MD ROM RR OR RD PETO IRR ZCOR PLO GEN``; ratios and proportions on the log or logit scale.
    add, to
        What is added to cells, and to which studies': those with a zero (``only0``), ``all``, all if any
        study has a zero (``if0all``), ``none``.
    drop00
        Give NaN for studies without events, or with nothing but events, in both groups.
    vtype
        Variance formula: SMD knows ``LS LS2 UB AV``, MD and ROM ``LS HO``, the others ``LS``.
    correct
        Apply the small-sample correction of SMD and SMDH.
    slab
        Labels of the studies, for messages.
    **data
        Arrays of shape (k,): ``m1i sd1i n1i m2i sd2i n2i`` | ``ai bi ci di`` or ``ai n1i ci n2i`` |
        ``x1i t1i x2i t2i`` (events, person-time) | ``ri ni`` | ``xi ni`` | ``yi vi``. None is missing.

    Raises
    ------
    ValueError
        For an unknown measure or option, arguments of another measure, unequal lengths, or impossible
        numbers; the message names the argument and the study.
    """
    _check_options(measure, to, vtype)
    arrays = inputs.read(measure, data, slab)
    options = _Options(add=add, to=to, drop00=drop00, vtype=vtype, correct=correct)
    # Zero cells and missing values give inf or NaN: that is the answer, not an accident.
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = _FORMULAS[measure](arrays, options)
    return _finite_or_nan(yi, vi)


def two_by_two(measure: str, data: Mapping[str, ArrayLike], slab: Sequence[str] | None = None) -> TwoByTwo:
    """Return checked counts as a table, without any correction.

    Parameters
    ----------
    measure
        For the message: a measure of counts.
    data
        ``ai bi ci di`` or ``ai n1i ci n2i``, each of shape (k,).
    slab
        Labels of the studies, for messages.

    Raises
    ------
    ValueError
        As `effect_sizes`.
    """
    return _raw_table(inputs.read(measure, data, slab))


def _check_options(measure: str, to: str, vtype: str) -> None:
    if measure not in MEASURES:
        raise ValueError(f"measure: found {measure!r}; expected one of {' '.join(MEASURES)}")
    if to not in ZERO_CELL_RULES:
        raise ValueError(f"to: found {to!r}; expected one of {' '.join(ZERO_CELL_RULES)}")
    known = _VTYPES.get(measure, ("LS",))
    if vtype not in known:
        raise ValueError(f"vtype: found {vtype!r}; expected one of {' '.join(known)} for {measure}")


def _finite_or_nan(yi: Numbers, vi: Numbers) -> EffectSizes:
    bad = ~(np.isfinite(yi) & np.isfinite(vi))
    return EffectSizes(np.where(bad, np.nan, yi), np.where(bad, np.nan, vi))


def _raw_table(data: Mapping[str, Numbers]) -> TwoByTwo:
    bi = data["bi"] if "bi" in data else data["n1i"] - data["ai"]
    di = data["di"] if "di" in data else data["n2i"] - data["ci"]
    return TwoByTwo(data["ai"], bi, data["ci"], di)


def _table(data: Mapping[str, Numbers], options: _Options) -> TwoByTwo:
    raw = _raw_table(data)
    kept = raw.dropped() if options.drop00 else raw
    return kept.corrected(options.add, options.to)


def _of_table(formula: Callable[[TwoByTwo], Pair]) -> "_Formula":
    return lambda data, options: formula(_table(data, options))


def _of_vtype(formula: Callable[..., Pair]) -> "_Formula":
    return lambda data, options: formula(TwoMeans(**data), vtype=options.vtype)


def _smd(data: Mapping[str, Numbers], options: _Options) -> Pair:
    groups = TwoMeans(**data)
    return continuous.standardised_mean_difference(groups, vtype=options.vtype, correct=options.correct)


def _smdh(data: Mapping[str, Numbers], options: _Options) -> Pair:
    return continuous.standardised_mean_difference_h(TwoMeans(**data), correct=options.correct)


def _incidence_rate_ratio(data: Mapping[str, Numbers], options: _Options) -> Pair:
    """Log ratio of two incidence rates; its variance is 1/x1 + 1/x2 (Rothman, Greenland & Lash 2008)."""
    zero = (data["x1i"] == 0) | (data["x2i"] == 0)
    silent = (data["x1i"] == 0) & (data["x2i"] == 0) & options.drop00
    gone = np.where(silent, np.nan, 0.0)
    extra = added(zero, options.add, options.to) + gone
    x1i, x2i = data["x1i"] + extra, data["x2i"] + extra
    return np.log(x1i / data["t1i"]) - np.log(x2i / data["t2i"]), 1 / x1i + 1 / x2i


def _fisher_z(data: Mapping[str, Numbers], _: _Options) -> Pair:
    """Fisher's z of a correlation, variance 1 / (n - 3) (Fisher 1921)."""
    spare = data["ni"] - 3
    return np.arctanh(data["ri"]), np.where(spare > 0, 1 / spare, np.nan)


def _logit_proportion(data: Mapping[str, Numbers], options: _Options) -> Pair:
    """Log odds of one group's events; its variance is 1/x + 1/(n - x)."""
    events, others = data["xi"], data["ni"] - data["xi"]
    extra = added((events == 0) | (others == 0), options.add, options.to)
    return np.log((events + extra) / (others + extra)), 1 / (events + extra) + 1 / (others + extra)


def _given(data: Mapping[str, Numbers], _: _Options) -> Pair:
    return data["yi"], data["vi"]


_Formula = Callable[[Mapping[str, Numbers], _Options], Pair]
_FORMULAS: dict[str, _Formula] = {
    "SMD": _smd,
    "SMDH": _smdh,
    "MD": _of_vtype(continuous.mean_difference),
    "ROM": _of_vtype(continuous.ratio_of_means),
    "RR": _of_table(binary.risk_ratio),
    "OR": _of_table(binary.odds_ratio),
    "RD": _of_table(binary.risk_difference),
    "PETO": _of_table(binary.peto),
    "IRR": _incidence_rate_ratio,
    "ZCOR": _fisher_z,
    "PLO": _logit_proportion,
    "GEN": _given,
}
