"""The set that is fixed beforehand and run at once."""

import numpy as np
import pytest

from synthesis import egger, small_study_effects
from synthesis.small_study.overview import DEFAULT, RUNS

# Made-up counts and effects.
TABLE = {"ai": [4, 9, 2, 7], "n1i": [20, 50, 15, 90], "ci": [8, 12, 5, 11], "n2i": [21, 52, 14, 88]}
YI, VI = [-0.9, -0.3, -1.2, -0.5], [0.5, 0.25, 0.9, 0.2]


def test_every_method_of_the_set_answers_or_says_why_not():
    """Each name asked for is among the results or among the reasons, in the order asked for."""
    got = small_study_effects(YI, VI, measure="OR")
    assert [name for name in DEFAULT if name in got.results] == list(got.results)
    assert set(got.results) | set(got.not_run) == set(DEFAULT)
    assert set(got.not_run) == {"harbord", "peters", "pustejovsky"}
    assert "found no counts" in got.not_run["harbord"]


def test_with_all_data_everything_runs():
    """Given counts and group sizes, every known method returns its result."""
    got = small_study_effects(
        YI, VI, run=list(RUNS), measure="OR", table=TABLE, n1i=TABLE["n1i"], n2i=TABLE["n2i"]
    )
    assert not got.not_run
    assert list(got.results) == list(RUNS)


def test_a_method_of_the_set_is_the_method_itself():
    """The set returns what the single function returns."""
    assert small_study_effects(YI, VI, run=["egger"]).results["egger"] == egger(YI, VI)


def test_two_studies_leave_most_undone_but_do_not_fail():
    """With too few studies the set still returns what can be said of them."""
    got = small_study_effects(YI[:2], VI[:2])
    assert set(got.results) == {"two_models", "henmi_copas", "excess_significance"}
    assert got.not_run["egger"].startswith("sei: found k = 2")


def test_the_set_is_readable():
    """The set prints a line a method and makes a table with a row a method."""
    got = small_study_effects(YI, VI)
    assert len(str(got).splitlines()) == len(DEFAULT)
    table = got.to_frame()
    assert list(table["name"]) == [*got.results, *got.not_run]
    assert np.isfinite(table.set_index("name").loc["henmi_copas", "estimate"])


def test_unknown_names_are_refused():
    """A name that is no method is refused before anything runs."""
    with pytest.raises(ValueError, match="run: found funnel"):
        small_study_effects(YI, VI, run=["egger", "funnel"])
