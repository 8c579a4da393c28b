"""One article of PubMed XML as a record: which element says what."""

import re
from xml.etree.ElementTree import Element

from review.record import Correction, Record
from search.articles.dates import day, day_of_status, printed, year
from search.articles.elements import child, plain, text, texts
from search.articles.parts import abstract, article_id, doi, pages, pmid_and_version, title, vernacular
from search.articles.people import authors_in, names, orcids
from search.notes import from_general_notes

__all__ = ["article"]

_DATA_BANKS = re.compile(
    r"bioproject|dbgap|dbsnp|dbvar|dryad|figshare|gdb|genbank|geo|omim|pdb|pir|pubchem.*|refseq|sra|swissprot"
    r"|uniprotkb|uniparc|uniref|unimes",
    re.IGNORECASE,
)
"""NLM's data banks that register no trials: sequences, structures and data sets."""
_TOPICS = {"DescriptorName", "QualifierName"}


def article(root: Element) -> Record:
    """Return the record of a PubmedArticle.

    Raises
    ------
    Incomplete
        When there is no PMID.
    """
    citation, data = child(root, "MedlineCitation"), child(root, "PubmedData")
    pmid, version = pmid_and_version(citation)
    body, own_ids = child(citation, "Article"), child(data, "ArticleIdList")
    journal, electronic = child(body, "Journal"), child(body, "ArticleDate")
    issue = child(journal, "JournalIssue")
    print_date = child(issue, "PubDate")
    authors = authors_in(body.findall("AuthorList"))
    index_only, notes = from_general_notes(texts(citation, "GeneralNote"))
    return Record(
        source="pubmed",
        accession=pmid,
        pmid=pmid,
        version=version,
        status=citation.get("Status", ""),
        title=title(body),
        abstract=abstract(body, citation.findall("OtherAbstract")),
        authors=names(authors),
        orcids=orcids(authors),
        journal=text(journal, "Title") or text(child(citation, "MedlineJournalInfo"), "MedlineTA"),
        year=year(print_date) or year(electronic),
        published=printed(print_date) or printed(electronic),
        volume=text(issue, "Volume"),
        issue=text(issue, "Issue"),
        pages=pages(body),
        doi=doi(body) or article_id(own_ids, "doi"),
        pmcid=article_id(own_ids, "pmc"),
        language=text(body, "Language"),
        publication_types=texts(child(body, "PublicationTypeList"), "PublicationType"),
        mesh=_headings(child(citation, "MeshHeadingList")),
        keywords=tuple(
            [word for several in citation.findall("KeywordList") for word in texts(several, "Keyword")]
        ),
        registrations=_registrations(child(body, "DataBankList")),
        corrections=_corrections(child(citation, "CommentsCorrectionsList")),
        entered=day_of_status(child(data, "History"), "entrez"),
        revised=day(child(citation, "DateRevised")),
        index_only=index_only,
        notes=(*vernacular(body), *notes),
    )


def _headings(listed: Element) -> tuple[str, ...]:
    """Return headings as MEDLINE prints them: ``Pain/*psychology``, a star at what is a major topic."""
    headings = listed.findall("MeshHeading")
    return tuple(["/".join([_topic(part) for part in one if part.tag in _TOPICS]) for one in headings])


def _topic(part: Element) -> str:
    return f"*{plain(part)}" if part.get("MajorTopicYN") == "Y" else plain(part)


def _registrations(banks: Element) -> tuple[str, ...]:
    registries = [
        bank for bank in banks.findall("DataBank") if not _DATA_BANKS.fullmatch(text(bank, "DataBankName"))
    ]
    numbers = [texts(child(bank, "AccessionNumberList"), "AccessionNumber") for bank in registries]
    return tuple(dict.fromkeys(number for several in numbers for number in several))


def _corrections(ties: Element) -> tuple[Correction, ...]:
    # Files before 2019 list cited works here too.
    own = [tie for tie in ties.findall("CommentsCorrections") if tie.get("RefType") != "Cites"]
    return tuple(
        [
            Correction(kind=tie.get("RefType", ""), pmid=text(tie, "PMID"), citation=text(tie, "RefSource"))
            for tie in own
        ]
    )
