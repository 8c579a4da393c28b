"""One record of the stand-in's Europe PMC in JSON: a core result, or an entry of a list of citations."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from review.record import Correction, Record

__all__ = ["citation_of", "result_of"]


def result_of(record: Record) -> dict[str, Any]:
    """Write a core result."""
    return {name: value for name, value in _fields(record) if value not in ("", None, {}, [])}


def citation_of(record: Record, order: int | None) -> dict[str, Any]:
    """Write an entry of a list of citations, or with its order one of a list of references.

    One without a slash in its accession is a reference that was not matched with any article.
    """
    source, slash, identifier = record.accession.partition("/")
    known = {"id": identifier, "source": source} if slash else {}
    told = {
        "title": record.title,
        "authorString": _author_line(record),
        "journalAbbreviation": record.journal,
        "pubYear": record.year,
        "volume": record.volume,
        "issue": record.issue,
        "pageInfo": record.pages,
        "doi": record.doi,
    }
    return {
        **known,
        **{name: value for name, value in told.items() if value},
        **({} if order is None else {"citedOrder": order, "match": "Y" if known else "N"}),
    }


def _fields(record: Record) -> Iterator[tuple[str, Any]]:
    source, _, identifier = record.accession.partition("/")
    preprint = source == "PPR"
    yield "id", identifier
    yield "source", source
    yield "pmid", record.pmid
    yield "pmcid", record.pmcid
    yield "doi", record.doi
    yield "title", record.title
    yield "authorString", _author_line(record)
    yield "authorList", _authors(record)
    yield "journalInfo", {} if preprint else _journal(record)
    yield "bookOrReportDetails", {"publisher": record.journal} if preprint else {}
    yield "pubYear", str(record.year or "")
    yield "pageInfo", record.pages
    yield "abstractText", record.abstract
    yield "language", record.language
    yield "publicationStatus", record.status
    yield "pubTypeList", {"pubType": list(record.publication_types)}
    yield "keywordList", {"keyword": list(record.keywords)} if record.keywords else {}
    yield "meshHeadingList", _mesh(record)
    yield "commentCorrectionList", _corrections(record)
    yield "firstIndexDate", record.entered and record.entered.isoformat()
    yield "dateOfRevision", record.revised and record.revised.isoformat()
    yield "firstPublicationDate", record.published
    yield "versionNumber", int(record.version) if record.version else None


def _author_line(record: Record) -> str:
    return f"{', '.join(record.authors)}." if record.authors else ""


def _authors(record: Record) -> dict[str, Any]:
    pairs = zip_longest(record.authors, record.orcids, fillvalue="")
    return {"author": [_author(name, orcid) for name, orcid in pairs]} if record.authors else {}


def _author(name: str, orcid: str) -> dict[str, Any]:
    return {"fullName": name} | ({"authorId": {"type": "ORCID", "value": orcid}} if orcid else {})


def _journal(record: Record) -> dict[str, Any]:
    return {"journal": {"title": record.journal}, "volume": record.volume, "issue": record.issue}


def _mesh(record: Record) -> dict[str, Any]:
    headings = [{"majorTopic_YN": "N", "descriptorName": heading} for heading in record.mesh]
    return {"meshHeading": headings} if headings else {}


def _corrections(record: Record) -> dict[str, Any]:
    written = [_correction(correction, at + 1) for at, correction in enumerate(record.corrections)]
    return {"commentCorrection": written} if written else {}


def _correction(correction: Correction, order: int) -> dict[str, Any]:
    words = "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in correction.kind).strip()
    place, _, reference = correction.citation.partition(" ")
    source, slash, identifier = place.partition("/")
    if correction.pmid or not slash:
        source, identifier, reference = "MED", correction.pmid, correction.citation
    return {
        "id": identifier,
        "source": source,
        "reference": reference,
        "type": words.capitalize(),
        "orderIn": order,
    }
