"""A write transaction: rows are appended to ledgers, and one audit row seals them all."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, Table, func, insert, select, update
from sqlalchemy import Row as Found

from store.codec import canonical, differing, sha256, storable, to_text
from store.errors import BrokenChainError, ConflictingRowError, UnknownRowError
from store.nouns import Row, kind_of
from store.schema import audit, chain_head, outbox, record

__all__ = ["Pen", "Topic", "hash_of_row", "hash_of_rows", "link_hash", "select_in"]

Topic = Literal["resynthesis", "publication"]
"""What an outbox row asks for."""

AT_ONCE = 500
"""How many values one statement asks for; SQLite's own limit is 32,766."""


class Pen:
    """What one write transaction may do.

    Parameters
    ----------
    connection
        A transaction that no other writer shares.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._written: dict[str, tuple[int, list[str]]] = {}

    def append(self, table: Table, rows: Sequence[Row]) -> None:
        """Write rows at the end of a ledger and number them."""
        if not rows:
            return
        first = last_seq(self.connection, table) + 1
        numbered = [{**row, "seq": seq} for seq, row in enumerate(rows, first)]
        self.connection.execute(insert(table), numbered)
        self._written.setdefault(table.name, (first, []))[1].extend(map(hash_of_row, numbered))

    def append_new(self, table: Table, rows: Sequence[Row]) -> list[Row]:
        """Write those rows that are not written already, and return them.

        Raises
        ------
        ConflictingRowError
            When an identifier is taken by something else.
        """
        fresh = self._fresh(table, rows)
        self.append(table, fresh)
        return fresh

    def seal(self, *, actor: str, action: str, subject: str, at: datetime, **facts: str) -> None:
        """Write the audit row of everything appended so far."""
        rows = {
            name: {"first": first, "last": first + len(hashes) - 1, "sha256": hash_of_rows(hashes)}
            for name, (first, hashes) in self._written.items()
        }
        self._written = {}
        seq, prev_hash = self._head()
        body = canonical({"subject": subject, "rows": rows, **facts})
        link = {"seq": seq + 1, "at": to_text(at), "actor": actor, "action": action, "body": body}
        sealed = {**link, "prev_hash": prev_hash, "hash": link_hash({**link, "prev_hash": prev_hash})}
        self.connection.execute(insert(audit), sealed)
        self.connection.execute(update(chain_head).values(seq=sealed["seq"], hash=sealed["hash"]))

    def post(self, topic: Topic, *, action: str, subject: str, at: datetime) -> None:
        """Ask for something to be done once the transaction is through."""
        row = {
            "seq": last_seq(self.connection, outbox) + 1,
            "topic": topic,
            "body": canonical({"action": action, "subject": subject}),
            "at": to_text(at),
        }
        self.connection.execute(insert(outbox), row)

    def require_reports(self, ids: Iterable[str]) -> None:
        """Make sure that reports are in the store.

        Raises
        ------
        UnknownRowError
            When one is not; nothing is written.
        """
        asked = set(ids)
        # Any record may come to name a report: one that stood for another can be set apart.
        found = {row.id for row in select_in(self.connection, select(record.c.id), record.c.id, asked)}
        if unknown := sorted(asked - found):
            raise UnknownRowError(
                f"report: found {unknown[0]!r} and {len(unknown) - 1} more that the store does not hold; "
                "expected reports whose records were added before; nothing was written"
            )

    def _head(self) -> tuple[int, str]:
        head = self.connection.execute(select(chain_head.c.seq, chain_head.c.hash)).one()
        last = self.connection.execute(
            select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
        ).one_or_none()
        if (last or (0, head.hash)) != tuple(head):
            raise BrokenChainError(
                f"audit: found {last} at the end of the chain; expected {tuple(head)}; nothing was written: "
                "run living-review verify, then restore a backup"
            )
        return head.seq, head.hash

    def _fresh(self, table: Table, rows: Sequence[Row]) -> list[Row]:
        column = "sha256" if table.info["once"] == "row" else "id"
        statement = select(table.c[column], table.c.body)
        asked = {row[column] for row in rows}
        found = select_in(self.connection, statement, table.c[column], asked)
        bodies: dict[str, str] = {row._mapping[column]: row.body for row in found}  # noqa: SLF001 - public, see SQLAlchemy
        fresh = []
        for row in rows:
            if row[column] not in bodies:
                bodies[row[column]] = row["body"]
                fresh.append(row)
            elif table.info["once"] == "content":
                _same_content(table, row, bodies[row[column]])
        return fresh


def select_in(
    connection: Connection, statement: Select[Any], column: ColumnElement[Any], values: Collection[str]
) -> Iterator[Found[Any]]:
    """Yield the rows of a statement whose column holds one of many values, some hundreds at a time."""
    # What no column can hold is not there, and PostgreSQL refuses to be asked for it.
    ordered = sorted(value for value in values if storable(value) == value)
    for start in range(0, len(ordered), AT_ONCE):
        yield from connection.execute(statement.where(column.in_(ordered[start : start + AT_ONCE])))


def last_seq(connection: Connection, table: Table) -> int:
    """Return the number of the last row; 0 where there is none."""
    return int(connection.execute(select(func.coalesce(func.max(table.c.seq), 0))).scalar_one())


def hash_of_row(row: Mapping[str, object]) -> str:
    """Return the SHA-256 of what a row says; columns that say nothing do not count, so one may be added."""
    return sha256(canonical({name: value for name, value in row.items() if value is not None}))


def hash_of_rows(hashes: Iterable[str]) -> str:
    """Return one SHA-256 for many."""
    return sha256("".join(hashes))


def link_hash(link: Mapping[str, object]) -> str:
    """Return the hash of an audit row: of its number, time, actor, action, body and the hash before it."""
    names = ("seq", "at", "actor", "action", "body", "prev_hash")
    return sha256(canonical([link[name] for name in names]))


def _same_content(table: Table, row: Row, written: str) -> None:
    if fields := differing(kind_of(table), row["body"], written):
        raise ConflictingRowError(
            f"{table.name} {row['id']}: found another {', '.join(fields)} than is written under this "
            "identifier; expected the same content or a new identifier; nothing was written"
        )
