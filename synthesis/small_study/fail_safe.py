"""Fail-safe N: how many null results in drawers would undo a pool."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, log_ndtr, ndtr, ndtri

from synthesis.arrays import Studies, as_studies
from synthesis.random_effects.fitting import two_sided_p
from synthesis.small_study.table import one_row

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TYPES", "FailSafeN", "fail_safe_n"]

Kind = Literal["Rosenthal", "Fisher", "Orwin", "Rosenberg"]
TYPES = ("Rosenthal", "Fisher", "Orwin", "Rosenberg")
# A number of studies closer to an integer than this is that integer: the rest is rounding.
_WHOLE = float(np.sqrt(np.finfo(np.float64).eps))
_NOTE = (
    "Fail-safe numbers assume that what was not published averages no effect, and differ with the method: "
    "not recommended in reviews (Becker 2005; Cochrane Handbook 5.1, 10.4.4.3)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailSafeN:
    """How many studies without an effect would have to be added.

    Parameters
    ----------
    fsnum
        Their number, rounded up; infinite where no number suffices.
    kind
        Whose formula.
    aim
        What would be reached with them, in words.
    alpha
        Level of significance aimed at; None for Orwin.
    target
        Effect aimed at, of the pool's sign; None for the others.
    pval
        P-value of the pool as it is (Rosenthal, Fisher: one-sided); None for Orwin.
    meanes
        The mean effect as it is; None for Rosenthal and Fisher, who pool p-values.
    notes
        Cautions.
    """

    fsnum: float
    kind: Kind
    aim: str
    alpha: float | None
    target: float | None
    pval: float | None
    meanes: float | None
    k: int
    notes: tuple[str, ...] = (_NOTE,)

    def __repr__(self) -> str:
        return "\n".join((f"{self.kind}: {self.fsnum:g} more than k = {self.k} for {self.aim}", *self.notes))

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row."""
        return one_row(**{name: getattr(self, name) for name in self.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class _Aim:
    alpha: float
    target: float | None
    weighted: bool


def fail_safe_n(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    kind: Kind = "Rosenthal",
    alpha: float = 0.05,
    target: float | None = None,
    weighted: bool = False,
    slab: Sequence[str] | None = None,
) -> FailSafeN:
    """Return how many studies without an effect would have to be added to undo the pool.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    kind
        ``Rosenthal`` (1979): until the z values' sum over sqrt(k) has a one-sided p above alpha;
        ``Fisher``: until Fisher's combined one-sided p-values have; ``Orwin`` (1983): until the mean effect
        is `target`; ``Rosenberg`` (2005): until the common effect's two-sided p is above alpha.
    alpha
        Level of significance, above 0 and below 1.
    target
        Orwin's; None halves the mean effect. Its sign is taken from the mean effect.
    weighted
        Orwin's mean weighs by inverse variances.
    slab
        Labels of the studies, for messages.

    Raises
    ------
    ValueError
        For input that `synthesis.pool` refuses, an unknown kind, an alpha outside 0 to 1, or a target
        for another kind than Orwin's.
    """
    if kind not in TYPES:
        raise ValueError(f"kind: found {kind!r}; expected one of {' '.join(TYPES)}")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha: found {alpha}; expected a fraction between 0 and 1, such as 0.05")
    if kind != "Orwin" and (target is not None or weighted):
        raise ValueError(f"target, weighted: found one with {kind}; only Orwin's number knows them")
    return _NUMBERS[kind](as_studies(yi, vi, slab), _Aim(alpha, target, weighted))


def _rosenthal(studies: Studies, aim: _Aim) -> FailSafeN:
    z, k = studies.yi / np.sqrt(studies.vi), len(studies.yi)
    mean = abs(float(z.sum())) / float(np.sqrt(k))
    number = k * (mean / float(ndtri(1 - aim.alpha))) ** 2 - k if aim.alpha < 0.5 else np.inf
    return FailSafeN(
        fsnum=_ceiling(number),
        kind="Rosenthal",
        aim=f"a combined one-sided p above {aim.alpha:g}",
        alpha=aim.alpha,
        target=None,
        pval=float(ndtr(-mean)),
        meanes=None,
        k=k,
    )


def _fisher(studies: Studies, aim: _Aim) -> FailSafeN:
    logs, k = float(log_ndtr(-np.abs(studies.yi) / np.sqrt(studies.vi)).sum()), len(studies.yi)

    def p(more: int) -> float:
        return float(chdtrc(2 * (k + more), -2 * (logs - more * np.log(2))))

    return FailSafeN(
        fsnum=float(_first(lambda more: p(more) >= aim.alpha)),
        kind="Fisher",
        aim=f"a combined one-sided p of {aim.alpha:g} or more",
        alpha=aim.alpha,
        target=None,
        pval=p(0),
        meanes=None,
        k=k,
    )


def _orwin(studies: Studies, aim: _Aim) -> FailSafeN:
    k, weights = len(studies.yi), 1 / studies.vi if aim.weighted else np.ones(len(studies.yi))
    mean = float(weights @ studies.yi / weights.sum())
    target = mean / 2 if aim.target is None else float(np.copysign(aim.target, mean))
    number = np.inf if target == 0 else k * (mean - target) / target
    return FailSafeN(
        fsnum=0.0 if mean == 0 else _ceiling(number),
        kind="Orwin",
        aim=f"a mean effect of {target:.4g} instead of {mean:.4g}",
        alpha=None,
        target=target,
        pval=None,
        meanes=mean,
        k=k,
    )


def _rosenberg(studies: Studies, aim: _Aim) -> FailSafeN:
    k, weights = len(studies.yi), 1 / studies.vi
    total, sum_wy = float(weights.sum()), float(weights @ studies.yi)
    needed = (sum_wy / float(ndtri(1 - aim.alpha / 2))) ** 2 - total
    return FailSafeN(
        fsnum=_ceiling(k * needed / total),
        kind="Rosenberg",
        aim=f"a common effect's two-sided p above {aim.alpha:g}",
        alpha=aim.alpha,
        target=None,
        pval=two_sided_p(sum_wy / float(np.sqrt(total)), None),
        meanes=sum_wy / total,
        k=k,
    )


def _ceiling(number: float) -> float:
    if np.isinf(number):
        return float(number)
    whole = round(max(0.0, number))
    return float(whole if abs(number - whole) < _WHOLE else np.ceil(max(0.0, number)))


def _first(holds: Callable[[int], bool]) -> int:
    """Return the smallest number of studies, 0 or more, at which a monotone condition holds."""
    if holds(0):
        return 0
    high = 1
    while not holds(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


_NUMBERS: dict[str, Callable[[Studies, _Aim], FailSafeN]] = {
    "Rosenthal": _rosenthal,
    "Fisher": _fisher,
    "Orwin": _orwin,
    "Rosenberg": _rosenberg,
}
