"""A table for programs, and how it is written."""

import csv
import io
from dataclasses import dataclass

__all__ = ["Cells", "Table"]

Cells = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its file name and what a reader should know of it."""

    name: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[Cells, ...]

    def to_csv(self) -> bytes:
        """Return the table as RFC 4180 wants it, in UTF-8; an absent value is an empty cell."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow(self.columns)
        writer.writerows(["" if cell is None else cell for cell in row] for row in self.rows)
        return buffer.getvalue().encode()
