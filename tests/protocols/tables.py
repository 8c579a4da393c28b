"""Reads the tables of a review's folder as they stand, for the tests of both reviews."""

import csv
from pathlib import Path

Row = dict[str, str]

EFFECT_COLUMNS = (
    "study,row,outcome,comparison,timepoint,stratum,measure,value,se,ai,n1i,ci,n2i,"
    "better,instrument,shared_control,n,subgroups,source,note"
)


def rows(path: Path) -> list[Row]:
    """Read a table, or nothing but an error."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def header(path: Path) -> str:
    """Give the first line."""
    return path.read_text(encoding="utf-8").partition("\n")[0]
