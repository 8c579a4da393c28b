"""Internally standardised residuals, against metafor and against their definition."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis import pool
from tests.synthesis.oracle import Case, assert_close, cases, parametrised

EFFECTS = st.floats(-3, 3)
VARIANCES = st.floats(0.01, 4)


@parametrised(partial(cases, "rstandard"))
def test_standardised_residuals_agree_with_metafor(case: Case):
    """Residual, its standard error and z agree to eight digits."""
    yi, vi, _ = case.complete()
    got = pool(yi, vi, method=case.options["method"]).standardised_residuals()
    for name in ("resid", "se", "z"):
        assert_close(getattr(got, name), case.expected[name], rtol=1e-8, atol=1e-10, what=name)


@given(st.lists(st.tuples(EFFECTS, VARIANCES, VARIANCES), min_size=2, max_size=8))
def test_the_standard_error_is_that_of_the_linear_combination(rows):
    """The standard error is the root of diag((I - H) M (I - H)'), own weights or not."""
    yi, vi, weights = (np.array(column) for column in zip(*rows, strict=True))
    got = pool(yi, vi, method="DL", weights=weights)
    apart = np.eye(len(yi)) - weights / weights.sum()
    spread = np.diag(apart @ np.diag(vi + got.tau2) @ apart.T)
    residuals = got.standardised_residuals()
    np.testing.assert_allclose(residuals.se, np.sqrt(spread), rtol=1e-9)
    np.testing.assert_allclose(residuals.resid, apart @ yi, atol=1e-12)


def test_a_study_that_outweighs_all_others_keeps_its_residual():
    """Beside a variance of 1e-18 the residual is the others' mean distance, its error that of their mean."""
    got = pool([0.1, 0.5, 0.3], [1e-18, 1.0, 1.0], method="EE").standardised_residuals()
    assert got.resid[0] == pytest.approx(-0.6e-18, rel=1e-9)
    assert got.se[0] == pytest.approx(2**0.5 * 1e-18, rel=1e-9)


def test_one_study_has_no_residual():
    """One study is its own pool: the message says whose."""
    with pytest.raises(ValueError, match=r"residuals: found one study \(Doe 2020\)"):
        pool([0.2], [0.1], slab=["Doe 2020"]).standardised_residuals()


def test_the_table_has_a_row_for_each_study():
    """The table is indexed by study, the repr names the farthest."""
    got = pool([0.1, 0.2, 0.9], [0.1, 0.1, 0.1], slab=["a", "b", "c"]).standardised_residuals()
    assert list(got.to_frame().index) == ["a", "b", "c"]
    assert "the farthest c" in repr(got)
