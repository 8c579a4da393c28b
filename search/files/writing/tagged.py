"""Records as RIS: every field is one line."""

from collections.abc import Iterable, Iterator

from review.record import Record
from search.files.citation_fields import page_range
from search.files.formats.ris import OURS
from search.files.importing import one_line
from search.notes import label_in

__all__ = ["ris_text"]


def ris_text(records: Iterable[Record]) -> str:
    """Return `records` as RIS. A line end inside a field becomes a space."""
    return "".join(f"{tag}  - {value}\r\n" for record in records for tag, value in _tags(record))


def _tags(record: Record) -> Iterator[tuple[str, str]]:
    yield "TY", "JOUR"
    for tag, values in _fields(record):
        for value in values:
            if text := one_line(value):
                yield tag, text
    yield "ER", ""


def _fields(record: Record) -> tuple[tuple[str, tuple[str, ...]], ...]:
    start, end = _pages(record.pages)
    labels = tuple(filter(None, map(label_in, record.notes)))
    return (
        ("ID", (record.id,)),
        ("TI", (record.title,)),
        ("AU", record.authors),
        ("PY", (str(record.year or ""),)),
        ("JF", (record.journal,)),
        ("VL", (record.volume,)),
        ("IS", (record.issue,)),
        ("SP", (start,)),
        ("EP", (end,)),
        ("DO", (record.doi,)),
        ("DB", ("PubMed" if record.pmid else "",)),
        ("AN", (record.pmid,)),
        ("C2", (record.pmcid,)),
        ("LA", (record.language,)),
        ("M3", record.publication_types),
        ("KW", record.keywords),
        ("AB", (record.abstract,)),
        ("N1", tuple(note for note in record.notes if not label_in(note))),
        ("C4", record.registrations),
        ("LB", labels),
        # Tells the reader that C4 holds registrations and nothing else.
        ("DP", (OURS,)),
    )


def _pages(pages: str) -> tuple[str, str]:
    """Part pages where putting them together again gives the same."""
    start, _, end = one_line(pages).partition("-")
    return (start, end) if page_range(start, end) == one_line(pages) else (one_line(pages), "")
