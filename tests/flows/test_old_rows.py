"""A database that was written before records had all the fields of today goes on as it was."""

import json

import pytest
from sqlalchemy import select, text, update

from flows.steps.baseline import take_in_baseline
from flows.steps.known_pass import look_again
from flows.steps.ranking import fetch_background
from flows.steps.surveillance import search_pubmed
from review.searching import RunStatus
from search.standin.server import StandIn
from store import schema

from .conftest import NOW

LATER_FIELDS = {"orcids", "corrections", "published", "revised", "status", "version"}


@pytest.fixture
def old(place, store, client, clock, catalogue):
    """A review that was searched by an older version: its rows lack what came later."""
    few = catalogue[::3]
    take_in_baseline(place.folder, place.protocol, store, NOW)
    with StandIn(few) as standin:
        pubmed = client(standin)
        search_pubmed(place.protocol, place.blocks(), store, pubmed, clock=clock)
        fetch_background(place.protocol, place.blocks(), store, pubmed, until=NOW.date(), now=NOW)
        for table in (schema.record, schema.background):
            _strip(store, table)
        yield pubmed


def _strip(store, table):
    guards = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
    with store._database._engine.begin() as connection:
        for (guard,) in connection.execute(text(guards), {"table": table.name}).all():
            connection.execute(text(f"DROP TRIGGER {guard}"))
        for seq, body in connection.execute(select(table.c.seq, table.c.body)).all():
            kept = {key: value for key, value in json.loads(body).items() if key not in LATER_FIELDS}
            row = json.dumps(kept, sort_keys=True, separators=(",", ":"))
            connection.execute(update(table).where(table.c.seq == seq).values(body=row))


def test_the_baseline_is_taken_in_again(place, store, old):
    """Reports that lack the newer fields are the same reports."""
    before = store.generation()
    take_in_baseline(place.folder, place.protocol, store, NOW)
    assert store.generation() == before


def test_what_was_found_stays_known(place, store, old, clock):
    """A search over the same days queues nothing a second time."""
    run = search_pubmed(place.protocol, place.blocks(), store, old, clock=clock)
    assert (run.counts.queued, run.counts.duplicates) == (0, 0)
    assert run.counts.known > 0


def test_presumed_negatives_are_not_written_over(place, store, old):
    """A record of the background that reads otherwise by now is left as it is."""
    assert fetch_background(place.protocol, place.blocks(), store, old, until=NOW.date(), now=NOW) == 0


def test_a_pass_over_old_rows_tells_nothing_new(place, store, old, clock):
    """That a field was not kept before is no finding."""
    held = {record.pmid for report in store.reports().values() for record in report.records}
    found = {record.pmid for record in old.fetch(sorted(filter(None, held))).records}
    done = look_again(place.protocol, store, old, clock=clock, only=found)
    assert (done.notices, done.run.status) == ((), RunStatus.COMPLETE)
