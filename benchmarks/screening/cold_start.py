"""Catch-up screening from a cold start, beside ASReview's own simulation of it, all in one run.

Run as ``python benchmarks/screening/cold_start.py``: one relevant and one irrelevant record are known, the
same for both; each then reads most relevant first until all is read (ours) or the last relevant one is found
(ASReview's default). ``--sets`` names other sets, ``--priors`` how often it starts anew, ``--peer`` takes an
environment that holds ASReview, ``--write`` writes the table into docs/reference/performance.md. Some minutes
of CPU time, nearly all of them ASReview's.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from elas import ASREVIEW, peer_python, run_peer
from numpy.typing import NDArray
from rich.progress import track
from sets import DATA, NAMES, load

sys.path.append(str(Path(__file__).parents[1]))
from machine import machine
from page import write_section

from classifier.catch_up import simulate
from classifier.evaluation import Labelled, atd, cold_start_priors, mean_interval, ndcg, recall_at, wss
from classifier.pool import build_pool

MEASURES = {"WSS@95": wss, "recall@10%": recall_at, "ATD": atd, "NDCG": ndcg}
LARGEST = 1300
"""Records of the largest set that is taken by default: ASReview's time grows with the square."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Cold start beside ASReview")
    parser.add_argument("--sets", nargs="+", choices=NAMES, help=f"by default those up to {LARGEST} records")
    parser.add_argument("--priors", type=int, default=3, help="starts a set")
    parser.add_argument("--peer", type=Path, help="Python of an environment with ASReview")
    parser.add_argument("--write", action="store_true", help="also write docs/reference/performance.md")
    asked = parser.parse_args()
    reviews = [load(name) for name in asked.sets or NAMES]
    reviews = [one for one in reviews if asked.sets or len(one.records) <= LARGEST]
    starts = [(one, seed) for one in reviews for seed in range(1, asked.priors + 1)]
    theirs, their_seconds = asreview_orders(peer_python(asked.peer), starts)
    ours, our_seconds = our_orders(starts)
    text = table(starts, ours, theirs, (our_seconds, their_seconds))
    print(text)
    if asked.write:
        write_section("cold start", text)


def our_orders(starts: Sequence[tuple[Labelled, int]]) -> tuple[list[NDArray[np.intp]], float]:
    """Return the order of reading of each start, and the CPU seconds of all."""
    begun, orders, pools = time.process_time(), [], {}
    for review, seed in track(starts, "Ours", transient=True):
        pool = pools.get(review.name) or build_pool(review.records)
        pools = {review.name: pool}
        priors = cold_start_priors(review, seed=seed)
        orders.append(simulate(pool, review.included, priors, seed=seed))
    return orders, time.process_time() - begun


def asreview_orders(
    python: Path, starts: Sequence[tuple[Labelled, int]]
) -> tuple[list[NDArray[np.intp]], float]:
    """Return the order of reading of each start by ASReview, and the CPU seconds of all."""
    jobs = [
        {
            "csv": str(DATA / f"{review.name}.csv.gz"),
            "relevant": np.flatnonzero(review.included).tolist(),
            "priors": cold_start_priors(review, seed=seed),
            "seed": seed,
        }
        for review, seed in starts
    ]
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder, "jobs.json"), Path(folder, "orders.json")
        asked.write_text(json.dumps(jobs))
        run_peer(python, "simulate.py", asked, answered)
        done = json.loads(answered.read_text())
    return [np.array(order, dtype=np.intp) for order in done["orders"]], done["seconds"]


def figures(review: Labelled, seed: int, order: NDArray[np.intp]) -> list[float]:
    """Return the measures of an order of reading, in which and of which the two priors do not count."""
    scores = np.full(len(review.records), -np.inf)
    scores[order] = -np.arange(len(order))
    rest = np.setdiff1d(np.arange(len(review.records)), cold_start_priors(review, seed=seed))
    return [measure(review.included[rest], scores[rest]) for measure in MEASURES.values()]


def table(
    starts: Sequence[tuple[Labelled, int]],
    ours: Sequence[NDArray[np.intp]],
    theirs: Sequence[NDArray[np.intp]],
    seconds: tuple[float, float],
) -> str:
    """Return the table in Markdown: means over sets of the means over starts."""
    mine, other = (
        np.array([figures(review, seed, order) for (review, seed), order in zip(starts, orders, strict=True)])
        for orders in (ours, theirs)
    )
    names = np.array([review.name for review, _ in starts])
    sets = list(dict.fromkeys(names))
    mine, other = (np.array([all_[names == name].mean(axis=0) for name in sets]) for all_ in (mine, other))
    lines = [
        f"| {name} | {other[:, at].mean():.3f} | {mine[:, at].mean():.3f} | "
        f"{(mine - other)[:, at].mean():+.3f} | "
        "{:+.3f} to {:+.3f} |".format(*mean_interval((mine - other)[:, at], seed=1))
        for at, name in enumerate(MEASURES)
    ]
    records = sum({review.name: len(review.records) for review, _ in starts}.values())
    what = f"{len(sets)} sets of together {records:,} records, {len(starts) // len(sets)} starts each"
    how = f"{ASREVIEW}, one record at a time; ours trained anew after every fiftieth more labels"
    return "\n".join(
        [
            f"{what}; {how}; {machine()}.",
            "",
            "| mean over sets | ASReview (ELAS u4) | ours | difference | 95% interval |",
            "|---|---:|---:|---:|---:|",
            *lines,
            f"| CPU seconds, all starts | {seconds[1]:.0f} | {seconds[0]:.0f} | | |",
            "",
            f"Sets: {', '.join(sets)}. Lower is better for ATD, higher for the others.",
        ]
    )


if __name__ == "__main__":
    main()
