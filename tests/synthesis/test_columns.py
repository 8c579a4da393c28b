"""How columns of numbers print, and their table."""

import numpy as np

from synthesis.conversion.standard_deviations import sd_from_se


def test_a_short_result_shows_its_numbers_and_notes():
    """A result prints its numbers by name, and each note on a line of its own."""
    from synthesis.conversion.clusters import inflate_se

    lines = repr(inflate_se([0.1, 0.2], 0.02, 30)).splitlines()
    assert lines[0] == "StandardErrors, k = 2: se 0.1257, 0.2514"
    assert lines[1].startswith("An intracluster correlation of 0.02 was assumed")


def test_a_long_result_is_cut():
    """Beyond six studies the rest is three dots."""
    assert repr(sd_from_se(np.ones(7), 4)).endswith("sd 2, 2, 2, 2, 2, 2, ...")


def test_a_result_is_a_table():
    """The table has one row a study and the columns by name."""
    frame = sd_from_se([0.5, 1.0], 16).to_frame()
    assert list(frame.columns) == ["sd"]
    assert list(frame["sd"]) == [2.0, 4.0]
