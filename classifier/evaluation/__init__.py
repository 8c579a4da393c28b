"""How good a ranking was, how sure that is, and what would have happened: import from here.

`measures` are figures of one ranking, `intervals` say how sure they are, `splits` cut a labelled review into
what was known and what was to come.
"""

from classifier.evaluation.intervals import bootstrap_interval, mean_interval, paired_interval
from classifier.evaluation.measures import atd, average_precision, brier, ece, ndcg, recall_at, wss
from classifier.evaluation.splits import Labelled, Split, cold_start_priors, time_split, tiny_start

__all__ = [
    "Labelled",
    "Split",
    "atd",
    "average_precision",
    "bootstrap_interval",
    "brier",
    "cold_start_priors",
    "ece",
    "mean_interval",
    "ndcg",
    "paired_interval",
    "recall_at",
    "time_split",
    "tiny_start",
    "wss",
]
