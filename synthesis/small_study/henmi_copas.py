"""An interval around the common effect that publication bias moves less (Henmi & Copas 2010)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammainc

from synthesis.arrays import Numbers, as_studies
from synthesis.random_effects.fitting import Plan, fit
from synthesis.random_effects.moments import moments
from synthesis.roots import root
from synthesis.small_study.table import one_row

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HenmiCopas", "henmi_copas"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HenmiCopas:
    """The common-effect estimate with an interval that allows for heterogeneity.

    Parameters
    ----------
    estimate
        Weighted by inverse sampling variances only: large studies, less prone to selection, count most.
    se, ci_lb, ci_ub
        Under between-study variance `tau2`; the quantile is not the normal one.
    tau2
        By DerSimonian & Laird, of whose distribution the interval takes account.
    """

    estimate: float
    se: float
    ci_lb: float
    ci_ub: float
    tau2: float
    level: float
    k: int

    def __repr__(self) -> str:
        return (
            f"{self.estimate:.4f} [{self.ci_lb:.4f}, {self.ci_ub:.4f}] ({100 * self.level:g}% by "
            f"Henmi & Copas, se {self.se:.4f}), k = {self.k}, tau2 {self.tau2:.4f} (DL)"
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row."""
        return one_row(**{name: getattr(self, name) for name in self.__dataclass_fields__})


def henmi_copas(
    yi: ArrayLike, vi: ArrayLike, *, level: float = 0.95, slab: Sequence[str] | None = None
) -> HenmiCopas:
    """Return the common effect and the interval of Henmi & Copas 2010 (Statistics in Medicine 29, 2969).

    The pivot U = (estimate - theta) / se with the DerSimonian-Laird se: given U's normal part R, Q is
    taken as gamma with its first two conditional moments, and P(U > u) is integrated over R.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,), k >= 2.
    level
        Confidence level, a fraction.
    slab
        Labels of the studies, for messages.

    Raises
    ------
    ValueError
        For input that `synthesis.pool` refuses, or one study.
    """
    studies, plan = as_studies(yi, vi, slab), Plan(method="DL", level=level)
    if len(studies.yi) < 2:
        raise ValueError(f"Henmi & Copas: found one study ({studies.slab[0]}); expected at least two")
    common, tau2 = moments(studies.yi, studies.vi), fit(studies, plan).tau2
    law = _Law(1 / studies.vi, tau2)
    se = float(np.sqrt(law.spread / law.w1))
    half = law.quantile(level) * law.spread**0.5 * se
    return HenmiCopas(
        estimate=common.mean,
        se=se,
        ci_lb=common.mean - half,
        ci_ub=common.mean + half,
        tau2=tau2,
        level=level,
        k=len(studies.yi),
    )


class _Law:
    """The joint law of R and Q at one tau2: w1 = sum w; w2, w3, w4 = sum w^j / w1; spread = 1 + tau2 w2."""

    def __init__(self, weights: Numbers, tau2: float) -> None:
        self.free = len(weights) - 1
        self.tau2 = tau2
        self.w1 = float(weights.sum())
        self.w2, self.w3, self.w4 = (float((weights**j).sum()) / self.w1 for j in (2, 3, 4))
        self.spread = 1 + tau2 * self.w2

    def quantile(self, level: float) -> float:
        """Return the t at which P(R > t and Q below what t allows) is (1 - level) / 2."""
        tail = (1 - level) / 2
        top = 2.0
        while self._beyond(top) > tail:
            top *= 2
        return root(lambda t: self._beyond(t) - tail, 1e-8, top)

    def _beyond(self, t: float) -> float:
        from scipy.integrate import quad  # noqa: PLC0415 - importing synthesis must stay light

        def share(r: float) -> float:
            mean, variance = self._moments_of_q(r)
            allowed = (self.w1 / self.w2 - 1) * ((r / t) ** 2 - 1) + self.free
            density = float(np.exp(-r * r / 2)) / float(np.sqrt(2 * np.pi))
            return float(gammainc(mean**2 / variance, allowed * mean / variance)) * density

        return float(quad(share, t, t + 40, epsabs=1e-14, epsrel=1e-12, limit=200)[0])

    def _moments_of_q(self, r: float) -> tuple[float, float]:
        """Return mean and variance of Q given R = r standard deviations."""
        tau2, w2, w3 = self.tau2, self.w2, self.w3
        excess = (r * r - 1) / self.spread
        apart = w3 - w2**2
        mean = self.free + tau2 * (self.w1 - w2) + tau2**2 * excess * apart
        variance = (
            2 * self.free
            + 4 * tau2 * (self.w1 - w2)
            + 2 * tau2**2 * (self.w1 * w2 - 2 * w3 + w2**2)
            + 4 * tau2**2 * excess * apart
            + 4 * tau2**3 * excess * (self.w4 - 2 * w2 * w3 + w2**3)
            + 2 * tau2**4 * (1 - 2 * r * r) / self.spread**2 * apart**2
        )
        return mean, variance
