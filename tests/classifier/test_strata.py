"""The cumulative bound: exact where it can be, never too low wherever the missed records hide."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from classifier.audit import missed_at_most
from classifier.strata import Sample, least_relevant, most_relevant


@st.composite
def samples(draw: st.DrawFn, most: int = 12) -> Sample:
    """A small stratum and what its sample showed."""
    of = draw(st.integers(1, most))
    read = draw(st.integers(0, of))
    return Sample(of=of, read=read, relevant=draw(st.integers(0, min(read, 2))))


def _by_hand(strata: list[Sample], level: float = 0.95) -> tuple[int, int]:
    """Return both bounds from every way of spreading every total over the strata."""
    found = sum(one.relevant for one in strata)
    low: dict[int, float] = {}
    high: dict[int, float] = {}
    for spread in product(*(range(one.relevant, one.unread + one.relevant + 1) for one in strata)):
        total, chances = sum(spread), _found(strata, spread)
        high[total] = max(high.get(total, 0.0), float(chances[: found + 1].sum()))
        low[total] = max(low.get(total, 0.0), float(chances[found:].sum()))
    edge = 1 - level
    return min(m for m in low if low[m] > edge), max(m for m in high if high[m] > edge)


def _found(strata: list[Sample], spread: tuple[int, ...]) -> np.ndarray:
    """Return the distribution of the number found, where the relevant are spread so."""
    chances = np.ones(1)
    for one, relevant in zip(strata, spread, strict=True):
        counts = np.arange(one.read + 1)
        chances = np.convolve(chances, hypergeom.pmf(counts, one.of, relevant, one.read))
    return chances


@given(st.integers(1, 80), st.data())
def test_one_stratum_is_the_hypergeometric_bound(of: int, data: st.DataObject) -> None:
    """With one cycle the bound is that of a plain sample without replacement."""
    read = data.draw(st.integers(0, of))
    relevant = data.draw(st.integers(0, min(read, 6)))
    nothing_more = Sample(1, 1, 0)
    single = missed_at_most(relevant, read, of)
    assert most_relevant([Sample(of, read, relevant)]) == single
    assert most_relevant([Sample(of, read, relevant), nothing_more]) == single


@settings(max_examples=60, deadline=None)
@given(st.lists(samples(), min_size=1, max_size=3))
def test_no_spreading_escapes_the_bounds(strata: list[Sample]) -> None:
    """Every total that some spreading makes plausible lies between the bounds."""
    low, high = _by_hand(strata)
    assert least_relevant(strata) <= low
    assert most_relevant(strata) >= high


@settings(max_examples=60, deadline=None)
@given(st.lists(samples(), min_size=1, max_size=3))
def test_nothing_found_is_exact(strata: list[Sample]) -> None:
    """With nothing found the bound is that of the worst spreading, to the record."""
    clean = [Sample(one.of, one.read, 0) for one in strata]
    assert most_relevant(clean) == _by_hand(clean)[1]


def test_an_unread_cycle_may_hold_anything() -> None:
    """A cycle of whose draw nothing was read adds all that it set aside."""
    read = [Sample(100, 50, 0)]
    assert most_relevant([*read, Sample(70, 0, 0)]) == most_relevant(read) + 70


def test_a_census_leaves_nothing_open() -> None:
    """Who reads everything knows the number."""
    strata = [Sample(20, 20, 3), Sample(30, 30, 0)]
    assert (least_relevant(strata), most_relevant(strata)) == (3, 3)


def test_cycles_together_bound_better_than_apart() -> None:
    """The cumulative bound is far below the sum of the bounds of single cycles."""
    cycles = [Sample(100, 10, 0)] * 12
    assert most_relevant(cycles) < sum(most_relevant([one]) for one in cycles) / 5


def test_large_numbers_are_bounded_from_above() -> None:
    """Where deals are rounded to keep the table small, the bound errs upwards, by a few percent at most."""
    big = [Sample(6_000, 10, 1), Sample(6_000, 10, 0)]
    single = missed_at_most(1, 20, 12_000)
    assert single <= most_relevant(big) <= 1.15 * single


def _spreads(relevant: int, sizes: tuple[int, ...], drawn: tuple[int, ...]) -> list[np.ndarray]:
    """Spread the relevant evenly, all where sampling is thinnest, and all where it is thickest."""
    even = np.array([relevant // len(sizes)] * len(sizes))
    even[0] += relevant - even.sum()
    by_rate = np.argsort([n / size for n, size in zip(drawn, sizes, strict=True)])
    return [even, _filled(relevant, sizes, by_rate), _filled(relevant, sizes, by_rate[::-1])]


def _filled(relevant: int, sizes: tuple[int, ...], order: np.ndarray) -> np.ndarray:
    spread = np.zeros(len(sizes), dtype=int)
    for at in order:
        spread[at] = min(sizes[at], relevant - spread.sum())
    return spread


@pytest.mark.parametrize(
    ("sizes", "drawn"),
    [((40, 40, 40), (10, 10, 10)), ((200, 30, 12), (10, 10, 10)), ((15, 300), (10, 5))],
)
@pytest.mark.parametrize("relevant", [1, 3, 9, 20])
def test_coverage_is_nominal_wherever_the_missed_hide(
    sizes: tuple[int, ...], drawn: tuple[int, ...], relevant: int
) -> None:
    """Over 400 simulated audits both bounds hold in at least 95%, within the simulation's own error."""
    dice = np.random.default_rng(20140226)
    runs = 400
    for spread in _spreads(relevant, sizes, drawn):
        found = dice.hypergeometric(spread, np.array(sizes) - spread, drawn, size=(runs, len(sizes)))
        outcomes = {tuple(row): _bounds(sizes, drawn, tuple(row)) for row in np.unique(found, axis=0)}
        held = np.array([outcomes[tuple(row)] for row in found])
        slack = 2 * np.sqrt(0.05 * 0.95 / runs)
        assert np.mean(held[:, 1] >= relevant) >= 0.95 - slack
        assert np.mean(held[:, 0] <= relevant) >= 0.95 - slack


def _bounds(sizes: tuple[int, ...], drawn: tuple[int, ...], found: tuple[int, ...]) -> tuple[int, int]:
    strata = [Sample(of, n, int(x)) for of, n, x in zip(sizes, drawn, found, strict=True)]
    return least_relevant(strata), most_relevant(strata)


@pytest.mark.parametrize("counts", [(10, 11, 0), (10, 5, 6), (10, 5, -1)])
def test_counts_that_contradict_each_other_are_refused(counts: tuple[int, int, int]) -> None:
    """A sample is no larger than its stratum and holds no more relevant records than records."""
    with pytest.raises(ValueError, match="expected 0 <= relevant <= read <= of"):
        Sample(*counts)


def test_a_level_beyond_one_is_refused() -> None:
    """Confidence is a share."""
    with pytest.raises(ValueError, match="found level=95"):
        most_relevant([Sample(10, 5, 0)], level=95)
