"""Run in ASReview's own environment: vectorise drawn texts and rank them again after new labels.

Takes the number of texts and the number of labels; prints a JSON of CPU seconds and memory in MB. The second
step is what its simulation does after each label: train, cut the labelled records out, rank the rest.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from asreview.learner import ActiveLearningCycle
from asreview.models.models import get_ai_config

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]
from machine import memory, peak  # noqa: E402 - found through the path above
from texts import SEED, drawn  # noqa: E402 - as above


def main() -> None:
    """Measure and print."""
    records, labelled = int(sys.argv[1]), int(sys.argv[2])
    imports = memory()
    table = pd.DataFrame(list(drawn(records)), columns=["title", "abstract"])
    texts = memory()
    cycle = ActiveLearningCycle.from_meta(get_ai_config("elas_u4")["value"])
    begun = time.process_time()
    features = cycle.transform(table)
    vectorise = time.process_time() - begun
    highest = peak()
    rows = np.random.default_rng(SEED).choice(records, labelled, replace=False)
    labels = table["abstract"].iloc[rows].str.contains("placebo").to_numpy().astype(int)
    again = statistics.median(rank_again(cycle, features, rows, labels) for _ in range(5))
    print(
        json.dumps(
            {
                "vectorise": vectorise,
                "again": again,
                "imports": imports,
                "texts": texts,
                "peak": highest,
                "terms": features.shape[1],
                "cells": int(features.nnz),
            }
        )
    )


def rank_again(cycle, features, rows, labels) -> float:  # noqa: ANN001 - its own types
    """Return the CPU seconds of one step of `asreview.simulation.simulate.Simulate.review`."""
    begun = time.process_time()
    cycle.fit(features[rows], labels)
    pool = np.setdiff1d(np.arange(features.shape[0]), rows)
    pool[cycle.rank(features[pool])][:1]
    return time.process_time() - begun


if __name__ == "__main__":
    main()
