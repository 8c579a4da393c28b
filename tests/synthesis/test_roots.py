"""Roots between two points."""

import numpy as np
import pytest

from synthesis.roots import newton, root


def test_root_is_exact_to_the_last_digits():
    """Brent's method finds the square root of two."""
    assert root(lambda x: x * x - 2, 1, 2) == pytest.approx(np.sqrt(2), rel=1e-15)


def test_newton_is_exact_to_the_last_digits():
    """Newton's method finds where a falling function is 0."""
    assert newton(lambda x: (2 - x * x, -2 * x), 0, 2, 1.0) == pytest.approx(np.sqrt(2), rel=1e-15)


def test_newton_stays_between_its_ends():
    """A start from which Newton's method would run away ends at the root all the same."""
    seen = []

    def far(x):
        seen.append(x)
        return -np.arctan(x - 30), -1 / (1 + (x - 30) ** 2)

    assert newton(far, 0, 1000, 990.0) == pytest.approx(30, rel=1e-15)
    assert min(seen) >= 0
    assert max(seen) <= 1000


def test_newton_halves_where_there_is_no_slope():
    """A plateau at the start is left by halving."""
    assert newton(lambda x: (1.0, 0.0) if x < 3 else (5 - x, -1.0), 0, 8, 1.0) == pytest.approx(5)
