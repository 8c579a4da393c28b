"""The audit chain: every write is sealed by a row that bears the hash of the row before it.

A row also names the ledger rows that it seals, with their hash: a ledger row that was changed, removed or
slipped in is found as surely as a changed audit row. The chain has no key: whoever can rewrite every row
after a change can hide it, unless the head was printed elsewhere, such as in an edition.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, Table, select

from store.codec import from_text
from store.nouns import Row
from store.pen import hash_of_row, hash_of_rows, link_hash
from store.room import Room
from store.schema import LEDGERS, audit, chain_head

__all__ = ["AuditRow", "Chain", "FirstBadRow", "first_bad_row"]

START = "0" * 64
"""What the first row bears as the hash before it."""

AT_ONCE = 1_000

RENAMED = {"sibling_hint": "link_hint"}
"""Ledgers by the names that they had when earlier rows were sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One link of the chain; `body` is JSON: the subject, and which ledger rows it seals."""

    seq: int
    at: datetime
    actor: str
    action: str
    body: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class FirstBadRow:
    """The first audit row that does not hold, or that should be there, and why."""

    seq: int
    what: str


class Chain(Room):
    """Who did what, and whether it still stands as written."""

    def verify(self, *, head: tuple[int, str] | None = None) -> FirstBadRow | None:
        """Return None where the chain and the ledgers hold, else the first audit row that does not.

        Parameters
        ----------
        head
            Number and hash of an audit row as they were printed elsewhere: the chain must contain it.
        """
        with self._read() as connection:
            return first_bad_row(connection, head=head)

    def audit(self, limit: int = 100, offset: int = 0) -> tuple[AuditRow, ...]:
        """Return rows of the chain, newest first."""
        statement = select(audit).order_by(audit.c.seq.desc()).limit(limit).offset(offset)
        with self._read() as connection:
            rows = connection.execute(statement).mappings().all()
        return tuple(AuditRow(**{**row, "at": from_text(row["at"])}) for row in rows)

    def audit_head(self) -> tuple[int, str]:
        """Return number and hash of the last audit row; (0, zeros) before the first."""
        with self._read() as connection:
            row = connection.execute(select(chain_head.c.seq, chain_head.c.hash)).one()
        return row.seq, row.hash


def first_bad_row(connection: Connection, *, head: tuple[int, str] | None = None) -> FirstBadRow | None:
    """Return what ``Chain.verify`` does, as the transaction of `connection` sees it."""
    return _Walk(connection, head).first_bad()


class _Walk:
    """One pass along the chain with all ledgers beside it."""

    def __init__(self, connection: Connection, printed: tuple[int, str] | None) -> None:
        self._connection = connection
        self._printed = printed
        self._ledgers = {table.name: _rows(connection, table) for table in LEDGERS}
        self._last = (0, START)

    def first_bad(self) -> FirstBadRow | None:
        for row in _rows(self._connection, audit):
            if what := self._link(row) or self._sealed(row):
                return FirstBadRow(self._last[0] + 1, what)
            self._last = (row["seq"], row["hash"])
        what = self._end()
        return FirstBadRow(self._last[0] + 1, what) if what else None

    def _link(self, row: Row) -> str:
        seq, prev_hash = self._last
        if row["seq"] != seq + 1:
            return f"found row {row['seq']}; expected row {seq + 1}: a row was removed"
        if row["prev_hash"] != prev_hash:
            return "does not bear the hash of the row before it: rows were inserted, removed or reordered"
        if row["hash"] != link_hash(row):
            return "does not have the hash it bears: the row was edited"
        if self._printed is not None and (row["seq"], row["hash"]) != (row["seq"], self._expected(row)):
            return "is not the row that was printed elsewhere: the chain was written anew"
        return ""

    def _expected(self, row: Row) -> str:
        printed = self._printed or (0, "")
        return printed[1] if row["seq"] == printed[0] else str(row["hash"])

    def _sealed(self, row: Row) -> str:
        for name, span in json.loads(row["body"])["rows"].items():
            count = span["last"] - span["first"] + 1
            found = list(islice(self._ledgers[RENAMED.get(name, name)], count))
            numbers = [one["seq"] for one in found]
            if numbers != list(range(span["first"], span["last"] + 1)):
                return f"seals {name} {span['first']} to {span['last']}, of which rows are missing"
            if hash_of_rows(map(hash_of_row, found)) != span["sha256"]:
                return f"seals {name} {span['first']} to {span['last']}, of which rows were edited"
        return ""

    def _end(self) -> str:
        for name, rows in self._ledgers.items():
            if (extra := next(rows, None)) is not None:
                return f"is missing: {name} {extra['seq']} is sealed by no audit row"
        head = self._connection.execute(select(chain_head.c.seq, chain_head.c.hash)).one()
        if tuple(head) != self._last:
            return f"is missing: the chain ends at row {self._last[0]}; expected row {head.seq}"
        if self._printed is not None and self._printed[0] > self._last[0]:
            return f"is missing: row {self._printed[0]} was printed elsewhere"
        return ""


def _rows(connection: Connection, table: Table) -> Iterator[Row]:
    statement = select(table).order_by(table.c.seq).execution_options(yield_per=AT_ONCE)
    names = table.columns.keys()
    for row in connection.execute(statement):
        yield dict(zip(names, row, strict=True))
