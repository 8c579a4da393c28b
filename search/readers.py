"""Reading files of citations, whatever their format: in = accepted + rejected, and never a silent zero."""

import re
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path

from review.record import Record
from search import pubmed_xml
from search.errors import Truncated, UnreadableFile
from search.files.decoding import decode, unpack
from search.files.importing import Entry, Import, Rejected, collect
from search.files.medline import read_medline
from search.files.ris import read_ris
from search.files.tables import has_titles, read_table

__all__ = ["Import", "Rejected", "read"]

_KNOWN = "RIS, MEDLINE (.nbib), PubMed XML, CSV or TSV with a title column"
_LATER = (
    (re.compile(r"\s*(<\?xml[^>]*>\s*)?<xml>\s*<records>"), "EndNote XML"),
    (re.compile(r"\s*(%[^\n]*\n\s*)*@\w+\s*[{(]"), "BibTeX"),
    (re.compile(r"\s*FN [^\n]+\nVR "), "Web of Science plain text"),
)
_FORMATS: tuple[tuple[str, re.Pattern[str], Callable[[str], Iterable[Entry]]], ...] = (
    ("MEDLINE", re.compile(r"^PMID ?- ?\d", re.MULTILINE), read_medline),
    ("RIS", re.compile(r"^[ \t]*TY {1,2}-", re.MULTILINE), read_ris),
)
_PUBMED = re.compile(r"<Pubmed(Book)?ArticleSet\b")
_HEAD = 4000


def read(path_or_bytes: Path | str | bytes, *, source: str = "files") -> Import:
    """Read a file of citations; its format and encoding are recognised from its content.

    Parameters
    ----------
    path_or_bytes
        A path, or the content itself; either may be gzipped.
    source
        What the records are to be filed under.

    Raises
    ------
    UnreadableFile
        When nothing in it is a citation of a known format; the text says what it looks like.
    """
    where = "file" if isinstance(path_or_bytes, bytes) else Path(path_or_bytes).name
    data = path_or_bytes if isinstance(path_or_bytes, bytes) else Path(path_or_bytes).read_bytes()
    if data.startswith(b"PK\x03\x04"):
        raise _unread(where, "a spreadsheet or another zip file, which is not read yet", "save it as CSV")
    text = decode(unpack(data))
    name, entries = _recognise(where, text)
    result = collect(entries, source, name)
    if not result.seen:
        raise _unread(where, f"{name} without a single entry", "export it again")
    return result


def _recognise(where: str, text: str) -> tuple[str, Iterable[Entry]]:
    if not text.strip():
        raise _unread(where, "nothing", "export it again")
    if _PUBMED.search(text[:_HEAD]):
        return "PubMed XML", _read_pubmed(text)
    for pattern, later in _LATER:
        if pattern.match(text):
            raise _unread(where, f"{later}, which is not read yet", "export it as RIS")
    for name, pattern, reader in _FORMATS:
        if pattern.search(text):
            return name, reader(text)
    if has_titles(text):
        return "CSV", read_table(text)
    raise _unread(where, f"text that begins {text.strip()[:40]!r}", "export it in one of these formats")


def _unread(where: str, found: str, advice: str) -> UnreadableFile:
    return UnreadableFile(f"{where}: found {found}; expected {_KNOWN}; {advice}")


def _read_pubmed(text: str) -> Iterator[Entry]:
    data = re.sub(r"^<\?xml[^>]*\?>", "", text).encode("utf-8")
    try:
        for item in pubmed_xml.read(BytesIO(data)):
            if isinstance(item, Record):
                yield item
            else:
                yield Rejected(1, f"PubMed has deleted record {item.pmid}")
    except Truncated as error:
        yield Rejected(data.count(b"\n", 0, error.offset) + 1, str(error))
