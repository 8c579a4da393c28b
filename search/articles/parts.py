"""What articles and books have in common: PMID, title, abstract, pages, identifiers."""

from xml.etree.ElementTree import Element

from search.articles.elements import child, plain, text

__all__ = ["Incomplete", "abstract", "article_id", "doi", "pages", "pmid_and_version", "title", "vernacular"]

_UNAVAILABLE = {"", "[Not Available].", "[Not Available]"}


class Incomplete(ValueError):
    """A record lacks what every record has."""


def pmid_and_version(parent: Element) -> tuple[str, str]:
    """Return a record's PMID and the number of its version.

    Raises
    ------
    Incomplete
        When there is no PMID, or it is no number.
    """
    own = child(parent, "PMID")
    pmid = plain(own)
    if not pmid.isdecimal():
        raise Incomplete(f"a record whose PMID is {pmid!r}")
    return pmid, own.get("Version", "")


def title(parent: Element) -> str:
    """Return the title, in its own language where there is no other."""
    said = text(parent, "ArticleTitle")
    return (text(parent, "VernacularTitle") or said) if said in _UNAVAILABLE else said


def vernacular(parent: Element) -> tuple[str, ...]:
    """Return the title in its own language as a note, where the record has a translated one too."""
    own = text(parent, "VernacularTitle")
    return (f"Title in the original language: {own}",) if own and own != title(parent) else ()


def abstract(parent: Element, others: list[Element]) -> str:
    """Return the abstract, then others in English; without either, the first in any language."""
    own = _parts(child(parent, "Abstract"))
    english = [_parts(other) for other in others if other.get("Language", "eng") == "eng"]
    found = [said for said in (own, *english) if said] or [_parts(other) for other in others[:1]]
    return " ".join(found)


def pages(parent: Element) -> str:
    """Return pages as PubMed prints them (``101-9``), or from first to last."""
    place = child(parent, "Pagination")
    ends = (text(place, "StartPage"), text(place, "EndPage"))
    return text(place, "MedlinePgn") or "-".join(filter(None, ends))


def doi(parent: Element) -> str:
    """Return the electronic location that is a valid DOI."""
    places = [place for place in parent.findall("ELocationID") if place.get("EIdType") == "doi"]
    return next(filter(None, [plain(place) for place in places if place.get("ValidYN") != "N"]), "")


def article_id(identifiers: Element, kind: str) -> str:
    """Return a record's own identifier of a kind: ``doi``, ``pmc``."""
    return next((plain(own) for own in identifiers.findall("ArticleId") if own.get("IdType") == kind), "")


def _parts(element: Element) -> str:
    return " ".join(filter(None, [_labelled(part) for part in element.findall("AbstractText")]))


def _labelled(part: Element) -> str:
    label, said = " ".join(part.get("Label", "").split()), plain(part)
    return f"{label}: {said}" if label and said else said
