"""ELink: what cites a report, what it cites, and what is like it, for each PMID by itself."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Protocol, TypeVar
from xml.etree.ElementTree import Element

from search.errors import BadReply
from search.eutils.replies import Reply, redacted, root_of

__all__ = ["CITED_IN", "REFERENCES", "SIMILAR", "Links", "read_links"]

T = TypeVar("T")

SIMILAR = "pubmed_pubmed"
CITED_IN = "pubmed_pubmed_citedin"
REFERENCES = "pubmed_pubmed_refs"
"""ELink knows the reference lists of articles in PMC only."""

_BATCH = 100
_FAILED = ("couldn't resolve", "address table is empty")
"""What ELink wrote inside a LinkSet while its servers could not be reached (April 2026)."""


class _Door(Protocol):
    def ask(self, utility: str, form: list[tuple[str, str]], read: Callable[[Reply], T]) -> T:
        """Put a question, as `search.eutils.asking.Eutils` does."""
        ...


class Links:
    """Follows links from PMID to PMID.

    Each answer has a key for every PMID asked, and no PMIDs under it where PubMed knows no link. PubMed
    knows many that it does not have here: nothing linked does not mean nothing cited.
    """

    def __init__(self, eutils: _Door) -> None:
        self._eutils = eutils

    def cited_in(self, pmids: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the PMIDs of what cites each of `pmids`; raises SourceError."""
        return self._linked(pmids, CITED_IN)

    def references(self, pmids: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the PMIDs of what each of `pmids` cites; raises SourceError."""
        return self._linked(pmids, REFERENCES)

    def similar(self, pmids: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the PMIDs of what is most like each of `pmids`, nearest first; raises SourceError."""
        return self._linked(pmids, SIMILAR)

    def _linked(self, pmids: Iterable[str], name: str) -> Mapping[str, tuple[str, ...]]:
        asked = tuple(dict.fromkeys(pmids))
        found: dict[str, tuple[str, ...]] = {}
        for start in range(0, len(asked), _BATCH):
            found |= self._batch(asked[start : start + _BATCH], name)
        return found

    def _batch(self, asked: tuple[str, ...], name: str) -> Mapping[str, tuple[str, ...]]:
        # One id= for each PMID: joined by commas their links would come back in one set.
        form = [("dbfrom", "pubmed"), ("db", "pubmed"), ("linkname", name), ("cmd", "neighbor")]
        form += [("id", pmid) for pmid in asked] + [("retmode", "xml")]
        return self._eutils.ask("ELink", form, partial(read_links, asked=asked, name=name))


def read_links(reply: Reply, asked: Iterable[str], name: str) -> Mapping[str, tuple[str, ...]]:
    """Read an ELink reply.

    Raises
    ------
    BadReply
        When a set says that something failed, belongs to several PMIDs at once or to one that was not asked
        for, or when there is none for one that was.
    """
    root = root_of(reply, "eLinkResult")
    _refuse_failures(root, reply)
    found = dict(_set(linkset, name, reply) for linkset in root.iterfind("LinkSet"))
    wanted = tuple(asked)
    if found.keys() != set(wanted):
        raise BadReply(
            f"{reply.where}: found links of {_listed(found)}; expected those of {_listed(wanted)}; try again"
        )
    return {pmid: found[pmid] for pmid in wanted}


def _refuse_failures(root: Element, reply: Reply) -> None:
    said = [_words(note) for note in root.iter("Info") if any(sign in _words(note) for sign in _FAILED)]
    if root.text and any(sign in root.text.lower() for sign in _FAILED):
        said.append(root.text)
    failures = [text for text in said if text.strip()]
    if failures:
        raise BadReply(
            f"{reply.where}: found an error: {redacted('; '.join(failures))[:200]}; expected links; "
            "try again later"
        )


def _set(linkset: Element, name: str, reply: Reply) -> tuple[str, tuple[str, ...]]:
    pmids = [(number.text or "").strip() for number in linkset.iterfind("IdList/Id")]
    if len(pmids) != 1:
        raise BadReply(
            f"{reply.where}: found a set of links for {len(pmids)} PMIDs together; expected one for each; "
            "try again"
        )
    linked = (
        (number.text or "").strip()
        for database in linkset.iterfind("LinkSetDb")
        if database.findtext("LinkName") == name
        for number in database.iterfind("Link/Id")
    )
    # PubMed counts a report as similar to itself.
    return pmids[0], tuple(dict.fromkeys(pmid for pmid in linked if pmid and pmid != pmids[0]))


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).lower().split())


def _listed(pmids: Iterable[str]) -> str:
    several = tuple(pmids)
    return f"{len(several)} PMIDs ({', '.join(several[:3])} ...)"
