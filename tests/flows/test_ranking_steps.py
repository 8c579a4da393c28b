"""Presumed negatives are drawn label-blind, and a run that was broken off draws the same."""

from dataclasses import replace
from datetime import date

import pytest

from flows.steps.ranking import fetch_background, rank_waiting
from flows.steps.surveillance import search_pubmed
from search.standin.server import StandIn
from tests.flows.one_topic import decided, january, made_up_records

from .conftest import NOW

UNTIL = NOW.date()


@pytest.fixture
def standin(catalogue):
    """A PubMed that holds the thinned catalogue."""
    with StandIn(catalogue) as server:
        yield server


@pytest.fixture
def fetch(place, store, client, standin):
    """Fetch the background up to a day."""
    return lambda until=UNTIL: fetch_background(
        place.protocol, place.blocks(), store, client(standin), until=until, now=NOW
    )


def test_the_background_is_outside_the_review(place, store, fetch):
    """No presumed negative is a record that the review's own strategy returns."""
    assert fetch() > 0
    blocks = place.blocks()
    matching = [
        all(blocks.block(name).matches(record) for name in blocks.names) for record in store.background()
    ]
    assert not any(matching)


def test_the_background_is_never_counted(store, fetch):
    """Presumed negatives are neither sighted nor queued."""
    fetch()
    assert store.ledger().sightings == ()


def test_a_broken_off_run_draws_the_same_background(place, store, fetch, client, standin, clock, tmp_path):
    """The draw does not depend on whether the search was committed before it."""
    fetch()
    before = {record.id for record in store.background()}
    search_pubmed(place.protocol, place.blocks(), store, client(standin), clock=clock)
    assert fetch() == 0
    assert {record.id for record in store.background()} == before


def test_a_revised_presumed_negative_is_left_as_it_is(place, store, fetch, client, catalogue):
    """A later run that meets a record of the background in another wording does not stumble over it."""
    fetch()
    before = store.background()
    revised = [replace(record, language="eng (revised)") for record in catalogue]
    with StandIn(revised) as standin:
        plan = {"until": UNTIL, "now": NOW}
        assert fetch_background(place.protocol, place.blocks(), store, client(standin), **plan) == 0
    assert store.background() == before


def test_nothing_from_the_future_is_drawn(store, fetch):
    """A replayed year knows no record that entered PubMed after it."""
    fetch(date(2015, 12, 31))
    assert max(record.entered for record in store.background()) <= date(2015, 12, 31)


def test_nothing_is_ranked_before_anything_was_included(place, store, client, standin, clock):
    """Without one included report there is nothing to learn from, and no order is invented."""
    search_pubmed(place.protocol, place.blocks(), store, client(standin), clock=clock)
    assert rank_waiting(place.protocol, store, NOW) is None


def test_what_waits_is_no_presumed_negative(place, store):
    """A report that was also drawn as background waits like the others: the model is the one it was."""
    first, waiting = made_up_records("1", 24), made_up_records("2", 9)
    store.add_records([*first, *waiting], january(1))
    store.import_decisions(decided(first, 3))
    before = rank_waiting(place.protocol, store, january(4))
    store.add_background(waiting[:1], january(5))
    after = rank_waiting(place.protocol, store, january(6))
    assert after.model.id == before.model.id
    assert [one.score for one in after.suggestions] == [one.score for one in before.suggestions]
