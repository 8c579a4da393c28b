"""The outbox, the ledger as one value, and the generation."""

from dataclasses import fields
from datetime import timedelta

from store.store import open_store
from tests.store.builders import AT, commit, decision, model, record, report_id


def test_pending_rows_say_what_happened(store):
    """A pending row names its topic, what was written and about what."""
    commit(store, 1, 1)
    store.decide(decision(1))
    (row,) = store.pending_outbox()
    assert (row.topic, row.body, row.at) == (
        "resynthesis",
        {"action": "decided", "subject": report_id(1)},
        AT,
    )


def test_what_is_sent_is_no_longer_pending(store):
    """A row that was acted upon is gone from what is pending; saying so twice is no error."""
    commit(store, 1, 1)
    store.decide(decision(1))
    (row,) = store.pending_outbox()
    for _ in range(2):
        store.mark_sent(row.seq, AT)
    assert store.pending_outbox() == ()


def test_searching_asks_for_nothing(store):
    """A search, a model and a suggestion wake nobody: only people's word does."""
    commit(store, 1, 1)
    store.add_model(model())
    assert store.pending_outbox() == ()


def test_every_write_moves_the_generation(store):
    """The generation grows with each write to a ledger."""
    seen = [store.generation()]
    commit(store, 1, 1)
    seen.append(store.generation())
    store.decide(decision(1))
    assert [*seen, store.generation()] == [0, 1, 2]


def test_the_ledger_holds_a_row_of_every_kind(filled):
    """Nothing that was written is missing from the ledger."""
    ledger = filled.ledger()
    assert [one.name for one in fields(ledger) if not getattr(ledger, one.name)] == []


def test_the_ledger_is_kept_until_something_is_written(filled):
    """An unchanged store gives the same value, a changed one another."""
    before = filled.ledger()
    assert filled.ledger() is before
    filled.decide(decision(2))
    assert len(filled.ledger().decisions) == len(before.decisions) + 1


def test_the_ledger_sees_what_another_process_wrote(url):
    """What is written through another store on the same database is in the ledger."""
    with open_store(url) as one, open_store(url) as other:
        one.ledger()
        commit(other, 1, 1)
        assert len(one.ledger().sightings) == 1


def test_the_ledger_stands_as_of_a_day(store):
    """The rows of a later day are not in the ledger as of an earlier one."""
    commit(store, 1, 1)
    store.add_records([record(2)], AT + timedelta(days=1))
    assert len(store.ledger().as_of(AT).sightings) == 1
