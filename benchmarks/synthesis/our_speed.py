"""Time our fits in a process of their own. Arguments: sets, repetitions, batch, output (JSON)."""

import json
import sys
from pathlib import Path

import numpy as np
from peer.timing import read, spent

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


if __name__ == "__main__":
    main()
