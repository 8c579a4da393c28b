"""What a record says of its document: title, abstract, pages, identifiers."""

from search.articles.parts import each
from search.articles.shapes import ABSTRACT_TEXT, LOCATION, OTHER_ABSTRACT
from search.articles.texts import plain

__all__ = ["Incomplete", "abstract", "article_id", "doi", "own_pmid", "pages", "title", "vernacular"]

_UNAVAILABLE = {"", "[Not Available].", "[Not Available]"}
_TEXTS, _OTHERS = each(ABSTRACT_TEXT), each(OTHER_ABSTRACT)
_LOCATIONS = each(LOCATION)


class Incomplete(ValueError):
    """A record lacks what every record has."""


def own_pmid(written: str) -> str:
    """Return a record's PMID.

    Raises
    ------
    Incomplete
        When there is none, or it is no number.
    """
    pmid = plain(written)
    if not pmid.isdecimal():
        raise Incomplete(f"a record whose PMID is {pmid!r}")
    return pmid


def title(translated: str, own: str) -> str:
    """Return the title, in its own language where there is no other."""
    said = plain(translated)
    return (plain(own) or said) if said in _UNAVAILABLE else said


def vernacular(own: str, title: str) -> tuple[str, ...]:
    """Return the title in its own language as a note, where the record has a translated one too."""
    said = plain(own)
    return (f"Title in the original language: {said}",) if said and said != title else ()


def abstract(own: str, others: str = "") -> str:
    """Return the abstract, then others in English; without either, the first in any language."""
    if not others:
        return _parts(own)
    listed = _OTHERS.findall(others)
    english = [_parts(texts) for language, texts in listed if language in {"", "eng"}]
    found = [said for said in (_parts(own), *english) if said]
    return " ".join(found) or _parts(listed[0][1])


def pages(medline: str, start: str, end: str) -> str:
    """Return pages as PubMed prints them (``101-9``), or from first to last."""
    return plain(medline) or "-".join(filter(None, (plain(start), plain(end))))


def doi(locations: str) -> str:
    """Return the electronic location that is a valid DOI."""
    found = [at for kind, valid, at in _LOCATIONS.findall(locations) if kind == "doi" and valid != "N"]
    return next(filter(None, map(plain, found)), "")


def article_id(listed: str, kind: str) -> str:
    """Return a record's own identifier of a kind: ``doi``, ``pmc``."""
    return plain(listed.partition(f' IdType="{kind}">')[2].partition("<")[0])


def _parts(texts: str) -> str:
    return " ".join(filter(None, [_labelled(*part) for part in _TEXTS.findall(texts)]))


def _labelled(label: str, written: str) -> str:
    said = plain(written)
    return f"{label}: {said}" if (label := plain(label)) and said else said
