"""A merge pools anew, and a merge taken back pools as before."""

import sqlite3
from datetime import timedelta

import pytest

from flows.by_hand.views import status_view
from flows.cli.app import main
from flows.serving.dispatcher import Dispatcher
from flows.steps.baseline import take_in_baseline
from flows.steps.resynthesis import pool_ledger, resynthesise
from review.ids import RecordId, ReportId
from review.link import DuplicateLink, LinkHint, Relation
from review.record import Record
from review.screening import settle
from review.studies import contested_studies, included_studies

from .conftest import NOW


@pytest.fixture
def pooled(place, store):
    """The published review, taken in and pooled."""
    take_in_baseline(place.folder, place.protocol, store, NOW)
    resynthesise(place.protocol, store, NOW)
    return store


def _reports(place, store) -> tuple[ReportId, ReportId]:
    """Return one report of each of two studies that are pooled."""
    rows = {row.study for one in store.ledger().syntheses for row in one.rows}
    studies = included_studies(settle(store.ledger(), place.protocol))
    one, other, *_ = (study for name, study in studies.items() if name in rows and len(study.reports) == 1)
    return one.reports[0], other.reports[0]


def _say(store, report: ReportId, into: ReportId, hours: int) -> None:
    at = NOW + timedelta(hours=hours)
    store.link_duplicates(
        [DuplicateLink(record=RecordId(report), report=into, rule="made up", at=at, by="lena")]
    )


def _digests(place, store) -> set[str]:
    return {one.digest for one in pool_ledger(store.ledger(), place.protocol, NOW).syntheses}


def test_two_studies_in_one_document_are_held(place, pooled):
    """Reports of two pooled studies that become one document take both studies out until people say which."""
    into, report = _reports(place, pooled)
    before = included_studies(settle(pooled.ledger(), place.protocol))
    _say(pooled, report, into, 1)
    after = settle(pooled.ledger(), place.protocol)
    assert set(contested_studies(after)) == before.keys() - included_studies(after).keys()
    assert len(contested_studies(after)) == 2


def test_what_is_taken_back_pools_as_before(place, pooled):
    """Set apart again, the two reports give the same syntheses, digest by digest."""
    into, report = _reports(place, pooled)
    before = _digests(place, pooled)
    _say(pooled, report, into, 1)
    held = _digests(place, pooled)
    _say(pooled, report, report, 2)
    assert (held != before, _digests(place, pooled)) == (True, before)


def test_a_merge_wakes_the_resynthesis(place, pooled):
    """The row that a merge leaves in the outbox is a decision for the dispatcher."""
    into, report = _reports(place, pooled)
    _say(pooled, report, into, 1)
    woken = []
    Dispatcher(review="r", submit=lambda name, _key: not woken.append(name)).dispatch(pooled)
    assert woken == ["resynthesis/on-decision"]


def test_the_status_says_how_many_wait(place, pooled):
    """Possible duplicates are counted where somebody looks at the review from the command line."""
    one, other = _reports(place, pooled)
    hint = LinkHint(
        report=one, other=other, evidence="made up", at=NOW, relation=Relation.DUPLICATE, confidence=0.9
    )
    pooled.add_records([Record(source="files", accession="x", title="A trial")], NOW, hints=[hint])
    sentences = status_view(place.protocol, pooled, NOW).sentences
    assert "Possible duplicates: 1 waiting for a person's word at the desk" in sentences


def test_a_wrong_filing_is_noticed_and_mended(place, pooled, capsys, monkeypatch):
    """Where the look-up of merges does not say what the ledgers say, verify fails and migrate mends it."""
    monkeypatch.setenv("LIVING_REVIEW_HOME", str(place.settings.home))
    one, other = _reports(place, pooled)
    with sqlite3.connect(place.home / "review.db") as database:
        database.execute("UPDATE standing SET report = ? WHERE record = ?", (one, other))
    database.close()
    ends = []
    for command in ("verify", "migrate", "verify"):
        try:
            main([command, "--review", str(place.folder)])
        except SystemExit as end:
            ends.append(end.code)
    assert (ends, "run 'living-review migrate'" in capsys.readouterr().err) == ([1, 0, 0], True)
