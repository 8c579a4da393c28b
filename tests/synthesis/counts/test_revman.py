"""RevMan 5's random effects around a Mantel-Haenszel estimate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis import pool
from synthesis.counts.revman import pool_around

STUDIES = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 4)), min_size=2, max_size=8)


@given(STUDIES)
def test_around_the_inverse_variance_estimate_it_is_dersimonian_and_laird(rows):
    """Around the inverse-variance estimate itself nothing changes."""
    yi, vi = (list(column) for column in zip(*rows, strict=True))
    got = pool_around(pool(yi, vi, method="EE").estimate, yi, vi)
    want = pool(yi, vi, method="DL")
    assert got.tau2 == pytest.approx(want.tau2, rel=1e-9, abs=1e-12)
    assert [got.estimate, got.q] == pytest.approx([want.estimate, want.q], rel=1e-9, abs=1e-12)


@given(STUDIES, st.floats(-1, 1))
def test_around_another_estimate_tau2_is_not_smaller(rows, shift):
    """The weighted mean is where Q is least: around any other estimate tau2 is as large or larger."""
    yi, vi = (np.array(column) for column in zip(*rows, strict=True))
    least = pool(yi, vi, method="DL")
    assert pool_around(least.estimate + shift, yi, vi).tau2 >= least.tau2 - 1e-9 * (1 + least.tau2)


def test_one_study_is_itself():
    """One study has no heterogeneity around anything."""
    got = pool_around(0.0, [0.4], [0.1])
    assert (got.estimate, got.tau2, got.q) == (0.4, 0.0, 0.0)
