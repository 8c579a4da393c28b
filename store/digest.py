"""One digest over the substance of a review: histories that came to the same agree, however they got there.

What counts: records and the reports they stand for, background, links, models and suggestions, everything
people said, what was imported, syntheses, editions, status entries, notices, open gaps, cursors, and of the
search runs those that brought something. What does not: numbers of rows and of runs, runs that added nothing
(a window searched again), gaps that were closed, the order in which machines wrote, the audit chain, the
outbox, accounts. Times count because they come from the caller's clock.
"""

import json
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, Table, func, select

from review.searching import SearchGap, SearchRun
from store import schema
from store.codec import canonical, load, sha256
from store.pen import hash_of_rows
from store.room import Room
from store.searches import fold_gaps

__all__ = ["Digest"]

WRITTEN_BY_MACHINES = (
    schema.record,
    schema.background,
    schema.duplicate_link,
    schema.link_hint,
    schema.model,
    schema.suggestion,
)
"""Ledgers whose order says nothing."""

ELSEWHERE = (schema.search_run, schema.search_gap)

BODY_SAYS_IT = frozenset({"seq", "run", "token", "sha256", "score", "flagged"})
"""Columns that repeat the body or number what happened."""

TIMES = frozenset({"at", "started", "ended"})


class Digest(Room):
    """The substance in 64 characters."""

    def digest(self, *, times: bool = True) -> str:
        """Return the SHA-256 of the substance, in hexadecimal.

        Parameters
        ----------
        times
            False leaves out when things were written, so that histories told at other hours agree too.
        """
        with self._read() as connection:
            parts = {
                table.name: _of_table(connection, table, times=times)
                for table in schema.LEDGERS
                if table not in ELSEWHERE
            }
            parts["search_run"] = hash_of_rows(sorted(_runs(connection, times=times)))
            parts["standing"] = hash_of_rows(sorted(_standing(connection)))
            parts["open gaps"] = hash_of_rows(sorted(_open_gaps(connection)))
            parts["cursors"] = sha256(canonical(_cursors(connection)))
        return sha256(canonical(parts))


def _of_table(connection: Connection, table: Table, *, times: bool) -> str:
    columns = [column for column in table.columns if column.name not in BODY_SAYS_IT]
    rows = connection.execute(select(*columns).order_by(table.c.seq)).mappings()
    hashes = [_said({**row, "body": json.loads(row["body"])}, times=times) for row in rows]
    return hash_of_rows(sorted(hashes) if table in WRITTEN_BY_MACHINES else hashes)


def _runs(connection: Connection, *, times: bool) -> Iterator[str]:
    for body in connection.scalars(select(schema.search_run.c.body)):
        counts = load(SearchRun, body).counts
        if counts.retrieved > counts.known:
            yield _said({**json.loads(body), "id": ""}, times=times)


def _standing(connection: Connection) -> Iterator[str]:
    # Of several links on one record the last one holds, and the order of links does not count elsewhere.
    for one in connection.execute(select(schema.standing)):
        yield sha256(canonical([one.record, one.report]))


def _open_gaps(connection: Connection) -> Iterator[str]:
    rows = connection.scalars(select(schema.search_gap.c.body).order_by(schema.search_gap.c.seq))
    for gap in fold_gaps([load(SearchGap, body) for body in rows]):
        if gap.open:
            yield sha256(canonical([gap.source, str(gap.window), gap.reason]))


def _cursors(connection: Connection) -> dict[str, str]:
    run = schema.search_run.c
    statement = select(run.source, func.max(run.cursor)).group_by(run.source)
    return {source: day for source, day in connection.execute(statement) if day is not None}


def _said(plain: Mapping[str, object], *, times: bool) -> str:
    return sha256(canonical(plain if times else _timeless(plain)))


def _timeless(plain: object) -> object:
    match plain:
        case dict():
            return {key: _timeless(value) for key, value in plain.items() if key not in TIMES}
        case list():
            return [_timeless(value) for value in plain]
    return plain
