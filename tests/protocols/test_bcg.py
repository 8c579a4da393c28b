"""The folder of the BCG review: thirteen trials with counts per arm."""

import gzip
import json

import pytest

from review.baseline import read_reports, read_studies
from review.protocol_reader import read_protocol
from review.published_effects import read_effects
from tests.protocols.tables import EFFECT_COLUMNS, header, rows


@pytest.fixture(scope="module")
def folder(root):
    """Give the review's folder."""
    return root / "protocols/bcg-tuberculosis"


@pytest.fixture(scope="module")
def protocol(folder):
    """Give its protocol, as the service reads it."""
    return read_protocol(folder)


@pytest.fixture(scope="module")
def dataset(shared_data):
    """Give the columns of dat.bcg."""
    with gzip.open(shared_data / "oracle/dat.bcg.json.gz", "rt", encoding="utf-8") as file:
        return json.load(file)["data"]


def test_the_review_has_no_search(protocol):
    """A review without a search is a valid protocol."""
    assert (protocol.search.pubmed, protocol.search.files) == (None, None)


def test_less_tuberculosis_is_the_benefit(protocol):
    """The direction is declared and ratios keep their own."""
    outcome = protocol.find_outcome("tuberculosis")
    assert (outcome.measure, outcome.better, protocol.synthesis.sign) == ("RR", "lower", "as measured")


def test_thirteen_studies_are_included(folder):
    """All trials of the data set, each under a label of its own."""
    assert len({study.study for study in read_studies(folder / "baseline/studies.csv")}) == 13


def test_every_study_has_one_report(folder):
    """Studies and reports name each other, one to one."""
    studies = [study.study for study in read_studies(folder / "baseline/studies.csv")]
    assert [report.study for report in read_reports(folder / "baseline/reports.csv")] == studies


def test_reports_claim_nothing_that_the_data_set_does_not_say(folder):
    """Title, journal and identifiers are not in the data set, so they stay empty."""
    reports = rows(folder / "baseline/reports.csv")
    assert {row[key] for row in reports for key in ("title", "journal", "pmid", "doi")} == {""}


def test_the_table_of_effects_has_the_common_columns(folder):
    """The columns are those of every review's table of effects, and one for its moderator."""
    assert header(folder / "baseline/effects.csv").replace(",moderators", "") == EFFECT_COLUMNS


def test_effects_are_counts_per_arm(folder, protocol):
    """Every row gives counts and leaves the risk ratio to the synthesis."""
    estimates = [effect.estimate for effect in read_effects(folder / "baseline/effects.csv", protocol)]
    assert all(one.arms and one.value is None and one.se is None for one in estimates)


def test_counts_equal_the_data_set(folder, protocol, dataset):
    """Cases are the printed ones, participants are cases and non-cases added."""
    arms = [effect.estimate.arms for effect in read_effects(folder / "baseline/effects.csv", protocol)]
    columns = zip(*(dataset[name] for name in ("tpos", "tneg", "cpos", "cneg")), strict=True)
    expected = [(tp, tp + tn, cp, cp + cn) for tp, tn, cp, cn in columns]
    assert [(one.ai, one.n1i, one.ci, one.n2i) for one in arms] == expected


def test_allocation_equals_the_data_set(folder, protocol, dataset):
    """Each trial is in the subgroup of its own allocation."""
    effects = read_effects(folder / "baseline/effects.csv", protocol)
    assert [dict(one.estimate.subgroups)["allocation"] for one in effects] == dataset["alloc"]


def test_latitude_equals_the_data_set(folder, protocol, dataset):
    """Each trial states the absolute latitude that the data set gives."""
    effects = read_effects(folder / "baseline/effects.csv", protocol)
    assert [dict(one.estimate.moderators)["absolute-latitude"] for one in effects] == dataset["ablat"]


def test_every_row_names_its_source(folder):
    """Each row cites the data set."""
    assert all("dat.bcg" in row["source"] for row in rows(folder / "baseline/effects.csv"))
