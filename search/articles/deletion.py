"""Records that PubMed takes back."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

__all__ = ["Deleted", "deletions"]


@dataclass(frozen=True, slots=True)
class Deleted:
    """PubMed's word that a record is gone."""

    pmid: str


def deletions(root: Element) -> list[Deleted]:
    """Return what a DeleteCitation takes back."""
    named = ("".join(pmid.itertext()).strip() for pmid in root.findall("PMID"))
    return [Deleted(pmid) for pmid in named if pmid]
