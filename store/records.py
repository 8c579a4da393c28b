"""Records and the reports they stand for: written once, looked up by key."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import insert, select

from review.ids import RecordId, ReportId, RunId
from review.link import DuplicateLink, LinkHint
from review.record import Record, Report
from store.codec import dump, load, storable, to_text
from store.link_index import LinkIndex, normal_doi, normal_key
from store.nouns import Row, row_of
from store.pen import Pen, select_in
from store.room import Room
from store.schema import background, duplicate_link, record, sibling_hint, worklist

__all__ = ["Records", "link_reports", "sight"]

UNRANKED = -1.0
"""Below every score, so that what nobody ranked comes last."""


class Records(Room):
    """What was seen."""

    def add_records(
        self,
        records: Sequence[Record],
        at: datetime,
        *,
        duplicates: Sequence[DuplicateLink] = (),
        hints: Sequence[LinkHint] = (),
    ) -> int:
        """Write records that no run found (baseline, files); return how many were new.

        A record named by a duplicate link stands for the link's report, every other for its own. Records
        that are there already are left alone, and so are links of such records.

        Raises
        ------
        ConflictingRowError
            When a record of that identifier says something else; nothing is written.
        UnknownRowError
            When a link names a report that is not in the store.
        """
        named = {link.record: link.report for link in duplicates}
        pairs = [(one, named.get(one.id, ReportId(one.id))) for one in records]
        with self._write() as pen:
            new = sight(pen, pairs, at=at, run=None, title_key=self._title_key)
            if new:
                link_reports(pen, [x for x in duplicates if x.record in new], hints)
                pen.seal(actor="import", action="records added", subject=f"{len(new)} records", at=at)
        return len(new)

    def add_background(self, records: Sequence[Record], at: datetime) -> int:
        """Write records that serve as presumed negatives only; return how many were new.

        They are in no queue, no ledger and no count.
        """
        rows: list[Row] = [
            {
                "id": one.id,
                "entered": one.entered.isoformat() if one.entered else None,
                "at": to_text(at),
                "body": dump(one),
            }
            for one in records
        ]
        with self._write() as pen:
            new = pen.append_new(background, rows)
            if new:
                pen.seal(actor="import", action="background added", subject=f"{len(new)} records", at=at)
        return len(new)

    def background(self, until: date | None = None) -> tuple[Record, ...]:
        """Return the background records that entered their source on or before `until`; all where None."""
        statement = select(background.c.body).order_by(background.c.seq)
        if until is not None:
            statement = statement.where(background.c.entered <= until.isoformat())
        with self._read() as connection:
            return tuple(load(Record, body) for body in connection.scalars(statement))

    def known(self, record_ids: Iterable[RecordId]) -> set[RecordId]:
        """Return those of the records that are in the store."""
        with self._read() as connection:
            rows = select_in(connection, select(record.c.id), record.c.id, set(record_ids))
            return {RecordId(row.id) for row in rows}

    def report(self, report_id: ReportId) -> Report:
        """Return a report with all its records; KeyError where there is none."""
        found = self.reports([report_id])
        if report_id not in found:
            raise KeyError(f"report: found none called {report_id!r}; expected one that was sighted")
        return found[report_id]

    def reports(self, ids: Collection[ReportId] | None = None) -> dict[ReportId, Report]:
        """Return reports by id in the order of first sight; all of them where `ids` is None."""
        statement = select(record.c.seq, record.c.report, record.c.body)
        with self._read() as connection:
            found = (
                connection.execute(statement)
                if ids is None
                else select_in(connection, statement, record.c.report, set(ids))
            )
            rows = [(row.seq, row.report, row.body) for row in found]
        grouped: dict[ReportId, list[Record]] = {}
        for _seq, report, body in sorted(rows):
            grouped.setdefault(ReportId(report), []).append(load(Record, body))
        return {report: Report(id=report, records=tuple(seen)) for report, seen in grouped.items()}

    def link_index(self) -> LinkIndex:
        """Return the look-ups that linking asks for."""
        self.check()
        return LinkIndex(self._database)


def sight(
    pen: Pen,
    pairs: Sequence[tuple[Record, ReportId]],
    *,
    at: datetime,
    run: RunId | None,
    title_key: Callable[[str], str],
) -> set[str]:
    """Write records with the reports they stand for; return the identifiers of those that were new."""
    own = {report for one, report in pairs if one.id == str(report)}
    pen.require_reports({report for _one, report in pairs} - own)
    rows = [
        row_of(
            one,
            report=report,
            run=run,
            pmid=storable(one.pmid) or None,
            doi=normal_doi(one.doi) or None,
            title_key=normal_key(title_key(one.title)) or None,
            at=at,
        )
        # A report is written before the duplicates that refer to it.
        for one, report in sorted(pairs, key=lambda pair: pair[0].id != str(pair[1]))
    ]
    new = pen.append_new(record, rows)
    _await_votes(pen, [row["id"] for row in new if row["id"] == row["report"]])
    return {row["id"] for row in new}


def link_reports(pen: Pen, duplicates: Sequence[DuplicateLink], hints: Sequence[LinkHint]) -> None:
    """Write what linking found between reports of the store."""
    ends = [link.report for link in duplicates] + [end for hint in hints for end in (hint.report, hint.other)]
    pen.require_reports(ends)
    pen.append(duplicate_link, [row_of(link) for link in duplicates])
    pen.append(sibling_hint, [row_of(hint) for hint in hints])


def _await_votes(pen: Pen, reports: Sequence[str]) -> None:
    if not reports:
        return
    statement = select(record.c.id, record.c.seq)
    seen = {row.id: row.seq for row in select_in(pen.connection, statement, record.c.id, set(reports))}
    rows = [{"report": one, "seen": seen[one], "score": UNRANKED} for one in reports]
    pen.connection.execute(insert(worklist), rows)
