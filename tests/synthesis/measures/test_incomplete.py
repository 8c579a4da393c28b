"""Studies that state too little: what is computed all the same, and what is not."""

import numpy as np
import pytest

from synthesis import effect_sizes

NONE = np.nan
MEANS = {"m1i": [1, 1, 1], "sd1i": [None, 0, 0], "n1i": [10, 10, 10]}
CONTROL = {"m2i": [2, 2, 2], "sd2i": [1, 1, 0], "n2i": [10, 10, 10]}


@pytest.mark.parametrize(
    ("measure", "yi", "vi"),
    [
        ("MD", [-1, -1, -1], [NONE, 0.1, 0]),
        ("SMD", [NONE, -1.354317, NONE], [NONE, 0.2458543, NONE]),
        ("SMDH", [NONE, -1.354317, NONE], [NONE, 0.2972468, NONE]),
        ("ROM", [-0.6931472] * 3, [NONE, 0.025, 0]),
    ],
)
def test_a_deviation_of_zero_or_none_is_metafors(measure, yi, vi):
    """A missing SD takes the variance, an SD of 0 none, as metafor 3.8 has it (escalc in R)."""
    got = effect_sizes(measure, **MEANS, **CONTROL)
    np.testing.assert_allclose([got.yi, got.vi], [yi, vi], rtol=1e-6)
    assert any("standard deviation of 0 is hardly one" in sentence for sentence in got.warnings)


def test_a_correlation_without_participants_keeps_its_z():
    """A z needs the correlation only and its variance the participants only, as in metafor."""
    got = effect_sizes("ZCOR", ri=[None, 0.2, 0.3], ni=[20, None, 3])
    np.testing.assert_allclose(got.yi, [NONE, 0.2027326, 0.3095196], rtol=1e-6)
    np.testing.assert_allclose(got.vi, [0.05882353, NONE, NONE], rtol=1e-6)


def test_a_deviation_below_zero_is_refused():
    """No spread is less than none."""
    with pytest.raises(
        ValueError, match="SMD, sd1i, study 1: found -1; expected a standard deviation of 0 or"
    ):
        effect_sizes("SMD", **(MEANS | {"sd1i": [-1, 1, 1]}), **CONTROL)
