"""Run in ASReview's own environment: its own simulation of screening, from the same priors.

Reads a JSON of jobs from the file named first and writes a JSON to the file named second: the orders in which
rows were read after the priors, one list for each job, and the CPU seconds of all. A job names a CSV, its
relevant rows and the priors. As its command line does by default, it asks for one record at a time and stops
after the last relevant one.
"""

import json
import sys
import time
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
from asreview.learner import ActiveLearningCycle
from asreview.models.models import get_ai_config
from asreview.simulation.simulate import Simulate


def main() -> None:
    """Do all jobs."""
    jobs = json.loads(Path(sys.argv[1]).read_text())
    begun, orders = time.process_time(), []
    for csv, of_set in groupby(jobs, key=lambda job: job["csv"]):
        table = pd.read_csv(csv)[["title", "abstract"]].fillna("")
        features = ActiveLearningCycle.from_meta(get_ai_config("elas_u4")["value"]).transform(table)
        orders += [order(features, job) for job in of_set]
    Path(sys.argv[2]).write_text(json.dumps({"orders": orders, "seconds": time.process_time() - begun}))


def order(features, job: dict) -> list[int]:  # noqa: ANN001 - a sparse matrix
    """Return the rows in the order in which they were read."""
    np.random.seed(job["seed"])  # as its own --seed does
    labels = np.zeros(features.shape[0], dtype=int)
    labels[job["relevant"]] = 1
    cycle = ActiveLearningCycle.from_meta(get_ai_config("elas_u4")["value"])
    simulation = Simulate(features, pd.Series(labels), cycle, skip_transform=True, print_progress=False)
    simulation.label(job["priors"])
    simulation.review()
    return [int(row) for row in simulation._results["record_id"]][len(job["priors"]) :]  # noqa: SLF001 - it keeps its answer there


if __name__ == "__main__":
    main()
