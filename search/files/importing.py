"""What comes of a file of citations: every entry is accepted, or rejected with its line and the reason."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from review.record import Record

__all__ = ["Entry", "FieldUse", "Import", "Rejected", "Said", "collect", "one_line"]

# Control characters, halves of surrogate pairs, and the two code points that XML and spreadsheets refuse.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f\ufffe\uffff]")
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry that could not be read.

    Parameters
    ----------
    line
        Where it begins, counted from 1; in a spreadsheet the row.
    """

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader has to say of a file beside its entries: lines it passed over, an end that is missing."""

    text: str


Entry = Record | Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldUse:
    """What became of one tag, column or element.

    Parameters
    ----------
    becomes
        The part of a record that it is read as; empty where it is not read.
    filled
        In how many entries it holds something.
    """

    name: str
    becomes: str
    filled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What a file held; `seen` entries are `records` and `rejected` together.

    Parameters
    ----------
    fields
        What became of each tag or column, in the order in which they first stand in the file.
    remarks
        Sentences for the person who imports: what was passed over, guessed, or kept apart.
    """

    records: tuple[Record, ...]
    rejected: tuple[Rejected, ...]
    format: str
    encoding: str = ""
    fields: tuple[FieldUse, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def seen(self) -> int:
        """How many entries the file holds."""
        return len(self.records) + len(self.rejected)


def one_line(text: str) -> str:
    """Return `text` as one line: blanks and line ends as single spaces, other control characters left out."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(_HALVES.sub("\ufffd", _CONTROLS.sub("", text)).split())


def collect(entries: Iterable[Entry | Said], source: str, file_format: str) -> Import:
    """Gather `entries`; each record gets `source`, and the digest of its content as accession.

    Identifiers that a file gives are not trusted to be right, or unique: a PMID that belongs to another
    document must not make the entry known. It is a part of the content, and for linking to weigh. An entry
    that repeats another to the letter is kept under a numbered accession, for linking to see and count.
    """
    rejected: list[Rejected] = []
    remarks: list[str] = []
    records = tuple(_named(_records(entries, rejected, remarks), source))
    return Import(
        records=records, rejected=tuple(rejected), format=file_format, remarks=tuple(dict.fromkeys(remarks))
    )


def _records(
    entries: Iterable[Entry | Said], rejected: list[Rejected], remarks: list[str]
) -> Iterator[Record]:
    for entry in entries:
        if isinstance(entry, Record):
            yield entry
        elif isinstance(entry, Rejected):
            rejected.append(entry)
        else:
            remarks.append(entry.text)


def _named(records: Iterable[Record], source: str) -> Iterator[Record]:
    times: dict[str, int] = {}
    for record in records:
        name = _digest(record)
        times[name] = times.get(name, 0) + 1
        accession = name if times[name] == 1 else f"{name}-{times[name]}"
        yield replace(record, source=source, accession=accession)


def _digest(record: Record) -> str:
    content = (
        *(record.title, record.abstract, *record.authors, record.journal, str(record.year)),
        *(record.volume, record.issue, record.pages, record.doi),
        *((record.pmid,) if record.pmid else ()),
    )
    text = "\x1f".join(one_line(part).casefold() for part in content)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
