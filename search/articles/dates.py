"""Dates as PubMed writes them: in parts, the month by name or number, or in words (MedlineDate)."""

import re
from datetime import date

from search.articles.texts import plain

__all__ = ["day", "day_of_status", "printed", "year"]

_PART = re.compile(r"<(Year|Month|Day|MedlineDate)>([^<]*)")
_PRINTED = re.compile(r"<(?:Year|Month|Day|Season|MedlineDate)>([^<]*)")
_IN_WORDS = re.compile(r"\b(?:1[5-9]|20|21)\d\d\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def day(when: str) -> date | None:
    """Return the day, the first of its month where none is named; None where it is no day of the calendar."""
    parts = dict(_PART.findall(when))
    year, month, day = [plain(parts.get(name, "")) for name in ("Year", "Month", "Day")]
    try:
        return date(int(year), _month(month), int(day or 1))
    except ValueError:
        return None


def day_of_status(history: str, status: str) -> date | None:
    """Return the day on which a record came to a status: ``entrez`` is PubMed's edat."""
    return day(history.partition(f' PubStatus="{status}">')[2].partition("</PubMedPubDate>")[0])


def year(when: str) -> int | None:
    """Return the year, the first one that words name; None where none is."""
    parts = dict(_PART.findall(when))
    found = _IN_WORDS.search(plain(parts.get("Year", "")) or plain(parts.get("MedlineDate", "")))
    return int(found[0]) if found else None


def printed(when: str) -> str:
    """Return a date as PubMed prints it: ``2013 Nov 5``, ``1998 Dec-1999 Jan``."""
    return plain(" ".join(_PRINTED.findall(when)))


def _month(written: str) -> int:
    name = written[:3].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else int(written or 1)
