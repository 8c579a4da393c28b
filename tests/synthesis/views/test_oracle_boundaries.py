"""Boundaries against RTSA's."""

from functools import partial

import numpy as np

from synthesis.views.boundaries import boundaries
from tests.synthesis.oracle import assert_close, other_cases, parametrised

TOLERANCE = 1e-4


@parametrised(partial(other_cases, "tsa.boundaries"))
def test_boundaries_agree_with_rtsa(case):
    """Boundaries and the growth of information (for a power of 90%, without futility) agree."""
    asked, want = case.input, case.expected
    got = boundaries(
        asked["timing"], alpha=asked["alpha"], beta=0.1, side=asked["side"], spending=asked["spending"]
    )
    assert_close(got.upper, want["alpha_ubound"], rtol=TOLERANCE, what="upper")
    assert_close(got.root, want["root"], rtol=TOLERANCE, what="root")
    lower = np.nan if got.lower is None else got.lower
    assert_close(lower, want["alpha_lbound"], rtol=TOLERANCE, what="lower")
