"""Effects and variances of k studies, with what was done to their numbers and what looks wrong in them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.arrays import Numbers
from synthesis.columns import Columns

__all__ = ["EffectSizes"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EffectSizes(Columns):
    """Effects `yi` and their sampling variances `vi`, each of shape (k,); NaN where a study gives none.

    Where only one of the two cannot be computed the other stands, as in metafor's escalc.

    Parameters
    ----------
    slab
        Labels of the studies.
    measure
        What `yi` is.
    notes
        What was done, in sentences: cells that a half was added to, studies that were dropped.
    warnings
        What looks wrong in the input, in sentences that name the study. Nothing was changed because of it.
    """

    yi: Numbers
    vi: Numbers
    slab: tuple[str, ...]
    measure: str
    warnings: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, Any]:
        """The columns by name, each with one entry a study."""
        return {"slab": self.slab, "yi": self.yi, "vi": self.vi}

    def __repr__(self) -> str:
        given = int(np.isfinite(self.yi + self.vi).sum())
        head = f"{self.measure}, k = {len(self)}, {given} with an effect"
        rows = [
            f"  {label}: {effect:.4f} (variance {variance:.4g})"
            for label, effect, variance in zip(self.slab[:5], self.yi, self.vi, strict=False)
        ]
        more = ["  ..."] if len(self) > len(rows) else []
        marked = [f"! {sentence}" for sentence in self.warnings]
        return "\n".join([head, *rows, *more, *self.notes, *marked])
