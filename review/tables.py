"""Read a CSV table into nouns: each line is one, or the table is refused with the line that is wrong."""

import csv
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from review.errors import ReviewError

__all__ = ["Row", "TableError", "finite", "member", "read_table"]

Noun = TypeVar("Noun")
Row = Mapping[str, str]


class TableError(ReviewError):
    """A line of a table cannot be read; nothing of the table was taken in."""


def read_table(
    path: Path, build: Callable[[Row], Noun], *, once: Callable[[Noun], str] | None = None
) -> tuple[Noun, ...]:
    """Read each line.

    Parameters
    ----------
    once
        Gives a line its name; no two lines may have the same.

    Raises
    ------
    TableError
        With the first line that cannot be read.
    """
    nouns, lines = [], dict[str, int]()
    for number, row in _rows(path):
        noun = _built(path, number, row, build)
        name = once(noun) if once else str(number)
        if name in lines:
            found = f"{name!r} again, as on line {lines[name]}"
            raise TableError(f"{path}: line {number}", found, "one line for each", "remove one of the two")
        lines[name] = number
        nouns.append(noun)
    return tuple(nouns)


def finite(row: Row, column: str) -> float | None:
    """Return a cell's number, None where it is empty; ValueError where it is not finite."""
    if not row[column]:
        return None
    try:
        number = float(row[column])
    except ValueError:
        raise ValueError(f"{column} {row[column]!r}, which is no number") from None
    if not math.isfinite(number):
        raise ValueError(f"{column} {row[column]!r}, which is no finite number")
    return number


def member(table: Mapping[str, Noun], name: str, column: str) -> Noun:
    """Return what a cell names; ValueError with the names there are, where it names nothing."""
    if name not in table:
        raise ValueError(f"{column} {name!r}, which is none of {', '.join(sorted(table))}")
    return table[name]


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, UnicodeDecodeError) as problem:
        raise TableError(str(path), str(problem), "a CSV file in UTF-8", "add or convert the file") from None
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = next(reader, [])
        for cells in reader:
            where = f"{path}: line {reader.line_num}"
            if len(cells) != len(header):
                found = f"{len(cells)} cells"
                raise TableError(where, found, f"{len(header)} as in the header", "mend the commas or quotes")
            yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as problem:
        raise TableError(
            f"{path}: line {reader.line_num}", str(problem), "a row of CSV", "mend its quotes"
        ) from None


def _built(path: Path, number: int, row: Row, build: Callable[[Row], Noun]) -> Noun:
    try:
        return build(row)
    except KeyError as problem:
        where = f"{path}: line {number}"
        raise TableError(where, f"no {problem}", "a column or declared id of that name", "add it") from None
    except ValueError as problem:
        raise TableError(f"{path}: line {number}", str(problem), "a valid row", "correct the cell") from None
