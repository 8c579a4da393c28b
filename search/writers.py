"""Writing records as files that other tools read: reading gives them back, no field passes for another.

What comes back: title, abstract, authors, year, journal, volume, issue, pages, DOI, PMID, PMCID, language,
publication types, keywords, registrations, notes and labels, each field as one line; and by these the
record's own name.
"""

from collections.abc import Iterable

from review.record import Record
from search.files.writing.bib import bibtex_text
from search.files.writing.tabular import csv_text, xlsx_bytes
from search.files.writing.tagged import ris_text

__all__ = ["to_bibtex", "to_csv", "to_ris", "to_xlsx"]


def to_ris(records: Iterable[Record]) -> str:
    """Return `records` as RIS. Every field is one line: a line end inside it becomes a space."""
    return ris_text(records)


def to_csv(records: Iterable[Record], *, excel: bool = False) -> str:
    """Return `records` as CSV with a header.

    Parameters
    ----------
    excel
        For people who open it in a spreadsheet: a byte order mark, an apostrophe before whatever the program
        would compute, and a column that says so, by which reading takes it away again. Without it cells
        stand as they are, for machines.
    """
    return csv_text(records, excel=excel)


def to_xlsx(records: Iterable[Record]) -> bytes:
    """Return `records` as a spreadsheet in which nothing is computed.

    Raises
    ------
    UnwritableRecord
        When a field is longer than a cell holds, or the records are more than a sheet holds: nothing is cut.
    """
    return xlsx_bytes(records)


def to_bibtex(records: Iterable[Record]) -> str:
    """Return `records` as BibTeX in UTF-8."""
    return bibtex_text(records)
