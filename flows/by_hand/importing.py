"""Take in a file of citations as a search of the source it was exported from."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flows.errors import Refused
from flows.files import alone
from flows.place import Place
from flows.steps.committing import commit_file
from review.protocol import Protocol
from review.record import Record
from search.files.importing import FieldUse
from search.linking import link
from search.readers import Rejected
from search.readers import read as read_citations
from store.store import Store

__all__ = ["FileImport", "Glance", "import_alone", "import_citations"]

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """The parts of a record by which a person sees whether a file was read as it was meant."""

    title: str
    authors: tuple[str, ...]
    year: int | None
    journal: str
    doi: str
    pmid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileImport:
    """What became of each citation of a file: ``read = known + duplicates + new`` and `rejected`.

    Parameters
    ----------
    first
        The first records, as they are read.
    fields
        What became of each tag or column of the file.
    remarks
        What the reader has to say of the file.
    """

    read: int
    known: int
    duplicates: int
    new: int
    rejected: tuple[Rejected, ...]
    written: bool
    format: str
    encoding: str
    first: tuple[Glance, ...]
    fields: tuple[FieldUse, ...]
    remarks: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """One line for people."""
        verb = "taken in" if self.written else "would be taken in"
        return (
            f"{self.read + len(self.rejected)} citations: {self.new} {verb} as new, {self.known} known, "
            f"{self.duplicates} duplicates, {len(self.rejected)} rejected"
        )


def import_alone(
    place: Place, store: Store, file: Path, source: str, *, through: date | None, now: datetime
) -> FileImport:
    """Import a file as `import_citations` does, while nothing else adds reports to this review.

    What is known is read before it is written: a search in between could bring the same reports, and nobody
    would link the two.

    Raises
    ------
    Refused
        When another run is at work on this review, or the protocol does not name the source.
    """
    with alone(place.home, "run"):
        return import_citations(place.protocol, store, file, source, through=through, now=now)


def import_citations(
    protocol: Protocol,
    store: Store,
    file: Path,
    source: str,
    *,
    through: date | None,
    now: datetime,
    write: bool = True,
) -> FileImport:
    """Read a file, link its records to what is known, and commit them in one transaction.

    Parameters
    ----------
    through
        The day up to which the source was searched; it moves that source's clock. Without it the records
        come in and the clock stays; with rejected entries the clock stays too, and the days are a gap.

    Raises
    ------
    Refused
        When the protocol does not name the source.
    """
    names = protocol.search.files.names if protocol.search.files else ()
    if source not in names:
        known = ", ".join(names) or "none"
        raise Refused(
            f"source: found {source!r}; expected one that the protocol names under search.files: {known}; "
            "correct it or amend the protocol"
        )
    if through and through > now.date():
        raise Refused(f"searched through: found {through}; expected {now.date()} or earlier; correct the day")
    citations = read_citations(file, source=source)
    held = store.known([record.id for record in citations.records])
    fresh = [record for record in citations.records if record.id not in held]
    linking = link(fresh, store.link_index())
    if write:
        commit_file(
            protocol,
            store,
            source,
            fresh,
            linking,
            known=len(held),
            rejected=citations.rejected,
            through=through,
            now=now,
            file=file,
        )
    return FileImport(
        format=citations.format,
        encoding=citations.encoding,
        first=tuple(map(_glance, citations.records[:_SHOWN])),
        fields=citations.fields,
        remarks=citations.remarks,
        read=len(citations.records),
        known=len(held),
        duplicates=len(linking.merged),
        new=len(linking.new),
        rejected=citations.rejected,
        written=write,
    )


def _glance(record: Record) -> Glance:
    return Glance(
        title=record.title,
        authors=record.authors,
        year=record.year,
        journal=record.journal,
        doi=record.doi,
        pmid=record.pmid,
    )
