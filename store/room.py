"""What every part of the store shares: the database, its schema seen to be this version's, and the pen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from store.database import Database
from store.filing import FiledUnder, plain_keys
from store.migrations_api import check_schema, upgrade
from store.pen import Pen

__all__ = ["Room", "plain_title_key"]


def plain_title_key(title: str) -> str:
    """Return the letters and digits of a title in lower case, words apart by one space."""
    kept = "".join(char if char.isalnum() else " " for char in title.casefold())
    return " ".join(kept.split())


class Room:
    """Parameters are those of ``store.store.Store``."""

    def __init__(
        self,
        url: str,
        *,
        create: bool = False,
        title_key: Callable[[str], str] = plain_title_key,
        link_keys: FiledUnder = plain_keys,
    ) -> None:
        self._database = Database(url)
        self._title_key = title_key
        self._link_keys = link_keys
        self._checked = False
        if create:
            self.migrate()

    def migrate(self) -> None:
        """Bring the schema to this version, creating the database's tables where there are none."""
        upgrade(self._database)

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def check(self) -> None:
        """Make sure that the schema is this version's, once.

        Raises
        ------
        StoreMissingError, StoreOutdatedError, StoreNewerError
            When it is not; the message says what to do.
        """
        if not self._checked:
            check_schema(self._database)
            self._checked = True

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        self.check()
        with self._database.read() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Pen]:
        self.check()
        with self._database.write() as connection:
            yield Pen(connection)
