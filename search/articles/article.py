"""One article of PubMed XML as a record: which part says what."""

from review.record import Record
from search.articles.contents import abstract, article_id, doi, own_pmid, pages, title, vernacular
from search.articles.dates import day, day_of_status, printed, year
from search.articles.indexing import corrections, headings, keywords, notes, registrations, types
from search.articles.people import authors_in, names, orcids
from search.articles.texts import plain
from search.notes import from_general_notes

__all__ = ["article"]


def article(said: dict[str, str]) -> Record:
    """Return the record of a PubmedArticle.

    Parameters
    ----------
    said
        What stands in its parts, by their names in `shapes`, as it is written.

    Raises
    ------
    Incomplete
        When there is no PMID.
    """
    pmid, name = own_pmid(said["pmid"]), title(said["title"], said["vernacular"])
    authors = authors_in(said["authors"])
    index_only, general = from_general_notes(notes(said["notes"])) if said["notes"] else (False, ())
    return Record(
        source="pubmed",
        accession=pmid,
        pmid=pmid,
        version=plain(said["version"]),
        status=plain(said["status"]),
        title=name,
        abstract=abstract(said["abstract"], said["others"]),
        authors=names(authors),
        orcids=orcids(authors),
        journal=plain(said["journal"]) or plain(said["abbreviation"]),
        year=year(said["printed"]) or year(said["electronic"]),
        published=printed(said["printed"]) or printed(said["electronic"]),
        volume=plain(said["volume"]),
        issue=plain(said["issue"]),
        pages=pages(said["medline_pages"], said["start"], said["end"]),
        doi=doi(said["locations"]) or article_id(said["ids"], "doi"),
        pmcid=article_id(said["ids"], "pmc"),
        language=plain(said["language"]),
        publication_types=types(said["types"]),
        mesh=headings(said["mesh"]),
        keywords=keywords(said["keywords"]),
        registrations=registrations(said["banks"]),
        corrections=corrections(said["corrections"]),
        entered=day_of_status(said["history"], "entrez"),
        revised=day(said["revised"]),
        index_only=index_only,
        notes=(*vernacular(said["vernacular"], name), *general),
    )
