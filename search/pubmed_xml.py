"""PubMed XML as a stream: one record held at a time, nothing fetched from outside, no silent end.

Reads PubmedArticleSet (EFetch replies, baseline and update files, gzipped or not) in UTF-8. The set is cut at
its records, each of which is read by itself: the document type, and any entity in it, is never read.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from review.record import Record
from search.articles.canonical import tree
from search.articles.contents import Incomplete
from search.articles.deletion import Deleted, deletions
from search.articles.reading import KINDS, record
from search.articles.tag_stream import UNPACKING, Broken, Readable, TagStream
from search.errors import Truncated

__all__ = ["Deleted", "Readable", "read"]

_SETS = {b"PubmedArticleSet", b"PubmedBookArticleSet"}
_TAG = re.compile(rb"<(/?[A-Za-z]+)[^>]*?(/?)>")


def read(stream: Readable) -> Iterator[Record | Deleted]:
    """Give out the records and deletions of a PubmedArticleSet in their order.

    Parameters
    ----------
    stream
        Bytes, plain or gzipped; memory stays that of the largest record.

    Raises
    ------
    Truncated
        After the last good record, when the input ends early, is malformed, or is no such set.
    """
    source = TagStream(stream)
    try:
        _enter(source)
        yield from _records(source)
        _leave(source)
    except (ET.ParseError, Incomplete, Broken, *UNPACKING) as error:
        message = f"PubMed XML: found {_said(error)}; expected a complete PubmedArticleSet; fetch it again"
        raise Truncated(message, offset=source.passed, good=source.good) from error


def _enter(source: TagStream) -> None:
    source.skip(b"\xef\xbb\xbf")
    if source.next_tag().upper().startswith(b"<!DOCTYPE"):
        _pass_document_type(source)
    name, _ = _parts(source.next_tag())
    if name not in _SETS:
        raise Broken(f"<{name.decode()}>")
    source.through(b"<" + name)


def _pass_document_type(source: TagStream) -> None:
    if b"[" in source.through(b">"):
        raise Broken("declarations inside the document type, which PubMed never sends")


def _records(source: TagStream) -> Iterator[Record | Deleted]:
    opening = source.through(b">")
    if opening.endswith(b"/>"):
        return
    while not (tag := source.next_tag()).startswith(b"</"):
        for item in _items(source, tag):
            source.good += 1
            yield item
    if _parts(tag)[0][1:] not in _SETS:
        raise Broken(f"{tag.decode('ascii', 'replace')} without its beginning")
    source.through(b">")


def _items(source: TagStream, tag: bytes) -> Iterator[Record | Deleted]:
    name, empty = _parts(tag)
    if name != b"DeleteCitation" and name not in KINDS:
        raise Broken(f"<{name.decode()}>")
    if empty:
        source.through(b">")
        return
    before = source.passed
    try:
        written = source.through(b"</" + name + b">")
        if name == b"DeleteCitation":
            yield from deletions(tree(written))
        else:
            yield record(name, written)
    except (ET.ParseError, Incomplete):
        source.passed = before
        raise


def _leave(source: TagStream) -> None:
    if not source.at_end():
        raise Broken("more after the end of the set")


def _parts(tag: bytes) -> tuple[bytes, bool]:
    match = _TAG.match(tag)
    if match is None:
        raise Broken(f"{tag[:40]!r}")
    return match[1], bool(match[2])


def _said(error: Exception) -> str:
    if isinstance(error, ET.ParseError):
        return f"a malformed record ({error.msg})"
    if isinstance(error, UNPACKING):
        return "a gzip stream that breaks off or is damaged"
    return str(error)
