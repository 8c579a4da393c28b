"""Record, report and study, as PRISMA 2020 tells them apart.

A *record* is one source's entry, a *report* a document, a *study* what is pooled. Records are counted at
identification, reports are screened, studies are pooled.
"""

from dataclasses import dataclass
from datetime import date

from review.ids import RecordId, ReportId

__all__ = ["Correction", "Record", "Report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A tie between a record and a document that corrects, retracts, updates or discusses it, or the reverse.

    Parameters
    ----------
    kind
        The source's word; PubMed's RefTypes are ``RetractionIn``, ``ErratumIn``, ``ExpressionOfConcernIn``,
        ``UpdateIn``, ``RepublishedIn``, ``CommentIn`` and their counterparts (``RetractionOf`` ...).
    pmid
        The other document, where the source names it.
    citation
        The other document as the source cites it.
    """

    kind: str
    pmid: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One entry of one source, as the source gives it.

    Parameters
    ----------
    source
        The adapter's name in the protocol: ``pubmed``, ``baseline``, ``files``.
    accession
        The source's own identifier; for PubMed the PMID.
    keywords
        Author keywords. Where `index_only` holds, the sorted distinct words of an abstract that may not be
        kept, without order or count.
    entered
        When the record entered its source (PubMed: edat).
    index_only
        True when the source serves an index of words instead of the abstract.
    notes
        What the source declares about the entry (a placeholder identifier, an assumed date), to be shown.
    orcids
        One for each of `authors`, empty where an author has none; no entries where nobody has one.
    corrections
        Errata, retractions, expressions of concern, updates and comments that the source ties to the entry.
    published
        The date of publication as the source prints it (``2013 Nov-Dec``).
    revised
        When the source last changed the entry.
    status
        How far the source's own work on the entry is (PubMed: ``Publisher``, ``In-Process``, ``MEDLINE``,
        ``PubMed-not-MEDLINE``).
    version
        The source's number for a document that it holds in several versions; empty where it says none.
    """

    source: str
    accession: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    journal: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    language: str = ""
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()
    entered: date | None = None
    index_only: bool = False
    notes: tuple[str, ...] = ()
    orcids: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    published: str = ""
    revised: date | None = None
    status: str = ""
    version: str = ""

    @property
    def id(self) -> RecordId:
        """``source:accession``."""
        return RecordId(f"{self.source}:{self.accession}")

    @property
    def report_id(self) -> ReportId:
        """The report that bears this record's name, where it is the first record of its document."""
        return ReportId(self.id)

    @property
    def citation(self) -> str:
        """One line a person can find the document by."""
        place = f"{self.journal} {self.year or ''}".strip()
        parts = (_names(self.authors), self.title, f"{place};{self._where}" if self._where else place)
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

    @property
    def _where(self) -> str:
        issue = f"({self.issue})" if self.issue else ""
        pages = f":{self.pages}" if self.pages else ""
        return f"{self.volume}{issue}{pages}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A document, with every record through which it was seen (the first one names it)."""

    id: ReportId
    records: tuple[Record, ...]

    @property
    def record(self) -> Record:
        """The fullest of its records: with an abstract, or its words, or from a source; then the first."""
        return max(self.records, key=_fullness)


def _fullness(record: Record) -> tuple[bool, bool, bool]:
    return bool(record.abstract), record.index_only, record.source != "baseline"


def _names(authors: tuple[str, ...], shown: int = 6) -> str:
    return ", ".join(authors[:shown]) + (", et al" if len(authors) > shown else "")
