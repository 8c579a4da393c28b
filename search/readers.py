"""Reading files of citations, whatever their format: in = accepted + rejected, and never a silent zero."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from search.errors import UnreadableFile
from search.files.building import Finish, built
from search.files.decoding import Text, decode
from search.files.formats import bibtex, endnote, medline, ovid, pubmed, ris, sheets, tables, wos
from search.files.importing import Entry, Import, Rejected, Said, collect
from search.files.limits import DEFAULT, Limits
from search.files.raw import Raw, Tally, Vocabulary
from search.files.unpacking import is_zip
from search.notes import tells_a_decision

__all__ = ["Import", "Rejected", "read"]

_KNOWN = (
    "RIS, MEDLINE (.nbib), PubMed XML, EndNote XML, BibTeX, Web of Science or Ovid text, CSV, TSV or XLSX "
    "with a title column"
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_HEAD = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A format that was recognised, ready to be read."""

    name: str
    entries: Iterable[Raw | Rejected | Said] = ()
    vocabulary: Vocabulary = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    finish: Finish | None = None
    records: Iterable[Entry] | None = None


def read(path_or_bytes: Path | str | bytes, *, source: str = "files", limits: Limits = DEFAULT) -> Import:
    """Read a file of citations; its format and encoding are recognised from its content.

    Parameters
    ----------
    path_or_bytes
        A path, or the content itself; either may be gzipped.
    source
        What the records are to be filed under.
    limits
        How large the file may be, packed and unpacked; nothing beyond them is read.

    Raises
    ------
    UnreadableFile
        When nothing in it is a citation of a known format, or it is larger than `limits` allow; the text
        says what was found and what to do.
    """
    where = "file" if isinstance(path_or_bytes, bytes) else Path(path_or_bytes).name
    try:
        return _read(_bytes(path_or_bytes, limits), source, limits)
    except UnreadableFile as error:
        raise UnreadableFile(str(error).replace("file: ", f"{where}: ", 1)) from None


def _bytes(path_or_bytes: Path | str | bytes, limits: Limits) -> bytes:
    size = len(path_or_bytes) if isinstance(path_or_bytes, bytes) else Path(path_or_bytes).stat().st_size
    if size > limits.handed_in:
        raise UnreadableFile(
            f"file: found {size:,} bytes; expected at most {limits.handed_in:,}; split it, or export fewer "
            "entries at a time"
        )
    return path_or_bytes if isinstance(path_or_bytes, bytes) else Path(path_or_bytes).read_bytes()


def _read(data: bytes, source: str, limits: Limits) -> Import:
    if data.startswith(_OLD_EXCEL):
        raise _unread("a spreadsheet of the old kind, or one behind a password", "save it as .xlsx or CSV")
    text = None if is_zip(data) else decode(data, limits)
    found = _workbook(data, limits) if text is None else _recognise(text)
    tally = Tally(found.vocabulary, found.names)
    entries = found.records or built(tally.counting(found.entries), found.vocabulary, found.finish)
    result = collect(entries, source, found.name)
    if not result.seen:
        raise _unread(f"{found.name} without a single entry", "export it again")
    remarks = (*result.remarks, *_remarks(result, text))
    encoding = text.encoding_name if text else ""
    return replace(result, encoding=encoding, fields=tally.uses(), remarks=remarks)


def _workbook(data: bytes, limits: Limits) -> _Found:
    return _Found(name="XLSX", entries=sheets.cut(data, limits), vocabulary=sheets.VOCABULARY)


def _recognise(text: Text) -> _Found:
    head = text.head(_HEAD)
    if not head.strip():
        raise _unread("nothing", "export it again")
    if pubmed.BEGINS.search(head):
        return _Found(name="PubMed XML", records=pubmed.read(text))
    if endnote.OLD.search(head):
        raise _unread("EndNote XML of version 7 or earlier", "export it as RIS")
    return next(filter(None, (look(text, head) for look in _LOOKS)), None) or _not_known(head)


def _not_known(head: str) -> _Found:
    raise _unread(f"text that begins {head.strip()[:40]!r}", "export it in one of these formats")


def _endnote(text: Text, head: str) -> _Found | None:
    if endnote.BEGINS.search(head):
        return _Found(name="EndNote XML", entries=endnote.cut(text), vocabulary=endnote.VOCABULARY)
    return None


def _wos(text: Text, head: str) -> _Found | None:
    if wos.BEGINS.match(head):
        return _Found(
            name="Web of Science", entries=wos.cut(text), vocabulary=wos.VOCABULARY, names=wos.NAMES
        )
    return None


def _ovid(text: Text, head: str) -> _Found | None:
    if ovid.BEGINS.match(head):
        return _Found(name="Ovid", entries=ovid.cut(text), vocabulary=ovid.VOCABULARY, names=ovid.NAMES)
    return None


def _tagged(text: Text, _: str) -> _Found | None:
    """Look for the first line that only MEDLINE or RIS has, however late it comes."""
    for line in text.lines():
        if medline.opens(line):
            return _Found(
                name="MEDLINE",
                entries=medline.cut(text),
                vocabulary=medline.VOCABULARY,
                finish=medline.finish,
            )
        if ris.opens(line):
            return _Found(name="RIS", entries=ris.cut(text), vocabulary=ris.VOCABULARY, names=ris.NAMES)
        if bibtex.BEGINS.match(line):
            return _Found(name="BibTeX", entries=bibtex.cut(text), vocabulary=bibtex.VOCABULARY)
    return None


def _table(text: Text, _: str) -> _Found | None:
    if head := tables.heading(text):
        return _Found(name=head.format, entries=tables.cut(text, head), vocabulary=head.vocabulary)
    return None


_LOOKS: tuple[Callable[[Text, str], _Found | None], ...] = (_endnote, _wos, _ovid, _tagged, _table)


def _remarks(result: Import, text: Text | None) -> Iterator[str]:
    labelled = sum(any(map(tells_a_decision, record.notes)) for record in result.records)
    if labelled:
        yield (
            f"{labelled} entries bring labels or decisions of other people along: kept as notes, they decide "
            "nothing here"
        )
    if text is not None and text.replaced:
        yield (
            f"{text.replaced} bytes are no {text.encoding_name} and stand as \ufffd: export it again as UTF-8"
        )


def _unread(found: str, advice: str) -> UnreadableFile:
    return UnreadableFile(f"file: found {found}; expected {_KNOWN}; {advice}")
