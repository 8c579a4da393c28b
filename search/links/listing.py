"""Reports found by the keys of their records, in memory: what is known, or what a batch has brought."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from review.ids import ReportId
from review.record import Record, Report
from search.links.candidates import TELLING
from search.links.keys import filed_under

__all__ = ["ListIndex"]


@dataclass(slots=True)
class ListIndex:
    """An index in memory, of pairs of a report and a record of it."""

    pairs: Iterable[tuple[ReportId, Record]] = ()
    _records: dict[ReportId, tuple[Record, ...]] = field(default_factory=dict)
    _reports: dict[str, tuple[ReportId, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for report, record in self.pairs:
            self.add(report, record)
        self.pairs = ()

    def add(self, report: ReportId, record: Record) -> None:
        """Let `record` be found as one of `report`."""
        self.file(report, record, filed_under(record))

    def file(self, report: ReportId, record: Record, keys: Iterable[str]) -> None:
        """Let `record` be found as one of `report` under the keys of `filed_under`, where they are known."""
        self._records[report] = (*self._records.get(report, ()), record)
        for key in keys:
            there = self._reports.get(key, ())
            # A key that so many share tells nothing; more of them would only slow things down.
            if report not in there and len(there) <= TELLING:
                self._reports[key] = (*there, report)

    def adopt(self, report: Report) -> None:
        """Take in what another index holds of `report`, without keys of its own."""
        self._records[report.id] = tuple(dict.fromkeys((*report.records, *self.records(report.id))))

    def records(self, report: ReportId) -> tuple[Record, ...]:
        """Return the records of `report`; none where it is not known."""
        return self._records.get(report, ())

    def by_pmid(self, pmid: str) -> tuple[Report, ...]:
        """Return the reports with a record of that PMID."""
        return self._found(f"pmid {pmid}")

    def by_doi(self, doi: str) -> tuple[Report, ...]:
        """Return the reports with a record of that DOI, whatever its case."""
        return self._found(f"doi {doi.lower()}")

    def by_title_key(self, key: str) -> tuple[Report, ...]:
        """Return the reports with a record whose title has that `title_key`; of very many, the first."""
        return self._found(f"title {key}")

    def by_keys(self, keys: Collection[str]) -> dict[str, tuple[Report, ...]]:
        """Return the reports under each key that anything is filed under."""
        return {key: self._found(key) for key in keys if key in self._reports}

    def _found(self, key: str) -> tuple[Report, ...]:
        return tuple(Report(id=one, records=self._records[one]) for one in self._reports.get(key, ()))
