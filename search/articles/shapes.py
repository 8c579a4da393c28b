"""What a record of PubMed is made of, after NLM's DTD of 2025.

https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd. Another element or attribute may come with the next
one: a record that has it is read too, only not as fast.
"""

from search.articles.parts import Part, holder, many, marked, mixed, text

__all__ = [
    "ABSTRACT_TEXT",
    "ACCESSION_NUMBER",
    "ARTICLE",
    "AUTHOR",
    "BOOK",
    "CORRECTION",
    "DATA_BANK",
    "GENERAL_NOTE",
    "IDENTIFIER",
    "KEYWORD",
    "LOCATION",
    "MESH_HEADING",
    "OTHER_ABSTRACT",
    "PUBLICATION_TYPE",
    "QUALIFIER",
]

_DATE_PARTS = tuple(map(text, ("Year", "Month", "Day", "Season", "MedlineDate", "Hour", "Minute", "Second")))


def _date(tag: str, name: str = "", **attributes: str) -> Part:
    return mixed(tag, *_DATE_PARTS, name=name, **attributes)


def _list(tag: str, part: Part, together: str = "", **attributes: str) -> Part:
    return holder(tag, many(part, together), **attributes)


_OWN_PMID = text("PMID", "pmid", Version="version")
IDENTIFIER = text("Identifier", "identifier", Source="source")
_NAME = (
    text("LastName", "last"),
    text("ForeName", "first"),
    text("Initials", "initials"),
    marked("Suffix", "suffix"),
)
_AFFILIATION = holder("AffiliationInfo", marked("Affiliation"), many(text("Identifier", Source="")))
AUTHOR = holder(
    "Author",
    *_NAME,
    marked("CollectiveName", "group", Investigators=""),
    many(IDENTIFIER, "identifiers"),
    many(_AFFILIATION),
    ValidYN="valid",
    EqualContrib="",
)
_AUTHORS = many(_list("AuthorList", AUTHOR, CompleteYN="", Type=""), "authors")
_INVESTIGATOR = holder("Investigator", *_NAME, many(IDENTIFIER), many(_AFFILIATION), ValidYN="")
_INVESTIGATORS = many(_list("InvestigatorList", _INVESTIGATOR, ID=""))

ABSTRACT_TEXT = marked("AbstractText", "text", Label="label", NlmCategory="")
_COPYRIGHT = text("CopyrightInformation")
_ABSTRACT = holder("Abstract", many(ABSTRACT_TEXT, "abstract"), _COPYRIGHT)
OTHER_ABSTRACT = holder(
    "OtherAbstract", many(ABSTRACT_TEXT, "texts"), _COPYRIGHT, Type="", Language="language"
)
_BOOK_LINK = {"book": "", "part": "", "sec": ""}
_TITLE = marked("ArticleTitle", "title", **_BOOK_LINK)
_VERNACULAR = marked("VernacularTitle", "vernacular")
_PAGES = holder(
    "Pagination", text("StartPage", "start"), text("EndPage", "end"), text("MedlinePgn", "medline_pages")
)
LOCATION = text("ELocationID", "location", EIdType="kind", ValidYN="valid")
_LANGUAGES = (text("Language", "language"), many(text("Language")))

PUBLICATION_TYPE = text("PublicationType", "type", UI="")
KEYWORD = marked("Keyword", "keyword", MajorTopicYN="")
_KEYWORDS = many(_list("KeywordList", KEYWORD, Owner=""), "keywords")
GENERAL_NOTE = text("GeneralNote", "note", Owner="")
QUALIFIER = text("QualifierName", "qualifier", UI="", MajorTopicYN="major", AutoHM="")
MESH_HEADING = holder(
    "MeshHeading",
    text("DescriptorName", "descriptor", UI="", MajorTopicYN="major", AutoHM="", Type=""),
    many(QUALIFIER, "qualifiers"),
)
ACCESSION_NUMBER = text("AccessionNumber", "number")
DATA_BANK = holder(
    "DataBank", text("DataBankName", "bank"), _list("AccessionNumberList", ACCESSION_NUMBER, "numbers")
)
CORRECTION = holder(
    "CommentsCorrections",
    text("RefSource", "citation"),
    text("PMID", "pmid", Version=""),
    text("Note"),
    RefType="kind",
)
_GRANT = holder("Grant", text("GrantID"), text("Acronym"), text("Agency"), text("Country"))
_GRANTS = _list("GrantList", _GRANT, CompleteYN="")

_HISTORY = _list("History", _date("PubMedPubDate", PubStatus="status"), "history")
_ARTICLE_ID = text("ArticleId", IdType="kind")
_IDS = _list("ArticleIdList", _ARTICLE_ID, "ids")
_OBJECTS = _list("ObjectList", holder("Object", many(marked("Param", Name="")), Type=""))

_JOURNAL = holder(
    "Journal",
    text("ISSN", IssnType=""),
    holder(
        "JournalIssue",
        text("Volume", "volume"),
        text("Issue", "issue"),
        _date("PubDate", "printed"),
        CitedMedium="",
    ),
    text("Title", "journal"),
    text("ISOAbbreviation"),
)
_BODY = holder(
    "Article",
    _JOURNAL,
    _TITLE,
    _PAGES,
    many(LOCATION, "locations"),
    _ABSTRACT,
    _AUTHORS,
    *_LANGUAGES,
    _list("DataBankList", DATA_BANK, "banks", CompleteYN=""),
    _GRANTS,
    _list("PublicationTypeList", PUBLICATION_TYPE, "types"),
    _VERNACULAR,
    _date("ArticleDate", "electronic", DateType=""),
    many(_date("ArticleDate", DateType="")),
    PubModel="",
)
_JOURNAL_INFO = holder(
    "MedlineJournalInfo",
    text("Country"),
    text("MedlineTA", "abbreviation"),
    text("NlmUniqueID"),
    text("ISSNLinking"),
)
_CHEMICAL = holder("Chemical", text("RegistryNumber"), text("NameOfSubstance", UI=""))
_CITATION = holder(
    "MedlineCitation",
    _OWN_PMID,
    _date("DateCompleted"),
    _date("DateRevised", "revised"),
    _BODY,
    _JOURNAL_INFO,
    _list("ChemicalList", _CHEMICAL),
    _list("SupplMeshList", text("SupplMeshName", Type="", UI="")),
    many(text("CitationSubset")),
    _list("CommentsCorrectionsList", CORRECTION, "corrections"),
    _list("GeneSymbolList", text("GeneSymbol")),
    _list("MeshHeadingList", MESH_HEADING, "mesh"),
    text("NumberOfReferences"),
    _list("PersonalNameSubjectList", holder("PersonalNameSubject", *_NAME)),
    many(text("OtherID", Source="")),
    many(OTHER_ABSTRACT, "others"),
    _KEYWORDS,
    marked("CoiStatement"),
    many(text("SpaceFlightMission")),
    _INVESTIGATORS,
    many(GENERAL_NOTE, "notes"),
    Status="status",
    Owner="",
    IndexingMethod="",
)
_DATA = holder("PubmedData", _HISTORY, text("PublicationStatus"), _IDS, _OBJECTS)
ARTICLE = holder("PubmedArticle", _CITATION, _DATA)

_VOLUME = holder(
    "Book",
    marked("BookTitle", "book"),
    _date("PubDate", "printed"),
    many(_list("AuthorList", AUTHOR), "book_authors"),
    text("Volume", "volume"),
    many(LOCATION, "locations"),
)
_DOCUMENT = holder(
    "BookDocument",
    _OWN_PMID,
    _IDS,
    _VOLUME,
    _TITLE,
    _VERNACULAR,
    _PAGES,
    text("Language", "language"),
    _AUTHORS,
    many(PUBLICATION_TYPE, "types"),
    _ABSTRACT,
    _KEYWORDS,
    _date("ContributionDate", "electronic"),
    _date("DateRevised", "revised"),
)
_BOOK_DATA = holder("PubmedBookData", _HISTORY, _list("ArticleIdList", _ARTICLE_ID, "data_ids"))
# Only what is read: books are few, and brought into this form first.
BOOK = holder("PubmedBookArticle", _DOCUMENT, _BOOK_DATA)
