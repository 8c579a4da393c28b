"""A second review on the same code: thirteen BCG vaccine trials, pooled from their counts."""

import json
import math
from dataclasses import replace

import pytest


@pytest.fixture
def bcg(desk, root):
    """The command line on the BCG review."""
    return replace(desk, review=root / "protocols" / "bcg-tuberculosis")


def test_the_counts_pool_to_metafors_numbers(bcg):
    """Log risk ratio by REML from the counts: -0.7145 (se 0.1798 by z), tau2 0.3132 (metafor, dat.bcg)."""
    done = bcg("pool", "--json")
    assert done.returncode == 0, done.stderr
    (synthesis,) = json.loads(done.stdout)["syntheses"]
    numbers = synthesis["numbers"]
    by_z = next(one["numbers"] for one in synthesis["sensitivity"] if one["name"] == "z")
    assert math.isclose(numbers["estimate"], -0.7145, abs_tol=5e-5)
    assert math.isclose(by_z["se"], 0.1798, abs_tol=5e-5)
    assert math.isclose(numbers["tau2"], 0.3132, abs_tol=5e-5)


def test_pooling_twice_writes_nothing(bcg):
    """The same counts give the same digest: the second time nothing has changed."""
    bcg("pool")
    assert json.loads(bcg("pool", "--json").stdout)["changed"] == []


def test_allocation_is_compared_as_a_subgroup(bcg):
    """Random, alternate and systematic allocation are pooled apart and compared."""
    (synthesis,) = json.loads(bcg("pool", "--json").stdout)["syntheses"]
    (subgroup,) = synthesis["subgroups"]
    assert sum(numbers["k"] for _, numbers in subgroup["levels"]) == 13
    assert subgroup["df"] == 2


def test_a_review_that_is_not_searched_says_so(bcg):
    """Running a search on it is wrong use, with a sentence on what to do instead."""
    done = bcg("run")
    assert done.returncode == 2
    assert "living-review pool" in done.stderr
