"""Run in ASReview's own environment: its default model, trained on labelled rows, scores others.

Reads a JSON of jobs from the file named first and writes an .npz of scores, by the number of the job, to the
file named second. A job names a CSV, the rows that are labelled with their labels, and the rows to score.
"""

import json
import sys
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
from asreview.learner import ActiveLearningCycle
from asreview.models.models import get_ai_config


def elas() -> ActiveLearningCycle:
    """Return ASReview's default, as its simulations build it."""
    return ActiveLearningCycle.from_meta(get_ai_config("elas_u4")["value"])


def main() -> None:
    """Do all jobs; features are made once for all rows of a set, as an ASReview project does."""
    jobs = json.loads(Path(sys.argv[1]).read_text())
    done = {}
    for csv, of_set in groupby(enumerate(jobs), key=lambda numbered: numbered[1]["csv"]):
        features = elas().transform(pd.read_csv(csv)[["title", "abstract"]]).tocsr()
        for number, job in of_set:
            cycle = elas().fit(features[job["labelled"]], np.array(job["labels"]))
            done[str(number)] = cycle.classifier.decision_function(features[job["scored"]])
    np.savez(sys.argv[2], **done)


if __name__ == "__main__":
    main()
