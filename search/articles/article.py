"""One article, book or deletion of PubMed XML as a record: which element says what."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element

from review.record import Record
from search.notes import from_general_notes

__all__ = ["Deleted", "Incomplete", "article", "book", "deletions"]

_YEAR = re.compile(r"\b(1[5-9]|20|21)\d\d\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNAVAILABLE = {"", "[Not Available].", "[Not Available]"}
_DATA_BANKS = re.compile(
    r"bioproject|dbgap|dbsnp|dbvar|dryad|figshare|gdb|genbank|geo|omim|pdb|pir|pubchem.*|refseq|sra|swissprot"
    r"|uniprotkb|uniparc|uniref|unimes",
    re.IGNORECASE,
)
"""NLM's data banks that register no trials: sequences, structures and data sets."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """PubMed's word that a record is gone."""

    pmid: str


class Incomplete(ValueError):
    """A record lacks what every record has."""


def article(root: Element) -> Record:
    """Return the record of a PubmedArticle.

    Raises
    ------
    Incomplete
        When there is no PMID.
    """
    citation, data = _child(root, "MedlineCitation"), _child(root, "PubmedData")
    body = _child(citation, "Article")
    issue = _child(body, "Journal/JournalIssue")
    pmid = _pmid(citation)
    index_only, notes = from_general_notes(_texts(citation, "GeneralNote"))
    return Record(
        source="pubmed",
        accession=pmid,
        pmid=pmid,
        title=_title(body),
        abstract=_abstract(body, citation),
        authors=_authors(body.iterfind("AuthorList/Author")),
        journal=_text(body, "Journal/Title") or _text(citation, "MedlineJournalInfo/MedlineTA"),
        year=_year(issue.find("PubDate")) or _year(body.find("ArticleDate")),
        volume=_text(issue, "Volume"),
        issue=_text(issue, "Issue"),
        pages=_pages(body),
        doi=_doi(body, data),
        pmcid=_article_id(data, "pmc"),
        language=_text(body, "Language"),
        publication_types=_texts(body, "PublicationTypeList/PublicationType"),
        mesh=_texts(citation, "MeshHeadingList/MeshHeading/DescriptorName"),
        keywords=_texts(citation, "KeywordList/Keyword"),
        registrations=_registrations(body),
        entered=_entered(data),
        index_only=index_only,
        notes=(*_vernacular(body), *notes),
    )


def book(root: Element) -> Record:
    """Return the record of a PubmedBookArticle: a chapter under its own title, or the book.

    Raises
    ------
    Incomplete
        When there is no PMID.
    """
    document, data = _child(root, "BookDocument"), _child(root, "PubmedBookData")
    volume = _child(document, "Book")
    pmid = _pmid(document)
    return Record(
        source="pubmed",
        accession=pmid,
        pmid=pmid,
        title=_title(document) or _text(volume, "BookTitle"),
        abstract=_abstract(document, document),
        authors=_authors(document.iterfind("AuthorList/Author"))
        or _authors(volume.iterfind("AuthorList/Author")),
        journal=_text(volume, "BookTitle"),
        year=_year(volume.find("PubDate")) or _year(document.find("ContributionDate")),
        volume=_text(volume, "Volume"),
        pages=_pages(document),
        doi=_doi(document, document) or _doi(volume, data),
        language=_text(document, "Language"),
        publication_types=_texts(document, "PublicationType"),
        keywords=_texts(document, "KeywordList/Keyword"),
        entered=_entered(data),
        notes=_vernacular(document),
    )


def deletions(root: Element) -> Iterator[Deleted]:
    """Give out the PMIDs of a DeleteCitation."""
    return (Deleted(pmid) for pmid in _texts(root, "PMID"))


def _child(parent: Element, path: str) -> Element:
    found = parent.find(path)
    return Element("nothing") if found is None else found


def _plain(element: Element | None) -> str:
    """Return the text with that of inline markup (``<sub>``, formulas) in its place."""
    if element is None:
        return ""
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return " ".join(text.split())


def _text(parent: Element, path: str) -> str:
    return _plain(parent.find(path))


def _texts(parent: Element, path: str) -> tuple[str, ...]:
    return tuple(text for text in map(_plain, parent.iterfind(path)) if text)


def _pmid(parent: Element) -> str:
    pmid = _text(parent, "PMID")
    if not pmid.isdecimal():
        raise Incomplete(f"a record whose PMID is {pmid!r}")
    return pmid


def _title(parent: Element) -> str:
    title = _text(parent, "ArticleTitle")
    return (_text(parent, "VernacularTitle") or title) if title in _UNAVAILABLE else title


def _vernacular(parent: Element) -> tuple[str, ...]:
    """Return the title in its own language as a note, where the record has a translated one too."""
    own = _text(parent, "VernacularTitle")
    return (f"Title in the original language: {own}",) if own and own != _title(parent) else ()


def _abstract(body: Element, citation: Element) -> str:
    """Return the abstract, then others in English; without either, the first in any language."""
    own = _parts(body.find("Abstract"))
    others = citation.findall("OtherAbstract")
    english = [_parts(other) for other in others if other.get("Language", "eng") == "eng"]
    found = [part for part in (own, *english) if part] or [_parts(other) for other in others[:1]]
    return " ".join(found)


def _parts(abstract: Element | None) -> str:
    parts = () if abstract is None else abstract.iterfind("AbstractText")
    return " ".join(filter(None, map(_labelled, parts)))


def _labelled(part: Element) -> str:
    label, text = (part.get("Label") or "").strip(), _plain(part)
    return f"{label}: {text}" if label and text else text


def _authors(authors: Iterable[Element]) -> tuple[str, ...]:
    """Return names as PubMed prints them (``Doe JA Jr``); superseded spellings are left out."""
    return tuple(name for author in authors if author.get("ValidYN") != "N" and (name := _name(author)))


def _name(author: Element) -> str:
    given = _text(author, "Initials") or _text(author, "ForeName")
    own = " ".join(filter(None, (_text(author, "LastName"), given, _text(author, "Suffix"))))
    return own or _text(author, "CollectiveName")


def _pages(body: Element) -> str:
    pages = _child(body, "Pagination")
    both = "-".join(filter(None, (_text(pages, "StartPage"), _text(pages, "EndPage"))))
    return _text(pages, "MedlinePgn") or both


def _doi(body: Element, data: Element) -> str:
    """Return the record's own DOI; those of cited works stand elsewhere in it."""
    places = (place for place in body.iterfind("ELocationID") if place.get("EIdType") == "doi")
    valid = (_plain(place) for place in places if place.get("ValidYN") != "N")
    return next(filter(None, valid), "") or _article_id(data, "doi")


def _article_id(data: Element, kind: str) -> str:
    own = data.iterfind("ArticleIdList/ArticleId")
    return next((_plain(identifier) for identifier in own if identifier.get("IdType") == kind), "")


def _registrations(body: Element) -> tuple[str, ...]:
    banks = body.iterfind("DataBankList/DataBank")
    registries = (bank for bank in banks if not _DATA_BANKS.fullmatch(_text(bank, "DataBankName")))
    numbers = (_texts(bank, "AccessionNumberList/AccessionNumber") for bank in registries)
    return tuple(dict.fromkeys(number for several in numbers for number in several))


def _year(when: Element | None) -> int | None:
    if when is None:
        return None
    found = _YEAR.search(_text(when, "Year") or _text(when, "MedlineDate"))
    return int(found[0]) if found else None


def _entered(data: Element) -> date | None:
    dates = data.iterfind("History/PubMedPubDate")
    return next((_day(when) for when in dates if when.get("PubStatus") == "entrez"), None)


def _day(when: Element) -> date | None:
    try:
        return date(int(_text(when, "Year")), _month(_text(when, "Month")), int(_text(when, "Day") or 1))
    except ValueError:
        return None


def _month(text: str) -> int:
    name = text[:3].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else int(text or 1)
