"""The common and the random-effects estimate side by side: they part where small studies differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from synthesis.random_effects.fitting import Test
from synthesis.random_effects.pooling import Pooled, pool
from synthesis.small_study.table import one_row

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TwoModels", "two_models"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoModels:
    """Both pools of the same studies; random effects moves the estimate towards the small ones."""

    common: Pooled
    random: Pooled

    @property
    def difference(self) -> float:
        """Return the random-effects estimate less the common one."""
        return self.random.estimate - self.common.estimate

    @property
    def notes(self) -> tuple[str, ...]:
        """Return the cautions."""
        if self.random.tau2 == 0:
            return ("tau2 is 0: both models weigh alike, so that they cannot tell of small-study effects",)
        return ()

    def __repr__(self) -> str:
        text = f"random less common {self.difference:.4f}"
        return "\n".join((text, f"common {self.common!r}", f"random {self.random!r}", *self.notes))

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row."""
        both = {
            f"{model}_{name}": getattr(one, name)
            for model, one in (("common", self.common), ("random", self.random))
            for name in ("estimate", "ci_lb", "ci_ub")
        }
        return one_row(difference=self.difference, **both, notes=self.notes)


def two_models(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    method: str = "REML",
    test: Test = "z",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
) -> TwoModels:
    """Pool by both models: random effects gives small studies more weight (Sterne et al. 2011, BMJ 343).

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    method, test, level, slab
        As in `synthesis.pool`.

    Raises
    ------
    ValueError
        As `synthesis.pool`.
    """
    common = pool(yi, vi, method="EE", test=test, level=level, slab=slab)
    return TwoModels(common=common, random=pool(yi, vi, method=method, test=test, level=level, slab=slab))
