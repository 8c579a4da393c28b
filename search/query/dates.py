"""Days as PubMed writes them: a year, a month or a day, alone or as the end of a range."""

import calendar
import re
from datetime import date

__all__ = ["first_day", "is_day", "last_day"]

_WRITTEN = re.compile(r"(\d{4})(?:/(\d{1,2})(?:/(\d{1,2}))?)?", re.ASCII)


def is_day(text: str) -> bool:
    """Tell whether the text is a year, a month or a day that exists."""
    try:
        first_day(text)
    except ValueError:
        return False
    return True


def first_day(text: str) -> date:
    """Give the first day of a year, a month or a day.

    Raises
    ------
    ValueError
        For anything but ``YYYY``, ``YYYY/MM`` and ``YYYY/MM/DD`` of an existing day.
    """
    year, month, day = _parts(text)
    return date(year, month or 1, day or 1)


def last_day(text: str) -> date:
    """Give the last day of a year, a month or a day; errors as `first_day`."""
    year, month, day = _parts(text)
    last_month = month or 12
    return date(year, last_month, day or calendar.monthrange(year, last_month)[1])


def _parts(text: str) -> tuple[int, int | None, int | None]:
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(f"day: found {text!r}; expected YYYY, YYYY/MM or YYYY/MM/DD")
    year, month, day = match.groups()
    return int(year), int(month) if month else None, int(day) if day else None
