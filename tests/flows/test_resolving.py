"""Reference reports get their identifiers and their texts, and what a person chose stays chosen."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from flows.by_hand.resolving import identified_file, resolve_references
from flows.by_hand.strategy_check import Asked, check_strategy
from flows.steps.baseline import take_in_baseline
from flows.steps.references import DOUBT, fetch_references
from review.baseline import read_reports
from review.decision import Decision, Stage, Verdict
from review.identified import read_identified
from review.ids import ReportId, Reviewer
from review.link import DuplicateLink
from review.merging import open_hints
from review.prisma import prisma_flow
from review.screening import settle
from review.tables import TableError
from search.catalogue import write as write_catalogue
from search.recall import Hit, Standing
from search.standin.faults import Fault, FaultKind
from search.standin.server import StandIn

from .conftest import NOW


@pytest.fixture
def place(place, tmp_path):
    """The pain review in a folder that may be written to."""
    folder = shutil.copytree(place.folder, tmp_path / "review", ignore=shutil.ignore_patterns("rehearsal"))
    return replace(place, folder=Path(folder))


@pytest.fixture
def resolve(place, client, catalogue):
    """Resolve against the catalogue; `faults` go wrong on the way."""

    def run(*faults, records=catalogue, **options):
        with StandIn(records, faults) as standin:
            return resolve_references(place, client(standin), NOW, **options)

    return run


@pytest.fixture
def fetch(place, store, client, catalogue):
    """Take the baseline in and fetch the texts of its reports."""

    def run(records=catalogue):
        take_in_baseline(place.folder, place.protocol, store, NOW)
        with StandIn(records) as standin:
            return fetch_references(place.folder, place.protocol, store, client(standin), NOW)

    return run


def _choose(place, report, **cells):
    path = identified_file(place)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    next(row for row in rows if row["report"] == report).update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_every_report_is_accounted_for(resolve, place):
    """Each report of the table has a verified PMID or a line that says what came of it."""
    found = resolve()
    reports = read_reports(place.folder / place.protocol.references.reports)
    assert (found.verified + len(found.rows), len(read_identified(found.file))) == (
        len(reports),
        len(found.rows),
    )


def test_confirmed_lines_name_their_source(resolve):
    """What was confirmed says by which question, how far it agrees, and when PubMed was asked."""
    confirmed = [row for row in resolve().rows if row.outcome == "confirmed"]
    assert confirmed
    assert all(row.how and "%" in row.evidence and "asked on" in row.source for row in confirmed)


def test_a_person_s_choice_is_never_asked_again(resolve, place):
    """A line that somebody confirmed stays as it is, even where everything is asked anew."""
    report = next(row.report for row in resolve().rows if row.outcome != "confirmed")
    _choose(place, report, outcome="confirmed", pmid="900000077", confirmed_by="the lead")
    again = {row.report: row for row in resolve(again=True).rows}
    assert (again[report].pmid, again[report].why) == ("900000077", "confirmed by the lead")


def test_a_choice_without_a_name_is_refused(resolve, place):
    """A confirmed line that says neither how it was found nor who chose it names its line."""
    report = next(row.report for row in resolve().rows if row.outcome == "not found" or not row.how)
    _choose(place, report, outcome="confirmed", pmid="900000077", how="")
    with pytest.raises(TableError, match="neither how nor confirmed_by"):
        resolve()


def test_what_was_not_asked_is_asked_next_time(resolve):
    """When PubMed fails part-way, the rest is told as not asked, and a second call closes it."""
    broken = resolve(Fault("ecitmatch", FaultKind.REDIRECT))
    assert (broken.complete, resolve().complete) == (False, True)


def test_texts_stand_for_their_report_and_are_counted_nowhere(resolve, fetch, store, place):
    """Fetched records belong to the reference reports: no report, no PRISMA box and no status is new."""
    resolve()
    take_in_baseline(place.folder, place.protocol, store, NOW)
    before = settle(store.ledger(), place.protocol)
    flow = prisma_flow(store.ledger(), before)
    assert fetch() > 20
    after = settle(store.ledger(), place.protocol)
    assert (after, prisma_flow(store.ledger(), after)) == (before, flow)


def test_texts_are_fetched_once(resolve, fetch, store):
    """A second pass adds nothing."""
    resolve()
    fetch()
    before = store.generation()
    assert (fetch(), store.generation()) == (0, before)


def test_the_ranking_reads_the_fuller_record(resolve, fetch, store):
    """A report is represented by the record that has its words."""
    resolve()
    fetch()
    assert any(report.record.index_only for report in store.reports().values())


@pytest.fixture
def searched(resolve, place, store, catalogue):
    """A report whose PMID was resolved, and PubMed's record of it, which a search has brought already."""
    take_in_baseline(place.folder, place.protocol, store, NOW)
    held = {one.pmid: one for one in catalogue}
    row = next(row for row in resolve().rows if row.outcome == "confirmed" and row.pmid in held)
    record = held[row.pmid]
    store.add_records([record], NOW)
    return ReportId(f"baseline:{row.report}"), record


def test_a_text_that_a_search_brought_is_tied(searched, fetch, store):
    """The PubMed record of a reference report that is known as a report of its own becomes that report."""
    report, record = searched
    fetch()
    assert [one.id for one in store.link_index().by_pmid(record.pmid)] == [report]
    assert [one.id for one in store.report(report).records if one.pmid] == [record.id]


def test_a_judged_report_of_a_reference_pmid_is_a_hint(searched, fetch, store):
    """A report that people have judged does not become another by itself: they are asked."""
    report, record = searched
    vote = Decision(
        report=record.report_id,
        stage=Stage.SCREENING,
        verdict=Verdict.EXCLUDE,
        reviewer=Reviewer("ada"),
        at=NOW,
        criteria_version=1,
    )
    store.decide(vote)
    fetch()
    hints = open_hints(store.ledger().link_hints, ())
    assert [{one.report, one.other} for one in hints] == [{report, record.report_id}]


def test_what_people_set_apart_is_not_tied_again(searched, fetch, store):
    """A tie that a person took back stays taken back, and no second record comes in its place."""
    _, record = searched
    fetch()
    store.link_duplicates(
        [DuplicateLink(record=record.id, report=record.report_id, rule="set apart", at=NOW, by="lena")]
    )
    assert fetch() == 0
    assert [one.id for one in store.link_index().by_pmid(record.pmid)] == [record.report_id]


def test_a_pmid_of_another_document_is_told_and_not_taken(fetch, store, place, catalogue):
    """Where PubMed has another title under a PMID of the table, people are told once and nothing is taken."""
    held = {one.pmid for one in catalogue}
    reports = read_reports(place.folder / place.protocol.references.reports)
    report = next(one.record for one in reports if one.record.pmid in held)
    records = [
        replace(one, title="A trial of X in Y") if one.pmid == report.pmid else one for one in catalogue
    ]
    fetch(records)
    fetch(records)
    told = [notice for notice in store.ledger().notices if notice.kind == DOUBT]
    assert [(one.report, report.pmid in one.text) for one in told] == [(report.report_id, True)]


def test_the_strategy_is_held_against_resolved_reports(resolve, place, catalogue, tmp_path):
    """A report whose PMID was found is judged by its record's words like one whose PMID was stated."""
    words = tmp_path / "words.jsonl"
    write_catalogue(words, catalogue)
    rehearsal = replace(place.protocol.rehearsal, catalogue=str(words))
    protocol, plan = replace(place.protocol, rehearsal=rehearsal), place.protocol.search.pubmed
    before = check_strategy(place.folder, protocol, plan, Asked()).offline
    resolve()
    after = check_strategy(place.folder, protocol, plan, Asked()).offline
    unjudged = [len(recall.of(Standing.EXCLUDED, Hit.UNKNOWN)) for recall in (before, after)]
    assert unjudged[0] > unjudged[1]
