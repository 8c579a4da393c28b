"""One result of Europe PMC as a record: a core result of its search, or an entry of a list of citations."""

import html
import re
from collections.abc import Iterator

from review.record import Correction, Record
from search.files.citation_fields import year_in
from search.registrations import find_registrations
from search.sources.fields import Fields
from search.sources.paging import Item
from search.sources.shelving import UNTITLED

__all__ = ["names_of", "plain", "record_of"]

_INLINE = re.compile(r"</?(?:b|em|i|strong|sub|sup|u)(?:\s[^<>]*)?>", re.IGNORECASE)
_BLOCK = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_PREPRINT = "Preprint"


def record_of(item: Item) -> Record:
    """Return the record of a core result; its accession is ``SOURCE/id`` (``PPR/PPR123456``).

    What Europe PMC ties to it are `corrections` by PubMed's words: ``PreprintOf``, ``PreprintIn``,
    ``RetractionIn`` and so on, with the PMID where the other is in PubMed, else with ``SOURCE/id``.

    Raises
    ------
    BadReply
        When a field has a type that it cannot have.
    """
    result = Fields(item.identifier, item.fields.given)
    title, abstract = plain(result.text("title")), plain(result.text("abstractText"))
    authors = tuple(_authors(result))
    orcids = tuple(orcid for _, orcid in authors)
    return Record(
        source="europepmc",
        accession=item.identifier,
        title=title or UNTITLED,
        abstract=abstract,
        authors=tuple(name for name, _ in authors) or names_of(result.text("authorString")),
        orcids=orcids if any(orcids) else (),
        journal=_journal(result),
        year=year_in(result.text("pubYear")),
        volume=result.text("journalInfo", "volume"),
        issue=result.text("journalInfo", "issue"),
        pages=result.text("pageInfo"),
        doi=result.text("doi"),
        pmid=result.text("pmid"),
        pmcid=result.text("pmcid"),
        language=result.text("language"),
        publication_types=_types(result),
        mesh=tuple(term.text("descriptorName") for term in result.items("meshHeadingList", "meshHeading")),
        keywords=result.texts("keywordList", "keyword"),
        registrations=find_registrations(f"{title}\n{abstract}"),
        entered=result.day("firstIndexDate"),
        revised=result.day("dateOfRevision"),
        published=result.text("journalInfo", "dateOfPublication") or result.text("firstPublicationDate"),
        status=result.text("publicationStatus"),
        version=result.text("versionNumber"),
        corrections=tuple(_corrections(result)),
        notes=() if title else ("Europe PMC gives no title.",),
    )


def plain(text: str) -> str:
    """Return text without markup and entities, white space folded."""
    return " ".join(html.unescape(_BLOCK.sub(" ", _INLINE.sub("", text))).split())


def names_of(line: str) -> tuple[str, ...]:
    """Return the names on a line of authors (``Tester AB, Other C.``)."""
    return tuple(name for part in line.rstrip(".").split(",") if (name := part.strip()))


def _authors(result: Fields) -> Iterator[tuple[str, str]]:
    """Give names, each with its ORCID or nothing; groups are authors too."""
    for author in result.items("authorList", "author"):
        name = author.text("fullName") or author.text("collectiveName")
        if name:
            orcid = author.text("authorId", "type") == "ORCID"
            yield name, author.text("authorId", "value") if orcid else ""


def _journal(result: Fields) -> str:
    """Return the journal; for a preprint the server, which stands as its publisher."""
    return result.text("journalInfo", "journal", "title") or result.text("bookOrReportDetails", "publisher")


def _types(result: Fields) -> tuple[str, ...]:
    given = result.texts("pubTypeList", "pubType")
    others = tuple(kind for kind in given if kind.lower() != _PREPRINT.lower())
    return (_PREPRINT, *others) if len(others) < len(given) or result.text("source") == "PPR" else others


def _corrections(result: Fields) -> Iterator[Correction]:
    for other in result.items("commentCorrectionList", "commentCorrection"):
        source, identifier = other.text("source"), other.text("id")
        in_pubmed = source == "MED"
        place = "" if in_pubmed or not identifier else f"{source}/{identifier}"
        yield Correction(
            kind="".join(word.capitalize() for word in other.text("type").split()),
            pmid=identifier if in_pubmed else "",
            citation=" ".join(filter(None, (place, other.text("reference")))),
        )
