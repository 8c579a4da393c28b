"""Search runs: all or nothing, and conservation of records."""

from datetime import timedelta

import pytest

from review.link import LinkHint
from review.searching import RunCounts
from store.errors import ConflictingRowError, CountsError, UnknownRowError
from tests.store.builders import AT, WINDOW, commit, gap, link_of, record, report_id, run


def test_a_run_leaves_its_records(store):
    """The records of a run are sighted at the end of the run, each for its report."""
    commit(store, 1, 1, 2)
    assert [(one.record, one.report, one.at) for one in store.ledger().sightings] == [
        (record(number).id, report_id(number), AT) for number in (1, 2)
    ]


def test_a_run_moves_the_cursor(store):
    """The cursor of a source is the last day that a run says it searched."""
    commit(store, 1, 1)
    assert store.cursor("pubmed") == WINDOW.end


def test_a_source_that_was_never_searched_has_no_cursor(store):
    """A cursor belongs to one source."""
    commit(store, 1, 1)
    assert store.cursor("registry") is None


def test_a_cursor_never_moves_back(store):
    """A run over an older window leaves the cursor where it is."""
    commit(store, 1, 1)
    commit(store, 2, 2, cursor=WINDOW.end - timedelta(days=30))
    assert store.cursor("pubmed") == WINDOW.end


def test_a_run_without_cursor_leaves_it(store):
    """A run that does not say how far it searched leaves the cursor where it is."""
    commit(store, 1, 1)
    commit(store, 2, cursor=None)
    assert store.cursor("pubmed") == WINDOW.end


@pytest.mark.parametrize(
    "counts",
    [RunCounts(), RunCounts(retrieved=2, queued=2), RunCounts(retrieved=1, duplicates=1)],
    ids=["none", "too many", "as a duplicate"],
)
def test_counts_that_do_not_say_what_is_written_are_refused(store, counts):
    """A run whose counts are not those of its rows is refused."""
    with pytest.raises(CountsError, match="nothing was written"):
        commit(store, 1, 1, run=run(1, counts=counts))


def test_a_refused_run_leaves_nothing(store):
    """After a refused run the store is as it was before."""
    before = (store.digest(), store.generation())
    with pytest.raises(UnknownRowError):
        commit(store, 1, 1, hints=[LinkHint(report=report_id(1), other=report_id(9), evidence="-", at=AT)])
    assert (store.digest(), store.generation(), store.cursor("pubmed")) == (*before, None)


def test_records_count_as_queued_set_aside_or_decided(store):
    """New reports may be queued, set aside or decided, as long as the sum is theirs."""
    commit(store, 1, 1, 2, 3, run=run(1, counts=RunCounts(retrieved=3, queued=1, set_aside=1, decided=1)))
    assert len(store.ledger().sightings) == 3


def test_a_duplicate_stands_for_an_earlier_report(store):
    """A duplicate is sighted for the report that its link names."""
    commit(store, 1, 1)
    commit(
        store,
        2,
        run=run(2, counts=RunCounts(retrieved=1, duplicates=1)),
        sightings=[(record(2), report_id(1))],
        duplicates=[link_of(2, 1)],
    )
    assert store.report(report_id(1)).records == (record(1), record(2))


def test_a_duplicate_may_come_before_its_report(store):
    """A run may list a duplicate before the record that it stands for."""
    commit(
        store,
        1,
        run=run(1, counts=RunCounts(retrieved=2, duplicates=1, queued=1)),
        sightings=[(record(2), report_id(1)), (record(1), report_id(1))],
        duplicates=[link_of(2, 1)],
    )
    assert {one.id for one in store.report(report_id(1)).records} == {record(1).id, record(2).id}


def test_a_duplicate_without_link_is_refused(store):
    """A record that stands for another report must have the link that says why."""
    commit(store, 1, 1, 2)
    with pytest.raises(CountsError, match="one link for each"):
        commit(
            store,
            2,
            run=run(2, counts=RunCounts(retrieved=1, duplicates=1)),
            sightings=[(record(3), report_id(1))],
            duplicates=[link_of(3, 2)],
        )


def test_a_duplicate_of_a_duplicate_stands_for_its_report(store):
    """A report that became another one while a run was linking is found as that one."""
    commit(store, 1, 1)
    store.add_records([record(2)], AT, duplicates=[link_of(2, 1)])
    store.add_records([record(3)], AT, duplicates=[link_of(3, 2)])
    assert [len(found.records) for found in store.reports().values()] == [3]


def test_a_known_record_is_refused(store):
    """A run does not bring a record that the store holds: the caller sorts those out."""
    commit(store, 1, 1)
    with pytest.raises(ConflictingRowError, match="known already"):
        commit(store, 2, 1)


def test_a_record_twice_in_a_run_is_refused(store):
    """A run does not bring one record twice."""
    with pytest.raises(ConflictingRowError, match="come twice"):
        commit(store, 1, 1, 1)


def test_a_run_is_written_once(store):
    """The identifier of a run is used once."""
    commit(store, 1, 1)
    with pytest.raises(ConflictingRowError, match="new run identifier"):
        commit(store, 1, 2)


def test_runs_are_numbered_by_source(store):
    """The next identifier counts the runs of its source."""
    commit(store, 1, 1)
    assert (store.next_run_id("pubmed"), store.next_run_id("registry")) == ("pubmed-0002", "registry-0001")


def test_a_gap_is_open_until_a_run_closes_it(store):
    """A gap is shown until a later run has closed it."""
    commit(store, 1, opens=[gap(1)], cursor=None)
    commit(store, 2, closes=[gap(1, closed_by=run(2).id, closed_at=AT)])
    assert store.open_gaps() == ()


def test_open_gaps_are_of_one_source(store):
    """Open gaps can be asked for by source."""
    commit(store, 1, opens=[gap(1)], cursor=None)
    assert (store.open_gaps("pubmed"), store.open_gaps("registry")) == ((gap(1),), ())


def test_the_ledger_tells_a_gap_once(store):
    """In the ledger a closed gap is one row, as open as it was when asked for an earlier day."""
    later = AT + timedelta(days=7)
    commit(store, 1, opens=[gap(1)], cursor=None)
    commit(store, 2, run=run(2, ended=later), closes=[gap(1, closed_by=run(2).id, closed_at=later)])
    ledger = store.ledger()
    assert [len(ledger.gaps), ledger.gaps[0].open, ledger.as_of(AT).gaps[0].open] == [1, False, True]


def test_a_gap_that_is_not_open_cannot_be_closed(store):
    """Closing a gap that was never opened is refused."""
    commit(store, 1, 1)
    with pytest.raises(UnknownRowError, match="expected one that is open"):
        commit(store, 2, closes=[gap(1, closed_by=run(2).id, closed_at=AT)])


def test_a_gap_of_another_run_is_refused(store):
    """A run opens its own gaps only."""
    with pytest.raises(ValueError, match="open gap of this run"):
        commit(store, 1, opens=[gap(7)])


def test_a_run_without_counts_is_still_logged(store):
    """A run that found nothing is in the search log."""
    commit(store, 1)
    assert store.ledger().runs == (run(1),)
