"""The days a person asks for may not leave a hole, nor run ahead of the calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from flows.by_hand.windows import asked_window
from flows.errors import Refused
from flows.steps.surveillance import search_pubmed
from review.searching import Window
from search.standin.server import StandIn

from .conftest import NOW

AFTER = NOW + timedelta(days=30)


def moment(text: str) -> datetime:
    """A day as the command line hands it over."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def searched(place, store, client, clock, catalogue):
    """The review searched on the present day, which is not over."""
    with StandIn(catalogue) as standin:
        search_pubmed(place.protocol, place.blocks(), store, client(standin), clock=clock)
    assert store.cursor("pubmed") == NOW.date()


def test_without_days_it_is_what_is_due(place, store):
    """The first search begins where the protocol says and ends today."""
    assert asked_window(place, store, None, None, NOW) == Window(date(2013, 11, 13), NOW.date())


def test_an_end_after_today_is_refused(place, store):
    """A watermark in the future would hide everything that comes before it."""
    with pytest.raises(Refused, match="until: found 2062-01-01; expected 2020-01-01 or earlier"):
        asked_window(place, store, None, moment("2062-01-01"), NOW)


def test_the_first_search_skips_no_day(place, store):
    """Where nothing was searched yet there is no overlap to spare."""
    with pytest.raises(Refused, match="expected 2013-11-13 or earlier"):
        asked_window(place, store, moment("2013-11-14"), None, NOW)


def test_a_later_search_begins_at_the_day_of_the_last_at_the_latest(place, store, searched):
    """That day was not over when it was asked for: asking for it again leaves no hole."""
    window = asked_window(place, store, moment("2020-01-01"), None, AFTER)
    assert window == Window(date(2020, 1, 1), AFTER.date())


def test_a_later_search_skips_no_day(place, store, searched):
    """The day after it leaves one."""
    with pytest.raises(Refused, match="since: found 2020-01-02; expected 2020-01-01 or earlier"):
        asked_window(place, store, moment("2020-01-02"), None, AFTER)


def test_days_that_run_backwards_are_refused(place, store):
    """The end does not come before the beginning."""
    with pytest.raises(Refused, match="expected 2013-11-13 or later"):
        asked_window(place, store, None, moment("2013-11-12"), NOW)
