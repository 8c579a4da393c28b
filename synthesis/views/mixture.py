"""A mixture of many normals: what a posterior of an effect is, given each tau a normal."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from synthesis.arrays import Numbers
from synthesis.roots import root

__all__ = ["Mixture"]


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Normals with probabilities, means and standard deviations, each of shape (n,)."""

    probability: Numbers
    means: Numbers
    sds: Numbers

    def below(self, value: float) -> float:
        """Return the probability of a smaller value."""
        return float(self.probability @ ndtr((value - self.means) / self.sds))

    def quantile(self, probability: float) -> float:
        """Return the value below which the mixture has this probability, strictly between 0 and 1."""
        low, high = self._reach(probability)
        return root(lambda x: self.below(x) - probability, low, high)

    def mean(self) -> float:
        """Return the mean."""
        return float(self.probability @ self.means)

    def sd(self) -> float:
        """Return the standard deviation."""
        return float(np.sqrt(self.probability @ (self.sds**2 + (self.means - self.mean()) ** 2)))

    def mode(self) -> float:
        """Return where the density is highest."""
        low, high = self.quantile(0.01), self.quantile(0.99)
        x = np.linspace(low, high, 201)
        z = (x[:, None] - self.means) / self.sds
        place = int(np.argmax(np.exp(-0.5 * z**2) @ (self.probability / self.sds)))
        before, after = float(x[max(place - 1, 0)]), float(x[min(place + 1, len(x) - 1)])
        if self._slope(before) <= 0 or self._slope(after) >= 0:
            return float(x[place])
        return root(self._slope, before, after)

    def _slope(self, value: float) -> float:
        z = (value - self.means) / self.sds
        return float(self.probability @ (-z * np.exp(-0.5 * z**2) / self.sds**2))

    def _reach(self, probability: float) -> tuple[float, float]:
        """Return two values between which the quantile lies: each normal's own quantiles, and no further."""
        own = self.means + ndtri(probability) * self.sds
        slack = 1e-9 * float(self.sds.max())
        return float(own.min()) - slack, float(own.max()) + slack
