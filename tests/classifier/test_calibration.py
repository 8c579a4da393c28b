"""From scores to probabilities."""

import numpy as np
import pytest

from classifier.calibration import cross_fitted, fit_calibration
from classifier.evaluation import brier


def _sample(seed: int, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    logits = rng.normal(-1, 1.5, n)
    return 1 / (1 + np.exp(-logits)), rng.random(n) < 1 / (1 + np.exp(-(0.8 * logits - 0.5)))


def test_the_law_that_made_the_labels_is_found_again() -> None:
    """Slope and intercept are recovered from 4,000 labelled scores."""
    fitted = fit_calibration(*_sample(1))
    assert (fitted.slope, fitted.intercept) == pytest.approx((0.8, -0.5), abs=0.15)


def test_the_mean_probability_is_the_prevalence() -> None:
    """Over the data it was fitted on, a calibration is right on average."""
    scores, relevant = _sample(2)
    assert fit_calibration(scores, relevant).probability(scores).mean() == pytest.approx(
        relevant.mean(), abs=1e-3
    )


def test_a_score_that_misleads_is_worth_the_prevalence() -> None:
    """Where relevance falls with the score, every record gets the prevalence."""
    scores, relevant = _sample(3)
    probabilities = fit_calibration(1 - scores, relevant).probability(scores)
    assert probabilities == pytest.approx(relevant.mean())


def test_cross_fitting_beats_the_prevalence_on_held_out_records() -> None:
    """Held-out probabilities have a lower Brier score than knowing the prevalence alone."""
    scores, relevant = _sample(4)
    held_out = cross_fitted(scores, relevant, np.arange(len(scores)) % 5)
    assert brier(relevant, held_out) < relevant.mean() * (1 - relevant.mean())


def test_scores_of_nought_and_one_have_probabilities() -> None:
    """The ends of the scale do not overflow."""
    probabilities = fit_calibration(*_sample(5)).probability(np.array([0.0, 1.0]))
    assert (np.isfinite(probabilities) & (probabilities > 0) & (probabilities < 1)).all()


def test_another_prevalence_moves_the_odds_by_its_own() -> None:
    """At twice the prior odds every probability has twice the odds (Elkan 2001, theorem 2)."""
    fitted = fit_calibration(*_sample(6))
    odds = fitted.prevalence / (1 - fitted.prevalence)
    moved = fitted.at(2 * odds / (1 + 2 * odds))
    grid = np.linspace(0.05, 0.95, 19)
    before, after = fitted.probability(grid), moved.probability(grid)
    assert after / (1 - after) == pytest.approx(2 * before / (1 - before))


def test_moved_and_moved_back_is_as_before() -> None:
    """Re-anchoring loses nothing."""
    fitted = fit_calibration(*_sample(7))
    back = fitted.at(0.01).at(fitted.prevalence)
    assert (back.slope, back.intercept) == pytest.approx((fitted.slope, fitted.intercept))


def test_re_anchored_probabilities_are_right_where_only_the_prevalence_changed() -> None:
    """With nine in ten of the relevant taken away the mean probability is again the share of the relevant."""
    scores, relevant = _sample(8, n=40_000)
    kept = ~relevant | (np.arange(len(scores)) % 10 == 0)
    fitted = fit_calibration(scores, relevant)
    share = relevant[kept].mean()
    assert fitted.probability(scores[kept]).mean() > 2 * share
    assert fitted.at(share).probability(scores[kept]).mean() == pytest.approx(share, rel=0.1)


@pytest.mark.parametrize("prevalence", [0, 1, -0.1, float("nan")])
def test_a_prevalence_is_a_share(prevalence: float) -> None:
    """None, all and what is not a number are refused."""
    with pytest.raises(ValueError, match="expected a share between 0 and 1, both excluded"):
        fit_calibration(*_sample(9)).at(prevalence)


def test_scores_that_are_not_numbers_are_refused() -> None:
    """NaN does not become a probability."""
    scores, relevant = _sample(10)
    scores[3] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        fit_calibration(scores, relevant)
