"""Made-up meta-analyses, the same for every package."""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["hard_sets", "one_set", "write_sets"]

Numbers = NDArray[np.float64]


def one_set(k: int, seed: int) -> tuple[Numbers, Numbers]:
    """Return effects and variances of k studies: tau2 0.05, variances log-normal around 0.05."""
    rng = np.random.default_rng([k, seed])
    vi = np.exp(rng.normal(-3, 1, k))
    return rng.normal(0.3, np.sqrt(vi + 0.05)), vi


def hard_sets(n: int, k: int = 15, seed: int = 2026) -> tuple[Numbers, Numbers, Numbers]:
    """Return effects and variances, shape (n, k), and the true tau2: 0 to 0.5, a tenth of them 0.

    Variances are uniform in their logarithm over five decades, 0.0001 to 10.
    """
    rng = np.random.default_rng(seed)
    tau2 = np.where(rng.random(n) < 0.1, 0.0, rng.uniform(0, 0.5, n))
    vi = 10 ** rng.uniform(-4, 1, (n, k))
    return rng.normal(0.2, np.sqrt(vi + tau2[:, None])), vi, tau2


def write_sets(path: Path, sets: list[tuple[Numbers, Numbers]]) -> None:
    """Write sets as rows of number, yi, vi, with all digits."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["set", "yi", "vi"])
        for number, (yi, vi) in enumerate(sets, 1):
            rows.writerows((number, repr(float(y)), repr(float(v))) for y, v in zip(yi, vi, strict=True))
