"""Pools for rare events: Mantel-Haenszel (OR, RR, RD, IRR, IRD) and Peto, one common effect, no tau2."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Flags, Pair, names_or_numbers
from synthesis.counts import rates, strata
from synthesis.counts.rates import Rates
from synthesis.counts.result import Chi2Test, CommonEffect, Sparse, sparse
from synthesis.measures import binary, inputs
from synthesis.measures.binary import ZERO_CELL_RULES, TwoByTwo, ZeroCellRule
from synthesis.measures.effects import two_by_two

__all__ = ["Chi2Test", "Sparse", "mantel_haenszel", "peto"]

_VTYPES = ("SGR", "GR")


@dataclass(frozen=True, slots=True)
class _Rules:
    add: tuple[float, float]
    to: tuple[ZeroCellRule, ZeroCellRule]
    level: float
    correct: bool


def mantel_haenszel(
    measure: str,
    *,
    add: float | tuple[float, float] = (0.5, 0.0),
    to: ZeroCellRule | tuple[ZeroCellRule, ZeroCellRule] = ("only0", "none"),
    level: float = 0.95,
    correct: bool = True,
    vtype: Literal["SGR", "GR"] = "SGR",
    slab: Sequence[str] | None = None,
    **data: ArrayLike,
) -> Sparse:
    """Pool counts by Mantel-Haenszel.

    Parameters
    ----------
    measure
        ``OR``, ``RR``, ``RD``, ``IRR`` or ``IRD``.
    add, to
        Zero-cell rules of `synthesis.effect_sizes`: first for the studies' own effects in `q`, from which
        studies without events are dropped, then for the pooled estimate, which needs no correction. A
        single one is for the effects, as in metafor.
    level
        Confidence level, a fraction.
    correct
        Continuity correction of the Cochran-Mantel-Haenszel test.
    vtype
        Variance of RD: ``SGR`` (Sato, Greenland & Robins 1989) serves many small studies, too, as metafor
        has it; ``GR`` (Greenland & Robins 1985) is RevMan's and meta's.
    slab
        Labels of the studies.
    **data
        ``ai bi ci di`` or ``ai n1i ci n2i``; IRR and IRD: ``x1i t1i x2i t2i``. Shape (k,).

    Raises
    ------
    ValueError
        For another measure, variance or rule, no complete study, or input that `synthesis.effect_sizes`
        refuses.
    """
    if measure not in _OWN and measure not in _RATES:
        raise ValueError(f"measure: found {measure!r}; expected one of {' '.join((*_OWN, *_RATES))}")
    if vtype not in _VTYPES or (vtype == "GR" and measure != "RD"):
        raise ValueError(f"vtype: found {vtype!r} for {measure}; expected SGR, or GR for RD")
    adds = (add, 0.0) if isinstance(add, int | float) else add
    tos: tuple[ZeroCellRule, ZeroCellRule] = (to, "none") if isinstance(to, str) else to
    if len(adds) != 2 or len(tos) != 2 or not set(tos) <= set(ZERO_CELL_RULES):
        raise ValueError(
            f"add, to: found {add!r}, {to!r}; expected two of each, of {' '.join(ZERO_CELL_RULES)}"
        )
    rules = _Rules(adds, tos, level, correct)
    # Strata without events give 0 / 0: they have no effect of their own, and the pool may have none.
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure in _RATES:
            return _pool_rates(measure, rules, data, slab)
        return _pool_tables(measure, _TABLES["RD, GR" if vtype == "GR" else measure], rules, data, slab)


def peto(*, level: float = 0.95, slab: Sequence[str] | None = None, **data: ArrayLike) -> Sparse:
    """Pool counts to Peto's log odds ratio: sum (O - E) / sum V (Yusuf et al. 1985, appendix).

    Parameters
    ----------
    level
        Confidence level, a fraction.
    slab
        Labels of the studies.
    **data
        ``ai bi ci di`` or ``ai n1i ci n2i``, shape (k,).

    Raises
    ------
    ValueError
        For no complete study, or input that `synthesis.effect_sizes` refuses.
    """
    table, names = _read_table("PETO", data, slab)
    observed, v = strata.observed_less_expected(table)
    informs = v > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.float64(v.sum())
        effect = CommonEffect(float(observed.sum() / total), float(np.sqrt(1 / total)), v)
        q = float((observed**2 / v)[informs].sum() - observed.sum() ** 2 / total)
        k_yi = int(informs.sum())
        return sparse(effect, q, k_yi, measure="OR", method="PETO", level=level, slab=names)


def _pool_tables(
    measure: str,
    formula: Callable[[TwoByTwo], CommonEffect],
    rules: _Rules,
    data: Mapping[str, ArrayLike],
    slab: Sequence[str] | None,
) -> Sparse:
    raw, names = _read_table(measure, data, slab)
    table = raw.corrected(rules.add[1], rules.to[1])
    own = _OWN[measure](raw.dropped().corrected(rules.add[0], rules.to[0]))
    pooled = _around(formula(table), own, measure, rules.level, names)
    if measure != "OR" or np.isnan(pooled.estimate):
        return pooled
    observed, v = strata.observed_less_expected(table)
    tarone, breslow_day = strata.equal_odds_ratios(table, float(np.exp(pooled.estimate)))
    mh = strata.no_effect(float(observed.sum()), float(v.sum()), correct=rules.correct)
    return replace(pooled, mh=mh, tarone=tarone, breslow_day=breslow_day)


def _pool_rates(
    measure: str, rules: _Rules, data: Mapping[str, ArrayLike], slab: Sequence[str] | None
) -> Sparse:
    raw, names = _read_rates(measure, data, slab)
    counts = raw.corrected(rules.add[1], rules.to[1])
    pool_them, own_of = _RATES[measure]
    own = own_of(raw.dropped().corrected(rules.add[0], rules.to[0]))
    pooled = _around(pool_them(counts), own, measure, rules.level, names)
    if measure != "IRR" or np.isnan(pooled.estimate):
        return pooled
    observed, v = rates.observed_less_expected(counts)
    mh = strata.no_effect(float(observed.sum()), float(v.sum()), correct=rules.correct)
    return replace(pooled, mh=mh)


def _around(effect: CommonEffect, own: Pair, measure: str, level: float, slab: tuple[str, ...]) -> Sparse:
    yi, vi = own
    has_effect = np.isfinite(yi) & np.isfinite(vi)
    q = float(((yi - effect.estimate) ** 2 / vi)[has_effect].sum())
    k_yi = int(has_effect.sum())
    return sparse(effect, q, k_yi, measure=measure, method="MH", level=level, slab=slab)


def _read_table(
    measure: str, data: Mapping[str, ArrayLike], slab: Sequence[str] | None
) -> tuple[TwoByTwo, tuple[str, ...]]:
    table = two_by_two(measure, data, slab)
    kept = _complete(~np.isnan(table.ai + table.bi + table.ci + table.di), "ai")
    names = _names(slab, kept)
    return TwoByTwo(table.ai[kept], table.bi[kept], table.ci[kept], table.di[kept]), names


def _read_rates(
    measure: str, data: Mapping[str, ArrayLike], slab: Sequence[str] | None
) -> tuple[Rates, tuple[str, ...]]:
    columns = inputs.read(measure, data, slab)
    kept = _complete(~np.isnan(np.sum(list(columns.values()), axis=0)), "x1i")
    return Rates(**{name: column[kept] for name, column in columns.items()}), _names(slab, kept)


def _complete(kept: Flags, first: str) -> Flags:
    if not kept.any():
        raise ValueError(f"{first}: found no study with all its counts; expected at least one")
    return kept


def _names(slab: Sequence[str] | None, kept: Flags) -> tuple[str, ...]:
    return tuple(name for name, keep in zip(names_or_numbers(slab, len(kept)), kept, strict=True) if keep)


_TABLES: dict[str, Callable[[TwoByTwo], CommonEffect]] = {
    "OR": strata.odds_ratio,
    "RR": strata.risk_ratio,
    "RD": strata.risk_difference,
    "RD, GR": strata.risk_difference_gr,
}
_OWN: dict[str, Callable[[TwoByTwo], Pair]] = {
    "OR": binary.odds_ratio,
    "RR": binary.risk_ratio,
    "RD": binary.risk_difference,
}
_RATES: dict[str, tuple[Callable[[Rates], CommonEffect], Callable[[Rates], Pair]]] = {
    "IRR": (rates.rate_ratio, rates.ratio),
    "IRD": (rates.rate_difference, rates.difference),
}
