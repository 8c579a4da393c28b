"""How results are added up: effect sizes, heterogeneity, pooling, sensitivity, impact and update signals.

The names below are the public interface; everything else is imported from its topic module.
"""

from synthesis.conversion.changes import change_correlation, sd_of_change, sd_of_final
from synthesis.conversion.clusters import design_effect, effective_sample_size, inflate_se
from synthesis.conversion.crossover import crossover_md, crossover_smd
from synthesis.conversion.groups import combine_groups
from synthesis.conversion.needed import nnt, nnt_from_smd
from synthesis.conversion.quantiles import mean_sd_from_quantiles
from synthesis.conversion.reexpress import log_or_to_smd, probability_of_benefit, smd_to_log_or, smd_to_units
from synthesis.conversion.risks import log_or_to_log_rr, log_rr_to_log_or
from synthesis.conversion.shared_control import (
    correlation_matrix,
    covariance_log_or,
    covariance_log_rr,
    covariance_md,
    covariance_rd,
    covariance_smd,
    split_control,
)
from synthesis.conversion.skewness import near_the_floor
from synthesis.conversion.standard_deviations import (
    sd_from_ci,
    sd_from_difference_ci,
    sd_from_difference_p,
    sd_from_difference_se,
    sd_from_difference_t,
    sd_from_se,
)
from synthesis.conversion.standard_errors import (
    se_from_ci,
    se_from_p,
    se_from_ratio_ci,
    se_from_sd,
    se_from_t,
)
from synthesis.counts.glmm import Glmm, glmm
from synthesis.counts.revman import pool_around
from synthesis.counts.sparse import Sparse, mantel_haenszel, peto
from synthesis.living.contour import Contour, contour
from synthesis.living.evolution import Evolution, evolution
from synthesis.living.impact import Impact, impact
from synthesis.living.signals import signals
from synthesis.measures.effects import effect_sizes
from synthesis.measures.sizes import EffectSizes
from synthesis.multilevel.comparison import level_test, likelihood_ratio
from synthesis.multilevel.fitting import Multilevel
from synthesis.multilevel.multivariate import multivariate
from synthesis.multilevel.nested import correlated_effects, three_level
from synthesis.multilevel.robust import Robust, robust
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
from synthesis.small_study.selection.model import SelectionModel, selection_model
from synthesis.small_study.trim_fill import trim_and_fill
from synthesis.small_study.two_models import two_models
from synthesis.views.bayes import BayesianView, bayesian_view
from synthesis.views.boundaries import Boundaries, boundaries
from synthesis.views.information import required_information, required_participants
from synthesis.views.priors import MuPrior, TauPrior
from synthesis.views.sequential import SequentialView, sequential_view

__all__ = [
    "BayesianView",
    "Boundaries",
    "Contour",
    "EffectSizes",
    "Evolution",
    "Glmm",
    "Impact",
    "MetaRegression",
    "MuPrior",
    "Multilevel",
    "Pooled",
    "PooledMany",
    "Robust",
    "SelectionModel",
    "SequentialView",
    "Sparse",
    "Subgroups",
    "TauPrior",
    "bayesian_view",
    "boundaries",
    "change_correlation",
    "combine_groups",
    "contour",
    "correlated_effects",
    "correlation_matrix",
    "covariance_log_or",
    "covariance_log_rr",
    "covariance_md",
    "covariance_rd",
    "covariance_smd",
    "crossover_md",
    "crossover_smd",
    "deeks",
    "design_effect",
    "effect_sizes",
    "effective_sample_size",
    "egger",
    "evolution",
    "excess_significance",
    "fail_safe_n",
    "glmm",
    "harbord",
    "henmi_copas",
    "impact",
    "inflate_se",
    "level_test",
    "likelihood_ratio",
    "limit_meta",
    "log_or_to_log_rr",
    "log_or_to_smd",
    "log_rr_to_log_or",
    "macaskill",
    "mantel_haenszel",
    "mean_sd_from_quantiles",
    "multivariate",
    "near_the_floor",
    "nnt",
    "nnt_from_smd",
    "pet_peese",
    "peters",
    "peto",
    "pool",
    "pool_around",
    "pool_many",
    "probability_of_benefit",
    "pustejovsky",
    "rank_test",
    "regress",
    "required_information",
    "required_participants",
    "robust",
    "schwarzer",
    "sd_from_ci",
    "sd_from_difference_ci",
    "sd_from_difference_p",
    "sd_from_difference_se",
    "sd_from_difference_t",
    "sd_from_se",
    "sd_of_change",
    "sd_of_final",
    "se_from_ci",
    "se_from_p",
    "se_from_ratio_ci",
    "se_from_sd",
    "se_from_t",
    "selection_model",
    "sequential_view",
    "signals",
    "small_study_effects",
    "smd_to_log_or",
    "smd_to_units",
    "split_control",
    "subgroups",
    "thompson",
    "three_level",
    "trim_and_fill",
    "two_models",
]
