"""Effect sizes of two groups' counts of events: RR and OR on the log scale, RD, Peto's log OR."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from synthesis.arrays import Flags, Numbers, Pair

__all__ = [
    "ZERO_CELL_RULES",
    "TwoByTwo",
    "ZeroCellRule",
    "added",
    "odds_ratio",
    "peto",
    "risk_difference",
    "risk_ratio",
]

ZeroCellRule = Literal["only0", "all", "if0all", "none"]
ZERO_CELL_RULES: tuple[ZeroCellRule, ...] = ("only0", "all", "if0all", "none")


@dataclass(frozen=True, slots=True, eq=False)
class TwoByTwo:
    """Events and non-events of the treated (ai, bi) and the control group (ci, di), each of shape (k,)."""

    ai: Numbers
    bi: Numbers
    ci: Numbers
    di: Numbers

    @property
    def n1i(self) -> Numbers:
        """Participants of the treated group."""
        return self.ai + self.bi

    @property
    def n2i(self) -> Numbers:
        """Participants of the control group."""
        return self.ci + self.di

    def any_zero(self) -> Flags:
        """Return which studies have a cell without anybody."""
        return np.asarray((self.ai == 0) | (self.bi == 0) | (self.ci == 0) | (self.di == 0))

    def uninformative(self) -> Flags:
        """Return which studies saw no event at all, or nothing but events."""
        return np.asarray(((self.ai == 0) & (self.ci == 0)) | ((self.bi == 0) & (self.di == 0)))

    def corrected(self, add: float, to: ZeroCellRule) -> "TwoByTwo":
        """Return the table with `add` on every cell of the studies that the rule names."""
        extra = added(self.any_zero(), add, to)
        return TwoByTwo(self.ai + extra, self.bi + extra, self.ci + extra, self.di + extra)

    def dropped(self) -> "TwoByTwo":
        """Return the table with NaN where a study says nothing about a ratio."""
        gone = np.where(self.uninformative(), np.nan, 0.0)
        return TwoByTwo(self.ai + gone, self.bi + gone, self.ci + gone, self.di + gone)


def added(zero: Flags, add: float, to: ZeroCellRule) -> Numbers:
    """Return what each study's cells gain, shape (k,).

    Parameters
    ----------
    zero
        Which studies have a zero cell, shape (k,).
    add, to
        How much, and by which rule.
    """
    which = {
        "only0": zero,
        "all": np.ones_like(zero),
        "if0all": np.full_like(zero, fill_value=bool(zero.any())),
        "none": np.zeros_like(zero),
    }[to]
    return np.where(which, add, 0.0)


def risk_ratio(table: TwoByTwo) -> Pair:
    """Return the log risk ratio and its variance (Fleiss 1994).

    Parameters
    ----------
    table
        Counts of shape (k,); a zero in ai or ci gives a value or variance that is not finite.
    """
    yi = np.log(table.ai / table.n1i) - np.log(table.ci / table.n2i)
    return yi, 1 / table.ai - 1 / table.n1i + 1 / table.ci - 1 / table.n2i


def odds_ratio(table: TwoByTwo) -> Pair:
    """Return the log odds ratio and its variance (Woolf 1955).

    Parameters
    ----------
    table
        Counts of shape (k,); a zero in any cell gives a value or variance that is not finite.
    """
    yi = np.log(table.ai / table.bi) - np.log(table.ci / table.di)
    return yi, 1 / table.ai + 1 / table.bi + 1 / table.ci + 1 / table.di


def risk_difference(table: TwoByTwo, *, vtype: str = "LS") -> Pair:
    """Return the risk difference and its variance (Fleiss 1994).

    Parameters
    ----------
    table
        Counts of shape (k,).
    vtype
        ``LS``: large-sample; ``UB``: unbiased, with n - 1; ``AV``: with the studies' mean risk of each group.
    """
    p1i, p2i = table.ai / table.n1i, table.ci / table.n2i
    fewer = 1 if vtype == "UB" else 0
    risk1, risk2 = (_mean(p1i, table.n1i), _mean(p2i, table.n2i)) if vtype == "AV" else (p1i, p2i)
    vi = risk1 * (1 - risk1) / (table.n1i - fewer) + risk2 * (1 - risk2) / (table.n2i - fewer)
    return p1i - p2i, vi


def _mean(risk: Numbers, n: Numbers) -> Numbers:
    """Return the mean risk over the studies that tell it, weighted by their sizes, for each study."""
    told = ~np.isnan(risk)
    return np.full_like(risk, np.sum(risk[told] * n[told]) / np.sum(n[told]))


def peto(table: TwoByTwo) -> Pair:
    """Return Peto's log odds ratio (O - E) / V and its variance 1 / V (Yusuf et al. 1985, appendix).

    Parameters
    ----------
    table
        Counts of shape (k,).
    """
    total = table.n1i + table.n2i
    events, others = table.ai + table.ci, table.bi + table.di
    expected = events * table.n1i / total
    v = events * others * (table.n1i / total) * (table.n2i / total) / (total - 1)
    return (table.ai - expected) / v, 1 / v
