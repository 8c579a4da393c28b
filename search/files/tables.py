"""Tables of citations (CSV, TSV) with the column names of ASReview, Zotero, Rayyan and the like."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from review.record import Record
from search.files.citation_fields import bare_doi, names_in, page_range, pmid_in, year_in
from search.files.importing import Entry, Rejected, one_line

__all__ = ["COLUMNS", "GUARDED", "has_titles", "read_table"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("title", "primary_title", "article title", "document title", "ti"),
    "abstract": ("abstract", "abstract note", "notes_abstract", "ab"),
    "authors": ("authors", "author", "author names", "author full names", "first_authors", "au"),
    "journal": (
        "journal",
        "publication title",
        "source title",
        "secondary_title",
        "journal_name",
        "journal/book",
    ),
    "year": ("year", "publication year", "publication_year", "py", "date"),
    "volume": ("volume", "vl"),
    "issue": ("issue", "number"),
    "pages": ("pages", "start_page", "page start", "sp"),
    "last_page": ("end_page", "page end", "ep"),
    "doi": ("doi", "do", "url", "urls"),
    "pmid": ("pmid", "pubmed_id", "pubmed id"),
    "language": ("language",),
    "keywords": ("keywords", "author keywords", "manual tags", "automatic tags"),
    "label": ("included", "label_included", "label", "asreview_label"),
}
"""Names under which each field is known, in lower case; the first that is filled counts."""

GUARDED = "formulas_guarded"
"""The column by which a table says that an apostrophe stands before whatever a spreadsheet would compute."""

_GUARD = re.compile(r"'+[=+\-@\t\r]")
_DELIMITERS = ",\t;"


def has_titles(text: str) -> bool:
    """Return whether the first line of `text` names a title column."""
    return _delimiter(text) is not None


def read_table(text: str) -> Iterator[Entry]:
    """Give out each row of `text` as a record or as rejected; blank lines are no rows."""
    rows = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text) or ",", strict=True)
    header = [_name(cell) for cell in next(filter(None, rows))]
    start = rows.line_num + 1
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejected(
                start, f"found lines {start} to {rows.line_num} broken ({error}); expected whole quotes"
            )
        else:
            if row:
                yield _entry(start, header, row)
        start = rows.line_num + 1


def _delimiter(text: str) -> str | None:
    first = text.lstrip("\n").partition("\n")[0]
    found = (each for each in _DELIMITERS if set(COLUMNS["title"]) & set(_split(first, each)))
    return next(found, None)


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return [_name(cell) for row in csv.reader([line], delimiter=delimiter) for cell in row]
    except csv.Error:
        return []


def _name(cell: str) -> str:
    return one_line(cell).lower()


def _entry(line: int, header: list[str], row: list[str]) -> Entry:
    if len(row) != len(header):
        return Rejected(line, f"found {len(row)} cells; expected the {len(header)} of the header")
    cells = dict(zip(header, map(str.strip, row), strict=True))
    if cells.get(GUARDED):
        cells = {name: cell[1:] if _GUARD.match(cell) else cell for name, cell in cells.items()}
    fields = {name: _filled(cells, names) for name, names in COLUMNS.items()}
    return _record(fields) if fields["title"] else Rejected(line, "no title")


def _filled(cells: dict[str, str], names: tuple[str, ...]) -> str:
    return next((one_line(cells[name]) for name in names if cells.get(name)), "")


def _record(fields: dict[str, str]) -> Record:
    return Record(
        source="files",
        accession="",
        title=fields["title"],
        abstract=fields["abstract"],
        authors=names_in(fields["authors"]),
        journal=fields["journal"],
        year=year_in(fields["year"]),
        volume=fields["volume"],
        issue=fields["issue"],
        pages=page_range(fields["pages"], fields["last_page"]),
        doi=bare_doi(fields["doi"]),
        pmid=_pmid(fields["pmid"]),
        language=fields["language"],
        keywords=tuple(filter(None, map(str.strip, re.split(r"[;|]", fields["keywords"])))),
        notes=(f"Label in the file: {fields['label']}",) if fields["label"] else (),
    )


def _pmid(text: str) -> str:
    number = text.removesuffix(".0")  # what a spreadsheet makes of a column with blanks
    return number if number.isascii() and number.isdecimal() else pmid_in(text)
