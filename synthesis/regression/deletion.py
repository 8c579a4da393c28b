"""A meta-regression without each study in turn: what the study does to it (Viechtbauer & Cheung 2010)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtri

from synthesis.arrays import Flags, Numbers, Studies, ratios
from synthesis.random_effects.fitting import Plan
from synthesis.regression.core import Core, core, full_rank
from synthesis.regression.design import Design

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RegressionInfluence", "influence"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegressionInfluence:
    """Deletion diagnostics, arrays of shape (k,); nan where nothing can be fitted without the study.

    That is so where the study alone tells a coefficient: the only one of its level.

    Parameters
    ----------
    rstudent
        Externally standardised residual.
    dffits, cook_d, cov_r
        What the study does to its fitted value, to the coefficients, and to their covariance; `cov_r` is nan
        where Hartung and Knapp's covariance of all studies is 0.
    tau2_del, qe_del
        tau2 and QE without the study.
    hat, weight
        Leverage, and weight in percent.
    beta_del, dfbetas
        Coefficients without the study, and by how many standard errors it moves them, shape (k, p).
    influential
        Beyond metafor's bounds: |dffits| > 3 sqrt(p / (k - p)), the chi-squared distribution function of
        `cook_d` on p degrees > 0.5, hat > 3 p / k, or any |dfbetas| > 1.
    """

    slab: tuple[str, ...]
    names: tuple[str, ...]
    rstudent: Numbers
    dffits: Numbers
    cook_d: Numbers
    cov_r: Numbers
    tau2_del: Numbers
    qe_del: Numbers
    hat: Numbers
    weight: Numbers
    beta_del: Numbers
    dfbetas: Numbers
    influential: tuple[bool, ...]

    def to_frame(self) -> "pd.DataFrame":
        """Return a table, one row per study; columns of `dfbetas` are named after the coefficients."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        columns = ("rstudent", "dffits", "cook_d", "cov_r", "tau2_del", "qe_del", "hat", "weight")
        moved = {f"dfbetas {name}": self.dfbetas[:, i] for i, name in enumerate(self.names)}
        table = {name: getattr(self, name) for name in columns} | moved
        return pd.DataFrame(table, index=list(self.slab)).assign(influential=list(self.influential))


@dataclass(frozen=True, slots=True, eq=False)
class _Whole:
    """The fit to all studies, and what it was fitted to."""

    studies: Studies
    design: Design
    core: Core

    @property
    def hat(self) -> Numbers:
        return self.core.fit.hat


def influence(studies: Studies, design: Design, plan: Plan) -> RegressionInfluence:
    """Return deletion diagnostics of each study.

    Parameters
    ----------
    studies
        Effects and variances, more than p + 1.
    design
        Of full rank.
    plan
        How to fit.

    Raises
    ------
    ValueError
        For too few studies to leave one out.
    """
    k, p = design.x.shape
    if k < p + 2:
        raise ValueError(f"influence: found {k} studies for {p} coefficients; expected at least {p + 2}")
    whole = _Whole(studies, design, core(studies, design.x, design.tested, plan))
    rows = [_row(whole, i, left) for i, left in enumerate(_deletions(studies, design, plan))]
    table = {name: np.array([row[name] for row in rows], dtype=np.float64) for name in rows[0]}
    weight = 100 * whole.core.fit.w / whole.core.fit.w.sum()
    flags = _beyond(table, whole.hat, p)
    return RegressionInfluence(
        slab=studies.slab,
        names=design.names,
        hat=whole.hat,
        weight=weight,
        influential=tuple(bool(flag) for flag in flags),
        **table,
    )


def _deletions(studies: Studies, design: Design, plan: Plan) -> Iterator[Core | None]:
    for i in range(len(studies.yi)):
        x = np.delete(design.x, i, axis=0)
        yield core(studies.without(i), x, design.tested, plan) if full_rank(x) else None


def _row(whole: _Whole, i: int, left: Core | None) -> dict[str, float | Numbers]:
    p = len(whole.design.names)
    if left is None:
        scalars = dict.fromkeys(("rstudent", "dffits", "cook_d", "cov_r", "tau2_del", "qe_del"), np.nan)
        return scalars | {"beta_del": np.full(p, np.nan), "dfbetas": np.full(p, np.nan)}
    x, tau2 = whole.design.x[i], left.tau2.value
    moved, total = whole.core.beta - left.beta, whole.studies.vi + tau2
    spread = float(x @ left.vcov @ x) + left.factor * total[i]
    return {
        "rstudent": float(ratios(whole.studies.yi[i] - x @ left.beta, np.sqrt(spread))),
        "dffits": float(ratios(x @ moved, np.sqrt(left.factor * whole.hat[i] * total[i]))),
        "cook_d": _distance(whole.design.x @ moved, whole.core),
        "cov_r": _shrunk(left.vcov, whole.core.vcov),
        "tau2_del": tau2,
        "qe_del": left.problem.at().q,
        "beta_del": left.beta,
        "dfbetas": ratios(moved, np.sqrt(left.factor * _variances(whole.design.x, total))),
    }


def _variances(x: Numbers, total: Numbers) -> Numbers:
    """Return the diagonal of (x'Wx)^-1."""
    root = np.linalg.inv(np.linalg.qr(x / np.sqrt(total)[:, None], mode="r"))
    return np.asarray((root * root).sum(axis=1))


def _distance(moved: Numbers, whole: Core) -> float:
    """Return how far the fitted values move, in units of their covariance."""
    square = float(whole.fit.w @ (moved * moved))
    if whole.factor > 0:
        return square / whole.factor
    return np.inf if square > 0 else 0.0


def _shrunk(left: Numbers, whole: Numbers) -> float:
    (_, before), (_, after) = np.linalg.slogdet(whole), np.linalg.slogdet(left)
    return float(np.exp(after - before)) if np.isfinite(before) else np.nan


def _beyond(table: dict[str, Numbers], hat: Numbers, p: int) -> Flags:
    k = len(hat)
    far = table["cook_d"] > float(chdtri(p, 0.5))
    moved = (np.abs(table["dfbetas"]) > 1).any(axis=1)
    fitted = np.abs(table["dffits"]) > 3 * np.sqrt(p / (k - p))
    return np.asarray(fitted | far | (hat > 3 * p / k) | moved)
