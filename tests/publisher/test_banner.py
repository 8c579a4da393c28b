"""The head of a page says no more of the search than the sources' own days do."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from review.searching import RunStatus, Window

from .conftest import NOW

TODAY = NOW.date()


@pytest.fixture
def answered(front, material):
    """Return the front page after one complete search of today that a version of PubMed answered."""

    def call(built: date, end: date = TODAY, **changes: object) -> str:
        run = replace(
            material.ledger.runs[-1],
            window=Window(date(2019, 1, 1), end),
            started=NOW,
            ended=NOW,
            status=RunStatus.COMPLETE,
            build=f"Build-{built:%Y.%m.%d}.06.33",
        )
        return front(ledger=replace(material.ledger, runs=(run,), gaps=()), **changes)

    return call


def test_a_page_whose_source_ended_long_ago_is_not_on_schedule(answered):
    """Asked today and answered by the data of October, the page says where they end."""
    page = answered(date(2020, 10, 1))
    assert "Searched on schedule" not in page
    assert "Holds until" not in page
    assert '<strong class="badge-word">search behind</strong>' in page
    assert "Asked on schedule, but PubMed’s own data end on 30 September 2020." in page
    assert "Treat this page as overdue after 17 March 2021 at the latest." in page


def test_a_question_that_ended_early_is_not_laid_on_the_source(answered):
    """Where only older days were asked for, the page does not say that the source's data end there."""
    page = answered(NOW.date(), end=date(2020, 9, 30))
    assert "PubMed was searched only through 30 September 2020" in page
    assert "own data end" not in page


def test_a_late_search_is_not_laid_on_the_source(answered):
    """Two weeks after a weekly search the page is not yet overdue, and not on schedule either."""
    page = answered(NOW.date(), now=NOW + timedelta(days=14))
    assert (
        "The next search was due on 10 March 2021, but PubMed was searched only through 2 March 2021." in page
    )


def test_fresh_data_are_on_schedule(answered):
    """The version of yesterday, asked in time, is what a current page rests on."""
    assert "Searched on schedule" in answered(NOW.date())
