"""One book or chapter of PubMed XML as a record."""

from xml.etree.ElementTree import Element

from review.record import Record
from search.articles.dates import day, day_of_status, printed, year
from search.articles.elements import child, text, texts
from search.articles.parts import abstract, article_id, doi, pages, pmid_and_version, title, vernacular
from search.articles.people import authors_in, names, orcids

__all__ = ["book"]


def book(root: Element) -> Record:
    """Return the record of a PubmedBookArticle: a chapter under its own title, or the book.

    Raises
    ------
    Incomplete
        When there is no PMID.
    """
    document, data = child(root, "BookDocument"), child(root, "PubmedBookData")
    pmid, version = pmid_and_version(document)
    volume, own_ids = child(document, "Book"), child(document, "ArticleIdList")
    issued, contributed = child(volume, "PubDate"), child(document, "ContributionDate")
    authors = authors_in(document.findall("AuthorList")) or authors_in(volume.findall("AuthorList"))
    name = text(volume, "BookTitle")
    return Record(
        source="pubmed",
        accession=pmid,
        pmid=pmid,
        version=version,
        title=title(document) or name,
        abstract=abstract(document, []),
        authors=names(authors),
        orcids=orcids(authors),
        journal=name,
        year=year(issued) or year(contributed),
        published=printed(issued) or printed(contributed),
        volume=text(volume, "Volume"),
        pages=pages(document),
        doi=article_id(own_ids, "doi") or doi(volume) or article_id(child(data, "ArticleIdList"), "doi"),
        pmcid=article_id(own_ids, "pmc"),
        language=text(document, "Language"),
        publication_types=texts(document, "PublicationType"),
        keywords=tuple(
            [word for several in document.findall("KeywordList") for word in texts(several, "Keyword")]
        ),
        entered=day_of_status(child(data, "History"), "entrez"),
        revised=day(child(document, "DateRevised")),
        notes=vernacular(document),
    )
