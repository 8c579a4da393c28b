"""PET-PEESE: a precision-effect test decides which of two regressions estimates the effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import ratios
from synthesis.random_effects.fitting import two_sided_p
from synthesis.small_study.asymmetry import AsymmetryTest
from synthesis.small_study.egger import egger
from synthesis.small_study.power import ALTERNATIVES, Alternative
from synthesis.small_study.table import one_row

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PetPeese", "pet_peese"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PetPeese:
    """Both regressions, and which of them the rule takes.

    Parameters
    ----------
    pet, peese
        Effects on their standard errors, and on their variances; `est` is the limit estimate.
    chosen, why
        The one the rule takes, and the rule with its numbers.
    pval
        Of PET's limit estimate, in `alternative`'s direction.
    """

    pet: AsymmetryTest
    peese: AsymmetryTest
    chosen: Literal["PET", "PEESE"]
    why: str
    pval: float
    alpha: float
    alternative: Alternative

    @property
    def estimate(self) -> float:
        """Return the chosen limit estimate."""
        return self._taken.intercept

    @property
    def se(self) -> float:
        """Return its standard error."""
        return self._taken.se_intercept

    @property
    def ci_lb(self) -> float | None:
        """Return its interval's lower bound."""
        return self._taken.ci_lb

    @property
    def ci_ub(self) -> float | None:
        """Return its interval's upper bound."""
        return self._taken.ci_ub

    @property
    def notes(self) -> tuple[str, ...]:
        """Return the cautions."""
        return self.pet.notes

    @property
    def _taken(self) -> AsymmetryTest:
        return self.pet if self.chosen == "PET" else self.peese

    def __repr__(self) -> str:
        text = (
            f"{self.estimate:.4f} [{self.ci_lb:.4f}, {self.ci_ub:.4f}] ({self.chosen}, k = {self.pet.k}): "
            f"{self.why}"
        )
        return "\n".join((text, *self.notes))

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row."""
        names = ("estimate", "se", "ci_lb", "ci_ub", "chosen", "why", "pval", "alpha", "alternative", "notes")
        return one_row(**{name: getattr(self, name) for name in names})


def pet_peese(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    alpha: float = 0.05,
    alternative: Alternative = "two.sided",
    level: float = 0.95,
    measure: str | None = None,
    slab: Sequence[str] | None = None,
) -> PetPeese:
    """Return PET's limit estimate where it does not differ from 0, and PEESE's where it does.

    Stanley & Doucouliagos 2014 (Research Synthesis Methods 5, 60): with an effect the bias is closer to
    linear in the variance, without one to linear in the standard error. Both are weighted least squares with
    an estimated residual variance.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,), k >= 3.
    alpha, alternative
        The rule: PEESE where PET's p, two-sided or in the expected direction, is below alpha. Papers
        differ here (two-sided 5 %, one-sided 5 % or 10 %): fix it in the protocol.
    level
        Confidence level, a fraction.
    measure
        metafor's letters of the effect, for the notes.
    slab
        Labels of the studies, for messages.

    Raises
    ------
    ValueError
        As `synthesis.egger`, and for an unknown alternative or an alpha outside 0 to 1.
    """
    if alternative not in ALTERNATIVES:
        raise ValueError(f"alternative: found {alternative!r}; expected one of {' '.join(ALTERNATIVES)}")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha: found {alpha}; expected a fraction between 0 and 1, such as 0.05")
    pet, peese = (
        egger(yi, vi, predictor=predictor, level=level, measure=measure, slab=slab)
        for predictor in ("sei", "vi")
    )
    pval = _p(pet, alternative)
    chosen: Literal["PET", "PEESE"] = "PEESE" if pval < alpha else "PET"
    side = "two-sided" if alternative == "two.sided" else f"one-sided, {alternative}"
    why = (
        f"PET's limit estimate {pet.intercept:.4f} has p = {pval:.4g} ({side}), "
        f"{'below' if chosen == 'PEESE' else 'not below'} {alpha:g}"
    )
    return PetPeese(
        pet=pet, peese=peese, chosen=chosen, why=why, pval=pval, alpha=alpha, alternative=alternative
    )


def _p(pet: AsymmetryTest, alternative: Alternative) -> float:
    stat = float(ratios(pet.intercept, pet.se_intercept))
    both = 0.0 if np.isinf(stat) else two_sided_p(stat, pet.df)
    if alternative == "two.sided":
        return both
    as_expected = stat > 0 if alternative == "greater" else stat < 0
    return both / 2 if as_expected else 1 - both / 2
