"""Thousands of meta-analyses at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis import pool, pool_many
from synthesis.random_effects import ragged
from synthesis.random_effects.heterogeneity import METHODS

NUMBERS = ("estimate", "se", "ci_lb", "ci_ub", "stat", "pval", "tau2", "se_tau2", "i2", "h2", "q", "q_pval")
EFFECTS = st.integers(-300, 300).map(lambda n: n / 100)
VARIANCES = st.integers(1, 4000).map(lambda n: n / 2000)
SETS = st.lists(st.lists(st.tuples(EFFECTS, VARIANCES), min_size=1, max_size=9), min_size=1, max_size=6)


def pairs(sets):
    """Return each set as a pair of lists."""
    return [([y for y, _ in one], [v for _, v in one]) for one in sets]


@settings(deadline=None, max_examples=150)
@given(SETS, st.sampled_from(METHODS), st.sampled_from(["z", "knha", "adhoc"]))
def test_each_set_is_pooled_as_if_alone(sets, method, test):
    """Every number of every set is the one that `pool` gives for it alone, to ten digits."""
    batch = pairs(sets)
    got = pool_many(batch, method=method, test=test)
    for place, (yi, vi) in enumerate(batch):
        want = pool(yi, vi, method=method, test=test)
        assert (got.k[place], got.refused) == (want.k, ())
        for name in NUMBERS:
            alone = getattr(want, name)
            expected = np.nan if alone is None else alone
            assert getattr(got, name)[place] == pytest.approx(expected, rel=1e-10, abs=1e-12, nan_ok=True), (
                name
            )
        assert got.df[place] == pytest.approx(np.nan if want.df is None else want.df, nan_ok=True)


@settings(deadline=None, max_examples=50)
@given(SETS)
def test_arrays_with_gaps_are_the_same_sets(sets):
    """Two arrays, nan where a set has no further study, give what the pairs give."""
    yi, vi = np.full((2, len(sets), 9), np.nan)
    for place, one in enumerate(sets):
        yi[place, : len(one)], vi[place, : len(one)] = zip(*one, strict=True)
    np.testing.assert_array_equal(pool_many((yi, vi)).estimate, pool_many(pairs(sets)).estimate)


def test_what_cannot_be_pooled_is_listed_with_its_reason():
    """Each set is pooled or refused: none is lost, none stops the others."""
    good = ([0.1, 0.4], [0.02, 0.05])
    batch = [
        good,
        ([], []),
        ([0.1, np.nan], [0.1, 0.1]),
        ([0.1], [0.1, 0.2]),
        (["a"], [1]),
        ([1, 2], [1, 0]),
        good,
    ]
    got = pool_many(batch)
    reasons = dict(got.refused)
    assert list(reasons) == [1, 2, 3, 4, 5]
    assert "found no study" in reasons[1]
    assert "study 2: found yi = nan" in reasons[2]
    assert "found 1 effects" in reasons[3] or "2 variances for 1 effects" in reasons[3]
    assert "expected numbers" in reasons[4]
    assert "study 2: found vi = 0" in reasons[5]
    assert np.flatnonzero(np.isfinite(got.estimate)).tolist() == [0, 6]
    assert got.k.tolist() == [2, 0, 0, 0, 0, 0, 2]


def test_half_a_study_in_an_array_is_refused_by_its_column():
    """An effect without a variance is no gap: the set is refused, and the column named."""
    yi, vi = (
        np.array([[0.1, np.nan, 0.3], [1.0, 2.0, np.nan]]),
        np.array([[0.1, np.nan, np.nan], [1.0, 2.0, np.nan]]),
    )
    got = pool_many((yi, vi))
    assert got.refused[0].place == 0
    assert got.refused[0].reason.startswith("study 3: found vi = nan")
    assert got.estimate[1] == pool([1.0, 2.0], [1.0, 2.0]).estimate


def test_an_empty_batch_is_an_empty_answer():
    """No sets give no results."""
    assert len(pool_many([])) == 0


def test_what_is_no_batch_is_refused():
    """Arrays of unequal shape and an entry that is no pair are refused."""
    with pytest.raises(ValueError, match=r"found arrays of shape \(2, 3\) and \(2, 2\)"):
        pool_many((np.ones((2, 3)), np.ones((2, 2))))
    with pytest.raises(TypeError, match="found 3 entries in set 1"):
        pool_many([([1.0], [1.0]), ([1.0], [1.0], [1.0])])
    with pytest.raises(ValueError, match="method: found 'XX'"):
        pool_many([], method="XX")


def test_lots_do_not_change_the_answer(monkeypatch):
    """Working sets off in small lots gives what one large lot gives."""
    rng = np.random.default_rng(11)
    batch = [(rng.normal(size=k), rng.exponential(size=k) + 0.01) for k in rng.integers(1, 30, 60)]
    whole = pool_many(batch)
    monkeypatch.setattr(ragged, "_AT_ONCE", 40)
    np.testing.assert_allclose(pool_many(batch).tau2, whole.tau2, rtol=1e-12, atol=1e-14)


def test_a_batch_says_what_it_holds_and_becomes_a_table():
    """The repr counts what was refused and quotes the first; the table has a row for each set."""
    got = pool_many([([0.1, 0.4], [0.02, 0.05]), ([], [])], test="knha")
    assert repr(got).startswith(
        "1 of 2 sets pooled (REML, knha); 1 refused, the first at place 1: yi: found no"
    )
    table = got.to_frame()
    assert table.loc[0, "estimate"] == got.estimate[0]
    assert table["refused"].tolist()[0] == ""
    assert "found no study" in table["refused"].tolist()[1]
