"""The sources of a review as readers know them, each with its own day."""

from dataclasses import dataclass

from publisher.snapshot import Snapshot
from publisher.words import day
from review.searching import SECOND_LOOK
from review.source_clocks import SourceClock

__all__ = ["SourceRow", "known_pass_note", "source_name", "source_rows"]

_NAMES = {
    "pubmed": "PubMed",
    "clinicaltrials": "ClinicalTrials.gov",
    "europepmc": "Europe PMC",
    "citations": "Citations",
    SECOND_LOOK: "Known records",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source of the protocol, and how far it is searched."""

    name: str
    how: str
    through: str
    last: str


def source_name(source: str) -> str:
    """Return what readers call a source; the protocol's own word where it is not one of ours."""
    return _NAMES.get(source, source)


def source_rows(snapshot: Snapshot) -> tuple[SourceRow, ...]:
    """Return a row for each source, and one for the pass over everything known."""
    clocks = snapshot.clocks
    known = SourceRow(
        name=source_name(SECOND_LOOK),
        how="looked at again by the service, by PMID",
        through=day(clocks.known_pass_through),
        last=known_pass_note(snapshot),
    )
    return (*map(_row, clocks.sources), *((known,) if clocks.known_pass_due else ()))


def known_pass_note(snapshot: Snapshot) -> str:
    """Return when everything known is due to be looked at again, and whether that is late."""
    due = snapshot.clocks.known_pass_due
    if due is None:
        return ""
    late = not snapshot.archive and snapshot.at.date() > due
    return f"overdue since {day(due)}" if late else f"due again {day(due)}"


def _row(clock: SourceClock) -> SourceRow:
    return SourceRow(
        name=source_name(clock.name),
        how="searched by people, imported as files" if clock.by_hand else "asked by the service",
        through=day(clock.through, never="no day yet"),
        last=clock.last.value if clock.last else "never searched",
    )
