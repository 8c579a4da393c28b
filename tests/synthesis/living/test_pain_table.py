"""The published fragment on interference by pain, against metafor 3.8 as recorded with the data."""

import csv
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from review.effect import SharedControl
from synthesis.living.evolution import evolution

# Arms of one trial: from the printed group sizes one control looks split, the other shared (inferred).
ARMS = {
    "Dear, 2015a": ("Dear, 2015", SharedControl.SPLIT),
    "Dear, 2015b": ("Dear, 2015", SharedControl.SPLIT),
    "Dear, 2015c": ("Dear, 2015", SharedControl.SPLIT),
    "Lin, 2017a": ("Lin, 2017", SharedControl.SHARED),
    "Lin, 2017b": ("Lin, 2017", SharedControl.SHARED),
}
HEADACHE = "Bromberg, 2012"
DOUBTFUL = "Knoerl, 2018"


@pytest.fixture(scope="module")
def table(shared_data, make_row):
    """All rows of the table as estimates, with the year each was published in."""
    with (shared_data / "pain/gandy2022_interference_partial.csv").open(encoding="utf-8") as stream:
        printed = list(csv.DictReader(stream))
    rows = {}
    for one in printed:
        study, shared = ARMS.get(one["study"], (one["study"], SharedControl.NONE))
        estimate = make_row(study, float(one["g"]), float(one["se"]), label=one["study"], shared=shared)
        rows[estimate] = int(one["study"].split(", ")[1][:4])
    return rows


@pytest.mark.parametrize(
    ("year", "k", "estimate"),
    [
        (2013, 8, 0.1926),
        (2014, 9, 0.1971),
        (2015, 11, 0.2405),
        (2017, 13, 0.2366),
        (2018, 16, 0.2657),
        (2019, 17, 0.2747),
        (2021, 19, 0.2873),
    ],
)
def test_each_year_pools_to_the_recorded_estimate(table, make_synthesis, year, k, estimate):
    """The pool of the trials up to a year has the recorded number of studies and estimate."""
    rows = [row for row, published in table.items() if published <= year and row.label != HEADACHE]
    got = make_synthesis(rows).numbers
    assert (got.k, round(got.estimate, 4)) == (k, estimate)


@pytest.mark.parametrize(
    ("year", "without", "bounds"),
    [
        (2013, HEADACHE, (0.0593, 0.3259, 0.0592, 0.3260)),
        (2021, HEADACHE, (0.1889, 0.3857, 0.0385, 0.5362)),
        (2021, f"{HEADACHE} {DOUBTFUL}", (0.1930, 0.3948, 0.0395, 0.5484)),
    ],
)
def test_intervals_are_the_recorded_ones(table, make_synthesis, year, without, bounds):
    """Hartung-Knapp and prediction intervals agree to the digits recorded."""
    rows = [row for row, published in table.items() if published <= year and row.label not in without]
    got = make_synthesis(rows).numbers
    assert (got.ci_lb, got.ci_ub, got.pi_lb, got.pi_ub) == pytest.approx(bounds, abs=1e-4)


def test_rows_as_printed_are_a_sensitivity_analysis(table, make_synthesis):
    """Every printed row by itself gives the recorded pool of 23 rows."""
    printed = next(one for one in make_synthesis(list(table)).sensitivity if one.name == "rows as printed")
    got = printed.numbers
    assert got.k == 23
    assert (got.estimate, got.ci_lb, got.ci_ub) == pytest.approx((0.2693, 0.1801, 0.3584), abs=5e-5)
    assert (got.pi_lb, got.pi_ub) == pytest.approx((0.0283, 0.5102), abs=5e-5)


def test_the_doubtful_trial_is_shown_both_ways(table, make_synthesis):
    """A trial held as a conflict can be added to the pool by name, and then all 19 studies are pooled."""
    doubtful = [row for row in table if row.label == DOUBTFUL]
    rows = [row for row in table if row.label not in {DOUBTFUL, HEADACHE}]
    got = make_synthesis(rows, sensitivity_sets={"with the doubtful trial": doubtful})
    added = next(one for one in got.sensitivity if one.name == "with the doubtful trial")
    assert round(got.numbers.estimate, 4) == 0.2939
    assert (added.numbers.k, round(added.numbers.estimate, 4)) == (19, 0.2873)


def test_each_year_is_attributed_to_its_trials(table, make_synthesis):
    """From year to year the steps name that year's trials and lead from one recorded estimate to the next."""
    rows = {row: year for row, year in table.items() if row.label != HEADACHE}
    years = (2013, 2014, 2015, 2017, 2018, 2019, 2021)
    syntheses = [
        make_synthesis(
            [row for row, published in rows.items() if published <= year],
            at=datetime(year, 12, 31, tzinfo=UTC),
        )
        for year in years
    ]
    got = evolution(syntheses).stages
    assert [round(one.estimate, 4) for one in got] == [0.1926, 0.1971, 0.2405, 0.2366, 0.2657, 0.2747, 0.2873]
    for (since, year), stage in zip(pairwise(years), got[1:], strict=True):
        trials = sorted({row.study for row, published in rows.items() if since < published <= year})
        assert [step.study for step in stage.impact.steps if step.study] == trials
        assert abs(stage.impact.residual) <= 1e-12
