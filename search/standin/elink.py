"""ELink of the stand-in: links from a mapping, a set for each id= that is given.

Its shape follows the replies recorded in public test suites; PubMed merges the sets of PMIDs that are joined
by commas in one id=, and so does this.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from search.standin.reply import Reply, child, error_reply, xml_reply
from search.standin.request import Request

__all__ = ["LinkTable", "elink"]

LinkTable = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By name of the link (``pubmed_pubmed_citedin``), then by PMID: the PMIDs linked to."""

_DEFAULT = "pubmed_pubmed"


def elink(asked: Request, links: LinkTable) -> Reply:
    """Answer ELink for links inside PubMed."""
    groups = tuple(filter(None, map(_split, asked.every("id"))))
    if not groups:
        return error_reply("eLinkResult", "Empty id list - nothing todo")
    if asked.one("dbfrom", "pubmed") != "pubmed" or asked.one("db", "pubmed") != "pubmed":
        return error_reply("eLinkResult", "Invalid db name specified: this stand-in links PubMed to PubMed")
    root = Element("eLinkResult")
    for group in groups:
        _add_set(root, group, asked.one("linkname", _DEFAULT), links)
    return xml_reply(root)


def _add_set(root: Element, group: tuple[str, ...], name: str, links: LinkTable) -> None:
    linkset = child(root, "LinkSet")
    child(linkset, "DbFrom", "pubmed")
    numbers = child(linkset, "IdList")
    for pmid in group:
        child(numbers, "Id", pmid)
    table = links.get(name, {})
    linked = tuple(dict.fromkeys(other for pmid in group for other in table.get(pmid, ())))
    if not linked:
        return
    database = child(linkset, "LinkSetDb")
    child(database, "DbTo", "pubmed")
    child(database, "LinkName", name)
    for pmid in linked:
        child(child(database, "Link"), "Id", pmid)


def _split(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))
