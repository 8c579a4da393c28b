"""Find the PMIDs of the reference reports that have none, and leave what is doubtful to a person."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.files import write_atomically
from flows.place import Place
from review.baseline import BaselineReport, read_reports
from review.identified import FILE_NAME, Identified, as_table, read_identified
from search.pubmed import PubMed
from search.references.resolving import Candidate, Outcome, Resolved, Stated, resolve

__all__ = ["References", "identified_file", "resolve_references"]


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What is known of the reference reports' identifiers now.

    Parameters
    ----------
    verified
        Reports whose PMID stood in the table of reports, verified.
    rows
        All others, as they stand in `file`.
    """

    verified: int
    rows: tuple[Identified, ...]
    file: Path

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows have each outcome."""
        return Counter(row.outcome for row in self.rows)

    @property
    def complete(self) -> bool:
        """False where PubMed stopped answering before all were asked."""
        return not self.counts["not asked"]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a person wants to know, a line each."""
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.counts.items()))
        return (
            f"{self.verified + len(self.rows)} reference reports: {self.verified} with a verified PMID"
            + (f", {told}" if told else ""),
            *(f"  {row.report}: {row.outcome}: {row.evidence}" for row in self.rows if not row.settled),
        )


def resolve_references(
    place: Place,
    pubmed: PubMed,
    now: datetime,
    *,
    again: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> References:
    """Ask PubMed for every reference report without a verified PMID, and write what came of it.

    Lines that are settled stay as they are, a person's always; the file is written whole or not at all.

    Parameters
    ----------
    again
        Ask anew for what the rule confirmed before.

    Raises
    ------
    TableError
        When the table of reports, or what is there of the table of identifiers, cannot be read.
    SourceError
        When PubMed does not even say its version: nothing was asked or written.
    """
    reports = read_reports(place.folder / place.protocol.references.reports)
    file = identified_file(place)
    held = {row.report: row for row in read_identified(file) if row.settled}
    if again:
        held = {report: row for report, row in held.items() if row.confirmed_by}
    lacking = {one.record.accession: one for one in reports if not one.record.pmid}
    asked = [_stated(one) for report, one in lacking.items() if report not in held]
    source = f"PubMed {pubmed.build()}, asked on {now.date()}" if asked else ""
    found = {answer.key: _row(answer, source) for answer in resolve(asked, pubmed, progress)}
    rows = tuple((held | found)[report] for report in lacking)
    write_atomically(file, as_table(rows))
    return References(verified=len(reports) - len(lacking), rows=rows, file=file)


def identified_file(place: Place) -> Path:
    """Return where the table of identifiers stands, beside that of the reports."""
    return (place.folder / place.protocol.references.reports).with_name(FILE_NAME)


def _stated(report: BaselineReport) -> Stated:
    return Stated(
        key=report.record.accession,
        citation=report.citation,
        pmid=report.stated_pmid,
        doi=report.stated_doi,
    )


def _row(answer: Resolved, source: str) -> Identified:
    found = answer.found
    return Identified(
        report=answer.key,
        outcome=answer.outcome.value,
        pmid=found.record.pmid if found else "",
        doi=found.record.doi if found else "",
        how=found.how if found else "",
        evidence=answer.note,
        candidates="; ".join(_told(answer.candidates)) if answer.outcome is Outcome.AMBIGUOUS else "",
        source=source,
    )


def _told(candidates: tuple[Candidate, ...]) -> Iterator[str]:
    return (f"PMID {one.record.pmid} ({one.belief.evidence}): {one.record.title}" for one in candidates)
