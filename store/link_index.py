"""Look-ups of reports by the keys their records carry."""

import re
from collections.abc import Collection
from urllib.parse import unquote

from sqlalchemy import ColumnElement, Connection, select

from review.ids import ReportId
from review.record import Record, Report
from store.codec import load, storable
from store.database import Database
from store.filing import LONGEST_KEY, normal_key
from store.pen import select_in
from store.schema import link_key, record, standing

__all__ = ["LinkIndex", "normal_doi"]

MOST = 65
"""Reports under one key that are given: linking looks at fewer."""

DOI = re.compile(r"10\.\d{4,9}/\S+")
"""Directory, registrant, and whatever the registrant likes (DOI Handbook, section 2.2)."""


class LinkIndex:
    """Finds reports of the store; fulfils the protocol of ``search.linking`` by SQL look-ups."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_pmid(self, pmid: str) -> tuple[Report, ...]:
        """Return the reports with a record of that PMID, in the order of first sight."""
        return self._reports(record.c.pmid == storable(pmid))

    def by_doi(self, doi: str) -> tuple[Report, ...]:
        """Return the reports with a record of that DOI, however it is written."""
        return self._reports(record.c.doi == normal_doi(doi))

    def by_title_key(self, key: str) -> tuple[Report, ...]:
        """Return the reports with a record whose title has that key."""
        return self._reports(record.c.title_key == normal_key(key))

    def by_keys(self, keys: Collection[str]) -> dict[str, tuple[Report, ...]]:
        """Return the reports under each key that records are filed under, in the order of first sight.

        Of a key that very many share, only the first ones are given.
        """
        asked = {stored: key for key in keys if (stored := normal_key(key))}
        with self._database.read() as connection:
            named = _named(connection, asked)
            wanted = {report for several in named.values() for report in several}
            reports = _with_records(connection, wanted)
        return {asked[key]: tuple(reports[one] for one in several) for key, several in named.items()}

    def _reports(self, holds: ColumnElement[bool]) -> tuple[Report, ...]:
        statement = select(standing.c.report).join(record, standing.c.record == record.c.id).where(holds)
        with self._database.read() as connection:
            named = dict.fromkeys(connection.scalars(statement.order_by(record.c.seq)))
            reports = _with_records(connection, named)
        return tuple(reports[one] for one in named)


def _named(connection: Connection, keys: Collection[str]) -> dict[str, dict[str, None]]:
    """Return the reports under each key, the first ones first."""
    statement = (
        select(link_key.c.key, standing.c.report)
        .join(record, record.c.seq == link_key.c.record)
        .join(standing, standing.c.record == record.c.id)
        .order_by(link_key.c.record)
    )
    named: dict[str, dict[str, None]] = {}
    for row in select_in(connection, statement, link_key.c.key, keys):
        there = named.setdefault(row.key, {})
        if len(there) < MOST:
            there[row.report] = None
    return named


def _with_records(connection: Connection, reports: Collection[str]) -> dict[str, Report]:
    statement = select(standing.c.report, record.c.seq, record.c.body)
    statement = statement.join(record, standing.c.record == record.c.id)
    rows = select_in(connection, statement, standing.c.report, reports)
    grouped: dict[str, list[Record]] = {}
    for row in sorted(rows, key=lambda row: row.seq):
        grouped.setdefault(row.report, []).append(load(Record, row.body))
    return {one: Report(id=ReportId(one), records=tuple(seen)) for one, seen in grouped.items()}


def normal_doi(doi: str) -> str:
    """Return a DOI in lower case without the address of a resolver; DOIs do not tell case apart."""
    found = DOI.search(unquote(storable(doi)).lower())
    return found[0].rstrip(".,;")[:LONGEST_KEY] if found else ""
