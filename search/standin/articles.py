"""Records as PubmedArticle elements, in the order that NLM's DTD asks for (pubmed_250101.dtd).

What the record does not hold is left out, or empty where the DTD wants the element: nothing is made up.
"""

import re
from collections.abc import Iterable
from datetime import date
from itertools import groupby, zip_longest
from xml.etree.ElementTree import Element

from review.record import Record
from search.notes import general_notes
from search.standin.names import author_of, heading_of, published_of, registry_of, status_of
from search.standin.reply import child
from search.standin.shelf import pmid_of

__all__ = ["article_set"]

_PRINTED = re.compile(
    r"(?P<Year>\d{4})"
    r"(?: (?P<Month>[A-Z][a-z]{2})(?: (?P<Day>\d{1,2}))?| (?P<Season>Spring|Summer|Fall|Winter))?"
)
"""Dates that PubMed keeps in parts; all others stand as words in a MedlineDate."""


def article_set(records: Iterable[Record]) -> Element:
    """Give a PubmedArticleSet of the records."""
    root = Element("PubmedArticleSet")
    for record in records:
        article = child(root, "PubmedArticle")
        _citation(article, record)
        _pubmed_data(article, record)
    return root


def _citation(parent: Element, record: Record) -> None:
    citation = child(parent, "MedlineCitation", Status=status_of(record), Owner="NLM")
    child(citation, "PMID", pmid_of(record), Version=record.version or "1")
    if record.revised:
        _day(child(citation, "DateRevised"), record.revised)
    _article(citation, record)
    journal = child(citation, "MedlineJournalInfo")
    child(journal, "MedlineTA", record.journal)
    _corrections(citation, record)
    _mesh(citation, record)
    if record.keywords:
        _fill(child(citation, "KeywordList", Owner="NOTNLM"), "Keyword", record.keywords, MajorTopicYN="N")
    _fill(citation, "GeneralNote", general_notes(record), Owner="NLM")


def _article(citation: Element, record: Record) -> None:
    article = child(citation, "Article", PubModel="Print")
    _journal(article, record)
    child(article, "ArticleTitle", record.title)
    child(child(article, "Pagination"), "MedlinePgn", record.pages)
    if record.doi:
        child(article, "ELocationID", record.doi, EIdType="doi", ValidYN="Y")
    if record.abstract:
        child(child(article, "Abstract"), "AbstractText", record.abstract)
    _authors(article, record)
    child(article, "Language", record.language)
    _registrations(article, record)
    types = record.publication_types or ("",)
    _fill(child(article, "PublicationTypeList"), "PublicationType", types, UI="")


def _journal(article: Element, record: Record) -> None:
    journal = child(article, "Journal")
    issue = child(journal, "JournalIssue", CitedMedium="Print")
    for tag, value in (("Volume", record.volume), ("Issue", record.issue)):
        if value:
            child(issue, tag, value)
    _published(child(issue, "PubDate"), published_of(record))
    child(journal, "Title", record.journal)
    child(journal, "ISOAbbreviation", record.journal)


def _published(parent: Element, printed: str) -> None:
    parts = _PRINTED.fullmatch(printed)
    if parts is None:
        child(parent, "MedlineDate", printed)
        return
    for tag, value in parts.groupdict().items():
        if value:
            child(parent, tag, value)


def _authors(article: Element, record: Record) -> None:
    if not record.authors:
        return
    authors = child(article, "AuthorList", CompleteYN="Y")
    for name, orcid in zip_longest(record.authors, record.orcids[: len(record.authors)], fillvalue=""):
        author = child(authors, "Author", ValidYN="Y")
        for tag, part in zip(("LastName", "Initials", "Suffix"), author_of(name), strict=True):
            if part:
                child(author, tag, part)
        if orcid:
            child(author, "Identifier", orcid, Source="ORCID")


def _registrations(article: Element, record: Record) -> None:
    if not record.registrations:
        return
    banks = child(article, "DataBankList", CompleteYN="Y")
    for registry, numbers in groupby(record.registrations, key=registry_of):
        bank = child(banks, "DataBank")
        child(bank, "DataBankName", registry)
        _fill(child(bank, "AccessionNumberList"), "AccessionNumber", numbers)


def _corrections(citation: Element, record: Record) -> None:
    if not record.corrections:
        return
    ties = child(citation, "CommentsCorrectionsList")
    for correction in record.corrections:
        tie = child(ties, "CommentsCorrections", RefType=correction.kind)
        child(tie, "RefSource", correction.citation)
        if correction.pmid:
            child(tie, "PMID", correction.pmid, Version="1")


def _mesh(citation: Element, record: Record) -> None:
    if not record.mesh:
        return
    headings = child(citation, "MeshHeadingList")
    for mesh in record.mesh:
        heading = child(headings, "MeshHeading")
        (name, major), qualifiers = heading_of(mesh)
        child(heading, "DescriptorName", name, UI="", MajorTopicYN=_yes_no(major))
        for qualifier, qualifier_major in qualifiers:
            child(heading, "QualifierName", qualifier, UI="", MajorTopicYN=_yes_no(qualifier_major))


def _pubmed_data(parent: Element, record: Record) -> None:
    data = child(parent, "PubmedData")
    if record.entered:
        history = child(data, "History")
        _day(child(history, "PubMedPubDate", PubStatus="entrez"), record.entered)
    child(data, "PublicationStatus", "ppublish")
    identifiers = child(data, "ArticleIdList")
    for kind, value in (("pubmed", pmid_of(record)), ("doi", record.doi), ("pmc", record.pmcid)):
        if value:
            child(identifiers, "ArticleId", value, IdType=kind)


def _day(parent: Element, day: date) -> None:
    for tag, number in (("Year", day.year), ("Month", day.month), ("Day", day.day)):
        child(parent, tag, str(number))


def _fill(container: Element, tag: str, texts: Iterable[str], **attributes: str) -> None:
    for text in texts:
        child(container, tag, text, **attributes)


def _yes_no(value: bool) -> str:  # noqa: FBT001 - it is the value itself
    return "Y" if value else "N"
