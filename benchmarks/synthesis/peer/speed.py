"""Run in the peers' environment: time PyMARE's and statsmodels' fits (sets, repetitions, batch, output)."""

import json
import sys
from pathlib import Path

import numpy as np
import pymare
import statsmodels
from pymare import Dataset
from pymare.estimators import DerSimonianLaird, Hedges, VarianceBasedLikelihoodEstimator
from statsmodels.stats.meta_analysis import combine_effects
from timing import read, spent

LIKELIHOOD = VarianceBasedLikelihoodEstimator


def main() -> None:
    """Measure and write."""
    sets, times, batch, out = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    found: dict[str, object] = {"version": pymare.__version__, "statsmodels_version": statsmodels.__version__}
    rows = [measured(yi, vi, times) for yi, vi in read(sets)]
    found |= {name: [row[name] for row in rows] for name in rows[0]}
    found["batch"] = batches(batch)
    out.write_text(json.dumps(found))


def measured(yi: np.ndarray, vi: np.ndarray, times: int) -> dict[str, float]:
    """Return CPU milliseconds of each kind of fit of one set."""
    k, often = len(yi), max(2, times // max(1, len(yi) // 2000))
    ones = np.ones((k, 1))

    def full() -> None:
        result = LIKELIHOOD(method="REML").fit_dataset(Dataset(yi, vi)).summary()
        result.get_fe_stats()
        result.get_heterogeneity_stats()

    return {
        "k": k,
        "fit": spent(often, lambda: LIKELIHOOD(method="REML").fit(yi[:, None], vi[:, None], ones)),
        "full": spent(often, full),
        "statsmodels": spent(often, lambda: combine_effects(yi, vi, method_re="iterated")),
    }


def batches(n: int) -> dict[str, float]:
    """Return CPU milliseconds a set of the two-dimensional calls."""
    rng = np.random.default_rng(1)
    vi = np.exp(rng.normal(-3, 1, (n, 15)))
    yi = rng.normal(0.3, np.sqrt(vi + 0.05))
    across, variances, ones = yi.T.copy(), vi.T.copy(), np.ones((15, 1))
    calls = {
        "REML": LIKELIHOOD(method="REML"),
        "ML": LIKELIHOOD(method="ML"),
        "DL": DerSimonianLaird(),
        "HE": Hedges(),
    }
    return {
        name: spent(2, lambda call=call: call.fit(across, variances, ones)) / n
        for name, call in calls.items()
    }


if __name__ == "__main__":
    main()
