"""The read model of merges: for each record the report that it stands for at present, chains followed.

It says what ``review.merging`` makes of the ledgers, kept in a table so that a look-up is a join. The ledgers
are what counts: the table can be made anew from them at any time.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from review.ids import RecordId, ReportId
from review.link import DuplicateLink
from review.merging import end_of, last_links
from review.merging import standing as stands_now
from store.codec import load
from store.pen import Pen, select_in
from store.schema import duplicate_link, record, standing, worklist

__all__ = ["UNRANKED", "ends_of", "rebuild", "said_around", "stand_anew", "stand_as"]

UNRANKED = -1.0
"""Below every score, so that what nobody ranked comes last."""

Said = Mapping[RecordId, ReportId]


def ends_of(connection: Connection, reports: Iterable[ReportId]) -> set[str]:
    """Return the reports that identifiers mean; those that no record bears are left out."""
    rows = select_in(connection, select(standing.c.report), standing.c.record, set(reports))
    return {row.report for row in rows}


def stand_anew(pen: Pen, pairs: Sequence[tuple[RecordId, ReportId]]) -> None:
    """Let records that were just written stand for their reports, and let new reports await votes."""
    if not pairs:
        return
    own = {record_id: report for record_id, report in pairs if str(record_id) == report}
    known = select_in(
        pen.connection, select(standing), standing.c.record, {report for _one, report in pairs} - {*own}
    )
    ends = {**own, **{RecordId(row.record): ReportId(row.report) for row in known}}
    rows = [{"record": one, "report": ends[RecordId(report)]} for one, report in pairs]
    pen.connection.execute(insert(standing), rows)
    _await_votes(pen.connection, own)


def said_around(connection: Connection, records: Collection[str]) -> dict[RecordId, ReportId]:
    """Return what was said last of these records and of all that stand for the same reports."""
    reports = ends_of(connection, map(ReportId, records))
    group = {row.record for row in select_in(connection, select(standing), standing.c.report, reports)}
    seen = select_in(connection, select(record.c.id, record.c.report), record.c.id, group)
    first = {RecordId(row.id): ReportId(row.report) for row in seen}
    links = select(duplicate_link.c.seq, duplicate_link.c.body)
    rows = sorted(tuple(row) for row in select_in(connection, links, duplicate_link.c.record, group))
    # No ring was ever written, so the last link on each record holds.
    last = last_links(load(DuplicateLink, body) for _seq, body in rows)
    return first | {one: link.report for one, link in last.items()}


def stand_as(pen: Pen, stands: Said) -> None:
    """Keep what was said last of all records of some reports, and let reports that are new await votes."""
    rows = [{"of": one, "to": end_of(stands, report)} for one, report in stands.items()]
    change = update(standing).where(standing.c.record == bindparam("of")).values(report=bindparam("to"))
    pen.connection.execute(change, rows)
    _await_votes(pen.connection, {row["of"] for row in rows if row["of"] == str(row["to"])})


def rebuild(pen: Pen) -> None:
    """Make the table anew from the ledgers."""
    seen = pen.connection.execute(select(record.c.id, record.c.report).order_by(record.c.seq))
    links = pen.connection.scalars(select(duplicate_link.c.body).order_by(duplicate_link.c.seq))
    stands = stands_now(
        [(RecordId(row.id), ReportId(row.report)) for row in seen],
        [load(DuplicateLink, body) for body in links],
    )
    pen.connection.execute(delete(standing))
    if stands:
        rows = [{"record": one, "report": report} for one, report in stands.items()]
        pen.connection.execute(insert(standing), rows)
        _await_votes(pen.connection, {one for one, report in stands.items() if str(one) == report})


def _await_votes(connection: Connection, reports: Collection[str]) -> None:
    """Put reports on the worklist that are not on it."""
    there = {
        row.report for row in select_in(connection, select(worklist.c.report), worklist.c.report, reports)
    }
    statement = select(record.c.id, record.c.seq)
    missing = select_in(connection, statement, record.c.id, set(reports) - there)
    rows = [{"report": row.id, "seen": row.seq, "score": UNRANKED} for row in missing]
    if rows:
        connection.execute(insert(worklist), rows)
