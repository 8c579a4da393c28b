"""How results are added up: effect sizes, heterogeneity, pooling, sensitivity, impact and update signals.

The names below are the public interface; everything else is imported from its topic module.
"""

from synthesis.counts.sparse import Sparse, mantel_haenszel, peto
from synthesis.measures.effects import EffectSizes, effect_sizes
from synthesis.random_effects.batch import PooledMany, pool_many
from synthesis.random_effects.pooling import Pooled, pool
from synthesis.random_effects.subgroup import Subgroups, subgroups
from synthesis.regression.model import MetaRegression, regress
from synthesis.small_study.counts import deeks, harbord, macaskill, peters, schwarzer
from synthesis.small_study.egger import egger, pustejovsky, thompson
from synthesis.small_study.excess import excess_significance
from synthesis.small_study.fail_safe import fail_safe_n
from synthesis.small_study.henmi_copas import henmi_copas
from synthesis.small_study.limit_meta import limit_meta
from synthesis.small_study.overview import small_study_effects
from synthesis.small_study.pet_peese import pet_peese
from synthesis.small_study.rank import rank_test
from synthesis.small_study.trim_fill import trim_and_fill
from synthesis.small_study.two_models import two_models

__all__ = [
    "EffectSizes",
    "MetaRegression",
    "Pooled",
    "PooledMany",
    "Sparse",
    "Subgroups",
    "deeks",
    "effect_sizes",
    "egger",
    "excess_significance",
    "fail_safe_n",
    "harbord",
    "henmi_copas",
    "limit_meta",
    "macaskill",
    "mantel_haenszel",
    "pet_peese",
    "peters",
    "peto",
    "pool",
    "pool_many",
    "pustejovsky",
    "rank_test",
    "regress",
    "schwarzer",
    "small_study_effects",
    "subgroups",
    "thompson",
    "trim_and_fill",
    "two_models",
]
