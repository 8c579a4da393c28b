"""Records as tables: CSV for machines or for Excel, and XLSX, with the same columns."""

import csv
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from review.record import Record
from search.errors import UnwritableRecord
from search.files.formats.columns import OURS, joined
from search.files.importing import one_line
from search.notes import label_in

__all__ = ["MOST_CHARACTERS", "csv_text", "xlsx_bytes"]

MOST_CHARACTERS = 32_767
"""What a cell of a spreadsheet holds (https://support.microsoft.com, *Excel specifications and limits*)."""

_MOST_ROWS = 1_048_575
_COLUMNS = (
    *("id", "title", "abstract", "authors", "journal", "year", "volume", "issue", "pages", "doi", "pmid"),
    *("pmcid", "language", "publication_types", "keywords", "registrations", "notes", "label", OURS),
)
_FORMULA = re.compile(r"'*[=+\-@]")
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""What a workbook says of its making, so that the same records make the same file."""


def csv_text(records: Iterable[Record], *, excel: bool) -> str:
    """Return a table with a header; for Excel with a byte order mark and no cell that it would compute."""
    file = StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for record in records:
        cells = _cells(record)
        writer.writerow([*map(_guarded, cells), "1 guarded"] if excel else [*cells, "1"])
    return f"\ufeff{file.getvalue()}" if excel else file.getvalue()


def xlsx_bytes(records: Iterable[Record]) -> bytes:
    """Return a workbook with one sheet, in which every cell but the year is text.

    Raises
    ------
    UnwritableRecord
        When a cell or the sheet would have to be cut.
    """
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        book.set_properties({"created": _MADE})
        sheet = book.add_worksheet("citations")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, _COLUMNS)
        for row, record in enumerate(records, 1):
            if row > _MOST_ROWS:
                raise UnwritableRecord(_too_many())
            for column, cell in enumerate(_fitting(record, [*_cells(record), "1"])):
                sheet.write_string(row, column, cell)
    return file.getvalue()


def _cells(record: Record) -> list[str]:
    labels = tuple(filter(None, map(label_in, record.notes)))
    notes = tuple(note for note in record.notes if not label_in(note))
    single = (record.journal, str(record.year or ""), record.volume, record.issue, record.pages)
    names = (record.doi, record.pmid, record.pmcid, record.language)
    lists = (record.publication_types, record.keywords, record.registrations, notes, labels)
    first = (record.id, record.title, record.abstract)
    return [
        *map(one_line, first),
        joined(record.authors),
        *map(one_line, single),
        *map(one_line, names),
        *map(joined, lists),
    ]


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _fitting(record: Record, cells: list[str]) -> list[str]:
    for name, cell in zip(_COLUMNS, cells, strict=True):
        if len(cell) > MOST_CHARACTERS:
            raise UnwritableRecord(
                f"{record.id}: found {len(cell):,} characters of {name}; expected at most "
                f"{MOST_CHARACTERS:,}, all that a cell of a spreadsheet holds; export as .csv, .ris or .bib"
            )
    return cells


def _too_many() -> str:
    return f"records: found more than {_MOST_ROWS:,}; expected no more than a sheet holds; export as .csv"
