"""The audit chain: any tampering is found, and the first bad row is named."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from store.chain import first_bad_row
from store.errors import BrokenChainError
from store.schema import LEDGERS, audit
from store.store import open_store
from tests.store.builders import AT, decision, record

ROW = "seq, at, actor, action, body, prev_hash, hash"


@pytest.fixture(scope="module")
def unguarded(filled_template):
    """Open a filled store whose triggers are gone."""
    path = shutil.copy(filled_template, filled_template.with_name("unguarded.db"))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
    with open_store(f"sqlite:///{path}") as store:
        yield store


@pytest.fixture
def tamper(unguarded):
    """Change a filled store behind its back, give the first bad row, and take the change back."""

    def change(*statements: str, head: tuple[int, str] | None = None):
        with unguarded._database._writer.connect() as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for statement in statements:
                connection.exec_driver_sql(statement)
            bad = first_bad_row(connection, head=head)
            connection.rollback()
        return bad and bad.seq

    return change


@pytest.fixture(scope="module")
def length(unguarded):
    """Give the number of audit rows of a filled store."""
    return unguarded.audit_head()[0]


def test_an_honest_chain_holds(filled):
    """What the store wrote verifies."""
    assert filled.verify() is None


def test_every_write_is_in_the_chain(filled):
    """The newest audit row comes first, and the rows are numbered without holes."""
    numbers = [row.seq for row in filled.audit(limit=1000)]
    assert numbers == list(range(filled.generation(), 0, -1))


def test_audit_rows_come_in_pages(filled):
    """A page of the audit begins where the one before ended."""
    assert filled.audit(limit=4) == (*filled.audit(limit=2), *filled.audit(limit=2, offset=2))


@pytest.mark.parametrize("column", ["at", "actor", "action", "body", "prev_hash", "hash"])
def test_an_edited_audit_row_is_named(tamper, length, column):
    """Whatever is edited in an audit row, that row is the first bad one."""
    edit = f"UPDATE audit SET {column} = replace({column}, substr({column}, -2), '~~') WHERE seq = "
    assert [tamper(f"{edit}{seq}") for seq in range(1, length + 1)] == list(range(1, length + 1))


def test_a_deleted_audit_row_is_named(tamper, length):
    """The number of a deleted audit row is named, the last one's too."""
    found = [tamper(f"DELETE FROM audit WHERE seq = {seq}") for seq in range(1, length + 1)]
    assert found == list(range(1, length + 1))


def test_a_deleted_row_is_named_though_the_rest_moved_up(tamper, length):
    """Closing the hole by numbering anew hides nothing."""
    found = [
        tamper(f"DELETE FROM audit WHERE seq = {seq}", f"UPDATE audit SET seq = seq - 1 WHERE seq > {seq}")
        for seq in range(1, length + 1)
    ]
    assert found == list(range(1, length + 1))


def test_an_inserted_audit_row_is_named(tamper, length):
    """A row that was slipped in is the first bad one."""
    found = [
        tamper(
            f"UPDATE audit SET seq = -seq - 1 WHERE seq >= {seq}",
            "UPDATE audit SET seq = -seq WHERE seq < 0",
            f"INSERT INTO audit ({ROW}) VALUES ({seq}, 'x', 'x', 'x', '{{\"rows\":{{}}}}', 'x', 'x')",
        )
        for seq in range(1, length + 2)
    ]
    assert found == list(range(1, length + 2))


def test_audit_rows_that_changed_places_are_named(tamper, length):
    """Of two rows that changed places the first is named."""
    found = [
        tamper(
            f"UPDATE audit SET seq = 0 WHERE seq = {seq}",
            f"UPDATE audit SET seq = {seq} WHERE seq = {seq + 1}",
            f"UPDATE audit SET seq = {seq + 1} WHERE seq = 0",
        )
        for seq in range(1, length)
    ]
    assert found == list(range(1, length))


def test_a_cut_chain_is_named(tamper, length):
    """Where the end of the chain was cut off, the first missing row is named."""
    found = [tamper(f"DELETE FROM audit WHERE seq > {seq}") for seq in range(length)]
    assert found == list(range(1, length + 1))


def test_a_cut_chain_with_its_head_is_named_by_the_ledgers(tamper, length):
    """Setting the head back as well leaves ledger rows that no audit row seals."""
    back = "UPDATE chain_head SET seq = {0}, hash = (SELECT hash FROM audit WHERE seq = {0})"
    assert tamper("DELETE FROM audit WHERE seq > 5", back.format(5)) == 6


def test_a_chain_written_anew_differs_from_what_was_printed(tamper):
    """A chain that holds in itself is still found wrong against a head that was printed elsewhere."""
    assert tamper(head=(3, "0" * 64)) == 3


def test_a_printed_head_beyond_the_end_is_missing(tamper, length):
    """A head that was printed and is not there any more is named."""
    assert tamper(head=(length + 5, "0" * 64)) == length + 1


@pytest.mark.parametrize("table", [table.name for table in LEDGERS])
def test_an_edited_ledger_row_is_found(tamper, table):
    """Whatever ledger is edited, an audit row says so."""
    assert tamper(f"UPDATE {table} SET at = at || 'Z' WHERE seq = 1") is not None


@pytest.mark.parametrize("table", [table.name for table in LEDGERS])
def test_a_deleted_ledger_row_is_found(tamper, table):
    """Whatever ledger loses a row, an audit row says so."""
    assert tamper(f"DELETE FROM {table} WHERE seq = 1") is not None


def test_a_forged_vote_is_found(tamper, length):
    """A vote that was written past the store is sealed by no audit row."""
    forged = (
        "INSERT INTO decision SELECT 2, report, stage, 'exclude', 'bea', NULL, 'x', at, body FROM decision"
    )
    assert tamper(forged) == length + 1


def test_nothing_is_built_on_a_broken_end(filled_template, tmp_path):
    """A store whose chain was cut refuses to write on."""
    path = shutil.copy(filled_template, tmp_path / "cut.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER audit_no_delete")
        connection.execute("DELETE FROM audit WHERE seq > 3")
    with open_store(f"sqlite:///{path}") as store, pytest.raises(BrokenChainError, match="restore a backup"):
        store.decide(decision(2))


def test_the_head_is_the_last_row(filled):
    """Number and hash of the last audit row are the head, to be printed elsewhere."""
    (last,) = filled.audit(limit=1)
    assert filled.audit_head() == (last.seq, last.hash)


def test_many_rows_verify(store):
    """A chain whose rows seal many ledger rows holds."""
    store.add_records([record(number) for number in range(2500)], AT)
    assert store.verify() is None


def test_the_audit_is_no_ledger():
    """The chain seals ledgers, not itself."""
    assert audit not in LEDGERS
