"""Trim-and-fill: how many studies a symmetric funnel would have more, and the pool with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Indices, Numbers, Studies, as_studies
from synthesis.random_effects.fitting import Plan, Test, fit
from synthesis.random_effects.pooling import Pooled, pool
from synthesis.regression.model import regress
from synthesis.small_study.missing import NUMBERS, signed_ranks
from synthesis.small_study.notes import cautions
from synthesis.small_study.table import one_row

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ESTIMATORS", "SIDES", "TrimAndFill", "trim_and_fill"]

Estimator = Literal["L0", "R0", "Q0"]
Side = Literal["left", "right"]
ESTIMATORS = tuple(NUMBERS)
SIDES = ("left", "right")
_ROUNDS = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrimAndFill:
    """Studies filled in, and the pool of all.

    Parameters
    ----------
    k0, se_k0
        Number of studies missing on `side`, and the standard error of that number (NaN where its
        formula gives a negative variance, as with nearly all effects on one side).
    p_k0
        P-value of no missing study; only R0 has one.
    side
        Where studies are missing.
    estimator
        ``L0``, ``R0`` or ``Q0``.
    filled_yi, filled_vi
        The mirrored studies, shape (k0,).
    observed
        The pool of the studies that were given.
    filled
        The pool of all; `observed` where none is missing.
    notes
        Cautions.
    """

    k0: int
    se_k0: float
    p_k0: float | None
    side: Side
    estimator: Estimator
    filled_yi: Numbers
    filled_vi: Numbers
    observed: Pooled
    filled: Pooled
    notes: tuple[str, ...] = ()

    @property
    def estimate(self) -> float:
        """Return the pooled effect of all."""
        return self.filled.estimate

    @property
    def se(self) -> float:
        """Return its standard error."""
        return self.filled.se

    @property
    def ci_lb(self) -> float:
        """Return its interval's lower bound."""
        return self.filled.ci_lb

    @property
    def ci_ub(self) -> float:
        """Return its interval's upper bound."""
        return self.filled.ci_ub

    @property
    def tau2(self) -> float:
        """Return the between-study variance of all."""
        return self.filled.tau2

    @property
    def q(self) -> float:
        """Return Cochran's Q of all."""
        return self.filled.q

    @property
    def k(self) -> int:
        """Return the number of studies, filled ones counted."""
        return self.filled.k

    def __repr__(self) -> str:
        p = "" if self.p_k0 is None else f", p {self.p_k0:.4g}"
        text = (
            f"Trim-and-fill ({self.estimator}): {self.k0} missing on the {self.side} (se {self.se_k0:.2f}{p})"
        )
        return "\n".join((text, f"observed {self.observed!r}", f"filled   {self.filled!r}", *self.notes))

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row."""
        names = ("k0", "se_k0", "p_k0", "side", "estimator", "estimate", "se", "ci_lb", "ci_ub", "tau2")
        return one_row(**{name: getattr(self, name) for name in (*names, "q", "k", "notes")})


def trim_and_fill(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    estimator: Estimator = "L0",
    side: Side | None = None,
    method: str = "REML",
    test: Test = "z",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
) -> TrimAndFill:
    """Trim the studies without a mirror image, estimate the centre, fill in their images, pool all.

    Duval & Tweedie 2000a (JASA 95, 89-98) and 2000b (Biometrics 56, 455-463). The estimate assumes that the
    most extreme effects on one side are missing because of their size: a sensitivity analysis, not a
    corrected result.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,), k >= 3.
    estimator
        ``L0`` (linear) and ``R0`` (run) are what its authors recommend, ``Q0`` (quadratic) has no value
        where asymmetry is strong.
    side
        Where studies are taken to be missing; None asks Egger's regression: ``right`` where small studies
        have smaller effects.
    method, test, level, slab
        As in `synthesis.pool`.

    Raises
    ------
    ValueError
        For input that `synthesis.pool` refuses, fewer than three studies, an unknown estimator or side,
        equal variances without a side, Q0 without a value, or where the number goes round in circles.
    """
    if estimator not in ESTIMATORS:
        raise ValueError(f"estimator: found {estimator!r}; expected one of {' '.join(ESTIMATORS)}")
    plan, studies = Plan(method=method, test=test, level=level), as_studies(yi, vi, slab)
    if len(studies.yi) < 3:
        raise ValueError(f"trim-and-fill: found k = {len(studies.yi)}; expected at least 3 studies")
    missing = _side(studies, method, side)
    k0, se_k0, yi_filled, places = _missing(studies, plan, estimator, 1.0 if missing == "left" else -1.0)
    observed = pool(studies.yi, studies.vi, method=method, test=test, level=level, slab=studies.slab)
    vi_filled = studies.vi[places]
    return TrimAndFill(
        k0=k0,
        se_k0=se_k0,
        p_k0=0.5 ** (k0 + 1) if estimator == "R0" else None,
        side=missing,
        estimator=estimator,
        filled_yi=yi_filled,
        filled_vi=vi_filled,
        observed=observed,
        filled=_with(observed, yi_filled, vi_filled) if k0 else observed,
        notes=cautions(len(studies.yi)),
    )


def _side(studies: Studies, method: str, side: Side | None) -> Side:
    if side is not None and side not in SIDES:
        raise ValueError(f"side: found {side!r}; expected left, right, or None")
    if side is not None:
        return side
    try:
        line = regress(studies.yi - studies.yi[0], studies.vi, {"sei": np.sqrt(studies.vi)}, method=method)
    except ValueError as error:
        raise ValueError(
            f"side: Egger's regression cannot choose one ({error}); give left or right"
        ) from error
    return "right" if line.beta[1] < 0 else "left"


def _missing(
    studies: Studies, plan: Plan, estimator: Estimator, sign: float
) -> tuple[int, float, Numbers, Indices]:
    """Return k0, its standard error, the mirrored effects and whose images they are."""
    order = np.argsort(sign * studies.yi, kind="stable")
    flipped = Studies(sign * studies.yi[order], studies.vi[order], tuple(studies.slab[i] for i in order))
    k, k0, seen = len(order), 0, [0]
    for _ in range(_ROUNDS):
        centre = fit(flipped.take(np.arange(k - k0)), plan).estimate
        estimated, se = NUMBERS[estimator](signed_ranks(flipped.yi - centre))
        before, k0 = k0, max(0, round(estimated))
        if k0 == before:
            images = 2 * centre - flipped.yi[k - k0 :]
            return k0, se, sign * images, order[k - k0 :]
        seen.append(k0)
    raise ValueError(
        f"trim-and-fill: found no end, the number missing goes round between {sorted(set(seen[-10:]))}; "
        "expected it to settle (with method EE it always does)"
    )


def _with(observed: Pooled, yi: Numbers, vi: Numbers) -> Pooled:
    old, plan = observed.studies, observed.plan
    return pool(
        np.concatenate([old.yi, yi]),
        np.concatenate([old.vi, vi]),
        method=plan.method,
        test=plan.test,
        level=plan.level,
        slab=(*old.slab, *(f"filled {i + 1}" for i in range(len(yi)))),
    )
