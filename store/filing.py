"""The keys under which linking finds records, filed when they are first asked for."""

from collections.abc import Callable, Collection

from sqlalchemy import Connection, func, insert, select

from review.record import Record
from store.codec import load, storable
from store.database import Database
from store.schema import link_key, record

__all__ = ["FiledUnder", "file_keys", "normal_key", "plain_keys"]

FiledUnder = Callable[[Record], Collection[str]]
"""The keys of a record."""

AT_ONCE = 5_000
"""Records that one transaction files, so that a long filing holds up no other writer for long."""

LONGEST_KEY = 500
"""Characters of a key that are kept: PostgreSQL's indexes hold no more than 2,704 bytes."""

EVERY = ""
"""The key of every record: the last one that bears it is the last one that was filed."""


def file_keys(database: Database, filed_under: FiledUnder) -> None:
    """File the records that were written since the last filing."""
    while _behind(database):
        with database.write() as connection:
            _file_some(connection, filed_under)


def plain_keys(one: Record) -> tuple[str, ...]:
    """Return the keys that need no knowledge of linking."""
    keys = {"pmid": one.pmid, "doi": one.doi.strip().lower()}
    return tuple(f"{kind} {value}" for kind, value in keys.items() if value)


def normal_key(key: str) -> str:
    """Return a key as it is stored."""
    return storable(key)[:LONGEST_KEY]


def _behind(database: Database) -> bool:
    with database.read() as connection:
        last = connection.execute(select(func.max(record.c.seq))).scalar_one()
        return (last or 0) > _filed_to(connection)


def _filed_to(connection: Connection) -> int:
    statement = select(func.max(link_key.c.record)).where(link_key.c.key == EVERY)
    return connection.execute(statement).scalar_one() or 0


def _file_some(connection: Connection, filed_under: FiledUnder) -> None:
    waiting = select(record.c.seq, record.c.body).where(record.c.seq > _filed_to(connection))
    rows = connection.execute(waiting.order_by(record.c.seq).limit(AT_ONCE)).all()
    keys = [
        {"key": key, "record": row.seq}
        for row in rows
        for key in {EVERY, *map(normal_key, filed_under(load(Record, row.body)))}
    ]
    if keys:
        connection.execute(insert(link_key), keys)
