"""ASReview's default model beside ours: it runs in an environment of its own, on the same splits."""

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sets import DATA

from classifier.evaluation import Split
from classifier.grade import Grade

__all__ = ["ASREVIEW", "elas_scores", "peer_python", "run_peer"]

ASREVIEW = "asreview==3.0.8"
_HOME = Path.home() / ".cache" / "living-review" / "peers" / ASREVIEW.replace("==", "-")
_SCRIPTS = Path(__file__).parent / "peer"


def peer_python(given: Path | None = None) -> Path:
    """Return the Python of an environment with ASReview; make one where none is given or there yet."""
    python = given or _HOME / "bin" / "python"
    if given is None and not python.exists():
        print(f"Setting up {ASREVIEW} in an environment of its own (once)", file=sys.stderr)
        venv.create(_HOME, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", ASREVIEW], check=True)  # noqa: S603
    return python


def run_peer(python: Path, script: str, *arguments: str | Path) -> None:
    """Run one of the scripts in `peer/` under the Python of ASReview's environment."""
    command = [python.absolute(), "-W", "ignore", _SCRIPTS / script, *arguments]
    # ASReview leaves a cache where it is started.
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(command, check=True, cwd=folder)  # noqa: S603 - the scripts beside us


def elas_scores(python: Path, splits: Sequence[tuple[str, Split]]) -> list[NDArray[np.float64]]:
    """Return ASReview's scores of the ranked records of each split, given with the name of its set.

    It learns from the judged records, included or not: it knows neither grades nor presumed negatives.
    """
    with tempfile.TemporaryDirectory() as folder:
        jobs, scores = Path(folder, "jobs.json"), Path(folder, "scores.npz")
        jobs.write_text(json.dumps([_job(name, split) for name, split in splits]))
        run_peer(python, "elas.py", jobs, scores)
        with np.load(scores) as done:
            return [done[str(number)] for number in range(len(splits))]


def _job(name: str, split: Split) -> dict[str, object]:
    return {
        "csv": str(DATA / f"{name}.csv.gz"),
        "labelled": [int(record.accession) for record in split.judged],
        "labels": [int(grade is Grade.INCLUDED) for grade in split.grades],
        "scored": [int(record.accession) for record in split.ranked],
    }
