"""Look-ups of reports by the keys their records carry."""

import re
from urllib.parse import unquote

from sqlalchemy import ColumnElement, select

from review.ids import ReportId
from review.record import Record, Report
from store.codec import load, storable
from store.database import Database
from store.schema import record, standing

__all__ = ["LinkIndex", "normal_doi", "normal_key"]

LONGEST_KEY = 500
"""Characters of a key that are kept: PostgreSQL's indexes hold no more than 2,704 bytes."""

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

    def _reports(self, holds: ColumnElement[bool]) -> tuple[Report, ...]:
        stands = standing.c.record == record.c.id
        named = select(standing.c.report).join(record, stands).where(holds)
        statement = select(standing.c.report, record.c.body).join(record, stands)
        statement = statement.where(standing.c.report.in_(named))
        grouped: dict[str, list[Record]] = {}
        with self._database.read() as connection:
            for row in connection.execute(statement.order_by(record.c.seq)):
                grouped.setdefault(row.report, []).append(load(Record, row.body))
        return tuple(Report(id=ReportId(one), records=tuple(seen)) for one, seen in grouped.items())


def normal_doi(doi: str) -> str:
    """Return a DOI in lower case without the address of a resolver; DOIs do not tell case apart."""
    found = DOI.search(unquote(storable(doi)).lower())
    return found[0].rstrip(".,;")[:LONGEST_KEY] if found else ""


def normal_key(key: str) -> str:
    """Return a key as it is stored."""
    return storable(key)[:LONGEST_KEY]
