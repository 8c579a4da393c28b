"""Tests for two-by-two counts, made so that an effect and its standard error are not tied to each other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Flags, Numbers, names_or_numbers
from synthesis.counts.sparse import mantel_haenszel
from synthesis.measures.binary import TwoByTwo
from synthesis.measures.effects import effect_sizes, two_by_two
from synthesis.small_study.asymmetry import AsymmetryTest, from_line
from synthesis.small_study.hypergeometric import noncentral_moments
from synthesis.small_study.notes import cautions
from synthesis.small_study.rank import RankTest, kendall_test

__all__ = ["deeks", "harbord", "macaskill", "peters", "schwarzer"]

_MEASURES = ("OR", "RR", "RD")


def harbord(
    *,
    measure: str = "OR",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
    **data: ArrayLike,
) -> AsymmetryTest:
    """Regress the efficient score over its variance, Z / V, on 1 / sqrt(V), weighted by V.

    Harbord, Egger & Sterne 2006 (Statistics in Medicine 25, 3443) for odds ratios: Z = a - (a + c) n1 / n,
    V = n1 n2 (a + c) (b + d) / (n^2 (n - 1)); Harbord, Harris & Sterne 2009 (Stata Journal 9, 197) for
    risk ratios: Z = (a n - (a + c) n1) / (b + d), V = n1 n2 (a + c) / (n (b + d)).

    Parameters
    ----------
    measure
        ``OR`` or ``RR``.
    level
        Confidence level of the limit estimate, a fraction.
    slab
        Labels of the studies, for notes.
    **data
        ``ai bi ci di`` or ``ai n1i ci n2i``, shape (k,). Studies without events, or with nothing but
        events, in both groups have no part.

    Raises
    ------
    ValueError
        For another measure, counts that `synthesis.effect_sizes` refuses, fewer than three informative
        studies, or equal precision in all.
    """
    if measure not in ("OR", "RR"):
        raise ValueError(f"measure: found {measure!r}; expected OR or RR")
    table, notes = _informative(measure, data, slab)
    n1, n2, n, events, others = _margins(table)
    if measure == "OR":
        z = table.ai - events * n1 / n
        v = n1 * n2 * events * others / (n**2 * (n - 1))
    else:
        z = (table.ai * n - events * n1) / others
        v = n1 * n2 * events / (n * others)
    return from_line("Harbord", "1/sqrt(V)", 1 / np.sqrt(v), z / v, v, level=level, notes=notes)


def peters(
    *,
    measure: str = "OR",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
    **data: ArrayLike,
) -> AsymmetryTest:
    """Regress effects on 1 / n, weighted by the inverse variance of the average event rate.

    Weights 1 / (1 / events + 1 / others) (Peters et al. 2006, JAMA 295, 676).

    Parameters
    ----------
    measure
        ``OR``, ``RR`` or ``RD``; half an event is added to studies with a zero cell.
    level, slab, **data
        As in `harbord`.

    Raises
    ------
    ValueError
        As `harbord`.
    """
    table, notes = _informative(measure, data, slab)
    _, _, n, events, others = _margins(table)
    yi, _ = _effects(measure, table)
    return from_line("Peters", "1/n", 1 / n, yi, events * others / n, level=level, notes=notes)


def macaskill(
    *,
    measure: str = "OR",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
    **data: ArrayLike,
) -> AsymmetryTest:
    """Regress effects on the total sample size, weighted by their inverse variances.

    Macaskill, Walter & Irwig 2001 (Statistics in Medicine 20, 641), method FIV; there is no limit estimate.

    Parameters
    ----------
    measure, level, slab, **data
        As in `peters`.

    Raises
    ------
    ValueError
        As `harbord`.
    """
    table, notes = _informative(measure, data, slab)
    _, _, n, _, _ = _margins(table)
    yi, vi = _effects(measure, table)
    return from_line("Macaskill", "n", n, yi, 1 / vi, limit=False, level=level, notes=notes)


def deeks(
    *,
    measure: str = "OR",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
    **data: ArrayLike,
) -> AsymmetryTest:
    """Regress effects on 1 / sqrt(ESS), weighted by the effective sample size ESS = 4 n1 n2 / (n1 + n2).

    Made for diagnostic odds ratios (Deeks, Macaskill & Irwig 2005, Journal of Clinical Epidemiology 58, 882).

    Parameters
    ----------
    measure, level, slab, **data
        As in `peters`.

    Raises
    ------
    ValueError
        As `harbord`.
    """
    table, notes = _informative(measure, data, slab)
    n1, n2, n, _, _ = _margins(table)
    yi, _ = _effects(measure, table)
    ess = 4 * n1 * n2 / n
    return from_line("Deeks", "1/sqrt(ESS)", 1 / np.sqrt(ess), yi, ess, level=level, notes=notes)


def schwarzer(*, slab: Sequence[str] | None = None, **data: ArrayLike) -> RankTest:
    """Correlate the ranks of standardised cell counts with those of their inverse variances.

    (a - E) / sqrt(V) with 1 / V, E and V those of the non-central hypergeometric law at the Mantel-Haenszel
    odds ratio (Schwarzer, Antes & Schumacher 2007, Statistics in Medicine 26, 721).

    Parameters
    ----------
    slab, **data
        As in `harbord`.

    Raises
    ------
    ValueError
        As `harbord`, or where the Mantel-Haenszel odds ratio is 0, infinite or unknown.
    """
    table, notes = _informative("OR", data, slab)
    log_or = mantel_haenszel("OR", ai=table.ai, bi=table.bi, ci=table.ci, di=table.di).estimate
    if not np.isfinite(log_or):
        raise ValueError(
            f"Schwarzer: found a Mantel-Haenszel log odds ratio of {log_or}; expected a finite one"
        )
    n1, n2, _, events, _ = _margins(table)
    mean, variance = noncentral_moments(n1, n2, events, float(np.exp(log_or)))
    standardised = (table.ai - mean) / np.sqrt(variance)
    return kendall_test("Schwarzer", standardised, 1 / variance, exact=False, notes=notes)


def _informative(
    measure: str, data: dict[str, ArrayLike], slab: Sequence[str] | None
) -> tuple[TwoByTwo, tuple[str, ...]]:
    """Return the studies with events and non-events, and notes that name the others."""
    if measure not in _MEASURES:
        raise ValueError(f"measure: found {measure!r}; expected one of {' '.join(_MEASURES)}")
    table = two_by_two(measure, data)
    cells = (table.ai, table.bi, table.ci, table.di)
    names = names_or_numbers(slab, len(table.ai))
    gone = ~_is_informative(table)
    kept = TwoByTwo(*(cell[~gone] for cell in cells))
    if len(kept.ai) < 3:
        raise ValueError(f"counts: found {len(kept.ai)} studies with events and non-events; expected three")
    silent = [name for name, out in zip(names, gone, strict=True) if out]
    note = f"without part, for no events, only events, or missing counts: {', '.join(silent)}"
    return kept, (*cautions(len(kept.ai)), *([note] if silent else []))


def _is_informative(table: TwoByTwo) -> Flags:
    margins = (table.ai + table.ci, table.bi + table.di, table.ai + table.bi, table.ci + table.di)
    return np.asarray(np.all([margin > 0 for margin in margins], axis=0))


def _margins(table: TwoByTwo) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """Return n1, n2, n, events and others."""
    n1, n2 = table.ai + table.bi, table.ci + table.di
    return n1, n2, n1 + n2, table.ai + table.ci, table.bi + table.di


def _effects(measure: str, table: TwoByTwo) -> tuple[Numbers, Numbers]:
    sizes = effect_sizes(measure, ai=table.ai, bi=table.bi, ci=table.ci, di=table.di)
    return sizes.yi, sizes.vi
