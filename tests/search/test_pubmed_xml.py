"""Reading PubMed XML: the fields of one record."""

from datetime import date
from io import BytesIO

import pytest

from review.record import Correction, Record
from search.notes import INDEX_NOTE
from search.pubmed_xml import Deleted, read
from tests.search.wire import article_xml, articles


def one(xml: str) -> Record:
    """Return the only record of a set with `xml` in it."""
    (record,) = read(BytesIO(articles(xml).encode()))
    assert isinstance(record, Record)
    return record


def of(title: str = "T", body: str = "", citation: str = "", data: str = "") -> Record:
    """Return an article with these parts."""
    return one(
        f"<PubmedArticle><MedlineCitation><PMID>7</PMID><Article><ArticleTitle>{title}</ArticleTitle>{body}"
        f"</Article>{citation}</MedlineCitation><PubmedData>{data}</PubmedData></PubmedArticle>"
    )


def test_an_article_is_named_by_its_pmid() -> None:
    """Source, accession and PMID say where the record is from."""
    record = one(article_xml("12"))
    assert (record.id, record.pmid, record.title) == ("pubmed:12", "12", "A trial of X in Y.")


def test_inline_markup_keeps_its_text() -> None:
    """Markup and formulas inside a title give their text in its place."""
    formula = '<mml:math xmlns:mml="m"><mml:mi>k</mml:mi></mml:math>'
    assert of(f"<i>X</i> with H<sub>2</sub>O &amp; {formula}.").title == "X with H2O & k."


def test_a_formula_may_leave_its_prefix_to_the_document_type() -> None:
    """The prefix of formulas need not be declared in the record."""
    assert of("A <mml:math><mml:mi>k</mml:mi></mml:math>").title == "A k"


def test_a_structured_abstract_keeps_its_labels() -> None:
    """Each part of a structured abstract stands behind its label."""
    body = (
        '<Abstract><AbstractText Label="AIM">To X.</AbstractText><AbstractText>Y.</AbstractText></Abstract>'
    )
    assert of(body=body).abstract == "AIM: To X. Y."


def test_an_english_summary_follows_the_abstract() -> None:
    """Other abstracts in English follow; translations of an abstract that is there do not."""
    body = "<Abstract><AbstractText>Own.</AbstractText></Abstract>"
    others = "".join(
        f'<OtherAbstract Language="{language}"><AbstractText>{text}</AbstractText></OtherAbstract>'
        for language, text in (("fre", "Autre."), ("eng", "Plain."))
    )
    assert of(body=body, citation=others).abstract == "Own. Plain."


def test_a_foreign_abstract_is_better_than_none() -> None:
    """Where the only abstract is in another language it is read."""
    other = '<OtherAbstract Language="fre"><AbstractText>Autre.</AbstractText></OtherAbstract>'
    assert of(citation=other).abstract == "Autre."


def test_a_vernacular_title_is_kept() -> None:
    """The title in its own language is a note beside the translation, or the title where there is none."""
    own = "<VernacularTitle>Eine Studie.</VernacularTitle>"
    assert of("[A study].", own).notes == ("Title in the original language: Eine Studie.",)
    assert of("[Not Available].", own).title == "Eine Studie."


def test_people_and_groups_are_authors() -> None:
    """Authors keep their order, suffixes and groups; superseded spellings are left out."""
    authors = (
        "<Author ValidYN='Y'><LastName>Doe</LastName><Initials>JA</Initials><Suffix>Jr</Suffix></Author>"
        "<Author ValidYN='N'><LastName>Do</LastName><Initials>J</Initials></Author>"
        "<Author><CollectiveName>The <i>X</i> Group</CollectiveName></Author>"
    )
    assert of(body=f"<AuthorList>{authors}</AuthorList>").authors == ("Doe JA Jr", "The X Group")


def test_a_year_is_found_in_words() -> None:
    """A MedlineDate gives its first year."""
    issue = "<PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate>"
    assert of(body=f"<Journal><JournalIssue>{issue}</JournalIssue></Journal>").year == 1998


def test_the_place_in_the_journal_is_read() -> None:
    """Journal, volume, issue and pages come from the article."""
    body = (
        "<Journal><JournalIssue><Volume>3</Volume><Issue>2</Issue><PubDate><Year>2020</Year></PubDate>"
        "</JournalIssue><Title>Journal of X</Title></Journal>"
        "<Pagination><StartPage>10</StartPage><EndPage>19</EndPage></Pagination>"
    )
    record = of(body=body)
    assert (record.journal, record.year, record.volume, record.issue, record.pages) == (
        "Journal of X",
        2020,
        "3",
        "2",
        "10-19",
    )


def test_a_doi_of_a_cited_work_is_not_taken() -> None:
    """Identifiers inside the list of references are not the record's own."""
    cited = '<ArticleIdList><ArticleId IdType="doi">10.1/cited</ArticleId></ArticleIdList>'
    record = of(data=f"<ReferenceList><Reference>{cited}</Reference></ReferenceList>")
    assert record.doi == ""


def test_identifiers_are_read() -> None:
    """DOI and PMC number come from the article's own list; a valid electronic location goes first."""
    both = '<ArticleId IdType="doi">10.1/b</ArticleId><ArticleId IdType="pmc">PMC1</ArticleId>'
    own = f"<ArticleIdList>{both}</ArticleIdList>"
    place = '<ELocationID EIdType="doi" ValidYN="{}">10.1/a</ELocationID>'
    assert (of(body=place.format("Y"), data=own).doi, of(data=own).pmcid) == ("10.1/a", "PMC1")
    assert of(body=place.format("N"), data=own).doi == "10.1/b"


def test_registrations_are_of_trials() -> None:
    """Accession numbers of trial registers are kept; those of sequence and data banks are not."""
    banks = "".join(
        f"<DataBank><DataBankName>{name}</DataBankName><AccessionNumberList><AccessionNumber>{number}"
        "</AccessionNumber></AccessionNumberList></DataBank>"
        for name, number in (("ClinicalTrials.gov", "NCT00000000"), ("GEO", "GSE1"))
    )
    assert of(body=f"<DataBankList>{banks}</DataBankList>").registrations == ("NCT00000000",)


def test_the_entry_date_is_edat() -> None:
    """The day of entry is the one PubMed calls entrez."""
    dates = "".join(
        f'<PubMedPubDate PubStatus="{status}"><Year>2020</Year><Month>{month}</Month><Day>3</Day>'
        "</PubMedPubDate>"
        for status, month in (("received", "1"), ("entrez", "Feb"))
    )
    assert of(data=f"<History>{dates}</History>").entered == date(2020, 2, 3)


def test_terms_are_read() -> None:
    """Publication types and keywords of every list are read, markup and all."""
    body = "<PublicationTypeList><PublicationType>Journal Article</PublicationType></PublicationTypeList>"
    words = ("X and <i>Y</i>", "Z")
    lists = "".join(f"<KeywordList><Keyword>{word}</Keyword></KeywordList>" for word in words)
    record = of(body=body, citation=lists)
    assert (record.publication_types, record.keywords) == (("Journal Article",), ("X and Y", "Z"))


def test_headings_are_written_as_in_medline() -> None:
    """A heading stands with its subheadings, and a star marks what is a major topic."""
    headings = "".join(
        f'<MeshHeading><DescriptorName MajorTopicYN="{major}">{name}</DescriptorName>{rest}</MeshHeading>'
        for name, major, rest in (
            ("Pain", "Y", ""),
            ("Arm", "N", '<QualifierName MajorTopicYN="Y">b</QualifierName><QualifierName>c</QualifierName>'),
        )
    )
    assert of(citation=f"<MeshHeadingList>{headings}</MeshHeadingList>").mesh == ("*Pain", "Arm/*b/c")


@pytest.mark.parametrize(
    "written",
    [
        "0000-0001-2345-678X",
        "https://orcid.org/0000-0001-2345-678X",
        "000000012345678x",
        "0000 0001 2345 678X",
    ],
)
def test_an_orcid_is_written_in_one_way(written: str) -> None:
    """However an ORCID is written, it is read the same, beside authors who have none."""
    authors = (
        f'<Author><LastName>A</LastName><Identifier Source="ORCID">{written}</Identifier></Author>'
        "<Author><LastName>B</LastName><AffiliationInfo><Affiliation/>"
        '<Identifier Source="ROR">r</Identifier></AffiliationInfo></Author>'
    )
    assert of(body=f"<AuthorList>{authors}</AuthorList>").orcids == ("0000-0001-2345-678X", "")


def test_nobody_has_an_orcid() -> None:
    """Without any ORCID there are no entries."""
    assert of(body="<AuthorList><Author><LastName>A</LastName></Author></AuthorList>").orcids == ()


def test_corrections_are_read_and_cited_works_are_not() -> None:
    """Errata, retractions and comments are kept with the other document; cited works are not."""
    ties = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>J. {kind}</RefSource><PMID>{pmid}</PMID>'
        "</CommentsCorrections>"
        for kind, pmid in (("RetractionIn", 8), ("Cites", 9))
    )
    record = of(citation=f"<CommentsCorrectionsList>{ties}</CommentsCorrectionsList>")
    assert record.corrections == (Correction(kind="RetractionIn", pmid="8", citation="J. RetractionIn"),)


@pytest.mark.parametrize(
    ("parts", "printed"),
    [
        ("<Year>2013</Year><Month>Nov</Month><Day>5</Day>", "2013 Nov 5"),
        ("<Year>2013</Year><Season>Spring</Season>", "2013 Spring"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998 Dec-1999 Jan"),
    ],
)
def test_the_date_of_publication_is_as_printed(parts: str, printed: str) -> None:
    """Parts stand in their order, words as they are."""
    body = f"<Journal><JournalIssue><PubDate>{parts}</PubDate></JournalIssue></Journal>"
    assert of(body=body).published == printed


def test_version_status_and_revision_are_read() -> None:
    """A record says which version it is, how far it was worked on, and when it last changed."""
    xml = (
        '<PubmedArticle><MedlineCitation Status="In-Process"><PMID Version="3">7</PMID><DateRevised>'
        "<Year>2020</Year><Month>02</Month><Day>29</Day></DateRevised><Article/></MedlineCitation></PubmedArticle>"
    )
    record = one(xml)
    assert (record.version, record.status, record.revised) == ("3", "In-Process", date(2020, 2, 29))


def test_an_index_is_declared() -> None:
    """A note that begins with the agreed words marks keywords that stand for an abstract; others are kept."""
    record = of(citation=f"<GeneralNote>{INDEX_NOTE}: more.</GeneralNote><GeneralNote>63 refs.</GeneralNote>")
    assert (record.index_only, record.notes) == (True, ("63 refs.",))


def test_a_note_alone_declares_no_index() -> None:
    """Any other note is a note."""
    record = of(citation="<GeneralNote>63 refs.</GeneralNote>")
    assert (record.index_only, record.notes) == (False, ("63 refs.",))


def test_a_book_chapter_is_a_record() -> None:
    """A chapter keeps its own title, and the book stands where the journal would."""
    xml = (
        "<PubmedBookArticle><BookDocument><PMID>9</PMID><ArticleIdList/><Book><BookTitle>Book</BookTitle>"
        "<PubDate><Year>2001</Year></PubDate></Book><ArticleTitle>Chapter</ArticleTitle>"
        "<Abstract><AbstractText>X.</AbstractText></Abstract></BookDocument><PubmedBookData><History>"
        '<PubMedPubDate PubStatus="entrez"><Year>2002</Year><Month>1</Month><Day>2</Day></PubMedPubDate>'
        "</History></PubmedBookData></PubmedBookArticle>"
    )
    record = one(xml)
    assert (record.title, record.journal, record.year) == ("Chapter", "Book", 2001)
    assert (record.abstract, record.entered) == ("X.", date(2002, 1, 2))


def test_a_deletion_is_given_out() -> None:
    """Each PMID of a DeleteCitation is given out after the records."""
    xml = articles(article_xml("7"), "<DeleteCitation><PMID>8</PMID><PMID>9</PMID></DeleteCitation>")
    assert list(read(BytesIO(xml.encode())))[1:] == [Deleted("8"), Deleted("9")]
