"""MEDLINE text (.nbib): the entries are cut out and counted here, Bio.Medline reads each by itself."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import StringIO

from Bio import Medline

from review.record import Correction, Record
from search.files.citation_fields import pmid_in
from search.files.decoding import Text
from search.files.importing import Rejected, one_line
from search.files.raw import Fields, Raw, Vocabulary
from search.notes import from_general_notes

__all__ = ["VOCABULARY", "cut", "finish", "opens"]

VOCABULARY: Vocabulary = {
    "titles": ("TI", "BTI"),
    "abstract": ("AB", "OAB"),
    "authors": ("AU", "FAU"),
    "more_authors": ("CN",),
    "journal": ("JT", "TA"),
    "year": ("DP",),
    "volume": ("VI",),
    "issue": ("IP",),
    "pages": ("PG",),
    "doi": ("LID", "AID"),
    "pmid": ("PMID",),
    "pmcid": ("PMC",),
    "language": ("LA",),
    "types": ("PT",),
    "mesh": ("MH",),
    "keywords": ("OT",),
    "registrations": ("SI",),
    "entered": ("EDAT",),
    "published": ("DP",),
    "revised": ("LR",),
    "status": ("STAT",),
    "original title": ("TT",),
    "general notes": ("GN",),
}
_TIES = {
    "CIN": "CommentIn",
    "CON": "CommentOn",
    "EIN": "ErratumIn",
    "EFR": "ErratumFor",
    "UIN": "UpdateIn",
    "UOF": "UpdateOf",
    "RIN": "RetractionIn",
    "ROF": "RetractionOf",
    "RPI": "RepublishedIn",
    "RPF": "RepublishedFrom",
    "ECI": "ExpressionOfConcernIn",
    "ECF": "ExpressionOfConcernFor",
    "PRIN": "PartialRetractionIn",
    "PROF": "PartialRetractionOf",
    "ORI": "OriginalReportIn",
    "CRI": "CorrectedandRepublishedIn",
    "CRF": "CorrectedandRepublishedFrom",
    "RRI": "RetractedandRepublishedIn",
    "RRF": "RetractedandRepublishedFrom",
    "SPIN": "SummaryForPatientsIn",
}
"""PubMed's tags for ties to other documents (https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format)."""
VOCABULARY = {**VOCABULARY, **{f"corrections: {kind}": (tag,) for tag, kind in _TIES.items()}}
_NO_REGISTRIES = re.compile(
    r"bioproject|dbgap|dbsnp|dbvar|dryad|figshare|gdb|genbank|geo|omim|pdb|pir|pubchem|refseq|sra|swissprot|uni",
    re.IGNORECASE,
)
_OWNER = re.compile(r"^[A-Z]{2,}: ")

_START = re.compile(r"^PMID ?- ?(.*)$")


def opens(line: str) -> bool:
    """Return whether `line` begins an entry and belongs to no other format."""
    match = _START.match(line)
    return bool(match and match[1].strip()[:1].isdecimal())


def cut(text: Text) -> Iterator[Raw | Rejected]:
    """Give out each entry of `text`; it begins with PMID."""
    for line, lines in _entries(text):
        match = _START.match(lines[0])
        if match is None:
            yield Rejected(line, "lines without a PMID line before them")
        elif not (match[1].strip().isascii() and match[1].strip().isdecimal()):
            yield Rejected(line, f"found PMID {match[1].strip()[:40]!r}; expected a number")
        else:
            yield _read(line, [f"PMID- {match[1].strip()}", *lines[1:], ""])


def finish(record: Record, fields: Fields) -> Record:
    """Add what only this format tells: dates, status, ties to other documents, notes of PubMed."""
    said = (_OWNER.sub("", note) for note in fields.every("general notes"))
    index_only, notes = from_general_notes(said)
    own = (f"Title in the original language: {title}" for title in fields.every("original title"))
    return replace(
        record,
        index_only=index_only,
        notes=(*own, *notes),
        entered=_day(fields.first("entered")),
        published=fields.first("published"),
        revised=_day(fields.first("revised")),
        status=fields.first("status"),
        corrections=tuple(_corrections(fields)),
    )


def _corrections(fields: Fields) -> Iterator[Correction]:
    for kind in _TIES.values():
        for tie in fields.every(f"corrections: {kind}"):
            citation = tie.partition(" PMID:")[0].strip()
            yield Correction(kind=kind, pmid=pmid_in(tie), citation=citation)


def _entries(text: Text) -> Iterator[tuple[int, list[str]]]:
    start, lines = 1, list[str]()
    for number, line in enumerate(text.lines(), 1):
        if _START.match(line) or (not lines and line.strip()):
            if lines:
                yield start, lines
            start, lines = number, [line]
        elif line.strip():
            lines.append(line)
    if lines:
        yield start, lines


def _read(line: int, lines: list[str]) -> Raw | Rejected:
    try:
        fields: dict[str, list[str] | str] = Medline.read(StringIO("\n".join(lines)))  # type: ignore[no-untyped-call]  # Bio ships no types
    except (ValueError, KeyError, IndexError) as error:
        return Rejected(line, f"lines that are not MEDLINE ({error})")
    return Raw(line, tuple(_pairs(fields)))


def _pairs(fields: dict[str, list[str] | str]) -> Iterator[tuple[str, str]]:
    abstracts = [_text(fields.get(name, "")) for name in ("AB", "OAB")]
    yield "AB", " ".join(filter(None, abstracts))
    if not {"TI", "BTI"} & set(fields):
        # An entry without a title in English is known by its own.
        yield "TI", _text(fields.get("TT", ""))
    for name, value in fields.items():
        for each in [value] if isinstance(value, str) else value:
            if name not in {"AB", "OAB"}:
                yield name, _plain(name, each)


def _text(value: list[str] | str) -> str:
    return one_line(value if isinstance(value, str) else " ".join(value))


def _plain(name: str, value: str) -> str:
    """Take off what belongs to the format: kinds of identifiers, names of registries, marks."""
    if name in {"LID", "AID"}:
        # One line may hold several identifiers: the one before its own mark counts.
        before, mark, _ = value.partition("[doi]")
        return next(reversed(before.split()), "") if mark else ""
    if name == "SI":
        return "" if _NO_REGISTRIES.match(value) else value.partition("/")[2] or value
    return value.lstrip("*") if name == "OT" else value


def _day(text: str) -> date | None:
    """Read ``2020/03/04 06:00`` and ``20200304``."""
    try:
        return date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError:
        return None
