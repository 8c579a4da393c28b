"""Spreadsheets (.xlsx): openpyxl reads the cells, each sheet is a table; formulas are text."""

import warnings
from collections.abc import Generator, Iterator
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from search.errors import UnreadableFile
from search.files.formats.columns import VOCABULARY, names_a_title, vocabulary_for
from search.files.formats.tables import entry, named
from search.files.importing import Rejected, Said
from search.files.limits import Limits
from search.files.raw import Raw
from search.files.unpacking import members

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = ["VOCABULARY", "cut"]

_MOST_ROWS = 1_048_576
"""Rows that a sheet of Excel can have; all sheets together may have no more here."""
_SEARCHED = 30


def cut(data: bytes, limits: Limits) -> Iterator[Raw | Rejected | Said]:
    """Give out each row of each sheet of `data` that has a title column.

    Raises
    ------
    UnreadableFile
        When the file is no workbook, or unpacks to more than `limits` allow.
    """
    if "xl/workbook.xml" not in members(data, limits):
        raise UnreadableFile(
            "file: found a zip file that is no .xlsx spreadsheet; expected the file of citations itself; "
            "unpack it and import what is in it"
        )
    book = _opened(data)
    left = _MOST_ROWS
    for name in book.sheetnames:
        left -= yield from _sheet(name, _rows(book, name, left))
    book.close()


def _sheet(name: str, rows: Iterator[tuple[int, list[str]]]) -> Generator[Raw | Rejected | Said, None, int]:
    """Give out what a sheet holds; return how many rows were read of it."""
    header: list[str] = []
    last = 0
    for last, row in rows:
        if header:
            yield from _entry(name, last, header, row)
        elif names_a_title(names := named(row)):
            header = names[: max(at + 1 for at, each in enumerate(names) if each)]
        elif last >= _SEARCHED:
            break
    if not header:
        yield Said(f"sheet {name!r} has no title column and was not read")
    return last


def _entry(sheet: str, at: int, header: list[str], row: list[str]) -> Iterator[Raw | Rejected]:
    if any(row):
        found = entry(at, header, row + [""] * (len(header) - len(row)), vocabulary_for(header))
        yield Rejected(at, f"sheet {sheet!r}: {found.reason}") if isinstance(found, Rejected) else found


def _opened(data: bytes) -> "Workbook":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return load_workbook(BytesIO(data), read_only=True, keep_links=False)
        except Exception as error:  # noqa: BLE001 - openpyxl fails in whatever way the damage makes it
            raise _damaged(error) from None


def _rows(book: "Workbook", sheet: str, most: int) -> Iterator[tuple[int, list[str]]]:
    """Give out the rows with their numbers; what openpyxl says of dates and styles is no matter here."""
    table = book[sheet]
    if hasattr(table, "reset_dimensions"):
        table.reset_dimensions()
    rows = table.iter_rows(max_row=most + 1, values_only=True)
    for at in range(1, most + 2):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                row = next(rows, None)
            except Exception as error:  # noqa: BLE001 - openpyxl fails in whatever way the damage makes it
                raise _damaged(error) from None
        if row is None:
            return
        if at > most:
            raise UnreadableFile(
                f"file: found more than {_MOST_ROWS:,} rows; expected no more than one sheet holds; split it"
            )
        yield at, [_said(value) for value in row]


def _said(value: object) -> str:
    """Return what a cell says: dates as ISO 8601, whole numbers without a point, formulas as they stand."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(getattr(value, "text", value))


def _damaged(error: Exception) -> UnreadableFile:
    why = " ".join(str(error).split())[:100] or type(error).__name__
    return UnreadableFile(
        f"file: found a damaged spreadsheet ({why}); expected a whole .xlsx; save it again, or as CSV"
    )
