"""The reports that share a key with a record, each once, with what they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self

from review.ids import ReportId
from review.record import Record, Report

__all__ = ["TELLING", "Candidate", "candidates"]

TELLING = 64
"""Reports under one key from which on it tells nothing; of an identifier the first so many are looked at."""

_IDENTIFIERS = ("pmid ", "doi ", "pmcid ", "trial ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A report, and the keys that a record shares with it, the most telling first."""

    report: Report
    shared: tuple[str, ...]

    def joined(self, records: Sequence[Record]) -> Self:
        """Return the candidate with more records of its report, each once."""
        if not records:
            return self
        every = tuple(dict.fromkeys((*self.report.records, *records)))
        return replace(self, report=replace(self.report, records=every))


def candidates(keys: Sequence[str], found: Sequence[Mapping[str, Sequence[Report]]]) -> list[Candidate]:
    """Return the reports found under any of the keys, in the order of the keys.

    Parameters
    ----------
    found
        What indexes hold under each key; of a report that several hold the last one's is taken.
    """
    reports: dict[ReportId, Report] = {}
    shared: dict[ReportId, list[str]] = {}
    for key in keys:
        there = {report.id: report for where in found for report in where.get(key, ())}
        if len(there) <= TELLING or key.startswith(_IDENTIFIERS):
            for report in islice(there.values(), TELLING):
                reports[report.id] = report
                shared.setdefault(report.id, []).append(key)
    return [Candidate(report=report, shared=tuple(shared[name])) for name, report in reports.items()]
