"""How results are added up: effect sizes, heterogeneity, pooling, sensitivity, impact and update signals.

The names below are the public interface; everything else is imported from its topic module.
"""

from synthesis.counts.sparse import Sparse, mantel_haenszel, peto
from synthesis.measures.effects import EffectSizes, effect_sizes
from synthesis.random_effects.pooling import Pooled, pool
from synthesis.random_effects.subgroup import Subgroups, subgroups
from synthesis.regression.model import MetaRegression, regress

__all__ = [
    "EffectSizes",
    "MetaRegression",
    "Pooled",
    "Sparse",
    "Subgroups",
    "effect_sizes",
    "mantel_haenszel",
    "peto",
    "pool",
    "regress",
    "subgroups",
]
