"""One HTTP answer of the stand-in, and how its XML is put together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

__all__ = ["Form", "Reply", "child", "error_reply", "text_reply", "xml_reply"]

Form = Mapping[str, str]
"""The parameters of a request, whether they came in the address or in the body."""

_DOCTYPES = {
    "eSearchResult": ("esearch 20060628", "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd"),
    "eLinkResult": ("elink 20101123", "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20101123/elink.dtd"),
    "ePostResult": ("epost 20090526", "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20090526/epost.dtd"),
    "eInfoResult": ("einfo 20190110", "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20190110/einfo.dtd"),
    "eSummaryResult": (
        "esummary v1 20041029",
        "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20041029/esummary-v1.dtd",
    ),
    "PubmedArticleSet": (
        "PubMedArticle, 1st January 2025",
        "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd",
    ),
}
# XML 1.0, production 2: everything else cannot stand in a document.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, type and body."""

    body: bytes
    status: int = 200
    content_type: str = "text/xml; charset=UTF-8"
    headers: tuple[tuple[str, str], ...] = ()


def child(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    """Append an element; signs that XML cannot hold are left out of its text."""
    element = ET.SubElement(parent, tag, attributes)
    if text is not None:
        element.text = _NO_XML.sub("", text)
    return element


def xml_reply(root: Element) -> Reply:
    """Write a document with the declaration and document type that NCBI sends."""
    head = '<?xml version="1.0" encoding="UTF-8" ?>\n'
    if root.tag in _DOCTYPES:
        name, address = _DOCTYPES[root.tag]
        head += f'<!DOCTYPE {root.tag} PUBLIC "-//NLM//DTD {name}//EN" "{address}">\n'
    return Reply(f"{head}{ET.tostring(root, encoding='unicode')}\n".encode())


def error_reply(root_tag: str, *messages: str) -> Reply:
    """Say that something is wrong the way NCBI does: HTTP 200 and an ERROR element."""
    root = Element(root_tag)
    for message in messages:
        child(root, "ERROR", message)
    return xml_reply(root)


def text_reply(text: str, status: int = 200) -> Reply:
    """Answer in plain text."""
    return Reply(text.encode(), status, "text/plain; charset=UTF-8")
