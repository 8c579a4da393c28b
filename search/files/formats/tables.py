"""Tables of citations as text (CSV, TSV), one entry a row, or Embase's with one field a row."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from search.files.decoding import Text
from search.files.formats.columns import (
    OURS,
    VOCABULARY,
    cells,
    names_a_title,
    vocabulary_for,
)
from search.files.importing import Rejected, Said, one_line
from search.files.raw import Raw, Vocabulary

__all__ = ["Heading", "cut", "entry", "heading", "named", "unguarded"]

# The csv module refuses cells above 131,072 characters, whole files in one cell included.
csv.field_size_limit(1 << 30)

_GUARD = re.compile(r"'+[=+\-@\t\r]")
_DELIMITERS = ",\t;|"
_SEARCHED = 30
"""Lines within which the header is looked for: Embase puts its search query before it."""
_SURE = 3
"""Columns that must be known before a line below the first is taken for the header."""
_AGAIN = 20
"""How often reading starts anew behind a quotation mark that never closes."""


class Heading:
    """Where the header of a table stands, what parts its cells, and what its columns are called."""

    def __init__(self, line: int, delimiter: str, names: Sequence[str]) -> None:
        self.line = line
        self.delimiter = delimiter
        self.names = tuple(names)
        self.format = "TSV" if delimiter == "\t" else "CSV"
        self.vocabulary: Vocabulary = vocabulary_for(self.names)
        self.vertical = self.names[0] == "title" and len(set(self.names) & _known()) == 1


def heading(text: Text) -> Heading | None:
    """Return the header of a table, where `text` is one: a line that names a title column."""
    first = True
    for number, line in enumerate(islice(text.lines(), _SEARCHED), 1):
        for delimiter in _DELIMITERS:
            names = named(_split(line, delimiter))
            if names_a_title(names) and (first or len(set(names) & _known()) >= _SURE):
                return Heading(number, delimiter, names)
        first = first and not line.strip()
    return None


def cut(text: Text, head: Heading) -> Iterator[Raw | Rejected | Said]:
    """Give out each row of `text`; blank lines are no rows, and lines before the header are passed over."""
    before = sum(bool(line.strip()) for line in islice(text.lines(), head.line - 1))
    if before:
        yield Said(f"{before} lines before the header were passed over")
    if head.vertical and _fields_by_row(text, head):
        yield from _vertical(text, head)
        return
    for line, row in _rows(islice(text.lines(), head.line, None), head.line + 1, head.delimiter):
        yield row if isinstance(row, Rejected) else entry(line, head.names, row, head.vocabulary)


def named(row: Iterable[str]) -> list[str]:
    """Return the names of columns as they are known: one line, in lower case."""
    return [one_line(cell).lower().removeprefix("\ufeff") for cell in row]


def entry(line: int, header: Sequence[str], row: Sequence[str], vocabulary: Vocabulary) -> Raw | Rejected:
    """Return a row under its header; blank cells beyond it do no harm."""
    full = list(row)
    while len(full) > len(header) and not full[-1].strip():
        full.pop()
    if len(full) != len(header):
        return Rejected(line, f"found {len(full)} cells; expected the {len(header)} of the header")
    if OURS in header and "guarded" in full[list(header).index(OURS)]:
        full = [unguarded(cell) for cell in full]
    return Raw(line, tuple(cells(header, full, vocabulary)))


def unguarded(cell: str) -> str:
    """Take away the apostrophe that keeps a spreadsheet from computing a cell."""
    return cell[1:] if _GUARD.match(cell) else cell


def _known() -> set[str]:
    return {name for names in VOCABULARY.values() for name in names}


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return [cell for row in csv.reader([line], delimiter=delimiter) for cell in row]
    except csv.Error:
        return []


def _rows(lines: Iterable[str], start: int, delimiter: str) -> Iterator[tuple[int, list[str] | Rejected]]:
    """Give out the rows; behind a quotation mark that never closes, reading starts anew a few times."""
    for attempt in range(_AGAIN + 1):
        kept = _Kept(lines)
        rows = csv.reader(kept, delimiter=delimiter, strict=True)
        broken = False
        while not broken:
            kept.forget()
            at = start + rows.line_num
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                broken = kept.ended and len(kept.lines) > 1 and attempt < _AGAIN
                yield at, _broken(at, at if broken else start + rows.line_num - 1, error)
            else:
                if any(cell.strip() for cell in row):
                    yield at, row
        lines, start = chain(kept.lines[1:]), at + 1


def _broken(first: int, last: int, error: csv.Error) -> Rejected:
    where = f"line {first}" if first == last else f"lines {first} to {last}"
    return Rejected(first, f"found {where} broken ({error}); expected whole quotes")


class _Kept:
    """Hands lines to the csv reader and keeps those of the row that it is reading."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._source = iter(lines)
        self.lines: list[str] = []
        self.ended = False

    def __iter__(self) -> "_Kept":
        return self

    def __next__(self) -> str:
        try:
            line = next(self._source)
        except StopIteration:
            self.ended = True
            raise
        self.lines.append(line)
        return line + "\n"

    def forget(self) -> None:
        self.lines.clear()


def _fields_by_row(text: Text, head: Heading) -> bool:
    names = {
        named(cells[:1])[0] for line in islice(text.lines(), 200) if (cells := _split(line, head.delimiter))
    }
    return bool(names & {"author names", "source title", "publication year", "embase link"})


def _vertical(text: Text, head: Heading) -> Iterator[Raw | Rejected | Said]:
    """Give out Embase's entries of one field a row: each begins with its title."""
    line, values = 0, list[tuple[str, str]]()
    for at, row in _rows(islice(text.lines(), head.line - 1, None), head.line, head.delimiter):
        if isinstance(row, Rejected):
            yield row
            continue
        name = named(row[:1])[0]
        if name == "title":
            if values:
                yield Raw(line, tuple(values))
            line, values = at, []
        values.extend((name, cell) for cell in row[1:])
    if values:
        yield Raw(line, tuple(values))
