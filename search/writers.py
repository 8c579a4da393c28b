"""Writing records as RIS and CSV, so that reading gives them back and no field can pass for another."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO

from review.record import Record
from search.files.importing import one_line
from search.files.tables import GUARDED

__all__ = ["to_csv", "to_ris"]

_COLUMNS = (
    *("id", "title", "abstract", "authors", "journal", "year", "volume", "issue", "pages"),
    *("doi", "pmid", "language", "keywords"),
)
_FORMULA = re.compile(r"'*[=+\-@]")


def to_ris(records: Iterable[Record]) -> str:
    """Return `records` as RIS. Every field is one line: a line end inside it becomes a space."""
    return "".join(f"{tag}  - {value}\r\n" for record in records for tag, value in _tags(record))


def to_csv(records: Iterable[Record], *, guard: bool = False) -> str:
    """Return `records` as CSV with a header.

    Parameters
    ----------
    guard
        For people who open it in a spreadsheet: an apostrophe before whatever the program would compute,
        and a column that says so, by which reading takes it away again.
    """
    file = StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([*_COLUMNS, GUARDED] if guard else _COLUMNS)
    for record in records:
        cells = _cells(record)
        writer.writerow([*map(_guarded, cells), "yes"] if guard else cells)
    return file.getvalue()


def _tags(record: Record) -> Iterator[tuple[str, str]]:
    yield "TY", "JOUR"
    for tag, values in _fields(record):
        for value in values:
            if text := one_line(value):
                yield tag, text
    yield "ER", ""


def _fields(record: Record) -> tuple[tuple[str, tuple[str, ...]], ...]:
    start, _, end = record.pages.partition("-")
    return (
        ("ID", (record.id,)),
        ("TI", (record.title,)),
        ("AU", record.authors),
        ("PY", (str(record.year or ""),)),
        ("JF", (record.journal,)),
        ("VL", (record.volume,)),
        ("IS", (record.issue,)),
        ("SP", (start,)),
        ("EP", (end,)),
        ("DO", (record.doi,)),
        ("DB", ("PubMed" if record.pmid else "",)),
        ("AN", (record.pmid,)),
        ("LA", (record.language,)),
        ("M3", record.publication_types),
        ("KW", record.keywords),
        ("AB", (record.abstract,)),
        ("N1", record.notes),
    )


def _cells(record: Record) -> list[str]:
    single = (record.title, record.abstract)
    rest = (record.journal, str(record.year or ""), record.volume, record.issue, record.pages)
    last = (record.doi, record.pmid, record.language)
    cells = (record.id, *single, _joined(record.authors), *rest, *last, _joined(record.keywords))
    return [one_line(cell) for cell in cells]


def _joined(values: tuple[str, ...]) -> str:
    """Part `values` by semicolons, with one at the end: a name with a comma is then never read as two."""
    kept = [text for value in values if (text := one_line(value.replace(";", ",")))]
    return "; ".join(kept) + (";" if kept else "")


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
