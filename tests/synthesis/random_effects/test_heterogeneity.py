"""Estimators of tau2 where others stumble."""

import numpy as np
import pytest

from synthesis import pool
from synthesis.random_effects.heterogeneity import estimate_tau2
from synthesis.random_effects.moments import log_likelihood

# Two groups of studies, precise ones that agree and vague ones that do not: two local maxima.
YI = np.array([0.0, 0.01, -0.01, 0.02, 3.0, -3.0, 2.5])
VI = np.array([1e-4, 1e-4, 1e-4, 1e-4, 0.5, 0.5, 0.5])


def peaks(restricted: bool) -> int:
    """Count the local maxima of the likelihood on a fine grid."""
    grid = np.concatenate([[0], np.geomspace(1e-8, 100, 4000)])
    heights = [log_likelihood(YI, VI, t, restricted=restricted) for t in grid]
    rises = np.sign(np.diff(np.concatenate([[-np.inf], heights, [-np.inf]])))
    return int(((rises[:-1] > 0) & (rises[1:] < 0)).sum())


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_of_two_maxima_the_higher_one_is_chosen(method):
    """Where the likelihood has two maxima, the estimate is at the higher one."""
    restricted = method == "REML"
    best = log_likelihood(YI, VI, estimate_tau2(YI, VI, method).value, restricted=restricted)
    grid = np.concatenate([[0], np.geomspace(1e-8, 100, 4000)])
    assert peaks(restricted) == 2
    assert best >= max(log_likelihood(YI, VI, t, restricted=restricted) for t in grid) - 1e-12


def test_identical_effects_have_no_heterogeneity():
    """Effects without spread give tau2 = 0 by every estimator."""
    from synthesis.random_effects.heterogeneity import METHODS

    assert {estimate_tau2(np.full(5, 0.3), np.full(5, 0.1), method).value for method in METHODS} == {0.0}


def test_bcg_trials_pool_to_the_published_numbers(shared_data):
    """Log risk ratios of the 13 BCG trials: REML -0.7145 (se 0.1798), tau2 0.3132 (metafor's example)."""
    from synthesis import effect_sizes
    from tests.synthesis.oracle import files

    data = files()["dat.bcg"]["data"]
    columns = {"ai": "tpos", "bi": "tneg", "ci": "cpos", "di": "cneg"}
    sizes = effect_sizes("RR", **{name: data[column] for name, column in columns.items()})
    got = pool(sizes.yi, sizes.vi)
    assert (round(got.estimate, 4), round(got.se, 4), round(got.tau2, 4)) == (-0.7145, 0.1798, 0.3132)
