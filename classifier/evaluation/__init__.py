"""How good a ranking was, how sure that is, and what would have happened: import from here.

`measures` are figures of one ranking, `figures` all of them with intervals, `curves` what a plot shows,
`intervals` say how sure a figure is, `splits` cut a labelled review into what was known and what was to come,
`protocols` run a ranking on them.
"""

from classifier.evaluation.curves import Bin, Step, ideal_curve, recall_curve, reliability
from classifier.evaluation.figures import Figure, figures, paired_differences
from classifier.evaluation.intervals import (
    bootstrap_interval,
    mean_interval,
    paired_interval,
    share_interval,
)
from classifier.evaluation.measures import (
    atd,
    average_precision,
    brier,
    ece,
    flagged_share,
    ndcg,
    recall_at,
    wss,
)
from classifier.evaluation.protocols import (
    Comparison,
    Outcome,
    Said,
    cold_start,
    compare,
    mean_of,
    run,
    with_plain_svm,
    with_ranker,
)
from classifier.evaluation.splits import Labelled, Split, cold_start_priors, time_split, tiny_start

__all__ = [
    "Bin",
    "Comparison",
    "Figure",
    "Labelled",
    "Outcome",
    "Said",
    "Split",
    "Step",
    "atd",
    "average_precision",
    "bootstrap_interval",
    "brier",
    "cold_start",
    "cold_start_priors",
    "compare",
    "ece",
    "figures",
    "flagged_share",
    "ideal_curve",
    "mean_interval",
    "mean_of",
    "ndcg",
    "paired_differences",
    "paired_interval",
    "recall_at",
    "recall_curve",
    "reliability",
    "run",
    "share_interval",
    "time_split",
    "tiny_start",
    "with_plain_svm",
    "with_ranker",
    "wss",
]
