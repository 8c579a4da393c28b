"""Dates as PubMed writes them: in parts, the month by name or number, or in words (MedlineDate)."""

import re
from datetime import date
from xml.etree.ElementTree import Element

from search.articles.elements import plain, text

__all__ = ["day", "day_of_status", "printed", "year"]

_YEAR = re.compile(r"\b(1[5-9]|20|21)\d\d\b")
_PARTS = {"Year", "Month", "Day", "Season", "MedlineDate"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def day(when: Element) -> date | None:
    """Return the day, the first of its month where none is named; None where it is no day of the calendar."""
    parts = {part.tag: plain(part) for part in when}
    try:
        return date(int(parts["Year"]), _month(parts.get("Month", "")), int(parts.get("Day") or 1))
    except (KeyError, ValueError):
        return None


def day_of_status(history: Element, status: str) -> date | None:
    """Return the day on which a record came to a status: ``entrez`` is PubMed's edat."""
    dates = history.findall("PubMedPubDate")
    return next((day(when) for when in dates if when.get("PubStatus") == status), None)


def year(when: Element) -> int | None:
    """Return the year, the first one that words name; None where none is."""
    found = _YEAR.search(text(when, "Year") or text(when, "MedlineDate"))
    return int(found[0]) if found else None


def printed(when: Element) -> str:
    """Return a date as PubMed prints it: ``2013 Nov 5``, ``1998 Dec-1999 Jan``."""
    return " ".join([said for part in when if part.tag in _PARTS and (said := plain(part))])


def _month(written: str) -> int:
    name = written[:3].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else int(written or 1)
