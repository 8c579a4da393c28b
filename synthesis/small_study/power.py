"""Which studies are significant, and how likely each was to be."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from synthesis.arrays import Flags, Numbers, Studies

__all__ = ["ALTERNATIVES", "Alternative", "Question"]

Alternative = Literal["two.sided", "greater", "less"]
ALTERNATIVES: tuple[Alternative, ...] = get_args(Alternative)


@dataclass(frozen=True, slots=True)
class Question:
    """What counts as significant, and how much true effects vary.

    Parameters
    ----------
    null
        The effect of no effect.
    alpha, alternative
        Level and direction of each study's own z test.
    tau2
        Variance of the true effects.
    """

    null: float
    alpha: float
    alternative: Alternative
    tau2: float

    def significant(self, studies: Studies) -> Flags:
        """Return which studies are significant, shape (k,)."""
        z = (studies.yi - self.null) / np.sqrt(studies.vi)
        if self.alternative == "two.sided":
            return np.asarray(np.abs(z) >= -ndtri(self.alpha / 2))
        return np.asarray(
            z >= -ndtri(self.alpha) if self.alternative == "greater" else z <= ndtri(self.alpha)
        )

    def power(self, theta: ArrayLike, vi: Numbers) -> Numbers:
        """Return the chance of significance where true effects are normal around theta with variance tau2.

        The effect then is normal with variance vi + tau2, so that the integral over true effects is closed.
        """
        spread = np.sqrt(vi + self.tau2)
        shift = np.asarray(theta) - self.null
        tail = self.alpha / 2 if self.alternative == "two.sided" else self.alpha
        bound = -ndtri(tail) * np.sqrt(vi)
        above, below = ndtr((shift - bound) / spread), ndtr((-bound - shift) / spread)
        if self.alternative == "two.sided":
            return np.asarray(above + below)
        return np.asarray(above if self.alternative == "greater" else below)
