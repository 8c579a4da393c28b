"""That a source reads the same strategy otherwise than before is said, and is no doubt about the answer."""

from datetime import date

import pytest

from flows.steps.recording import Answer, Question, record_answer
from flows.steps.surveillance import search_pubmed
from review.searching import RunStatus, Window
from review.translations import changed_reading, without_days
from search.standin.server import StandIn

from .conftest import NOW

BEFORE = '("pain"[MeSH Terms] OR "pain"[All Fields]) AND 2024/01/01:2024/01/08[Date - Entry]'
AFTER = '("pain"[MeSH Terms] OR "aches"[All Fields]) AND 2024/01/08:2024/01/15[Date - Entry]'


def test_the_days_of_the_window_do_not_count():
    """Each run asks for other days: that is not another reading."""
    assert changed_reading(BEFORE, BEFORE.replace("2024/01/08[", "2024/02/08[")) == ""


def test_what_changed_is_named():
    """Terms that came and terms that went are told."""
    said = changed_reading(BEFORE, AFTER)
    assert 'now with "aches"[All Fields]; now without "pain"[All Fields]' in said


def test_the_same_terms_joined_otherwise_are_a_change():
    """An OR that became an AND is told although no term differs."""
    assert "joined otherwise" in changed_reading(BEFORE, BEFORE.replace(" OR ", " AND ", 1))


@pytest.mark.parametrize(("before", "now"), [("", BEFORE), (BEFORE, "")])
def test_without_a_reading_nothing_is_said(before, now):
    """A first run, and a source that does not say how it reads, have nothing to compare."""
    assert changed_reading(before, now) == ""


def test_brackets_that_the_days_brought_are_taken_off():
    """With or without days, it is one reading."""
    assert (
        without_days("(a[tiab] OR b[tiab]) AND 2024/01/01:2024/01/08[Date - Entry]") == "a[tiab] OR b[tiab]"
    )
    assert without_days("(a[tiab]) OR (b[tiab])") == "(a[tiab]) OR (b[tiab])"


@pytest.fixture
def remapped(place, store):
    """A run in the log in which PubMed read the present strategy otherwise."""
    question = Question(
        source="pubmed",
        protocol_version=1,
        strategy_sha256=place.blocks().sha256,
        query="",
        window=Window(place.protocol.search.pubmed.since, date(2019, 12, 1)),
        started=NOW,
    )
    answer = Answer(status=RunStatus.COMPLETE, translation='"former mapping"[MeSH Terms]')
    record_answer(store, question, NOW, answer)


def test_a_change_is_told_and_moves_the_watermark(place, store, client, clock, catalogue, remapped):
    """The search was answered in full: people must look, but no day is left open."""
    with StandIn(catalogue) as standin:
        run = search_pubmed(place.protocol, place.blocks(), store, client(standin), clock=clock)
    assert run.status is RunStatus.COMPLETE
    assert 'now without "former mapping"[MeSH Terms]' in run.message
    assert (store.open_gaps(), store.cursor("pubmed")) == ((), NOW.date())
