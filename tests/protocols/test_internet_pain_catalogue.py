"""The bundled catalogue of the rehearsal: facts and an index of words, nothing else."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest

from review.baseline import read_decisions, read_trials
from search.blocks import read as read_blocks
from search.catalogue import read as read_catalogue
from search.strategy import parse
from tests.protocols.tables import rows

PLACEHOLDER = "PMID is a placeholder: none was seen in the sources"
YEAR_ONLY = "entry date assumed: only the year is known"
# data/pain/query.txt: the strategy must find the first seven, and should find the others.
SANITY = (
    *("15680926", "23139021", "23548250", "21681084", "21506633", "22133450", "10965647"),
    *("29346579", "29481976", "28009629", "28379873", "31498393", "31002442", "28384682", "27707686"),
)


@pytest.fixture(scope="module")
def rehearsal(root):
    """Give the folder of the rehearsal."""
    return root / "protocols/internet-pain/rehearsal"


@pytest.fixture(scope="module")
def catalogue(rehearsal):
    """Give its entries by accession."""
    return {record.accession: record for record in read_catalogue(rehearsal / "catalogue.jsonl")}


@pytest.fixture(scope="module")
def near_misses(rehearsal):
    """Give the accessions of the near-misses."""
    return (rehearsal / "near-misses.txt").read_text(encoding="utf-8").split()


@pytest.fixture(scope="module")
def strategy(rehearsal):
    """Give the whole strategy, as it is sent."""
    return parse(read_blocks(rehearsal.parent / "search-pubmed.txt").full())


def test_no_line_has_an_abstract(rehearsal):
    """The key does not occur in any line."""
    lines = (rehearsal / "catalogue.jsonl").read_text(encoding="utf-8").splitlines()
    assert not any("abstract" in json.loads(line) for line in lines)


def test_every_index_is_declared(catalogue):
    """An index is never passed off as the authors' keywords: what declares none has no abstract to index."""
    undeclared = [record for record in catalogue.values() if not record.index_only]
    assert all("abstract not seen: nothing of it is indexed" in record.notes for record in undeclared)


def test_an_index_is_sorted_and_distinct(catalogue):
    """Neither the order nor the number of the words of an abstract can be read from its index."""
    indexed = [record.keywords for record in catalogue.values() if record.index_only]
    assert all(list(keywords) == sorted(set(keywords)) for keywords in indexed)


def test_an_index_holds_no_passages(catalogue):
    """No keyword is longer than the longest phrase of the strategy."""
    assert max(len(word.split()) for record in catalogue.values() for word in record.keywords) == 3


def test_an_entry_has_a_placeholder_exactly_where_it_says_so(catalogue):
    """Numbers from 900000000 up are placeholders, all others are PMIDs that a source showed."""
    numbered = {number for number in catalogue if int(number) >= 900_000_000}
    assert numbered == {number for number, record in catalogue.items() if PLACEHOLDER in record.notes}


def test_no_pmid_is_from_memory(catalogue, shared_data):
    """PMIDs that the data call unverified do not occur, unless another source verified them."""
    lines = [
        json.loads(line)
        for name in ("records", "identifiers")
        for line in (shared_data / f"pain/{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    seen = {one["pmid"] for one in lines if one["pmid_verified"]}
    claimed = {one["pmid"] for one in lines if one["pmid"] and not one["pmid_verified"]}
    assert (len(claimed - seen), (claimed - seen) & set(catalogue)) == (3, set())


def test_no_document_stands_twice(catalogue):
    """No DOI and no PMCID belongs to two entries."""
    marks = [mark.lower() for record in catalogue.values() for mark in (record.doi, record.pmcid) if mark]
    assert len(marks) == len(set(marks))


def test_an_assumed_day_is_the_first_of_july(catalogue):
    """Where only the year is known the entry says so, and its day is the agreed one."""
    days = [record.entered for record in catalogue.values() if YEAR_ONLY in record.notes]
    assert {(day.month, day.day) for day in days} == {(7, 1)}


def test_every_day_of_entry_is_declared_to_be_assumed(catalogue):
    """No source named a day of entry, so none goes without a note."""
    assert all(any("entry date assumed" in note for note in record.notes) for record in catalogue.values())


def test_an_unseen_title_is_not_made_up(catalogue):
    """A title stands in brackets with its label exactly where the entry says that none was seen."""
    unseen = {
        number for number, record in catalogue.items() if "title not seen in the sources" in record.notes
    }
    assert unseen == {n for n, record in catalogue.items() if record.title.startswith("[Title not seen] ")}


def test_the_background_is_large_enough(catalogue, rehearsal, near_misses):
    """At least 1,500 entries are neither documents of the review nor near-misses."""
    known = 15 + 50 + 31 + 4 + 3
    assert len(catalogue) - len(near_misses) - known >= 1_500


def test_near_misses_are_entries(catalogue, near_misses):
    """Every near-miss is in the catalogue, once."""
    assert (len(near_misses), set(near_misses) - set(catalogue)) == (386, set())


def test_near_misses_are_no_known_trials(rehearsal, near_misses):
    """What resembles the trials is kept apart from the trials."""
    assert not {row["pmid"] for row in rows(rehearsal / "trials.csv")} & set(near_misses)


def test_trials_stand_in_the_catalogue_as_they_say(rehearsal, catalogue):
    """Every later trial has its entry, in its year and under its title, or says that it has none."""
    trials = [one for one in read_trials(rehearsal / "trials.csv") if one.in_catalogue]
    stated = [(one.year, one.doi, one.title or f"[Title not seen] {one.study}") for one in trials]
    entries = [catalogue[one.pmid] for one in trials]
    assert stated == [(entry.entered.year, entry.doi, entry.title) for entry in entries]


def test_one_trial_has_no_report(rehearsal):
    """The trial whose report no source gave says so."""
    absent = [one for one in read_trials(rehearsal / "trials.csv") if not one.in_catalogue]
    assert [(one.study, one.pmid, one.note.split(":")[0]) for one in absent] == [
        ("Hedman-Lagerlof 2018", "", "effect published, report not in the catalogue")
    ]


def test_decisions_come_in_the_year_of_the_report(rehearsal):
    """A decision is imported in the year in which its report enters the catalogue."""
    years = {one.study: one.year for one in read_trials(rehearsal / "trials.csv")}
    decisions = read_decisions(rehearsal / "decisions.csv")
    assert [one.year for one in decisions] == [years[one.study] for one in decisions]


def test_no_entry_is_of_a_later_day_than_the_protocol(catalogue):
    """The catalogue holds the past only."""
    assert max(record.entered for record in catalogue.values()) <= date(2026, 11, 22)


@pytest.mark.parametrize("pmid", SANITY)
def test_the_strategy_finds_the_sanity_set(catalogue, strategy, pmid):
    """Every PMID that the strategy must find is in the catalogue and found."""
    assert strategy.matches(catalogue[pmid])


def test_missed_trials_are_listed(rehearsal, catalogue, strategy):
    """The README names each later trial that the strategy misses, with the blocks that lose it."""
    blocks = read_blocks(rehearsal.parent / "search-pubmed.txt").blocks
    readme = (rehearsal / "README.md").read_text(encoding="utf-8").splitlines()
    listed = [line for line in readme if line.startswith("| ") and line.split(" | ")[1].isdecimal()]
    missed = [
        f"| {one.study} | {one.pmid} | {', '.join(b.name for b in blocks if not b.strategy.matches(entry))} |"
        for one in read_trials(rehearsal / "trials.csv")
        if one.in_catalogue and not strategy.matches(entry := catalogue[one.pmid])
    ]
    assert sorted(listed) == sorted(missed)


@pytest.mark.parametrize("name", ["catalogue.jsonl", "near-misses.txt"])
def test_the_build_is_reproducible(root, rehearsal, shared_data, built, name):
    """The script gives the bundled file again, byte for byte."""
    assert (built / name).read_bytes() == (rehearsal / name).read_bytes()


@pytest.fixture(scope="module")
def built(root, rehearsal, shared_data, tmp_path_factory):
    """Give a folder with what the script builds from the development data."""
    out = tmp_path_factory.mktemp("rehearsal")
    subprocess.run(
        [sys.executable, rehearsal / "build_catalogue.py", shared_data, out],
        check=True,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
    )
    return out
