"""Time our fits in a process of their own. Arguments: sets, repetitions, batch, output (JSON)."""

import csv
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from synthesis import pool, pool_many


def main() -> None:
    """Measure and write."""
    sets, times, batch, out = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    rows = [measured(yi, vi, times) for yi, vi in read(sets)]
    found: dict[str, object] = {name: [row[name] for row in rows] for name in rows[0]}
    out.write_text(json.dumps(found | {"batch": batches(batch)}))


def measured(yi: np.ndarray, vi: np.ndarray, times: int) -> dict[str, float]:
    """Return CPU milliseconds of each kind of fit of one set."""
    often = max(3, times * 5 // max(1, len(yi) // 2000))

    def full() -> None:
        it = pool(yi, vi)
        it.prediction_interval()
        it.tau2_interval()

    return {
        "k": len(yi),
        "fit": spent(often, lambda: pool(yi, vi)),
        "full": spent(often, full),
        "pm": spent(often, lambda: pool(yi, vi, method="PM")),
    }


def batches(n: int) -> dict[str, float]:
    """Return CPU milliseconds a set of one call for all."""
    rng = np.random.default_rng(1)
    vi = np.exp(rng.normal(-3, 1, (n, 15)))
    yi = rng.normal(0.3, np.sqrt(vi + 0.05))
    methods = ("REML", "ML", "DL", "HE", "PM", "HS", "SJ", "EE")
    found = {name: spent(3, lambda name=name: pool_many((yi, vi), method=name)) / n for name in methods}
    pairs = list(zip(yi, vi, strict=True))
    return found | {"REML, pairs": spent(3, lambda: pool_many(pairs)) / n}


def spent(times: int, call: Callable[[], object]) -> float:
    """Return the median CPU milliseconds of a call, after warming ones."""
    warm(call)
    taken = []
    for _ in range(times):
        begun = time.process_time()
        call()
        taken.append(time.process_time() - begun)
    return 1000 * statistics.median(taken)


def warm(call: Callable[[], object], *, seconds: float = 0.2) -> None:
    """Call until a process that just began is up to speed, at least once."""
    begun = time.process_time()
    call()
    while time.process_time() - begun < seconds:
        call()


def read(path: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the sets of the file."""
    sets: dict[str, list[tuple[float, float]]] = {}
    with Path(path).open(newline="") as file:
        for row in csv.DictReader(file):
            sets.setdefault(row["set"], []).append((float(row["yi"]), float(row["vi"])))
    return [(np.array([y for y, _ in rows]), np.array([v for _, v in rows])) for rows in sets.values()]


if __name__ == "__main__":
    main()
