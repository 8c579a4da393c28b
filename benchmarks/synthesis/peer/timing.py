"""How a call is timed and a file of sets is read, in our environment and in the peers'."""

import csv
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

__all__ = ["read", "spent"]


def spent(times: int, call: Callable[[], object]) -> float:
    """Return the median CPU milliseconds of a call, after warming ones."""
    _warm(call)
    taken = []
    for _ in range(times):
        begun = time.process_time()
        call()
        taken.append(time.process_time() - begun)
    return 1000 * statistics.median(taken)


def read(path: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the sets of the file."""
    sets: dict[str, list[tuple[float, float]]] = {}
    with Path(path).open(newline="") as file:
        for row in csv.DictReader(file):
            sets.setdefault(row["set"], []).append((float(row["yi"]), float(row["vi"])))
    return [(np.array([y for y, _ in rows]), np.array([v for _, v in rows])) for rows in sets.values()]


def _warm(call: Callable[[], object], *, seconds: float = 0.2) -> None:
    """Call until a process that just began is up to speed, at least once."""
    begun = time.process_time()
    call()
    while time.process_time() - begun < seconds:
        call()
