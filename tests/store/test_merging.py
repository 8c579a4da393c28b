"""Two reports become one document and two again: rows are added, and every look-up follows them."""

import json
from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from review.decision import Stage, Verdict
from review.ids import Reviewer
from review.link import HintWord
from review.merging import standing as stands_now
from store.errors import ConflictingRowError, UnknownRowError
from store.nouns import row_of
from store.schema import record as record_table
from store.schema import standing
from store.store import open_store
from tests.store.builders import AT, commit, decision, link_of, record, report_id, suggestion, two_documents
from tests.store.builders import model as a_model

ADA = Reviewer("ada")


def _merge(store, one: int, into: int) -> int:
    return store.link_duplicates([link_of(one, into, by="lena")])


def _queue(store, **more) -> list[str]:
    return [one.rpartition("-")[2] for one in store.queue(ADA, Stage.SCREENING, **more)]


def _table(store) -> dict[str, str]:
    with store._database.read() as connection:
        return {row.record: row.report for row in connection.execute(select(standing))}


def test_a_merged_report_is_found_as_the_other(store):
    """Whichever name is asked for, the document comes with the records of both."""
    commit(store, 1, 1, 2)
    _merge(store, 2, 1)
    assert store.report(report_id(2)).records == (record(1), record(2))
    assert list(store.reports()) == list(store.reports([report_id(2)])) == [report_id(1)]


def test_the_naming_record_comes_first(store):
    """A report begins with the record whose name it bears, even where another was seen before."""
    commit(store, 1, 1, 2)
    _merge(store, 1, 2)
    assert [one.id for one in store.report(report_id(2)).records] == [record(2).id, record(1).id]


def test_set_apart_is_as_before(store):
    """After a merge was taken back, reports and queue are what they were."""
    commit(store, 1, 1, 2, 3)
    before = (store.reports(), _queue(store), _table(store))
    _merge(store, 2, 1)
    _merge(store, 2, 2)
    assert (store.reports(), _queue(store), _table(store)) == before


def test_a_merge_is_sealed_and_asks_for_a_new_pool(store):
    """Row, audit row and outbox row are one transaction, in the name of who said it."""
    commit(store, 1, 1, 2)
    _merge(store, 2, 1)
    assert [(one.actor, one.action) for one in store.audit(1)] == [("lena", "one document")]
    assert [one.body["action"] for one in store.pending_outbox("resynthesis")] == ["one document"]
    assert store.verify() is None


def test_saying_it_twice_is_saying_it_once(store):
    """A link that says what is said already leaves no trace."""
    commit(store, 1, 1, 2)
    _merge(store, 2, 1)
    assert (_merge(store, 2, 1), len(store.ledger().duplicates)) == (0, 1)


def test_several_merges_are_all_or_nothing(store):
    """One that cannot be leaves the others unwritten."""
    commit(store, 1, 1, 2, 3)
    with pytest.raises(UnknownRowError):
        store.link_duplicates([link_of(2, 1, by="lena"), link_of(3, 9, by="lena")])
    assert (store.ledger().duplicates, len(store.reports())) == ((), 3)


def test_a_ring_is_refused(store):
    """A report cannot come to stand for itself by way of others."""
    commit(store, 1, 1, 2, 3)
    _merge(store, 2, 1)
    _merge(store, 3, 2)
    with pytest.raises(ConflictingRowError, match="set one apart first"):
        _merge(store, 1, 3)


def test_a_chain_is_followed_and_broken_in_the_middle(store):
    """What stood for a report that was set apart goes with it."""
    commit(store, 1, 1, 2, 3)
    _merge(store, 3, 2)
    _merge(store, 2, 1)
    _merge(store, 2, 2)
    assert [len(found.records) for found in store.reports().values()] == [1, 2]


def test_a_record_seen_as_a_duplicate_can_be_set_apart(store):
    """What identical identifiers tied, a person can untie: the record waits for votes of its own."""
    store.add_records([record(1), record(2)], AT, duplicates=[link_of(2, 1)])
    _merge(store, 2, 2)
    store.decide(decision(2))
    assert (list(store.reports()), _queue(store)) == ([report_id(1), report_id(2)], ["1"])


def test_a_merged_report_leaves_the_queue(store):
    """A document waits once, under the name that it kept."""
    commit(store, 1, 1, 2)
    _merge(store, 2, 1)
    assert _queue(store) == ["1"]


def test_a_vote_on_either_report_is_a_vote(store):
    """Who voted on a report that became another has voted on that one."""
    commit(store, 1, 1, 2)
    store.decide(decision(2))
    _merge(store, 2, 1)
    assert _queue(store) == []


def test_the_last_vote_on_the_document_stands(store):
    """A vote on one report that was taken back on the other waits for its voter again."""
    commit(store, 1, 1, 2)
    store.decide(decision(2))
    _merge(store, 2, 1)
    store.decide(decision(1, verdict=Verdict.WITHDRAWN))
    assert _queue(store) == ["1"]


def test_votes_on_both_reports_count_together(store):
    """A document with a vote on each of its reports has all the votes it needs."""
    commit(store, 1, 1, 2)
    store.decide(decision(1, "ben"))
    store.decide(decision(2, "cem"))
    _merge(store, 2, 1)
    assert (_queue(store), _queue(store, required=2)) == (["1"], [])


def test_a_merged_report_is_linked_to_under_its_present_name(store):
    """Linking finds the document by the keys of all its records, and gives the name that holds."""
    commit(store, 1, 1, 2)
    _merge(store, 2, 1)
    (found,) = store.link_index().by_pmid(record(2).pmid)
    assert (found.id, len(found.records)) == (report_id(1), 2)


def test_suggestions_can_be_written_of_either_name(store):
    """A ranking that was made before a merge is still written."""
    commit(store, 1, 1, 2)
    _merge(store, 2, 1)
    store.add_model(a_model())
    assert store.add_suggestions([suggestion(1, 0.5), suggestion(2, 0.5)]) == 2


def test_rows_come_under_the_present_name(store):
    """The ledger gives a vote under the report that its document bears now, and keeps what was written."""
    commit(store, 1, 1, 2)
    store.decide(decision(2))
    _merge(store, 2, 1)
    ledger = store.ledger()
    assert (ledger.decisions[0].report, ledger.as_written.decisions[0].report) == (report_id(1), report_id(2))


def test_an_answer_is_kept(store):
    """That two reports are two documents is written once, in the name of who said it."""
    commit(store, 1, 1, 2)
    assert [store.answer_hint(two_documents(1, 2)) for _ in range(2)] == [True, False]
    assert (store.ledger().hint_answers, store.audit(1)[0].action) == (
        (two_documents(1, 2),),
        "two documents",
    )


def test_an_answer_can_be_taken_back(store):
    """Taking an answer back is another row."""
    commit(store, 1, 1, 2)
    store.answer_hint(two_documents(1, 2))
    store.answer_hint(two_documents(1, 2, HintWord.WITHDRAWN))
    assert [one.word for one in store.ledger().hint_answers] == ["two documents", "withdrawn"]


def test_an_answer_on_unknown_reports_is_refused(store):
    """Nobody can speak of a report that is not there."""
    commit(store, 1, 1)
    with pytest.raises(UnknownRowError):
        store.answer_hint(two_documents(1, 2))


def _fold(store, numbers: Iterable[int]) -> dict[str, str]:
    rows = [(record(number).id, report_id(number)) for number in numbers]
    return dict(stands_now(rows, store.ledger().duplicates))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(pairs=st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=12))
def test_the_table_says_what_the_fold_says(sqlite_urls, pairs):
    """However reports were joined and set apart, the kept table is the fold, and made anew it is the same."""
    with open_store(sqlite_urls()) as store:
        commit(store, 1, *range(1, 6))
        for one, into in pairs:
            try:
                _merge(store, one, into)
            except ConflictingRowError:
                continue
        kept = _table(store)
        store.rebuild_standings()
        assert kept == _table(store) == _fold(store, range(1, 6))


def test_a_rebuilt_table_lets_the_same_reports_wait(filled):
    """Making the read model anew changes neither reports nor queue nor digest."""
    before = (filled.reports(), _queue(filled), filled.digest())
    filled.rebuild_standings()
    assert (filled.reports(), _queue(filled), filled.digest()) == before


def test_the_order_of_links_on_one_record_counts_in_the_digest(sqlite_urls):
    """Joined and set apart is another substance than set apart and joined."""
    digests = []
    for order in ((1, 3, 1), (1, 3, 3)):
        with open_store(sqlite_urls()) as store:
            commit(store, 1, 1, 2, 3)
            for into in order:
                _merge(store, 2, into)
            digests.append(store.digest(times=False))
    assert digests[0] != digests[1]


def _old_body(body: str, *lost: str) -> str:
    plain = {name: value for name, value in json.loads(body).items() if name not in lost}
    return json.dumps(plain, sort_keys=True, separators=(",", ":"))


@pytest.fixture
def old(store):
    """A store with a record whose body lacks the fields that records got later."""
    later = ("orcids", "corrections", "published", "revised", "status", "version")
    row = row_of(record(1), report=report_id(1), run=None, pmid=None, doi=None, title_key=None, at=AT)
    with store._write() as pen:
        pen.append(record_table, [{**row, "body": _old_body(row["body"], *later)}])
        pen.connection.execute(standing.insert(), {"record": row["id"], "report": row["report"]})
        pen.seal(actor="an earlier version", action="records added", subject="1 record", at=AT)
    return store


def test_a_record_of_an_earlier_version_is_read(old):
    """A body without the later fields gives the record with those fields empty."""
    assert old.report(report_id(1)).record == record(1)


@pytest.mark.parametrize("changes", [{}, {"orcids": ("0000-0000-0000-0000",), "published": "2013 Nov-Dec"}])
def test_a_record_of_an_earlier_version_may_come_again(old, changes):
    """What an earlier version could not say contradicts nothing."""
    assert old.add_records([record(1, **changes)], AT + timedelta(days=1)) == 0


def test_another_title_is_still_refused(old):
    """What an earlier version did say is compared."""
    with pytest.raises(ConflictingRowError, match="another title"):
        old.add_records([record(1, title="Another title")], AT)
