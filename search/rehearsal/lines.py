"""JSON lines: one object a line, and errors that name file and line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["CatalogueError", "rows"]


class CatalogueError(ValueError):
    """A line of a catalogue, or of a team's own records, that is not a record."""


def rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each object with its place (``file: line N``); blank lines are passed over.

    Raises
    ------
    CatalogueError
        For a line that is not UTF-8, not JSON, or not an object.
    """
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if line.strip():
            where = f"{path.name}: line {number}"
            yield where, _row(line, where)


def _row(line: bytes, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line.decode())
    except (ValueError, RecursionError) as error:
        raise CatalogueError(
            f"{where}: found text that is not JSON ({error}); expected one record"
        ) from error
    if not isinstance(row, dict):
        raise CatalogueError(f"{where}: found {type(row).__name__}; expected an object in braces")
    return row
