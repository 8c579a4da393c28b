"""EFetch, EPost, ESummary and EInfo of the stand-in."""

import dataclasses
import io
from datetime import date
from xml.etree.ElementTree import fromstring, tostring

import pytest
from Bio import Medline
from hypothesis import given
from hypothesis import strategies as st

from review.record import Correction, Record
from search import pubmed_xml
from search.notes import INDEX_NOTE, from_general_notes
from search.standin.articles import article_set
from search.standin.medline import medline
from search.standin.names import author_of, registry_of
from search.standin.reply import xml_reply
from search.standin.server import StandIn
from tests.search.dtd import Dtd
from tests.search.standins import BARE, FULL, INDEXED, ask, asked

TEXT = st.text(max_size=20)
RECORDS = st.builds(
    Record,
    source=st.just("pubmed"),
    accession=st.integers(1, 10**9).map(str),
    title=TEXT,
    abstract=TEXT,
    year=st.none() | st.integers(1800, 2100),
    volume=TEXT,
    pages=TEXT,
    doi=TEXT,
    authors=st.lists(TEXT, max_size=3).map(tuple),
    mesh=st.lists(TEXT, max_size=3).map(tuple),
    keywords=st.lists(TEXT, max_size=3).map(tuple),
    registrations=st.lists(TEXT, max_size=3).map(tuple),
    notes=st.lists(TEXT, max_size=2).map(tuple),
    entered=st.none() | st.dates(min_value=date(1900, 1, 1)),
    index_only=st.booleans(),
)
PRINTED = st.sampled_from(
    ["2014", "2014 Jul", "2014 Jul 3", "2014 Spring", "1998 Dec-1999 Jan", "2014 July", ""]
)


TIED = dataclasses.replace(
    FULL,
    corrections=(
        Correction(kind="ErratumIn", pmid="900000009", citation="J Tests. 2015;1(1):1"),
        Correction(kind="CommentIn", citation="J Tests. 2015;1(1):2"),
    ),
)


@pytest.fixture(scope="module")
def standin():
    with StandIn([FULL, INDEXED, BARE]) as running:
        yield running


@pytest.fixture(scope="module")
def dtd(shared_data) -> Dtd:
    return Dtd(shared_data / "pubmed/pubmed_250101.dtd")


@pytest.mark.parametrize("record", [FULL, INDEXED, BARE, TIED], ids=["full", "indexed", "bare", "tied"])
def test_articles_follow_the_dtd(dtd, record):
    """Elements, their order and their attributes are those of NLM's DTD."""
    assert dtd.faults(article_set([record])) == []


def test_the_dtd_check_finds_a_wrong_order(dtd):
    """An article whose elements change places is seen to break the DTD."""
    root = article_set([FULL])
    article = root.find("PubmedArticle/MedlineCitation/Article")
    article.append(article[0])
    article.remove(article[0])
    assert dtd.faults(root)


@given(st.lists(RECORDS, min_size=1, max_size=3))
def test_any_record_is_well_formed_xml(records):
    """Whatever text a record holds, the document can be parsed and has every record."""
    assert len(fromstring(xml_reply(article_set(records)).body)) == len(records)


@pytest.mark.parametrize("record", [FULL, BARE], ids=["full", "bare"])
def test_reader_gives_the_record_back(standin, record):
    """What is fetched as XML is read back to the record that was served."""
    body = ask(standin, "efetch", id=record.accession, retmode="xml").content
    assert list(pubmed_xml.read(io.BytesIO(body))) == [record]


def test_corrections_are_read_back():
    """Errata and comments come back with kind, PMID and citation."""
    body = xml_reply(article_set([TIED])).body
    assert list(pubmed_xml.read(io.BytesIO(body))) == [TIED]


@given(PRINTED)
def test_printed_dates_are_read_back(printed):
    """A date of publication comes back as it was printed, in parts or in words."""
    body = xml_reply(article_set([dataclasses.replace(BARE, published=printed)])).body
    (read,) = pubmed_xml.read(io.BytesIO(body))
    assert read.published == printed


def test_index_is_declared_and_read_back(standin):
    """An index of words comes with its declaration, by which the reader knows it."""
    body = ask(standin, "efetch", id=INDEXED.accession, retmode="xml").content
    (read,) = pubmed_xml.read(io.BytesIO(body))
    assert (read.index_only, read.keywords, read.abstract) == (True, INDEXED.keywords, "")


def test_declaration_is_the_first_note(standin):
    """The first general note of an index begins with the agreed text, the record's own follow."""
    record = dataclasses.replace(INDEXED, notes=("Placeholder.",))
    notes = [note.text for note in article_set([record]).iter("GeneralNote")]
    assert notes[0].startswith(INDEX_NOTE)
    assert from_general_notes(notes) == (True, ("Placeholder.",))


def test_declaration_stands_once(standin):
    """A record that already carries the declaration among its notes is served with one."""
    (note,) = article_set([INDEXED]).iter("GeneralNote")
    again = dataclasses.replace(INDEXED, notes=(note.text,))
    assert tostring(article_set([again])) == tostring(article_set([INDEXED]))


def test_major_topics_and_subheadings_are_told_apart():
    """A star and a slash become attribute and qualifier."""
    (heading,) = article_set([dataclasses.replace(FULL, mesh=("*Pain/therapy",))]).iter("MeshHeading")
    assert [(part.tag, part.text, part.get("MajorTopicYN")) for part in heading] == [
        ("DescriptorName", "Pain", "Y"),
        ("QualifierName", "therapy", "N"),
    ]


def test_unknown_ids_are_left_out_silently(standin):
    """Of known and unknown identifiers the known ones come, without a word on the others."""
    articles = asked(standin, "efetch", id="1,900000003,abc", retmode="xml")
    assert [pmid.text for pmid in articles.iter("PMID")] == ["900000003"]


def test_only_unknown_ids_are_a_bad_request(standin):
    """When nothing can be given, the answer is HTTP 400 in plain text."""
    answer = ask(standin, "efetch", id="1,2", retmode="xml")
    assert (answer.status_code, "ID list is empty!" in answer.text) == (400, True)


def test_history_that_is_not_there_is_a_bad_request(standin):
    """A WebEnv nobody was given is HTTP 400."""
    assert ask(standin, "efetch", WebEnv="MCID_0", query_key="1").status_code == 400


def test_formats_not_offered_are_a_bad_request(standin):
    """A format the stand-in lacks is refused with its name."""
    answer = ask(standin, "efetch", id="900000001", retmode="asn.1")
    assert (answer.status_code, "asn.1" in answer.text) == (400, True)


def test_medline_text_is_read_by_biopython(standin):
    """MEDLINE text comes back field by field through Bio.Medline."""
    answer = ask(standin, "efetch", id="900000001,900000002", rettype="medline", retmode="text")
    first, second = Medline.parse(io.StringIO(answer.text))
    assert {
        key: first[key] for key in ("PMID", "TI", "AB", "AU", "MH", "OT", "PT", "VI", "IP", "PG", "DP")
    } == {
        "PMID": FULL.pmid,
        "TI": FULL.title,
        "AB": FULL.abstract,
        "AU": list(FULL.authors),
        "MH": list(FULL.mesh),
        "OT": list(FULL.keywords),
        "PT": list(FULL.publication_types),
        "VI": FULL.volume,
        "IP": FULL.issue,
        "PG": FULL.pages,
        "DP": FULL.published,
    }
    assert second["GN"][0].startswith(f"NLM: {INDEX_NOTE}")


@given(st.lists(RECORDS, min_size=1, max_size=3))
def test_any_record_is_medline_text(records):
    """Whatever text a record holds, Bio.Medline finds every record under its PMID."""
    read = Medline.parse(io.StringIO(medline(records)))
    assert [record["PMID"] for record in read] == [record.accession for record in records]


def test_long_titles_are_wrapped_and_read_whole():
    """A long title is broken over lines and comes back in one."""
    title = "A trial of web-based X " * 30 + "X" * 100 + " in Y"
    text = medline([dataclasses.replace(FULL, title=title)])
    (record,) = Medline.parse(io.StringIO(text))
    assert record["TI"] == title
    assert max(map(len, text.split("\n"))) < 200


def test_posted_ids_are_fetched(standin):
    """What EPost keeps, EFetch gives."""
    kept = asked(standin, "epost", id="900000003,900000001")
    form = {"WebEnv": kept.findtext("WebEnv"), "query_key": kept.findtext("QueryKey")}
    assert [pmid.text for pmid in asked(standin, "efetch", **form).iter("PMID")] == ["900000003", "900000001"]


def test_posting_nothing_is_an_error(standin):
    """EPost without an identifier is an ERROR under HTTP 200."""
    assert "Nothing to store" in asked(standin, "epost", id="").findtext("ERROR")


def test_summary_has_the_facts(standin):
    """ESummary gives a document per known identifier and an ERROR for the others."""
    answer = asked(standin, "esummary", id="900000001,1")
    items = {item.get("Name"): item.text for item in answer.find("DocSum").iterfind("Item")}
    assert (items["Title"], items["LastAuthor"], items["HasAbstract"]) == (FULL.title, FULL.authors[-1], "1")
    assert answer.findtext("ERROR") == "UID=1: cannot get document summary"


def test_summary_of_nothing_is_an_error(standin):
    """ESummary without identifiers is an ERROR."""
    assert "Empty id list" in asked(standin, "esummary").findtext("ERROR")


def test_info_tells_build_and_count(standin):
    """EInfo gives the build of the day and how many records there are."""
    info = asked(standin, "einfo").find("DbInfo")
    assert (info.findtext("DbBuild"), info.findtext("Count")) == ("Build-2015.07.01.00.00", "3")


def test_info_without_a_database_lists_them(standin):
    """EInfo without db lists the databases."""
    assert asked(standin, "einfo", db="").findtext("DbList/DbName") == "pubmed"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Dear BF", ("Dear", "BF", "")),
        ("Van Other C Jr", ("Van Other", "C", "Jr")),
        ("Smith J-P", ("Smith", "J-P", "")),
        ("Ångström É", ("Ångström", "É", "")),
        ("The Study Group", ("The Study Group", "", "")),
        ("Tester", ("Tester", "", "")),
    ],
)
def test_names_are_split(name, parts):
    """Last name, initials and suffix are told apart; a name without initials stays whole."""
    assert author_of(name) == parts


@pytest.mark.parametrize(
    ("number", "registry"),
    [("NCT99999999", "ClinicalTrials.gov"), ("isrctn99999999", "ISRCTN"), ("99-X", "unknown registry")],
)
def test_registry_is_told_by_the_number(number, registry):
    """The letters of a registration number name its registry."""
    assert registry_of(number) == registry
