"""The folder of the pain review: what its tables say, and that they say no more than their sources."""

import csv
import json

import pytest

from review.baseline import read_decisions, read_reports, read_studies, read_trials
from review.protocol_reader import read_protocol
from review.published_effects import read_effects
from tests.protocols.tables import EFFECT_COLUMNS, header, rows

LABEL_ONLY = {"Anderson 2006", "Andersson 2002", "Greco 2004", "Macedo 2012", "Premi 1993"}


@pytest.fixture(scope="module")
def folder(root):
    """Give the review's folder."""
    return root / "protocols/internet-pain"


@pytest.fixture(scope="module")
def protocol(folder):
    """Give its protocol, as the service reads it."""
    return read_protocol(folder)


@pytest.fixture(scope="module")
def printed(shared_data):
    """Give the rows of the forest plot, by their own names."""
    with (shared_data / "pain/gandy2022_interference_partial.csv").open(encoding="utf-8") as file:
        return {row["study"].replace(",", ""): row for row in csv.DictReader(file)}


def test_the_protocol_is_read(protocol):
    """The protocol is valid and follows the published review."""
    assert (protocol.id, protocol.follows) == ("internet-pain", "doi:10.1002/14651858.CD010152.pub2")


@pytest.mark.parametrize("text", ["a fragment of a published table", "not the 2014 review's result"])
def test_the_rehearsal_says_what_it_is_not(protocol, text):
    """The title of the rehearsal keeps its numbers apart from the review's own."""
    assert text in protocol.rehearsal.title


def test_the_publication_disclaims_affiliation(protocol):
    """The published site says that it is not Cochrane's."""
    assert "no affiliation with Cochrane" in protocol.publication.disclaimer


def test_every_outcome_declares_instruments_of_one_direction(protocol):
    """An outcome's instruments point the way the outcome does."""
    assert all(one.better == outcome.better for outcome in protocol.outcome for one in outcome.instruments)


@pytest.mark.parametrize(("status", "number"), [("included", 15), ("excluded", 49)])
def test_studies_are_counted_as_the_review_lists_them(folder, status, number):
    """The baseline has 15 included and 49 excluded studies."""
    assert sum(row["status"] == status for row in rows(folder / "baseline/studies.csv")) == number


@pytest.mark.parametrize("status", ["included", "excluded"])
def test_studies_bear_the_labels_of_the_reference_list(folder, shared_data, status):
    """No study is left out, added or renamed."""
    labels = json.loads((shared_data / "pain/seed_labels.json").read_text(encoding="utf-8"))
    studies = rows(folder / "baseline/studies.csv")
    assert [row["study"] for row in studies if row["status"] == status] == labels[status]


def test_no_reason_of_exclusion_is_invented(folder):
    """The reasons were not seen, and the table says so."""
    excluded = [row for row in rows(folder / "baseline/studies.csv") if row["status"] == "excluded"]
    assert {row["reason"] for row in excluded} == {"not stated"}


def test_strata_the_sources_do_not_tell_stay_unknown(folder):
    """Four trials may be the one of both strata, so none of the four is placed."""
    unknown = {row["study"] for row in rows(folder / "baseline/studies.csv") if row["stratum"] == "unknown"}
    assert unknown == {"Buhrman 2013", "Buhrman 2013a", "Dear 2013", "Ruehlman 2012"}


def test_one_excluded_study_has_two_reports(folder):
    """Every study has one report, but for one that was published in two parts."""
    reports = [row["study"] for row in rows(folder / "baseline/reports.csv")]
    assert {study for study in reports if reports.count(study) > 1} == {"Kristjansdottir 2013"}


def test_every_study_has_its_report(folder):
    """Reports and studies of the baseline name each other."""
    studies = {study.study for study in read_studies(folder / "baseline/studies.csv")}
    assert {report.study for report in read_reports(folder / "baseline/reports.csv")} == studies


def test_unknown_citations_stay_unknown(folder):
    """Where the reference list gives a label only, the report has no citation, title or identifier."""
    bare = [row for row in rows(folder / "baseline/reports.csv") if not row["citation"]]
    facts = [row[key] for row in bare for key in ("title", "authors", "journal", "year", "pmid", "doi")]
    assert ({row["study"] for row in bare}, set(facts)) == (LABEL_ONLY, {""})


@pytest.mark.parametrize("identifier", ["pmid", "doi"])
def test_each_identifier_says_whether_it_was_seen(folder, identifier):
    """An identifier without a word on its verification does not occur, nor the word without it."""
    marks = {
        (bool(row[identifier]), row[f"{identifier}_verified"])
        for row in rows(folder / "baseline/reports.csv")
    }
    assert marks <= {(True, "yes"), (True, "no"), (False, "")}


def test_verified_pmids_are_those_the_sources_showed(folder, shared_data):
    """No PMID is called verified that no entry of the development data verifies."""
    lines = [
        json.loads(line)
        for name in ("records", "identifiers")
        for line in (shared_data / f"pain/{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    seen = {one["pmid"] for one in lines if one["pmid_verified"] and one.get("identity") != "candidate"}
    claimed = {row["pmid"] for row in rows(folder / "baseline/reports.csv") if row["pmid_verified"] == "yes"}
    assert claimed <= seen


@pytest.mark.parametrize("name", ["baseline/effects.csv", "rehearsal/effects.csv"])
def test_tables_of_effects_share_their_columns(folder, name):
    """Both tables of effects have the columns every review's table has."""
    assert header(folder / name) == EFFECT_COLUMNS


@pytest.mark.parametrize(("name", "number"), [("baseline/effects.csv", 9), ("rehearsal/effects.csv", 14)])
def test_effects_are_read_under_declared_keys(folder, protocol, name, number):
    """Nine rows belong to trials of the published review, fourteen to later ones."""
    assert len(read_effects(folder / name, protocol)) == number


@pytest.mark.parametrize("column", [("value", "g"), ("se", "se")])
def test_effects_equal_the_printed_table(folder, printed, column):
    """Every number is the one that the forest plot prints, and no row of it is missing."""
    ours, theirs = column
    both = rows(folder / "baseline/effects.csv") + rows(folder / "rehearsal/effects.csv")
    assert {row["row"]: row[ours] for row in both} == {name: row[theirs] for name, row in printed.items()}


def test_effects_claim_no_more_than_the_plot(folder):
    """Instrument and kind of control were not printed; positive is benefit."""
    both = rows(folder / "baseline/effects.csv") + rows(folder / "rehearsal/effects.csv")
    said = {(row["instrument"], row["comparison"], row["better"]) for row in both}
    assert said == {("not stated", "not-distinguished", "higher")}


def test_only_the_migraine_trial_is_of_the_headache_stratum(folder):
    """Bromberg is kept apart from the trials of other pain."""
    headache = [row["study"] for row in rows(folder / "baseline/effects.csv") if row["stratum"] == "headache"]
    assert headache == ["Bromberg 2011"]


@pytest.mark.parametrize(("study", "control"), [("Dear 2015", "split"), ("Lin 2017", "shared")])
def test_shared_controls_are_marked_as_inferred(folder, study, control):
    """What is concluded from group sizes says that it is an inference."""
    found = [row for row in rows(folder / "rehearsal/effects.csv") if row["study"] == study]
    assert {(row["shared_control"], "an inference" in row["note"]) for row in found} == {(control, True)}


def test_only_knoerl_is_contested(folder):
    """The trial in neuropathy after chemotherapy is held as a conflict, no other."""
    contested = [one.study for one in read_decisions(folder / "rehearsal/decisions.csv") if one.contested]
    assert contested == ["Knoerl 2018"]


def test_decisions_cover_the_later_trials_of_the_effect_table(folder):
    """Every later trial with an effect has a decision, but for the one whose report no source gave."""
    decided = {row["study"] for row in rows(folder / "rehearsal/decisions.csv")}
    measured = {row["study"] for row in rows(folder / "rehearsal/effects.csv")}
    assert measured - decided == {"Hedman-Lagerlof 2018"}


def test_undecided_trials_have_no_imported_decision(folder):
    """A trial that the list calls undecided is not settled by the other table."""
    undecided = {one.study for one in read_trials(folder / "rehearsal/trials.csv") if "undecided" in one.note}
    decided = {one.study for one in read_decisions(folder / "rehearsal/decisions.csv")}
    assert (len(undecided), undecided & decided) == (25, set())
