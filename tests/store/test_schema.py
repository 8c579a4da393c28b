"""Schema, migrations, and what the databases themselves refuse."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store.errors import StoreMissingError, StoreNewerError, StoreOutdatedError
from store.migrations_api import migrate
from store.schema import LEDGERS, audit, metadata
from store.store import Store, open_store
from tests.store.builders import commit

APPEND_ONLY = [table.name for table in (*LEDGERS, audit)]


def refused(store, statement):
    """Tell which ledgers refuse a statement about themselves as append-only."""
    found = []
    for table in APPEND_ONLY:
        with pytest.raises(DBAPIError) as error, store._database.write() as connection:
            connection.execute(text(statement.format(table)))
        found.extend([table] if f"{table} is append-only" in str(error.value) else [])
    return found


@pytest.mark.parametrize("statement", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_ledgers_refuse_changes(filled, statement):
    """The database refuses to change or delete a row of any ledger."""
    assert refused(filled, statement) == APPEND_ONLY


@pytest.mark.postgres
def test_ledgers_refuse_to_be_emptied(postgres_urls):
    """PostgreSQL refuses to empty a ledger at once."""
    with open_store(postgres_urls()) as store:
        assert refused(store, "TRUNCATE {} CASCADE") == APPEND_ONLY


def test_sqlite_refuses_replacement(sqlite_url):
    """INSERT OR REPLACE is no way around the triggers."""
    with open_store(sqlite_url) as store:
        commit(store, 1, 1)
        with pytest.raises(DBAPIError, match="append-only"), store._database.write() as connection:
            connection.execute(text("INSERT OR REPLACE INTO record SELECT * FROM record"))


def test_migrations_and_tables_agree(filled):
    """A filled database that was migrated has just the tables that the code declares."""
    with filled._database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_twice_is_migrating_once(filled_url):
    """A database of this version's schema stays as it is."""
    migrate(filled_url)
    with open_store(filled_url) as store:
        assert store.verify() is None


def test_a_store_is_created_when_asked(tmp_path):
    """A new store has its tables."""
    with open_store(f"sqlite:///{tmp_path / 'new.db'}", create=True) as store:
        assert store.generation() == 0


def test_a_missing_store_is_not_made_by_looking(tmp_path):
    """Opening a store that is not there says so and leaves no file."""
    with pytest.raises(StoreMissingError, match="run living-review migrate"):
        open_store(f"sqlite:///{tmp_path / 'none.db'}")
    assert list(tmp_path.iterdir()) == []


def test_an_older_store_is_refused(tmp_path):
    """A database without this version's schema is refused, with what to do."""
    (tmp_path / "old.db").touch()
    with pytest.raises(StoreOutdatedError, match="run living-review migrate"):
        open_store(f"sqlite:///{tmp_path / 'old.db'}")


@pytest.mark.parametrize("use", [open_store, migrate])
def test_a_newer_store_is_refused(sqlite_url, use):
    """A database that a later version wrote is neither opened nor migrated."""
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreNewerError, match="a later one"):
        use(sqlite_url)


def test_an_outdated_store_is_refused_when_it_is_used(tmp_path):
    """A store that was opened without a look at its schema is refused at the first read."""
    (tmp_path / "old.db").touch()
    with Store(f"sqlite:///{tmp_path / 'old.db'}") as store, pytest.raises(StoreOutdatedError):
        store.ledger()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name"])
def test_other_databases_are_refused(url):
    """Only files and PostgreSQL are stores."""
    with pytest.raises(ValueError, match="expected sqlite:///path"):
        open_store(url)


def test_a_password_is_not_shown():
    """An address that is refused is shown without its password."""
    with pytest.raises(ValueError, match=r"mysql://ada:\*\*\*@host"):
        open_store("mysql://ada:secret@host/name")


def test_sqlite_is_set_up_not_to_lose(sqlite_url):
    """Writes are synced in full, go through the log ahead, and keep references whole."""
    with open_store(sqlite_url) as store, store._database.read() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert found == ["wal", 2, 1]


def test_alembic_does_the_same(root, tmp_path):
    """``alembic upgrade head`` from the repository makes a store that opens."""
    url = f"sqlite:///{tmp_path / 'new.db'}"
    command = [sys.executable, "-m", "alembic", "-x", f"url={url}", "upgrade", "head"]
    subprocess.run(command, check=True, cwd=root, capture_output=True, timeout=120)
    with open_store(url) as store:
        assert store.verify() is None
