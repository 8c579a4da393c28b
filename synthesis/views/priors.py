"""Priors of a Bayesian random-effects model: of tau, the spread between studies, and of mu, their mean."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from synthesis.arrays import Numbers

__all__ = ["DEFAULT", "MuPrior", "TauPrior", "half_cauchy", "half_normal", "uniform"]

Kind = Literal["half-normal", "half-Cauchy", "uniform"]


@dataclass(frozen=True, slots=True)
class TauPrior:
    """A prior of tau at 0 or above; `scale` in the units of the effects, None for the improper uniform."""

    kind: Kind
    scale: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"tau prior: found {self.kind!r}; expected one of {', '.join(get_args(Kind))}")
        fits = self.scale is None if self.kind == "uniform" else 0 < (self.scale or 0.0) < np.inf
        if not fits:
            expected = "no scale" if self.kind == "uniform" else "a scale above 0"
            raise ValueError(f"tau prior: found scale {self.scale} for {self.kind}; expected {expected}")

    def __str__(self) -> str:
        return "uniform (improper)" if self.scale is None else f"{self.kind}({self.scale:g})"

    @property
    def proper(self) -> bool:
        """Whether the prior has mass 1."""
        return self.scale is not None

    @property
    def tail(self) -> float:
        """The power of tau with which the prior falls; infinite where it falls faster than any."""
        return {"half-normal": np.inf, "half-Cauchy": 2.0, "uniform": 0.0}[self.kind]

    def log_density(self, tau: Numbers) -> Numbers:
        """Return the log density at tau, shape as given; 0 for the improper one."""
        if self.scale is None:
            return np.zeros_like(tau)
        z = tau / self.scale
        if self.kind == "half-normal":
            return np.asarray(0.5 * np.log(2 / np.pi) - np.log(self.scale) - 0.5 * z**2)
        return np.asarray(np.log(2 / np.pi) - np.log(self.scale) - np.log1p(z**2))


@dataclass(frozen=True, slots=True)
class MuPrior:
    """A normal prior of mu; flat (improper) where `sd` is infinite."""

    mean: float = 0.0
    sd: float = np.inf

    def __post_init__(self) -> None:
        if not (np.isfinite(self.mean) and self.sd > 0):
            raise ValueError(f"mu prior: found {self.mean}, {self.sd}; expected a mean, and an SD above 0")

    def __str__(self) -> str:
        return f"normal({self.mean:g}, SD {self.sd:g})" if self.proper else "flat (improper)"

    @property
    def proper(self) -> bool:
        """Whether the prior has mass 1."""
        return bool(np.isfinite(self.sd))


def half_normal(scale: float) -> TauPrior:
    """Return the half-normal prior with this scale: the SD of the normal that was folded."""
    return TauPrior("half-normal", scale)


def half_cauchy(scale: float) -> TauPrior:
    """Return the half-Cauchy prior with this scale, its median."""
    return TauPrior("half-Cauchy", scale)


def uniform() -> TauPrior:
    """Return the improper uniform prior on all tau at 0 or above."""
    return TauPrior("uniform")


# For log odds ratios and standardised mean differences (Roever et al. 2021, Res Synth Methods 12: 448-474).
DEFAULT = half_normal(0.5)
