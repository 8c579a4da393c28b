"""The table of identifiers found for reference reports: what is believed, what waits for a person."""

from collections.abc import Iterable
from csv import DictWriter
from dataclasses import dataclass, fields
from io import StringIO
from pathlib import Path

from review.tables import Row, read_table

__all__ = ["FILE_NAME", "Identified", "as_table", "read_identified"]

FILE_NAME = "identified.csv"
"""Stands beside the table of reference reports."""

_OUTCOMES = ("confirmed", "ambiguous", "not found", "not asked", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """One line: a reference report and the PMID it has, may have, or lacks.

    Parameters
    ----------
    report
        ``study/report`` of the table of reports.
    outcome
        *confirmed*, *ambiguous*, *not found*, *not asked*, or *rejected*: a person says that none fits.
    pmid
        Given only where the outcome is *confirmed*.
    how
        The question that brought the record; empty where a person named it.
    evidence
        How far title, first author and year agree.
    candidates
        PMIDs with their titles, for a person to choose from.
    source
        What was asked, its version, and when.
    confirmed_by
        The person who chose; empty where the rule believed it.
    """

    report: str
    outcome: str
    pmid: str = ""
    doi: str = ""
    how: str = ""
    evidence: str = ""
    candidates: str = ""
    source: str = ""
    confirmed_by: str = ""

    @property
    def why(self) -> str:
        """Why the PMID is believed, in one line."""
        return f"confirmed by {self.confirmed_by}" if self.confirmed_by else f"{self.how}: {self.evidence}"

    @property
    def settled(self) -> bool:
        """True where nothing is left to ask: confirmed, or a person's word."""
        return self.outcome == "confirmed" or bool(self.confirmed_by)


_COLUMNS = tuple(field.name for field in fields(Identified))


def read_identified(path: Path) -> tuple[Identified, ...]:
    """Read the table; none where there is no such file yet.

    Raises
    ------
    TableError
        For an unknown outcome, a report met twice, a confirmed line without a PMID, or one that neither says
        how it was found nor who chose it.
    """
    return read_table(path, _identified, once=lambda one: one.report) if path.exists() else ()


def as_table(rows: Iterable[Identified]) -> str:
    """Return the text of the table, one line a report."""
    text = StringIO()
    writer = DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: getattr(row, name) for name in _COLUMNS} for row in rows)
    return text.getvalue()


def _identified(row: Row) -> Identified:
    one = Identified(**{name: row[name].strip() for name in _COLUMNS})
    if one.outcome not in _OUTCOMES:
        raise ValueError(f"outcome {one.outcome!r}, which is none of {', '.join(_OUTCOMES)}")
    if one.outcome == "confirmed" and not (one.pmid.isascii() and one.pmid.isdecimal()):
        raise ValueError(f"pmid {one.pmid!r}, where a confirmed line needs one")
    if one.outcome == "confirmed" and not (one.how or one.confirmed_by):
        raise ValueError(
            "neither how nor confirmed_by: write your name under confirmed_by where you chose it"
        )
    return one
