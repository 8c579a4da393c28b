"""One database by URL: SQLite or PostgreSQL, readers with a snapshot, writers one after the other.

SQLite follows SQLAlchemy's recipe for the standard driver (the driver begins nothing by itself): write-ahead
log, ``synchronous=FULL``, foreign keys, and BEGIN IMMEDIATE for every writer, because a deferred transaction
that then writes fails at once and ignores the busy timeout. On PostgreSQL an advisory lock does the same: the
audit chain needs writers in a row anyway.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import URL, Connection, create_engine, event, make_url, text

__all__ = ["Database"]

BUSY_MS = 30_000
"""How long a writer waits for another process, in milliseconds."""

WRITER_LOCK = 0x4C52_5753
"""The key of PostgreSQL's advisory lock for writers; any number serves that everyone agrees on."""


class Database:
    """The engine behind a store.

    Parameters
    ----------
    url
        ``sqlite:///path/to/file.db`` or ``postgresql://...`` (psycopg 3).

    Raises
    ------
    ValueError
        When the URL names another kind of database, or no file.
    """

    def __init__(self, url: str) -> None:
        self.url = _normalised(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._turn = Lock()
        self._engine = create_engine(self.url, pool_pre_ping=not self.is_sqlite)
        if self.is_sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        self._reader = self._engine.execution_options(
            **({} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"})
        )
        self._writer = self._engine.execution_options(writes=True)

    @property
    def path(self) -> Path | None:
        """The file, where the database is one."""
        return Path(self.url.database or "") if self.is_sqlite else None

    @property
    def exists(self) -> bool:
        """False where the database is a file that is not there."""
        return self.path is None or self.path.exists()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database throughout."""
        with self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that no other writer shares; it is undone where an exception leaves it."""
        with self._turn, self._writer.begin() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _normalised(url: str) -> URL:
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return parsed
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
    raise ValueError(
        f"database: found {parsed.render_as_string(hide_password=True)}; "
        "expected sqlite:///path/to/file.db or postgresql://user@host/name"
    )


def _prepare_sqlite(driver_connection: sqlite3.Connection, _record: object) -> None:
    driver_connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # Without this, INSERT OR REPLACE deletes a row behind the triggers' back.
        "recursive_triggers=ON",
    ):
        driver_connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
