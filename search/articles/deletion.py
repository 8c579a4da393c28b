"""Records that PubMed takes back."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from search.articles.elements import texts

__all__ = ["Deleted", "deletions"]


@dataclass(frozen=True, slots=True)
class Deleted:
    """PubMed's word that a record is gone."""

    pmid: str


def deletions(root: Element) -> list[Deleted]:
    """Return what a DeleteCitation takes back."""
    return [Deleted(pmid) for pmid in texts(root, "PMID")]
