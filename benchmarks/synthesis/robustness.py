"""Who finds the REML estimate: 10,000 made-up sets of 15 with very unequal variances.

Run as ``python benchmarks/synthesis/robustness.py``; ``--write`` also writes the table into
docs/reference/performance.md, ``--peer`` takes the Python of an environment with PyMARE, ``--sets`` makes it
shorter. Each package fits by its defaults. The judge is a grid of 4,000 tau2 laid over every set, evaluated
here by a few lines of its own: an answer below the grid's highest restricted likelihood is not the maximum.
About five minutes of CPU time, nearly all of it metafor's and the grid's.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from draws import Numbers, hard_sets, write_sets
from peers import metafor, missing, pymare, python_of_peers
from rich.progress import track

from synthesis import pool_many

sys.path.append(str(Path(__file__).parents[1]))
from machine import machine
from page import write_section

GRID = 4000
# Of twice the log-likelihood: nobody would notice the first; beyond the second lies another peak, or a stop
# far from any. Rounding alone reaches 1e-11.
CLOSE, FAR = 1e-8, 1e-2


def main() -> None:
    """Fit, judge and print."""
    parser = argparse.ArgumentParser(description="Pooling: robustness of REML")
    parser.add_argument("--sets", type=int, default=10_000)
    parser.add_argument("--peer", type=Path, help="Python of an environment with PyMARE")
    parser.add_argument("--write", action="store_true", help="also write docs/reference/performance.md")
    asked = parser.parse_args()
    yi, vi, _ = hard_sets(asked.sets)
    python = python_of_peers(asked.peer)
    answers = {"ours": pool_many((yi, vi)).tau2} | peers_answers(yi, vi, python)
    short = judged(yi, vi, answers)
    text = "\n\n".join([table(short, asked.sets), *missing(python)])
    print(text)
    if asked.write:
        write_section("pooling robustness", text)


def peers_answers(yi: Numbers, vi: Numbers, python: Path | None) -> dict[str, Numbers]:
    """Return each peer's tau2, nan where it failed."""
    with tempfile.TemporaryDirectory() as folder:
        rows, arrays = Path(folder, "sets.csv"), Path(folder, "sets.npz")
        write_sets(rows, list(zip(yi, vi, strict=True)))
        np.savez(arrays, yi=yi, vi=vi)
        found = {"metafor": metafor("robustness.R", rows), "PyMARE": pymare(python, "robustness.py", arrays)}
    for name, answer in found.items():
        if answer and answer.get("said"):
            print(f"{name} says, for one: {answer['said']} ({answer['warned']} warnings)", file=sys.stderr)
    return {
        f"{name} {answer['version']}": np.array(answer["tau2"], dtype=np.float64)
        for name, answer in found.items()
        if answer
    }


def judged(yi: Numbers, vi: Numbers, answers: dict[str, Numbers]) -> dict[str, Numbers]:
    """Return by how much each answer is below the highest of the grid and of all answers, nan where none."""
    short = {name: np.empty(len(yi)) for name in answers}
    for i in track(range(len(yi)), "Laying the grid", transient=True):
        given = np.array([answers[name][i] for name in answers])
        grid = np.concatenate([[0.0], np.geomspace(vi[i].min() / 1e3, 2 * np.ptp(yi[i]) ** 2, GRID)])
        top = heights(yi[i], vi[i], grid).max()
        found = heights(yi[i], vi[i], np.maximum(np.nan_to_num(given), 0.0))
        top = max(top, found[np.isfinite(given)].max())
        for name, tau2, height in zip(answers, given, found, strict=True):
            short[name][i] = top - height if np.isfinite(tau2) else np.nan
    return short


def heights(yi: Numbers, vi: Numbers, tau2: Numbers) -> Numbers:
    """Return twice the restricted log-likelihood at each tau2, but for constants."""
    w = 1 / (vi + tau2[:, None])
    s1 = w.sum(axis=1)
    residual = yi - ((w @ yi) / s1)[:, None]
    return np.log(w).sum(axis=1) - np.log(s1) - (w * residual**2).sum(axis=1)


def table(short: dict[str, Numbers], n: int) -> str:
    """Return the table in Markdown."""
    lines = [
        f"{n:,} sets of 15, tau2 from 0 to 0.5, variances over five decades; {machine()}.",
        "",
        "| REML by | no answer | not the global maximum | by more than 0.01 | furthest below it |",
        "|---|---:|---:|---:|---:|",
    ]
    return "\n".join(lines + [row(name, below) for name, below in sorted(short.items())])


def row(name: str, below: Numbers) -> str:
    """Return one package's line; heights are of twice the log-likelihood."""
    there = below[np.isfinite(below)]
    counts: Sequence[int] = (len(below) - len(there), int((there > CLOSE).sum()), int((there > FAR).sum()))
    return f"| {name} | " + " | ".join(f"{count:,}" for count in counts) + f" | {there.max():.1e} |"


if __name__ == "__main__":
    main()
