"""Files as each program writes them, made by hand after documentation or public examples, all synthetic.

Where a real export is at hand, tests/search/test_readers_real.py reads it.
"""

import pytest

from review.record import Record
from search.readers import Import, Rejected, read

COCHRANE = """Record #1 of 2
Provider: John Wiley & Sons, Ltd.
Content: text/plain; charset="UTF-8"

TY  -  JOUR
AN  -  CN-00000001
A1  -  Doe, J
A1  -  Roe, R
T1  -  A trial of X
JA  -  Journal of X
PY  -  2011
SP  -  12‐19
C3  -  PUBMED 12,EMBASE 34
N2  -  Words. ISRCTN12345678.
ER  -


Record #2 of 2
Provider: John Wiley & Sons, Ltd.

TY  -  JOUR
T1  -  A trial of Z
ER  -
"""
EMBASE_RIS = """TY  - JOUR
T1  - A trial of X
A1  - Doe J.
A1  - Roe R.
Y1  - 2024//
JF  - Journal of X
DO  - 10.1234/x
     LK  - https://link.example.org/?id=doi:10.1234%2Fx
ER  -
Link to the Ovid Full Text or citation: https://link.example.org/1

TY  - JOUR
T1  - A trial of Z
ER  -
Link to the Ovid Full Text or citation: https://link.example.org/2
"""
EMBASE_CSV = """"SEARCH QUERY","x:ti"
-------------------------------------

"Title","Author Names","Source","Source title","Publication Year","Volume","Issue","First Page",\
"Last Page",\
"Emtree Drug Index Terms","Clinical Trial Numbers","Medline PMID","PUI","DOI"
"A trial of X","Doe J., van Roe R.-S.","Journal of X (2024) 15:1","Journal of X","2024","15","1","307","356",\
"x; y","ClinicalTrials.gov (NCT00000001)",12,L1,10.1234/x
"""
EMBASE_ROWS = """"TITLE","A trial of X"
"AUTHOR NAMES","Doe J.","Roe R."
"SOURCE TITLE","Journal of X"
"PUBLICATION YEAR","2024"
"MEDLINE PMID","12","http://www.ncbi.nlm.nih.gov/pubmed/12"
"DOI","10.1234/x"

"TITLE","A trial of Z"
"AUTHOR NAMES","Poe E."
"""
RAYYAN = """key,title,year,month,day,journal,issn,volume,issue,pages,\
authors,url,abstract,notes,doi,keywords,pubmed_id
rayyan-1,A trial of X,2024,,,Journal of X,0000-0000,15,1,3-9,"Doe, J. and Roe, R. and X Group, The",\
,Words.,\
"RAYYAN-INCLUSION: {""Kim""=>""Included""} | RAYYAN-LABELS: later",10.1234/x     LK  - https://x.example.org,\
x;y,12
"""
COVIDENCE = """Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,\
Accession Number,DOI,Ref,\
Covidence #,Study,Notes,Tags
A trial of X,"Doe, J.; Roe, R.",Words.,2024,May,Journal of X,15,1,3-9,12,10.1234/x,7,#7,Doe 2024,\
Exclusion reason: Wrong outcomes; ,later
"""
SCOPUS = """"Authors","Author full names","Title","Year","Source title","Volume","Issue",\
"Art. No.","Page start",\
"Page end","DOI","Link","Abstract","Author Keywords","PubMed ID","Document Type","Source","EID"
"Doe J.; Roe R.","Doe, Jane (1); Roe, Richard (2)","A trial of X","2024","Journal of X","15","1","e7","","",\
"10.1234/x","https://www.scopus.com/x","Words.","x; y","12","Article","Scopus","2-s2.0-1"
"""
COCHRANE_CSV = """CENTRAL ID,Author(s),Title,Source,Year,Abstract,Volume,Issue,Pages,PubMed ID,CTgov ID,DOI
"CN-00000001","Doe, J; Roe, R","A trial of X","Journal of X","2011","Words","12",,"39","PUBMED 12",\
NCT00000001,10.1234/x
"""
ASREVIEW = """record_id,title,authors,abstract,doi,year,included,asreview_label,asreview_note
0,A trial of X,"Doe, J.;Roe, R.",Words.,10.1234/x,2024,1,0,not sure
"""
PUBMED_CSV = """PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,\
PMCID,NIHMS ID,DOI
12,A trial of X,"Doe J, Roe RS.",J X. 2024,Doe J,J X,2024,2024/01/01,PMC12,,10.1234/x
"""
WOS_TABLE = (
    "PT\tAU\tTI\tSO\tDE\tAB\tPY\tVL\tIS\tBP\tEP\tDI\tPM\tUT\n"
    "J\tDoe, J; Roe, R\tA trial of X\tJ X\tx; y\tWords\t2024\t15\t1\t3\t9\t10.1234/x\t12\tWOS:1\n"
)
WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Doe, J
   Roe, R
AF Doe, Jane
   Roe, Richard
TI A trial
   of X
SO JOURNAL OF X
DE x; y
AB Some
   words.
C1 [Doe, J] Univ X.
PY 2024
VL 15
IS 1
BP 3
EP 9
DI 10.1234/x
PM 12
UT WOS:000000000000001
ER

PT J
TI A trial of Z
ER

EF
"""
OVID = """<1. >
VN  - Ovid Technologies
DB  - Ovid MEDLINE(R)
UI  - 12
TI  - A trial of X.
SO  - Journal of X. 15(1):3-9, 2024 May.
AU  - Doe J.
AU  - Roe R.
IN  - (Doe) Univ X
      (Roe) Univ Y
MH  - *Pain
AB  - Some
words. NCT00000001
IS  - 0000-0000
DO  - https://dx.doi.org/10.1234/x

<2. >
DB  - Embase
UI  - 621381829
TI  - A trial of Z.
YR  - 2018
"""
OVID_WORDS = """<1>
Unique Identifier
  12
Title
  A trial of X
Authors
  Doe J
  Roe R
Source
  Journal of X. 15(1):3-9, 2024 May.
"""
EXPECTED = {
    "Cochrane RIS": (COCHRANE, "A trial of X", ("Doe, J", "Roe, R"), 2011, "", "12"),
    "Embase RIS": (EMBASE_RIS, "A trial of X", ("Doe J.", "Roe R."), 2024, "10.1234/x", ""),
    "Embase CSV": (EMBASE_CSV, "A trial of X", ("Doe J.", "van Roe R.-S."), 2024, "10.1234/x", "12"),
    "Embase CSV by rows": (EMBASE_ROWS, "A trial of X", ("Doe J.", "Roe R."), 2024, "10.1234/x", "12"),
    "Rayyan": (RAYYAN, "A trial of X", ("Doe, J.", "Roe, R.", "X Group, The"), 2024, "10.1234/x", "12"),
    "Covidence": (COVIDENCE, "A trial of X", ("Doe, J.", "Roe, R."), 2024, "10.1234/x", ""),
    "Scopus": (SCOPUS, "A trial of X", ("Doe J.", "Roe R."), 2024, "10.1234/x", "12"),
    "Cochrane CSV": (COCHRANE_CSV, "A trial of X", ("Doe, J", "Roe, R"), 2011, "10.1234/x", "12"),
    "ASReview": (ASREVIEW, "A trial of X", ("Doe, J.", "Roe, R."), 2024, "10.1234/x", ""),
    "PubMed CSV": (PUBMED_CSV, "A trial of X", ("Doe J", "Roe RS"), 2024, "10.1234/x", "12"),
    "Web of Science table": (WOS_TABLE, "A trial of X", ("Doe, J", "Roe, R"), 2024, "10.1234/x", "12"),
    "Web of Science text": (WOS, "A trial of X", ("Doe, J", "Roe, R"), 2024, "10.1234/x", "12"),
    "Ovid": (OVID, "A trial of X.", ("Doe J.", "Roe R."), 2024, "10.1234/x", "12"),
    "Ovid in words": (OVID_WORDS, "A trial of X", ("Doe J", "Roe R"), 2024, "", ""),
}


def first(text: str) -> Record:
    """Return the first record of a file in which nothing is rejected."""
    result: Import = read(text.encode())
    assert result.rejected == ()
    return result.records[0]


@pytest.mark.parametrize("name", EXPECTED)
def test_each_program_is_understood(name: str) -> None:
    """Title, authors, year, DOI and PMID are found where each program puts them."""
    text, *expected = EXPECTED[name]
    record = first(text)
    assert [record.title, record.authors, record.year, record.doi, record.pmid] == expected


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (COCHRANE, ["A trial of X", "A trial of Z"]),
        (EMBASE_RIS, ["A trial of X", "A trial of Z"]),
        (EMBASE_ROWS, ["A trial of X", "A trial of Z"]),
        (WOS, ["A trial of X", "A trial of Z"]),
        (OVID, ["A trial of X.", "A trial of Z."]),
    ],
)
def test_every_entry_is_read(text: str, titles: list[str]) -> None:
    """Headings, links and blank lines between entries neither end the reading nor make an entry."""
    assert [record.title for record in read(text.encode()).records] == titles


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (EMBASE_CSV, ("Journal of X", "15", "1", "307-356")),
        (SCOPUS, ("Journal of X", "15", "1", "e7")),
        (COCHRANE_CSV, ("Journal of X", "12", "", "39")),
        (WOS, ("JOURNAL OF X", "15", "1", "3-9")),
        (OVID, ("Journal of X", "15", "1", "3-9")),
        (WOS_TABLE, ("J X", "15", "1", "3-9")),
    ],
)
def test_the_place_is_found(text: str, place: tuple[str, ...]) -> None:
    """Journal, volume, issue and pages are found, in a source line of Ovid's too."""
    record = first(text)
    assert (record.journal, record.volume, record.issue, record.pages) == place


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (RAYYAN, 'RAYYAN-INCLUSION: {"Kim"=>"Included"} | RAYYAN-LABELS: later'),
        (COVIDENCE, "Exclusion reason: Wrong outcomes;"),
        (COVIDENCE, "Label in the file: later"),
        (ASREVIEW, "Label in the file: 0"),
        (ASREVIEW, "not sure"),
    ],
)
def test_decisions_of_others_are_notes(text: str, note: str) -> None:
    """What people decided elsewhere stands in the notes, and the preview says that it decides nothing."""
    assert note in first(text).notes
    assert any("decide nothing" in remark for remark in read(text.encode()).remarks)


def test_a_numeric_label_of_ris_is_a_label() -> None:
    """A number under LB is a label like any other."""
    assert first("TY  - JOUR\nTI  - T\nLB  - 1\nER  - \n").notes == ("Label in the file: 1",)


def test_notes_of_a_file_are_kept_whole() -> None:
    """Notes that stand in a file come in, to their last line."""
    assert first("TY  - JOUR\nTI  - T\nN1  - first\nlast\nER  - \n").notes == ("first last",)


def test_further_authors_are_not_lost() -> None:
    """A1 stands for authors as AU does; A2 is an editor where there are authors, and an author where none."""
    both = first("TY  - JOUR\nTI  - T\nAU  - Doe, J.\nA1  - Roe, R.\nA2  - Poe, E.\nER  - \n")
    alone = first("TY  - JOUR\nTI  - T\nA2  - Poe, E.\nER  - \n")
    assert (both.authors, both.notes) == (("Doe, J.", "Roe, R."), ("Editor or other contributor: Poe, E.",))
    assert (alone.authors, alone.notes) == (("Poe, E.",), ())


def test_lines_passed_over_are_said() -> None:
    """What stands between entries and is none is counted for the person who imports."""
    assert read(COCHRANE.encode()).remarks == ("5 lines between entries bear no tag and were passed over",)


def test_registration_numbers_are_found_in_their_columns() -> None:
    """Numbers of trials are taken from the columns and fields that databases have for them."""
    found = [first(text).registrations for text in (EMBASE_CSV, COCHRANE_CSV, OVID)]
    assert found == [("NCT00000001",)] * 3


def test_embase_accession_numbers_are_no_pmids() -> None:
    """A number that Ovid gives for Embase is not taken for a PMID."""
    assert read(OVID.encode()).records[1].pmid == ""


def test_a_web_of_science_file_that_breaks_off_is_said() -> None:
    """Without the line that ends the file, the person is told that it may have been cut."""
    result = read(WOS[: WOS.index("ER\n\nEF")].encode())
    assert (len(result.records), "may have been cut off" in result.remarks[0]) == (2, True)


def test_lines_of_web_of_science_without_their_entry_are_rejected() -> None:
    """Lines that stand before any PT are one rejected entry."""
    result = read(WOS.replace("PT J\nAU", "AU", 1).encode())
    assert result.rejected == (Rejected(3, "lines without a PT line before them"),)
