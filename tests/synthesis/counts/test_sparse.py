"""What a pool of counts says, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis import mantel_haenszel, peto

COUNTS = {"ai": [1, 4], "n1i": [10, 20], "ci": [3, 6], "n2i": [10, 20]}
RATES = {"x1i": [0, 3, 0, 5], "t1i": [10, 20, 30, 44], "x2i": [2, 5, 0, 0], "t2i": [12, 20, 28, 50]}
MEASURES = ("OR", "RR", "RD")
TABLES = st.lists(st.tuples(*[st.integers(1, 40)] * 4), min_size=1, max_size=6)


def columns(rows: list[tuple[int, ...]]) -> dict[str, list[int]]:
    """Return rows of four cells as columns."""
    return dict(zip(("ai", "bi", "ci", "di"), (list(one) for one in zip(*rows, strict=True)), strict=True))


def test_other_measures_are_refused():
    """Mantel-Haenszel knows OR, RR, RD, IRR and IRD only."""
    with pytest.raises(ValueError, match="measure: found 'SMD'; expected one of OR RR RD IRR IRD"):
        mantel_haenszel("SMD", **COUNTS)


def test_a_variance_of_another_measure_is_refused():
    """Greenland and Robins' variance is one of the risk difference."""
    with pytest.raises(ValueError, match="vtype: found 'GR' for OR; expected SGR, or GR for RD"):
        mantel_haenszel("OR", vtype="GR", **COUNTS)


@pytest.mark.parametrize("run", [peto, lambda **data: mantel_haenszel("OR", **data)])
def test_counts_without_a_complete_study_are_refused(run):
    """Without one study that states all counts there is nothing to pool."""
    with pytest.raises(ValueError, match="found no study with all its counts"):
        run(ai=[None], n1i=[10], ci=[1], n2i=[10])


def test_rates_without_a_complete_study_are_refused():
    """Without one study that states events and person-time there is nothing to pool."""
    with pytest.raises(ValueError, match="x1i: found no study with all its counts"):
        mantel_haenszel("IRR", x1i=[None], t1i=[10], x2i=[1], t2i=[10])


def test_impossible_counts_name_the_study():
    """A message says whose count is wrong where labels were given."""
    with pytest.raises(ValueError, match="Smith 2020: found 21 events"):
        mantel_haenszel("OR", slab=["Doe 2019", "Smith 2020"], **COUNTS | {"ai": [1, 21]})


def test_no_events_anywhere_inform_nothing():
    """Without any event a ratio is unknown, not 1, and the result says so."""
    got = mantel_haenszel("RR", ai=[0, 0], n1i=[10, 20], ci=[0, 0], n2i=[10, 20])
    assert np.isnan([got.estimate, got.se, got.pval]).all()
    assert repr(got) == "log RR unknown by Mantel-Haenszel: no event informs it, k = 2"


def test_missing_counts_are_left_out():
    """A study that misses a count is left out of the pool, its label with it."""
    more = {name: [*column, None] for name, column in COUNTS.items()}
    got = peto(slab=["a", "b", "c"], **more)
    assert got.to_frame().equals(peto(**COUNTS).to_frame())
    assert got.slab == ("a", "b")


def test_the_result_reads_as_a_sentence():
    """The repr states scale, interval, method, studies and heterogeneity."""
    assert repr(peto(**COUNTS)) == (
        "log OR -0.7233 [-1.9019, 0.4554] (95% by Peto, se 0.6014, p 0.2291), k = 2 "
        "(2 with an effect of their own), I2 0.0%, Q 0.26 (p 0.6095)"
    )


def test_the_table_holds_the_tests_that_were_made():
    """Odds ratios have three tests in the table, risk ratios none."""
    odds, risks = (mantel_haenszel(one, **COUNTS).to_frame() for one in ("OR", "RR"))
    assert set(odds.columns) - set(risks.columns) == {
        f"{name}{end}" for name in ("mh", "tarone", "breslow_day") for end in ("", "_pval")
    }


def test_rates_with_zeros_agree_with_metafor():
    """Made-up rates with empty groups and a silent study are pooled as metafor 3.8-1 pools them."""
    ratio, difference = (mantel_haenszel(one, **RATES) for one in ("IRR", "IRD"))
    got = [ratio.estimate, ratio.se, ratio.q, ratio.k, ratio.k_yi, ratio.mh.stat, ratio.mh.pval]
    want = [0.1989671175374, 0.5136142309114, 4.5276976644498, 4, 3, 0.0167724639652, 0.8969552617103]
    np.testing.assert_allclose(got, want, rtol=1e-11)
    got = [difference.estimate, difference.se, difference.q, difference.k, difference.k_yi]
    np.testing.assert_allclose(got, [0.0140693966865, 0.0366787089125, 5.3297860087874, 4, 3], rtol=1e-11)


@given(TABLES)
@pytest.mark.parametrize("measure", MEASURES)
def test_weights_sum_to_100_and_swapping_the_arms_changes_the_sign(measure, rows):
    """The weights are percent, and the arms' order is a matter of sign."""
    data = columns(rows)
    swapped = {"ai": data["ci"], "bi": data["di"], "ci": data["ai"], "di": data["bi"]}
    got, other = mantel_haenszel(measure, **data), mantel_haenszel(measure, **swapped)
    assert got.weights.sum() == pytest.approx(100)
    assert got.estimate == pytest.approx(-other.estimate, abs=1e-12)
    assert got.se == pytest.approx(other.se, rel=1e-9)


@given(TABLES)
def test_the_risk_difference_is_the_weighted_mean_of_the_studies_own(rows):
    """Both variances belong to the same estimate, the mean of the differences by n1 n2 / N."""
    data = {name: np.array(column, dtype=float) for name, column in columns(rows).items()}
    sato, greenland = (mantel_haenszel("RD", vtype=one, **data) for one in ("SGR", "GR"))
    own = data["ai"] / (data["ai"] + data["bi"]) - data["ci"] / (data["ci"] + data["di"])
    assert sato.estimate == greenland.estimate == pytest.approx(sato.weights @ own / 100, abs=1e-12)


def test_peto_and_mantel_haenszel_agree_on_rare_events_in_equal_groups():
    """With few events, equal groups and a small effect both common odds ratios are nearly the same."""
    data = {"ai": [3, 5, 4], "n1i": [500] * 3, "ci": [4, 6, 4], "n2i": [500] * 3}
    assert peto(**data).estimate == pytest.approx(mantel_haenszel("OR", **data).estimate, rel=0.02)


def test_a_single_zero_cell_rule_is_for_the_studies_own_effects():
    """One `add` and one `to` change Q and leave the pooled estimate alone; an unknown rule is refused."""
    one = mantel_haenszel("OR", add=0.25, to="all", **COUNTS)
    two = mantel_haenszel("OR", add=(0.25, 0), to=("all", "none"), **COUNTS)
    assert (one.estimate, one.q) == (two.estimate, two.q)
    assert one.estimate == mantel_haenszel("OR", **COUNTS).estimate
    with pytest.raises(ValueError, match=r"add, to: found .* expected two of each, of only0 all if0all none"):
        mantel_haenszel("OR", to=("some", "none"), **COUNTS)
