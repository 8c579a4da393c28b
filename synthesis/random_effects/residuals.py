"""How far each study lies from the pool that it is part of."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from synthesis.arrays import Numbers, Studies

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Residuals", "standardised_residuals"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Residuals:
    """Internally standardised residuals, arrays of shape (k,): `resid`, its standard error, and `z`."""

    slab: tuple[str, ...]
    resid: Numbers
    se: Numbers
    z: Numbers

    def __repr__(self) -> str:
        place = int(np.argmax(np.abs(self.z)))
        return (
            f"residuals of {len(self.slab)} studies, the farthest {self.slab[place]} (z {self.z[place]:.2f})"
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a table, one row per study."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        return pd.DataFrame({"resid": self.resid, "se": self.se, "z": self.z}, index=list(self.slab))


def standardised_residuals(studies: Studies, tau2: float) -> Residuals:
    """Return each study's distance from the pooled effect over that distance's own standard error.

    The study is part of the pool: with shares p, Var(y_i - mu) = (1 - p_i)^2 (v_i + tau2) + the others'
    sum of p^2 (v + tau2) (Hedges & Olkin 1985, chapter 12), which is (v_i + tau2) - 1 / sum w for inverse
    variances.

    Parameters
    ----------
    studies
        Effects, variances, and own weights instead of the inverse variances where given.
    tau2
        Between-study variance.

    Raises
    ------
    ValueError
        For one study, which has no distance from itself.
    """
    if len(studies.slab) < 2:
        raise ValueError(f"residuals: found one study ({studies.slab[0]}); expected at least two")
    total = studies.vi + tau2
    weights = 1 / total if studies.weights is None else studies.weights
    share = weights / weights.sum()
    # From the heaviest effect on: neither identical effects nor one that outweighs all leave rounding only.
    centred = studies.yi - studies.yi[np.argmax(weights)]
    resid = centred - share @ centred
    left = _sum_of_others(weights) / weights.sum()
    se = np.sqrt(left**2 * total + _sum_of_others(share**2 * total))
    return Residuals(slab=studies.slab, resid=resid, se=se, z=resid / se)


def _sum_of_others(values: Numbers) -> Numbers:
    """Return the sum without each value in turn; the largest is never added, so that it need not cancel."""
    others, largest = values.sum() - values, int(np.argmax(values))
    others[largest] = values[:largest].sum() + values[largest + 1 :].sum()
    return np.asarray(others)
