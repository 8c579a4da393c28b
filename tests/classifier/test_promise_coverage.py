"""The conformal promise by simulation: what it keeps on average, and how far single reviews lie apart."""

import numpy as np
import pytest
from scipy.stats import beta

from classifier.threshold import CannotPromise, Threshold, promise

SIZES = (19, 20, 39, 60, 100, 200)
RUNS = 4_000


def recalls(n: int, recall: float) -> np.ndarray:
    """Return the recall of the line drawn from each of many sets of n exchangeable scores; shape (RUNS,).

    Scores are uniform: the rule looks at ranks only, so that any continuous distribution gives the same.
    """
    dice = np.random.default_rng(n)
    lines = [promise(dice.random(n), recall) for _ in range(RUNS)]
    return np.array([1 - line.value for line in lines if isinstance(line, Threshold)])


@pytest.mark.parametrize("recall", [0.9, 0.95])
@pytest.mark.parametrize("n", SIZES)
def test_the_promise_is_kept_on_average(n: int, recall: float) -> None:
    """Over all reviews with n exchangeable positives the next relevant record is flagged as promised."""
    kept = recalls(n, recall)
    assert len(kept) == RUNS
    assert kept.mean() >= recall - 2 * kept.std() / np.sqrt(RUNS)


@pytest.mark.parametrize("recall", [0.9, 0.95])
@pytest.mark.parametrize("n", SIZES)
def test_single_reviews_spread_as_theory_says(n: int, recall: float) -> None:
    """The recall of one review's line follows Beta(n + 1 - k, k), k = floor((1 - recall)(n + 1))."""
    k = int((1 - recall) * (n + 1) + 1e-9)
    expected = beta.ppf([0.05, 0.5, 0.95], n + 1 - k, k)
    assert np.quantile(recalls(n, recall), [0.05, 0.5, 0.95]) == pytest.approx(expected, abs=0.015)


@pytest.mark.parametrize(("n", "recall"), [(8, 0.9), (18, 0.95), (15, 0.95)])
def test_too_few_promise_nothing(n: int, recall: float) -> None:
    """Below ceil(1 / alpha) - 1 positives no line has the property, and none is drawn."""
    assert isinstance(promise(np.linspace(0, 1, n), recall), CannotPromise)


def test_a_drift_breaks_the_promise() -> None:
    """Where later relevant records score lower than those learned from, the promise is not kept."""
    dice = np.random.default_rng(0)
    lines = np.array([promise(dice.normal(0, 1, 60), 0.95).value for _ in range(1_000)])
    later = dice.normal(-1, 1, (1_000, 50))
    assert (later >= lines[:, None]).mean() < 0.9
