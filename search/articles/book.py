"""One book or chapter of PubMed XML as a record."""

from review.record import Record
from search.articles.contents import abstract, article_id, doi, own_pmid, pages, title, vernacular
from search.articles.dates import day, day_of_status, printed, year
from search.articles.indexing import keywords, types
from search.articles.people import authors_in, names, orcids
from search.articles.texts import plain

__all__ = ["book"]


def book(said: dict[str, str]) -> Record:
    """Return the record of a PubmedBookArticle: a chapter under its own title, or the book.

    Parameters
    ----------
    said
        What stands in its parts, by their names in `shapes`, as it is written.

    Raises
    ------
    Incomplete
        When there is no PMID.
    """
    pmid = own_pmid(said["pmid"])
    name, own_title = plain(said["book"]), title(said["title"], said["vernacular"])
    authors = authors_in(said["authors"]) or authors_in(said["book_authors"])
    return Record(
        source="pubmed",
        accession=pmid,
        pmid=pmid,
        version=plain(said["version"]),
        title=own_title or name,
        abstract=abstract(said["abstract"]),
        authors=names(authors),
        orcids=orcids(authors),
        journal=name,
        year=year(said["printed"]) or year(said["electronic"]),
        published=printed(said["printed"]) or printed(said["electronic"]),
        volume=plain(said["volume"]),
        pages=pages(said["medline_pages"], said["start"], said["end"]),
        doi=article_id(said["ids"], "doi") or doi(said["locations"]) or article_id(said["data_ids"], "doi"),
        pmcid=article_id(said["ids"], "pmc"),
        language=plain(said["language"]),
        publication_types=types(said["types"]),
        keywords=keywords(said["keywords"]),
        entered=day_of_status(said["history"], "entrez"),
        revised=day(said["revised"]),
        notes=vernacular(said["vernacular"], own_title),
    )
