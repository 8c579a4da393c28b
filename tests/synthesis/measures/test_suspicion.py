"""Warnings about input that looks wrong, and notes on what was done to it."""

import numpy as np
import pytest

from synthesis import effect_sizes
from tests.synthesis.oracle import FOLDER, effect_cases

MEANS = {
    "m1i": [10.0, 11, 9, 12, 10],
    "sd1i": [4.0, 5, 4.5, 5.5, 4.2],
    "n1i": [50, 40, 60, 45, 64],
    "m2i": [12.0, 12.5, 11, 13, 11.5],
    "sd2i": [4.1, 5.2, 4.4, 5.1, 4.6],
    "n2i": [52, 41, 58, 47, 60],
}
NAMES = ["Abel 2001", "Baker 2002", "Cole 2003", "Dahl 2004", "Eze 2005"]
COUNTS = {"ai": [0, 3, 0], "n1i": [10, 20, 30], "ci": [2, 5, 0], "n2i": [10, 20, 30]}


def _with_error_as_sd(place):
    """The same studies, one with its standard errors typed as SDs."""
    data = {name: list(values) for name, values in MEANS.items()}
    for sd, n in (("sd1i", "n1i"), ("sd2i", "n2i")):
        data[sd][place] /= np.sqrt(data[n][place])
    return data


@pytest.mark.parametrize("measure", ["SMD", "MD"])
def test_honest_means_raise_nothing(measure):
    """Ordinary studies give no warning and no note."""
    got = effect_sizes(measure, slab=NAMES, **MEANS)
    assert got.warnings == got.notes == ()


@pytest.mark.parametrize("place", range(5))
def test_a_standard_error_as_sd_is_named_on_one_scale(place):
    """On one scale an SD that root n would bring back among the others is named, and no other study."""
    for measure, instrument in (("MD", None), ("SMD", ["BDI"] * 5)):
        got = effect_sizes(measure, slab=NAMES, instrument=instrument, **_with_error_as_sd(place))
        named = [one for one in got.warnings if "looks like a standard error" in one]
        assert len(named) == 1
        assert named[0].startswith(f"{NAMES[place]}: its SD of about")


def test_a_small_mean_excuses_a_small_sd():
    """Days off work (Gibson et al. 2002): beside a mean as small as itself an SD is not suspected."""
    got = effect_sizes(
        "MD",
        m1i=[17.6, 4.92, 24.1, 1.4, 6.23, 0.73, 2.8, 2.2],
        sd1i=[24.2, 6.05, 11.8, 3.3, 12.2, 1.48, 9.0, 12.73],
        n1i=[140, 35, 20, 128, 119, 86, 56, 50],
        m2i=[34.1, 20.0, 31.8, 2.3, 5.71, 0.47, 4.8, 5.2],
        sd2i=[38.8, 26.34, 17.9, 7.6, 8.57, 1.2, 7.2, 12.5],
        n2i=[136, 35, 20, 143, 100, 100, 59, 54],
    )
    assert got.warnings == ()


def test_scales_are_compared_within_themselves():
    """An instrument with small units beside one with large ones is no reason for a warning."""
    small = {name: [v / 20 for v in values] if name[0] in "ms" else values for name, values in MEANS.items()}
    both = {name: [*MEANS[name], *small[name]] for name in MEANS}
    got = effect_sizes("SMD", instrument=["A"] * 5 + ["B"] * 5, **both)
    assert not any("standard error" in one for one in got.warnings)


def test_an_absurd_smd_is_named():
    """An SMD beyond 3 is named with what it would be if its SDs were standard errors."""
    got = effect_sizes("SMD", m1i=[10], sd1i=[1], n1i=[25], m2i=[5], sd2i=[1], n2i=[25])
    assert got.warnings[0].startswith("study 1: an SMD of 4.92 is larger than")
    assert "about 0.98" in got.warnings[0]


def test_studies_without_events_are_named():
    """No event in both groups says nothing about a ratio: kept with a warning, or dropped with a note."""
    kept, dropped = effect_sizes("OR", **COUNTS), effect_sizes("OR", drop00=True, **COUNTS)
    assert kept.notes == ("study 1, study 3: 0.5 was added to each cell.",)
    assert kept.warnings[0].startswith("study 3: no events, or nothing but events, in both groups")
    assert "study 3: dropped: no events" in dropped.notes[1]
    assert not any("says nothing about a ratio" in one for one in dropped.warnings)


def test_rates_and_proportions_have_zero_cells_too():
    """Nobody with the event in one group is noted for rates and proportions as well."""
    rates = effect_sizes("IRR", x1i=[0, 0], t1i=[10, 10], x2i=[3, 0], t2i=[10, 10])
    assert rates.notes == ("study 1, study 2: 0.5 was added to each cell.",)
    assert rates.warnings[0].startswith("study 2: no events")
    assert effect_sizes("PLO", xi=[5, 2], ni=[5, 9]).notes == ("study 1: 0.5 was added to each cell.",)


@pytest.mark.parametrize(
    ("measure", "data", "why"),
    [
        ("OR", {"to": "none", **COUNTS}, "study 1, study 3: no effect could be computed: a cell"),
        (
            "ROM",
            MEANS | {"m1i": [-1.0, 11, 9, 12, 10]},
            "study 1: no effect could be computed: a ratio",
        ),
        (
            "ZCOR",
            {"ri": [0.2, 1], "ni": [3, 9]},
            "study 1, study 2: no effect could be computed: it",
        ),
        ("RD", {"to": "none", **COUNTS}, "study 3: a variance of 0 or less"),
    ],
)
def test_why_a_study_gives_no_effect(measure, data, why):
    """A study with all its numbers and no effect, or no variance, is named with the reason."""
    assert any(one.startswith(why) for one in effect_sizes(measure, **data).warnings)


def test_the_same_numbers_twice_are_named():
    """Two rows with the same six numbers are named together; rows without any event are not."""
    twice = {name: [*values, values[1]] for name, values in MEANS.items()}
    got = effect_sizes("MD", slab=[*NAMES, "Baker 2004"], **twice)
    assert got.warnings == ("Baker 2002, Baker 2004: all their numbers are the same: one study twice?",)
    silent = {"ai": [0, 0], "n1i": [10, 10], "ci": [0, 0], "n2i": [10, 10]}
    assert not any("the same" in one for one in effect_sizes("RD", **silent).warnings)


def test_the_same_label_twice_is_named():
    """A label that occurs twice is named, spaces and capitals aside."""
    got = effect_sizes("MD", slab=[*NAMES[:4], "abel 2001 "], **MEANS)
    assert got.warnings[0].startswith("Abel 2001: 2 rows have this label")


def test_change_scores_among_final_values_are_named():
    """SMDs of change scores and of final values together give a warning, mean differences do not."""
    scores = ["final", "change", "final", "final", "final"]
    got = effect_sizes("SMD", slab=NAMES, scores=scores, **MEANS)
    assert got.warnings[0].startswith("Baker 2002: change scores among final values")
    assert effect_sizes("MD", slab=NAMES, scores=scores, **MEANS).warnings == ()


def test_mean_differences_on_several_instruments_are_pointed_out():
    """Mean differences in different units cannot be pooled."""
    got = effect_sizes("MD", instrument=["BDI", "BDI", "PHQ-9", "BDI", "BDI"], **MEANS)
    assert got.warnings[0].startswith("Mean differences on 2 instruments (BDI, PHQ-9)")


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"instrument": ["BDI"]}, "instrument: found 1 entries; expected one for each of the 5 studies"),
        ({"scores": ["final"] * 4 + ["both"]}, "scores: found 'both'; expected final or change"),
    ],
)
def test_what_is_told_must_fit(told, message):
    """Instruments and kinds of scores are one per study, and of a known kind."""
    with pytest.raises(ValueError, match=message):
        effect_sizes("SMD", **told, **MEANS)


def test_a_result_shows_itself_and_its_table():
    """The result prints studies, notes and warnings, and its table has labels, effects and variances."""
    got = effect_sizes("OR", slab=["A", "B", "C"], **COUNTS)
    lines = repr(got).splitlines()
    assert lines[0] == "OR, k = 3, 3 with an effect"
    assert lines[1].startswith("  A: -1.8")
    assert any(line.startswith("! C: no events") for line in lines)
    frame = got.to_frame()
    assert list(frame.columns) == ["slab", "yi", "vi"]
    assert list(frame["slab"]) == ["A", "B", "C"]


# What the rules say about the real data sets: SMDs of plants under more carbon dioxide, grown in chambers
# with hardly any spread; authors of several studies, whose labels have no year; trials without any event.
LOUD = {
    "larger than treatments": {"dat.curtis1998"},
    "rows have this label": {"dat.hackshaw1998", "dat.raudenbush1985"},
    "says nothing about a ratio": {
        "dat.axfors2021.cq",
        "dat.hahn2001",
        "dat.linde2005",
        "dat.yusuf1985.t6",
    },
}


@pytest.mark.skipif(not FOLDER.is_dir(), reason="needs the development data in ../shared/data")
def test_real_data_sets_raise_few_warnings():
    """On the real data sets only these rules speak, of these sets, and none takes an SD for an error."""
    heard = {}
    for case in (one for one in effect_cases() if one.id.startswith("dat.")):
        columns = case.effects["columns"].items()
        data = {name: [None if one == "NA" else one for one in case.data[column]] for name, column in columns}
        got = effect_sizes(case.effects["measure"], slab=case.effects.get("slab"), **data)
        for sentence in got.warnings:
            rule = next((rule for rule in LOUD if rule in sentence), sentence)
            heard.setdefault(rule, set()).add(case.id.split(":")[0])
    assert heard == LOUD
