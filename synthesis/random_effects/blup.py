"""Best linear unbiased predictions: each study's own effect, drawn towards the pool."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from synthesis.arrays import Numbers, Studies
from synthesis.random_effects.fitting import Fit, critical

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Blup", "drawn"]

_COLUMNS = ("pred", "se", "pi_lb", "pi_ub")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blup:
    """Best linear unbiased predictions of the studies' own effects, arrays of shape (k,)."""

    slab: tuple[str, ...]
    pred: Numbers
    se: Numbers
    pi_lb: Numbers
    pi_ub: Numbers

    def to_frame(self) -> "pd.DataFrame":
        """Return a table, one row per study."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        return pd.DataFrame({name: getattr(self, name) for name in _COLUMNS}, index=list(self.slab))


def drawn(studies: Studies, pooled: Fit) -> Blup:
    """Return each study's effect drawn towards the pool (Raudenbush & Bryk 1985).

    Parameters
    ----------
    studies
        Effects and variances.
    pooled
        Their pool.
    """
    yi, vi = studies.yi, studies.vi
    draw = pooled.tau2 / (pooled.tau2 + vi)
    pred = draw * yi + (1 - draw) * pooled.estimate
    se = np.sqrt(draw * vi + (1 - draw) ** 2 * pooled.se**2)
    half = critical(pooled.level, pooled.df) * se
    return Blup(slab=studies.slab, pred=pred, se=se, pi_lb=pred - half, pi_ub=pred + half)
