"""Records and reports: written once, found by key."""

from datetime import date, timedelta

import pytest

from review.ids import RecordId, ReportId
from store.errors import ConflictingRowError
from store.store import open_store
from tests.store.builders import AT, commit, link_of, record, report_id


def test_records_are_added_once(store):
    """Records that are in the store already are left alone."""
    store.add_records([record(1)], AT)
    assert store.add_records([record(1), record(2)], AT + timedelta(days=1)) == 1


def test_nothing_new_leaves_no_trace(store):
    """Adding what is there already does not lengthen the audit chain."""
    store.add_records([record(1)], AT)
    before = store.generation()
    store.add_records([record(1)], AT + timedelta(days=1))
    assert store.generation() == before


def test_another_content_under_one_identifier_is_refused(store):
    """A record that says something else than the one of its identifier is refused, and named."""
    store.add_records([record(1)], AT)
    with pytest.raises(ConflictingRowError, match=r"made-up-1: found another title"):
        store.add_records([record(2), record(1, title="Another title")], AT)


def test_a_refused_import_leaves_nothing(store):
    """After a refused import none of its records is in the store."""
    store.add_records([record(1)], AT)
    with pytest.raises(ConflictingRowError):
        store.add_records([record(2), record(1, title="Another title")], AT)
    assert store.known([record(2).id]) == set()


def test_a_linked_record_stands_for_the_report_of_its_link(store):
    """An imported record with a duplicate link joins the report that the link names."""
    store.add_records([record(1), record(2)], AT, duplicates=[link_of(2, 1)])
    assert list(store.reports()) == [report_id(1)]


def test_an_import_may_be_repeated_with_its_links(store):
    """Links of records that are there already are not written twice."""
    for _ in range(2):
        store.add_records([record(1), record(2)], AT, duplicates=[link_of(2, 1)])
    assert len(store.ledger().duplicates) == 1


def test_known_records(store):
    """Of the identifiers asked for, those in the store are known."""
    commit(store, 1, *range(700))
    asked = [record(number).id for number in range(600, 1300)]
    assert store.known(asked) == {record(number).id for number in range(600, 700)}


def test_an_identifier_no_database_can_hold_is_unknown(store):
    """A NUL in an identifier is no error: it is simply not there."""
    assert store.known([RecordId("pubmed:\x00")]) == set()


def test_reports_come_in_order_of_first_sight(store):
    """Reports are given in the order in which they were first seen, whatever is asked for."""
    commit(store, 1, 3, 1, 2)
    assert list(store.reports([report_id(2), report_id(3)])) == [report_id(3), report_id(2)]


def test_a_report_comes_back_whole(store):
    """A report bears its records as they were given."""
    commit(store, 1, 1)
    assert store.report(report_id(1)).records == (record(1),)


def test_an_unknown_report_is_an_error(store):
    """Asking for a report that was never sighted is a KeyError."""
    with pytest.raises(KeyError, match="expected one that was sighted"):
        store.report(ReportId("pubmed:none"))


def test_background_is_no_report(store):
    """Background records are neither reports nor sightings nor in a queue."""
    store.add_background([record(1)], AT)
    assert (store.reports(), store.ledger().sightings, store.known([record(1).id])) == ({}, (), set())


def test_background_of_a_day(store):
    """Background is given as far as it had entered its source by a day; undated records are left out."""
    days = [date(2020, 1, 1), date(2021, 1, 1), None]
    store.add_background([record(number, entered=day) for number, day in enumerate(days)], AT)
    assert [one.entered for one in store.background(date(2020, 6, 30))] == [date(2020, 1, 1)]


def test_all_background(store):
    """Without a day all background is given, in the order of writing, each once."""
    for _ in range(2):
        store.add_background([record(2), record(1)], AT)
    assert store.background() == (record(2), record(1))


@pytest.mark.parametrize(
    "doi", ["10.5555/Made.Up", "https://doi.org/10.5555/made.up", " doi: 10.5555/MADE.UP "]
)
def test_a_doi_is_found_however_it_is_written(store, doi):
    """A report is found by its DOI in any case and with or without a resolver."""
    store.add_records([record(1, doi="10.5555/made.up")], AT)
    assert [one.id for one in store.link_index().by_doi(doi)] == [report_id(1)]


def test_a_report_is_found_by_the_pmid_of_any_of_its_records(store):
    """The key of a duplicate finds the report that it stands for, with all its records."""
    store.add_records([record(1), record(2)], AT, duplicates=[link_of(2, 1)])
    (found,) = store.link_index().by_pmid(record(2).pmid)
    assert (found.id, len(found.records)) == (report_id(1), 2)


@pytest.mark.parametrize("key", ["by_pmid", "by_doi", "by_title_key"])
def test_an_empty_key_finds_nothing(store, key):
    """Records without a key are not found by the empty one."""
    store.add_records([record(1, pmid="", doi="", title="")], AT)
    assert getattr(store.link_index(), key)("") == ()


def test_a_title_is_found_by_the_key_the_store_was_given(url):
    """Titles are found under the key that the opener's function makes of them."""
    with open_store(url, title_key=lambda title: title[::-1]) as store:
        store.add_records([record(1, title="abc")], AT)
        assert [one.id for one in store.link_index().by_title_key("cba")] == [report_id(1)]


def test_a_monstrous_title_is_kept_and_found(store):
    """A title of a million characters with NULs and half characters is kept, and found by its key."""
    title = "\x00\ud800" + "long " * 200_000
    store.add_records([record(1, title=title)], AT)
    (found,) = store.link_index().by_title_key(" ".join(["long"] * 200_000))
    assert found.record.title == title
