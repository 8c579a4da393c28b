"""Many look-ups at once: records are filed under keys when they are first asked for, and found as merged."""

from sqlalchemy import func, select

from store.filing import EVERY
from store.schema import link_key
from store.store import open_store
from tests.store.builders import AT, link_of, record, report_id


def words(one):
    """File a record under the words of its title."""
    return one.title.split()


def found(store, *keys):
    """Return the reports under each key."""
    return {key: [one.id for one in several] for key, several in store.link_index().by_keys(keys).items()}


def test_a_record_is_found_under_each_of_its_keys(url):
    """Keys are asked for together, and what nothing is filed under is left out."""
    with open_store(url, link_keys=words) as store:
        store.add_records([record(1, title="alpha beta"), record(2, title="beta")], AT)
        assert found(store, "alpha", "beta", "gamma", "") == {
            "alpha": [report_id(1)],
            "beta": [report_id(1), report_id(2)],
        }


def test_records_are_filed_once(url):
    """What was written since the last time is filed, and nothing twice."""
    with open_store(url, link_keys=words) as store:
        for number in (1, 2):
            store.add_records([record(number, title="alpha")], AT)
            store.link_index()
        store.link_index()
        with store._database.read() as connection:
            rows = connection.execute(
                select(link_key.c.key, func.count()).group_by(link_key.c.key).order_by(link_key.c.key)
            )
            assert [tuple(row) for row in rows] == [(EVERY, 2), ("alpha", 2)]


def test_more_records_than_are_filed_at_once_are_filed(url, monkeypatch):
    """A long filing goes on until nothing waits."""
    monkeypatch.setattr("store.filing.AT_ONCE", 2)
    with open_store(url, link_keys=words) as store:
        store.add_records([record(number, title=f"word{number}") for number in range(5)], AT)
        assert len(found(store, *(f"word{number}" for number in range(5)))) == 5


def test_keys_follow_a_merge_and_its_undoing(url):
    """A record's keys lead to the report that it stands for at present."""
    with open_store(url, link_keys=words) as store:
        store.add_records([record(1, title="alpha"), record(2, title="beta")], AT)
        store.link_duplicates([link_of(2, 1, by="lena")])
        assert found(store, "beta") == {"beta": [report_id(1)]}
        store.link_duplicates([link_of(2, 2, by="lena")])
        assert found(store, "beta") == {"beta": [report_id(2)]}


def test_a_store_that_was_given_no_keys_finds_identifiers(store):
    """PMID and DOI need no knowledge of linking."""
    store.add_records([record(1, pmid="11", doi="10.5555/A")], AT)
    assert found(store, "pmid 11", "doi 10.5555/a") == {
        "pmid 11": [report_id(1)],
        "doi 10.5555/a": [report_id(1)],
    }


def test_a_monstrous_key_is_filed_and_found(url):
    """A key of a million characters with NULs and half characters does no harm."""
    key = "\x00\ud800" + "long " * 200_000
    with open_store(url, link_keys=lambda _: [key]) as store:
        store.add_records([record(1)], AT)
        assert found(store, key) == {key: [report_id(1)]}


def test_a_key_of_very_many_reports_gives_the_first(url):
    """What hundreds share tells nothing, and is not read in full."""
    with open_store(url, link_keys=words) as store:
        store.add_records([record(number, title="alpha") for number in range(100)], AT)
        assert found(store, "alpha")["alpha"] == [report_id(number) for number in range(65)]
