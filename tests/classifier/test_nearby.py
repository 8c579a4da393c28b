"""What is nearby, and how far it moves a score."""

import numpy as np
import pytest
from scipy.special import logit

from classifier.nearby import Nearby, find_nearby, moved

ALONG = np.array([[1.0, 0], [0.8, 0.6], [0, 1], [-1, 0]])
NOBODY = np.full(4, -1)


def test_the_nearest_are_found_with_their_cosines():
    """The two with the highest cosines, and these are their weights."""
    found = find_nearby(ALONG[:1].__getitem__, ALONG, NOBODY[:1], k=2)
    assert set(found.rows[0]) == {0, 1}
    assert dict(zip(found.rows[0], found.weights[0], strict=True)) == pytest.approx({0: 1.0, 1: 0.8})


def test_a_record_is_not_its_own_neighbour():
    """Among many or few, what is the record itself has no weight."""
    for k in (2, 10):
        found = find_nearby(ALONG.__getitem__, ALONG, np.arange(4), k=k)
        itself = found.rows == np.arange(4)[:, None]
        assert not found.weights[itself].any()


def test_what_points_away_has_no_weight():
    """A cosine below 0 makes no neighbour, and without any there is no mean."""
    found = find_nearby(ALONG[3:].__getitem__, ALONG[:1], NOBODY[:1], k=1)
    assert np.isnan(found.mean(np.array([0.9]))).all()


def test_the_mean_is_weighted_in_log_odds():
    """Two neighbours, one of three times the weight."""
    nearby = Nearby(np.array([[0, 1]]), np.array([[3.0, 1.0]]))
    expected = (3 * logit(0.9) + logit(0.2)) / 4
    assert nearby.mean(np.array([0.9, 0.2]))[0] == pytest.approx(expected)


def test_a_score_moves_a_share_of_the_way():
    """In log-odds a quarter of the way, and one without neighbours stays to the last bit."""
    after = moved(np.array([0.5, 0.7]), np.array([2.0, np.nan]), share=0.25)
    assert logit(after[0]) == pytest.approx(0.5)
    assert after[1] == 0.7


def test_scores_at_the_edge_stay_numbers():
    """Scores of 0 and 1 have no log-odds and are moved all the same."""
    after = moved(np.array([0.0, 1.0]), np.zeros(2), share=0.25)
    assert 0 < after[0] < 0.5 < after[1] < 1


def test_batches_change_nothing():
    """More records than are compared at a time have the neighbours that each has alone."""
    rng = np.random.default_rng(1)
    others = rng.normal(size=(40, 5))
    others /= np.linalg.norm(others, axis=1, keepdims=True)
    many = np.tile(others, (30, 1))
    found = find_nearby(many.__getitem__, others, np.tile(np.arange(40), 30), k=3)
    assert (np.sort(found.rows[:40], axis=1) == np.sort(found.rows[-40:], axis=1)).all()
    assert found.rows.shape == (1200, 3)
