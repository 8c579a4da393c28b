"""A second review on the same code: thirteen BCG vaccine trials, pooled from their counts."""

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

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


def test_absolute_latitude_is_a_meta_regression(bcg):
    """Slope -0.0291 (0.0072 by z) per degree, tau2 left 0.0764, R2 75.6% (metafor, dat.bcg)."""
    (synthesis,) = json.loads(bcg("pool", "--json").stdout)["syntheses"]
    (found,) = synthesis["moderators"]
    assert math.isclose(found["coefficients"][-1]["estimate"], -0.0291, abs_tol=5e-5)
    assert math.isclose(found["tau2"], 0.0764, abs_tol=1e-4)
    assert math.isclose(found["r2"], 75.62, abs_tol=0.05)


def test_pool_prints_a_table_for_each_kind_of_result(bcg):
    """People read the main result, subgroups, the slope, looks at small studies, and every signal's state."""
    said = bcg("pool").stdout
    for words in (
        "Main result and sensitivity analyses",
        "Leave one out",
        "allocation: systematic",
        "absolute-latitude",
        "-0.0291",
        "trim and fill",
        "minimal important difference crossed",
        "not computable",
    ):
        assert words in said, words


def test_its_site_shows_subgroup_and_regression(bcg):
    """Signed and published by hand, the page has subgroups, slope, bubble plot, funnel and contour."""
    bcg("pool")
    bcg("user", "add", "lena", "--role", "lead", "--password-stdin", text="a long enough password\n")
    bcg("sign", "--as", "lena", "--reason", "First edition.")
    site = Path(json.loads(bcg("publish", "--json").stdout)["root"])
    page = (site / "index.html").read_text("utf-8")
    for words in ("allocation: systematic", "−0.0291 log RR", "What would change the conclusion"):
        assert words in page, words
    drawn = {path.name.split("-")[0] for path in (site / "v" / "1.0.0" / "figures").glob("*.svg")}
    assert {"bubble", "funnel", "contour", "forest", "evolution"} <= drawn


def test_a_result_that_could_not_be_made_anew_is_called_older(bcg, root, tmp_path):
    """A pool that is refused is told with its reason, and the last result does not pass for a new one."""
    copy = shutil.copytree(root / "protocols" / "bcg-tuberculosis", tmp_path / "bcg")
    here = replace(bcg, review=copy)
    here("pool")
    for name in ("protocol.toml", "baseline/effects.csv"):
        text = (copy / name).read_text(encoding="utf-8")
        changed = text.replace('"RR"', '"OR"').replace(",RR,", ",OR,")
        lines = [line for line in changed.splitlines() if not line.startswith("Aronson 1948,Aronson")]
        (copy / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = here("pool", "--json")
    assert done.returncode == 3
    assert "Aronson 1948: found the measure RR; expected OR" in done.stderr
    assert "is older" in done.stderr
    (refused,) = json.loads(done.stdout)["not_pooled"]
    assert refused["key"]["outcome"] == "tuberculosis"


def test_a_removed_line_is_told_where_it_still_counts(bcg, root, tmp_path):
    """A line that left the table is named on standard error and in the JSON; the exit code stays 0."""
    copy = shutil.copytree(root / "protocols" / "bcg-tuberculosis", tmp_path / "bcg")
    here = replace(bcg, review=copy)
    assert "imported earlier" not in here("pool").stderr
    table = copy / "baseline/effects.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("Aronson 1948,Aronson")]
    table.write_text("\n".join(kept) + "\n", encoding="utf-8")
    done = here("pool", "--json")
    assert (done.returncode, done.stderr.count("imported earlier, no longer in the table")) == (0, 1)
    (left,) = json.loads(done.stdout)["left_behind"]
    assert left["study"] == "Aronson 1948"
