"""Answers that are whole and well-formed, and yet not what was asked for."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from types import MappingProxyType
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from search.standin.faults import FaultKind
from search.standin.reply import Reply

__all__ = ["altered"]

_STRANGER = "999999999"
"""A PMID that no catalogue here holds."""


def altered(kind: FaultKind, reply: Reply) -> Reply:
    """Return the reply with its records, or its list of PMIDs, changed; what holds neither stays as it is."""
    if kind in _BYTES:
        return replace(reply, body=_BYTES[kind](reply.body))
    if b"<PubmedArticleSet" not in reply.body and b"<IdList" not in reply.body:
        return reply
    root = ET.fromstring(reply.body)  # noqa: S314 - written by this very process
    listed = root.find("IdList")
    _PARTS[kind](root if listed is None else listed)
    head = reply.body.partition(f"<{root.tag}".encode())[0]
    return replace(reply, body=head + ET.tostring(root, encoding="utf-8", xml_declaration=False))


def _duplicate(items: Element) -> None:
    """Put the first item in the place of the last: a list of the right length that lacks one."""
    if len(items):
        items[-1:] = [deepcopy(items[0])]


def _repeat(items: Element) -> None:
    items.extend(deepcopy(item) for item in list(items))


def _reverse(items: Element) -> None:
    items[:] = reversed(items)


def _omit(items: Element) -> None:
    del items[:1]


def _empty(items: Element) -> None:
    del items[:]


def _merge(items: Element) -> None:
    """Give the first item the PMID of another record, as for a PMID that was merged into it."""
    if len(items):
        _rename(items[0])


def _intrude(items: Element) -> None:
    if len(items):
        stranger = deepcopy(items[0])
        _rename(stranger)
        items.append(stranger)


def _delete(items: Element) -> None:
    """Name the first record as deleted in place of giving it."""
    pmid = items[0].findtext(".//PMID") if len(items) else None
    if pmid:
        del items[0]
        ET.SubElement(ET.SubElement(items, "DeleteCitation"), "PMID", Version="1").text = pmid


def _rename(item: Element) -> None:
    numbers = [item] if item.tag == "Id" else item.iterfind(".//PMID")
    for number in (*numbers, *item.iterfind(".//ArticleId[@IdType='pubmed']")):
        number.text = _STRANGER


def _future(body: bytes) -> bytes:
    """Announce a DTD that nobody has, and put an element into each record that none of today's knows."""
    dated = body.replace(b"1st January 2025", b"1st January 2099").replace(b"pubmed_250101", b"pubmed_990101")
    return dated.replace(
        b"<PubmedData>", b'<Provenance Kind="new">of a year to come</Provenance><PubmedData>'
    )


def _spoil(body: bytes) -> bytes:
    """Put a byte that UTF-8 never has in front of the last closing tag."""
    before, tag, after = body.rpartition(b"</")
    return before + b"\xff" + tag + after


_BYTES: Mapping[FaultKind, Callable[[bytes], bytes]] = MappingProxyType(
    {
        FaultKind.FUTURE_DTD: _future,
        FaultKind.NOT_UTF8: _spoil,
    }
)
_PARTS: Mapping[FaultKind, Callable[[Element], None]] = MappingProxyType(
    {
        FaultKind.DUPLICATED: _duplicate,
        FaultKind.REPEATED: _repeat,
        FaultKind.REORDERED: _reverse,
        FaultKind.OMITTED: _omit,
        FaultKind.NO_RECORDS: _empty,
        FaultKind.MERGED: _merge,
        FaultKind.INTRUDED: _intrude,
        FaultKind.DELETED: _delete,
    }
)
