"""Effect sizes from what trials report, in the argument names of metafor's ``escalc``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers, Pair, names_or_numbers
from synthesis.measures import binary, continuous, inputs
from synthesis.measures.binary import ZERO_CELL_RULES, TwoByTwo, ZeroCellRule, added
from synthesis.measures.continuous import TwoMeans
from synthesis.measures.remarks import remarks
from synthesis.measures.sizes import EffectSizes
from synthesis.measures.suspicion import Reported, suspicions

__all__ = ["MEASURES", "effect_sizes", "two_by_two"]

MEASURES = ("SMD", "SMDH", "MD", "ROM", "RR", "OR", "RD", "PETO", "IRR", "ZCOR", "PLO", "GEN")

_VTYPES: dict[str, tuple[str, ...]] = {
    "SMD": ("LS", "LS2", "UB", "AV"),
    "MD": ("LS", "UB", "HO"),
    "ROM": ("LS", "HO", "AV", "AVHO"),
    "RD": ("LS", "UB", "AV"),
}


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
    instrument: Sequence[str] | None = None,
    scores: Sequence[str] | None = None,
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
        Variance formula: SMD knows ``LS LS2 UB AV``, MD ``LS UB HO``, ROM ``LS HO AV AVHO``, RD ``LS UB AV``,
        the others ``LS``. (metafor 3.8's LS2 for SMDH depends on the unit of measurement and is left out.)
    correct
        Apply the small-sample correction of SMD and SMDH.
    slab
        Labels of the studies, for messages and tables; numbered from 1 without.
    instrument
        Scale of each study, shape (k,), for warnings: SDs are compared within it, and mean differences on
        several are pointed out. All mean differences are taken to be on one scale without.
    scores
        ``final`` or ``change`` for each study, shape (k,), for a warning where SMDs mix them.
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
    names = names_or_numbers(slab, len(next(iter(arrays.values()))))
    _check_told(len(names), instrument=instrument, scores=scores)
    options = _Options(add=add, to=to, drop00=drop00, vtype=vtype, correct=correct)
    # Zero cells and missing values give inf or NaN: that is the answer, not an accident.
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = _finite_or_nan(*_FORMULAS[measure](arrays, options))
        reported = Reported(
            measure=measure,
            data=arrays,
            yi=yi,
            vi=vi,
            slab=names,
            named=slab is not None,
            instrument=instrument,
            scores=scores,
        )
        found = suspicions(reported)
    done = remarks(measure, arrays, names, add=add, to=to, drop00=drop00)
    return EffectSizes(yi=yi, vi=vi, slab=names, measure=measure, notes=done, warnings=found)


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


def _check_told(k: int, **told: Sequence[str] | None) -> None:
    for name, values in told.items():
        if values is not None and len(values) != k:
            raise ValueError(f"{name}: found {len(values)} entries; expected one for each of the {k} studies")
    wrong = set(told["scores"] or ()) - {"final", "change"}
    if wrong:
        raise ValueError(f"scores: found {min(wrong)!r}; expected final or change")


def _finite_or_nan(yi: Numbers, vi: Numbers) -> Pair:
    # As metafor's escalc: what is infinite takes both, what is missing only what it is needed for.
    gone = np.isinf(yi) | np.isinf(vi)
    return np.where(gone, np.nan, yi), np.where(gone, np.nan, vi)


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


def _rd(data: Mapping[str, Numbers], options: _Options) -> Pair:
    return binary.risk_difference(_table(data, options), vtype=options.vtype)


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
    "RD": _rd,
    "PETO": _of_table(binary.peto),
    "IRR": _incidence_rate_ratio,
    "ZCOR": _fisher_z,
    "PLO": _logit_proportion,
    "GEN": _given,
}
