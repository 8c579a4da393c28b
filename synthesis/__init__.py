"""How results are added up: effect sizes, heterogeneity, pooling, sensitivity, impact and update signals.

The names below are the public interface; everything else is imported from its topic module.
"""

from synthesis.effects import EffectSizes, effect_sizes
from synthesis.pooling import Pooled, pool
from synthesis.sparse import Sparse, mantel_haenszel, peto
from synthesis.subgroup import Subgroups, subgroups

__all__ = [
    "EffectSizes",
    "Pooled",
    "Sparse",
    "Subgroups",
    "effect_sizes",
    "mantel_haenszel",
    "peto",
    "pool",
    "subgroups",
]
