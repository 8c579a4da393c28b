"""What effect sizes refuse, and how they treat zero cells."""

import numpy as np
import pytest

from synthesis import effect_sizes

COUNTS = {"ai": [0, 3, 0], "n1i": [10, 20, 30], "ci": [2, 5, 0], "n2i": [10, 20, 30]}


@pytest.mark.parametrize(
    ("measure", "data", "message"),
    [
        ("XX", {}, "measure: found 'XX'; expected one of SMD"),
        ("OR", {"ri": [0.1], "ni": [10]}, "expected ai n1i ci n2i"),
        ("RR", COUNTS | {"ci": [1]}, "found unequal lengths"),
        ("RR", COUNTS | {"ai": [-1, 0, 0]}, "RR, ai, study 1: found -1; expected a count"),
        ("RR", COUNTS | {"ai": [0, 21, 0]}, "study 2: found 21 events"),
        ("ZCOR", {"ri": [1.2], "ni": [10]}, "ZCOR, ri, study 1: found 1.2"),
        ("GEN", {"yi": [1], "vi": [0]}, "GEN, vi, study 1: found 0; expected a number above 0"),
        ("PLO", {"xi": [5], "ni": [4]}, "study 1: found 5 events"),
        ("RR", COUNTS | {"ai": [[0, 3, 0]]}, "ai: found 2 dimensions"),
    ],
)
def test_impossible_input_is_refused(measure, data, message):
    """Input that cannot be is refused with the measure, the argument and the study."""
    with pytest.raises(ValueError, match=message):
        effect_sizes(measure, **data)


@pytest.mark.parametrize(("option", "value"), [("to", "some"), ("vtype", "XX")])
def test_unknown_options_are_refused(option, value):
    """An unknown rule or variance type is refused with the known ones."""
    with pytest.raises(ValueError, match=f"{option}: found '{value}'; expected one of"):
        effect_sizes("RR", **COUNTS, **{option: value})


def test_zero_cells_get_a_half_only_where_they_are():
    """By default a half is added to the cells of studies with a zero, and to no other."""
    got = effect_sizes("OR", **COUNTS).yi
    assert got[0] == pytest.approx(np.log((0.5 / 10.5) / (2.5 / 8.5)))
    assert got[1] == pytest.approx(np.log((3 / 17) / (5 / 15)))


def test_studies_without_events_can_be_dropped():
    """With drop00 a study without events in both groups gives no effect."""
    assert list(np.isnan(effect_sizes("OR", drop00=True, **COUNTS).yi)) == [False, False, True]


def test_a_missing_number_gives_a_missing_effect():
    """None in one argument gives NaN for that study only."""
    got = effect_sizes("ZCOR", ri=[0.3, None], ni=[20, 30])
    assert list(np.isnan(got.yi)) == [False, True]


def test_person_time_gives_a_log_rate_ratio():
    """Equal rates over unequal person-time give a log ratio of 0."""
    got = effect_sizes("IRR", x1i=[10], t1i=[100], x2i=[20], t2i=[200])
    assert got.yi[0] == pytest.approx(0.0, abs=1e-12)
    assert got.vi[0] == pytest.approx(1 / 10 + 1 / 20)
