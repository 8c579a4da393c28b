"""The shapes that all formulas share."""

import numpy as np
import pytest

from synthesis.arrays import ratios


@pytest.mark.parametrize(("value", "want"), [(-0.5, -np.inf), (0.0, 0.0), (0.5, np.inf)])
def test_a_value_without_spread_is_infinitely_far_or_nowhere(value, want):
    """Over a standard error of 0 a value is infinite with its sign, and 0 where it is 0; others divide."""
    assert list(ratios([value, 1.0], [0.0, 4.0])) == [want, 0.25]
    assert float(ratios(value, 0.0)) == want
