"""The tag of randomised trials at the desk: beside entries, with reasons, as a filter that hides nothing."""

from dataclasses import replace

import pytest

from review.decision import Verdict
from review.record import Report
from tests.triage.test_browser import SMALL, VIEWS, _violations, axe  # noqa: F401 - a fixture
from tests.triage.world import MODEL, START, decision, record, report, suggestion
from triage.designs import Wanted, listed, tag_of

REVIEW = record(
    4, title="Treatments for condition Y: a systematic review", abstract="We searched MEDLINE for any study."
)


@pytest.fixture
def store(store):
    """Three trials and a review, which the ranking put on top."""
    store.add_records([REVIEW], START)
    store.add_model(MODEL)
    store.add_suggestions([replace(suggestion(4), score=0.99, rank=1)])
    return store


def _titles(page):
    return [number for number in (1, 2, 3, 4) if f'href="/record/{report(number)}"' in page]


def test_each_entry_has_its_tag(sign_in):
    """The queue lists everything by default, with the tag beside each title."""
    page = sign_in("ada").open("/queue/screening").text
    assert _titles(page) == [1, 2, 3, 4]
    assert page.count("reads like a randomised trial ") == 3
    assert page.count("reads like no randomised trial ") == 1
    assert "Not listed here" not in page


@pytest.mark.parametrize(("wanted", "numbers", "left_out"), [("likely", [1, 2, 3], 1), ("unlikely", [4], 3)])
def test_a_filter_lists_what_reads_so_and_says_what_it_left_out(sign_in, wanted, numbers, left_out):
    """A filtered page lists the ones asked for, counts the others, and the heading counts all."""
    page = sign_in("ada").open(f"/queue/screening?design={wanted}").text
    assert _titles(page) == numbers
    assert f"Not listed here: {left_out} of the first 4" in page
    assert "4 waiting for you" in page


def test_a_filter_that_leaves_nothing_says_so(store, sign_in):
    """Where nothing reads as asked, the page does not claim that nothing waits."""
    ada = sign_in("ada")
    assert "Nothing waits for you here." in ada.open("/queue/full%20text?design=likely").text
    store.decide(decision(4, "ada", Verdict.EXCLUDE))
    assert "Nothing that waits for you reads so." in ada.open("/queue/screening?design=unlikely").text


def test_a_filter_changes_neither_the_queue_nor_its_order(sign_in):
    """The queue of the interface and the next card are the same whatever was filtered before."""
    ada = sign_in("ada")
    before = ada.open("/api/queue/screening").json()["reports"]
    ada.open("/queue/screening?design=unlikely")
    assert ada.open("/api/queue/screening").json()["reports"] == before
    assert before[0] == report(4)


def test_an_unknown_filter_is_refused(sign_in):
    """A filter that does not exist is the asker's mistake, told without a stack of calls."""
    answer = sign_in("ada").open("/queue/screening?design=perhaps")
    assert answer.status_code in {400, 422}
    assert "Traceback" not in answer.text


def test_the_record_page_says_why(sign_in):
    """The card of a report shows its likelihood and the phrases that made it."""
    page = sign_in("ada").open(f"/record/{report(4)}").text
    assert "Reads like no randomised trial" in page
    assert "<q>we searched</q>" in page


def test_a_page_lists_only_so_many() -> None:
    """Past its length a page lists no more, and the rest does not count as left out."""
    reports = [_report(number) for number in range(5)]
    found = listed(reports, Wanted.ALL, 2)
    assert (len(found.rows), found.looked_at, found.left_out) == (2, 5, 0)


def _report(number):
    return Report(id=report(number), records=(record(number),))


def test_a_tag_has_reasons() -> None:
    """A tag carries what spoke for and against."""
    assert {one.weight > 0 for one in tag_of(record(1)).reasons} == {True, False}


@pytest.mark.browser
@pytest.mark.parametrize("view", VIEWS)
def test_filter_and_reasons_are_accessible(browse, axe, view):  # noqa: F811 - the fixture
    """List and reasons have no axe violation, no small target and no sideways scroll, in any view."""
    page = browse("ada", **VIEWS[view])
    for path in ("/queue/screening?design=likely", f"/record/{report(4)}"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert _violations(page, axe) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert page.evaluate(SMALL) == [], path


@pytest.mark.browser
def test_the_filter_is_chosen_by_keyboard_without_scripts(browse):
    """Tab and Return choose the filter where no script runs."""
    page = browse("ada", java_script_enabled=False)
    page.goto("/queue/screening")
    page.get_by_role("link", name="unlikely", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue/screening?design=unlikely")
    assert page.locator("ol.list > li").count() == 1
