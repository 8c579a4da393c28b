"""A second reading of PubMed XML, by lxml and XPath, that shares nothing with our reader."""

import re
from datetime import date

from lxml import etree

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DATE = "self::Year or self::Month or self::Day or self::Season or self::MedlineDate"
NOT_TRIALS = ("GENBANK", "GEO", "PDB", "figshare", "Dryad", "RefSeq", "SRA", "dbGaP", "BioProject", "OMIM")


def parsed(xml: bytes) -> etree._Element:
    """Return the root, or raise lxml's error for what is not well-formed."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True)
    return etree.fromstring(xml, parser)


def reading(article) -> dict[str, object]:
    """Return every field of the record of a PubmedArticle."""
    body = "MedlineCitation/Article/"
    issue = f"{body}Journal/JournalIssue/"
    pmid = said(article, "MedlineCitation/PMID")
    vernacular, title = said(article, f"{body}VernacularTitle"), said(article, f"{body}ArticleTitle")
    plain_title = vernacular or title if title in {"", "[Not Available]."} else title
    return {
        "source": "pubmed",
        "accession": pmid,
        "pmid": pmid,
        "version": given(article, "MedlineCitation/PMID/@Version"),
        "status": given(article, "MedlineCitation/@Status"),
        "title": plain_title,
        "abstract": abstract(article),
        "authors": tuple(map(name, authors(article))),
        "orcids": orcids(article),
        "journal": said(article, f"{body}Journal/Title"),
        "year": year(article, f"{issue}PubDate") or year(article, f"{body}ArticleDate"),
        "published": said_each(article, f"{issue}PubDate/*[{DATE}]")
        or said_each(article, f"{body}ArticleDate[1]/*[{DATE}]"),
        "volume": said(article, f"{issue}Volume"),
        "issue": said(article, f"{issue}Issue"),
        "pages": said(article, f"{body}Pagination/MedlinePgn")
        or "-".join(all_said(article, f"{body}Pagination/*[self::StartPage or self::EndPage]")),
        "doi": said(article, f"{body}ELocationID[@EIdType='doi'][not(@ValidYN='N')]")
        or said(article, "PubmedData/ArticleIdList/ArticleId[@IdType='doi']"),
        "pmcid": said(article, "PubmedData/ArticleIdList/ArticleId[@IdType='pmc']"),
        "language": said(article, f"{body}Language"),
        "publication_types": all_said(article, f"{body}PublicationTypeList/PublicationType"),
        "mesh": tuple(map(heading, article.xpath("MedlineCitation/MeshHeadingList/MeshHeading"))),
        "keywords": all_said(article, "MedlineCitation/KeywordList/Keyword"),
        "registrations": registrations(article),
        "corrections": tuple(
            (tie.get("RefType"), said(tie, "PMID"), said(tie, "RefSource"))
            for tie in article.xpath(
                "MedlineCitation/CommentsCorrectionsList/CommentsCorrections[not(@RefType='Cites')]"
            )
        ),
        "entered": day(article, "PubmedData/History/PubMedPubDate[@PubStatus='entrez']"),
        "revised": day(article, "MedlineCitation/DateRevised"),
        "index_only": False,
        "notes": (
            (f"Title in the original language: {vernacular}",) if vernacular not in {"", plain_title} else ()
        )
        + all_said(article, "MedlineCitation/GeneralNote"),
    }


def said(parent, path: str) -> str:
    """Return the normalised text of the first match."""
    return next(iter(all_said(parent, path, empty=True)), "")


def all_said(parent, path: str, *, empty: bool = False) -> tuple[str, ...]:
    """Return the normalised texts of all matches."""
    texts = (" ".join(found.xpath("string()").split()) for found in parent.xpath(path))
    return tuple(text for text in texts if text or empty)


def said_each(parent, path: str) -> str:
    """Return the texts of all matches in one line."""
    return " ".join(all_said(parent, path))


def given(parent, path: str) -> str:
    """Return an attribute."""
    return next(iter(parent.xpath(path)), "")


def abstract(article) -> str:
    """Return the abstract and English others, or the first other."""
    own = abstract_of(article, "MedlineCitation/Article/Abstract")
    english = article.xpath("MedlineCitation/OtherAbstract[not(@Language) or @Language='eng']")
    found = [text for text in (own, *(abstract_of(other, ".") for other in english)) if text]
    return " ".join(found) or abstract_of(article, "MedlineCitation/OtherAbstract[1]")


def abstract_of(parent, path: str) -> str:
    """Return labels and texts of one abstract."""
    parts = [
        (" ".join(part.get("Label", "").split()), said(part, "."))
        for part in parent.xpath(f"{path}/AbstractText")
    ]
    return " ".join(f"{label}: {text}" if label else text for label, text in parts if text)


def authors(article) -> list:
    """Return the valid authors that have a name."""
    valid = article.xpath("MedlineCitation/Article/AuthorList/Author[not(@ValidYN='N')]")
    return [author for author in valid if name(author)]


def name(author) -> str:
    """Return a name as PubMed prints it."""
    initials = "Initials" if author.find("Initials") is not None else "ForeName"
    if author.find("LastName") is None:
        return said(author, "CollectiveName")
    return " ".join(filter(None, (said(author, part) for part in ("LastName", initials, "Suffix"))))


def orcids(article) -> tuple[str, ...]:
    """Return the ORCIDs, in groups of four."""
    found = [said(author, "Identifier[@Source='ORCID']") for author in authors(article)]
    digits = [re.sub("[^0-9X]", "", one.upper().rpartition("/")[2])[-16:] for one in found]
    return tuple(re.sub("(?<=.)(?=(.{4})+$)", "-", one) for one in digits) if any(digits) else ()


def heading(element) -> str:
    """Return a MeSH heading as MEDLINE prints it."""
    stars = {True: "*", False: ""}
    return "/".join(
        stars[part.get("MajorTopicYN") == "Y"] + said(part, ".")
        for part in element.xpath("DescriptorName | QualifierName")
    )


def registrations(article) -> tuple[str, ...]:
    """Return the numbers of registers."""
    banks = article.xpath("MedlineCitation/Article/DataBankList/DataBank")
    numbers = (
        number
        for bank in banks
        if said(bank, "DataBankName").casefold() not in {one.casefold() for one in NOT_TRIALS}
        for number in all_said(bank, "AccessionNumberList/AccessionNumber")
    )
    return tuple(dict.fromkeys(numbers))


def year(article, path: str) -> int | None:
    """Return the first year in a date."""
    found = re.search(
        r"\b(1[5-9]|2[01])\d\d\b", said(article, f"{path}/Year") or said(article, f"{path}/MedlineDate")
    )
    return int(found[0]) if found else None


def day(article, path: str) -> date | None:
    """Return the day of a date in parts."""
    parts = [said(article, f"({path})[1]/{part}") for part in ("Year", "Month", "Day")]
    month = MONTHS.index(parts[1]) + 1 if parts[1] in MONTHS else parts[1] or 1
    try:
        return date(int(parts[0]), int(month), int(parts[2] or 1))
    except ValueError:
        return None
