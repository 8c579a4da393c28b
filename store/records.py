"""Records and the reports they stand for: written once, looked up by key."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select

from review.ids import RecordId, ReportId, RunId
from review.link import DuplicateLink, LinkHint
from review.record import Record, Report
from store.codec import dump, load, storable, to_text
from store.filing import file_keys, normal_key
from store.link_index import LinkIndex, normal_doi
from store.nouns import Row, row_of
from store.pen import Pen, select_in
from store.room import Room
from store.schema import background, duplicate_link, link_hint, record, standing
from store.standings import ends_of, stand_anew

__all__ = ["Records", "link_reports", "sight"]


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

    def background(self, until: date | None = None, *, held: datetime | None = None) -> tuple[Record, ...]:
        """Return the background records that entered their source on or before `until`; all where None.

        Parameters
        ----------
        held
            Only those that had been written by then.
        """
        statement = select(background.c.body).order_by(background.c.seq)
        if held is not None:
            statement = statement.where(background.c.at <= to_text(held))
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
        """Return the report that an identifier means, with all its records; KeyError where there is none."""
        found = self.reports([report_id])
        if not found:
            raise KeyError(f"report: found none called {report_id!r}; expected one that was sighted")
        return next(iter(found.values()))

    def reports(self, ids: Collection[ReportId] | None = None) -> dict[ReportId, Report]:
        """Return reports by id in the order of first sight; all of them where `ids` is None.

        A report that became another one is found as that one. The record that names a report comes first.
        """
        statement = select(record.c.seq, record.c.id, standing.c.report, record.c.body)
        statement = statement.join(standing, standing.c.record == record.c.id)
        with self._read() as connection:
            found = (
                connection.execute(statement)
                if ids is None
                else select_in(connection, statement, standing.c.report, ends_of(connection, ids))
            )
            rows = [(row.seq, row.id, row.report, row.body) for row in found]
        grouped: dict[ReportId, list[Record]] = {}
        for _seq, name, report, body in sorted(rows):
            seen = grouped.setdefault(ReportId(report), [])
            seen.insert(0 if name == report else len(seen), load(Record, body))
        return {report: Report(id=report, records=tuple(seen)) for report, seen in grouped.items()}

    def link_index(self) -> LinkIndex:
        """Return the look-ups that linking asks for, with everything filed that was written so far."""
        self.check()
        file_keys(self._database, self._link_keys)
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
    stand_anew(pen, [(RecordId(row["id"]), ReportId(row["report"])) for row in new])
    return {row["id"] for row in new}


def link_reports(pen: Pen, duplicates: Sequence[DuplicateLink], hints: Sequence[LinkHint]) -> None:
    """Write what linking found between reports of the store."""
    ends = [link.report for link in duplicates] + [end for hint in hints for end in (hint.report, hint.other)]
    pen.require_reports(ends)
    pen.append(duplicate_link, [row_of(link) for link in duplicates])
    pen.append(link_hint, [row_of(hint) for hint in hints])
