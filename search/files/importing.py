"""What comes of a file of citations: every entry is accepted, or rejected with its line and the reason."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from review.record import Record

__all__ = ["Entry", "Import", "Rejected", "collect", "one_line"]

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry that could not be read.

    Parameters
    ----------
    line
        Where it begins, counted from 1.
    """

    line: int
    reason: str


Entry = Record | Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What a file held; `seen` entries are `records` and `rejected` together."""

    records: tuple[Record, ...]
    rejected: tuple[Rejected, ...]
    format: str

    @property
    def seen(self) -> int:
        """How many entries the file holds."""
        return len(self.records) + len(self.rejected)


def one_line(text: str) -> str:
    """Return `text` as one line: blanks and line ends as single spaces, other control characters left out."""
    return " ".join(_CONTROLS.sub("", text).split())


def collect(entries: Iterable[Entry], source: str, file_format: str) -> Import:
    """Gather `entries`; each record gets `source`, and its PMID or the digest of its content as accession.

    Identifiers that a file gives are not trusted to be unique across files. An entry that repeats another
    to the letter is kept under a numbered accession, for linking to see and count.
    """
    every = tuple(entries)
    records = tuple(entry for entry in every if isinstance(entry, Record))
    return Import(
        records=tuple(_named(records, source)),
        rejected=tuple(entry for entry in every if isinstance(entry, Rejected)),
        format=file_format,
    )


def _named(records: Iterable[Record], source: str) -> Iterator[Record]:
    times: dict[str, int] = {}
    for record in records:
        name = record.pmid or _digest(record)
        times[name] = times.get(name, 0) + 1
        accession = name if times[name] == 1 else f"{name}-{times[name]}"
        yield replace(record, source=source, accession=accession)


def _digest(record: Record) -> str:
    content = (
        *(record.title, record.abstract, *record.authors, record.journal, str(record.year)),
        *(record.volume, record.issue, record.pages, record.doi),
    )
    text = "\x1f".join(one_line(part).casefold() for part in content)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
