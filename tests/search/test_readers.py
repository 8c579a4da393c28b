"""Reading files of citations: formats, encodings, and an account of every entry."""

import gzip
from pathlib import Path

import pytest

from search.errors import UnreadableFile
from search.files.limits import Limits
from search.readers import Rejected, read
from tests.search.wire import article_xml, articles

RIS = "TY  - JOUR\nTI  - A trial of X\nAU  - Doe, J.\nPY  - 2020\nER  - \n"
NBIB = "\nPMID- 12\nTI  - A trial\n      of X.\nAU  - Doe J\nDP  - 2020 Mar\nEDAT- 2020/03/04 06:00\n\n"
CSV = "title,abstract,authors,year,included\nA trial of X,Some words.,Doe J; Roe R,2020,1\n"


def titles(data: str | bytes) -> list[str]:
    """Return the titles that are read."""
    return [record.title for record in read(data.encode() if isinstance(data, str) else data).records]


@pytest.mark.parametrize(
    ("data", "name"),
    [(RIS, "RIS"), (NBIB, "MEDLINE"), (CSV, "CSV"), (articles(article_xml("12")), "PubMed XML")],
)
def test_the_format_is_recognised(data: str, name: str) -> None:
    """The content, not the name of the file, says which format it is."""
    result = read(data.encode())
    assert (result.format, result.seen, result.records[0].title[:10]) == (name, 1, "A trial of")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("text", [RIS, NBIB, CSV])
def test_encodings_and_line_ends_do_not_matter(text: str, encoding: str, end: str) -> None:
    """The same entry is read from every encoding and line end in use."""
    data = text.replace("A trial", "Café").replace("\n", end).encode(encoding)
    assert titles(data)[0].startswith("Café")


def test_a_path_will_do(tmp_path: Path) -> None:
    """A file is read by its path."""
    path = tmp_path / "export.txt"
    path.write_text(RIS)
    assert read(path).seen == 1


def test_the_source_and_a_digest_name_the_record() -> None:
    """Records are filed under the source given, and named by their content."""
    first, again = (read(RIS.encode(), source="embase").records[0] for _ in range(2))
    assert (first.source, len(first.accession), first.id) == ("embase", 32, again.id)


def test_a_pmid_does_not_name_the_record() -> None:
    """Two entries that a file gives one PMID are two records, and each keeps that PMID."""
    one, two = read((NBIB + NBIB.replace("of X", "of Z")).encode()).records
    assert one.accession != two.accession
    assert (one.pmid, two.pmid, len(one.accession), len(two.accession)) == ("12", "12", 32, 32)


def test_a_pmid_is_content() -> None:
    """Two entries that are the same but for the PMID are two records, in whichever file they stand."""
    one, two = (read(NBIB.replace("12", pmid, 1).encode()).records[0] for pmid in ("12", "13"))
    assert one.accession != two.accession


def test_identical_entries_are_both_kept() -> None:
    """An entry that repeats another is kept under a name of its own, for linking to count."""
    one, two = read((RIS + RIS).encode()).records
    assert two.accession == f"{one.accession}-2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RIS.replace("ER  - \n", ""), ["A trial of X"]),
        (RIS.replace("ER  - \n", "") + RIS.replace("X", "Z"), ["A trial of X", "A trial of Z"]),
        (RIS.replace("  -", " -"), ["A trial of X"]),
        (f"\n1. \n{RIS}\n2.\n{RIS}", ["A trial of X"] * 2),
        (RIS.replace("of X", "of\nX"), ["A trial of X"]),
        (RIS.replace("TI  - A trial of X", "T1  - A trial of X"), ["A trial of X"]),
        (RIS.replace("ER  - ", "ER - "), ["A trial of X"]),
    ],
    ids=["no last ER", "no ER between", "one space", "numbered", "wrapped", "T1", "one space before ER"],
)
def test_ris_as_programs_write_it(text: str, expected: list[str]) -> None:
    """Deviations that make other readers drop an entry in silence lose none here."""
    result = read(text.encode())
    assert ([record.title for record in result.records], result.rejected) == (expected, ())


def test_a_second_title_is_kept() -> None:
    """A title that repeats is kept as a note."""
    text = RIS.replace("AU  -", "TI  - Another\nAU  -")
    assert read(text.encode()).records[0].notes == ("Another title: Another",)


def test_ris_fields_are_read() -> None:
    """Names, dates, pages and identifiers are found where programs put them."""
    place = "T2  - Journal of X\nVL  - 3\nIS  - 2\nSP  - 10\nEP  - 19\nUR  - https://doi.org/10.1234/x.\n"
    text = "KW  - a\nKW  - b\nN2  - Words.\nU1  - 99 [PMID]\n"
    record = read(RIS.replace("ER", f"{place}{text}ER").encode()).records[0]
    assert (record.journal, record.volume, record.issue, record.pages) == ("Journal of X", "3", "2", "10-19")
    assert (record.doi, record.pmid, record.year) == ("10.1234/x", "99", 2020)
    assert (record.keywords, record.abstract, record.authors) == (("a", "b"), "Words.", ("Doe, J.",))


@pytest.mark.parametrize(
    ("text", "rejected"),
    [
        ("AU  - Doe, J.\nER  - \n" + RIS, Rejected(1, "lines without a TY line before them")),
        (RIS + "TY  - JOUR\nAU  - Doe, J.\nER  - \n", Rejected(6, "no title")),
        ("stray\n" + NBIB, Rejected(1, "lines without a PMID line before them")),
        (NBIB + "PMID- abc\nTI  - T\n", Rejected(9, "found PMID 'abc'; expected a number")),
        (NBIB + "PMID- 13\nAU  - Doe J\n", Rejected(9, "no title")),
        (CSV + "only,two\n", Rejected(3, "found 2 cells; expected the 5 of the header")),
        (CSV + ",words,Doe J,2020,0\n", Rejected(3, "no title")),
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_line(text: str, rejected: Rejected) -> None:
    """A bad entry costs itself alone and is reported with line and reason."""
    result = read(text.encode())
    assert (len(result.records), result.rejected) == (1, (rejected,))


def test_a_quote_that_never_closes_costs_its_own_row() -> None:
    """Behind a row whose quotation mark never closes, reading starts anew."""
    result = read((CSV + '"A trial,of Y\nA trial of Z,,,,\n').encode())
    assert [record.title for record in result.records] == ["A trial of X", "A trial of Z"]
    assert [(one.line, "line 3 broken" in one.reason) for one in result.rejected] == [(3, True)]


def test_a_cut_pubmed_file_is_reported() -> None:
    """A PubMed XML file that breaks off gives its whole records and one rejection that says so."""
    text = articles(article_xml("1"), article_xml("2"))
    result = read(text[: text.rindex("<PubmedArticle>") + 30].encode())
    assert (len(result.records), "after 1 good records" in result.rejected[0].reason) == (1, True)


def test_medline_fields_are_read() -> None:
    """The fields of MEDLINE text land where those of PubMed XML do."""
    more = (
        "LID - S1 [pii] 10.1234/x [doi]\nMH  - *Pain/therapy\nMH  - Pain/psychology\nPT  - Journal Article\n"
        "SI  - ClinicalTrials.gov/NCT00000000\nCN  - X Group\nAB  - Some\n      words.\n"
    )
    record = read(NBIB.replace("EDAT", f"{more}EDAT").encode()).records[0]
    assert (record.doi, record.registrations) == ("10.1234/x", ("NCT00000000",))
    assert record.mesh == ("*Pain/therapy", "Pain/psychology")
    assert (record.abstract, record.authors, str(record.entered)) == (
        "Some words.",
        ("Doe J", "X Group"),
        "2020-03-04",
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_are_read_with_any_delimiter(delimiter: str) -> None:
    """Commas, semicolons and tabs part the columns."""
    header = delimiter.join(("Primary_Title", "DOI", "PMID"))
    row = delimiter.join(("A trial of X", "https://doi.org/10.1234/x", "12.0"))
    record = read(f"{header}\n{row}\n".encode()).records[0]
    assert (record.title, record.doi, record.pmid) == ("A trial of X", "10.1234/x", "12")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Doe J; Roe R", ("Doe J", "Roe R")),
        ('"Doe J, Roe RS"', ("Doe J", "Roe RS")),
        ('"Doe, Jane"', ("Doe, Jane",)),
        ('"Doe, J.;"', ("Doe, J.",)),
    ],
)
def test_names_in_one_cell_are_parted(cell: str, names: tuple[str, ...]) -> None:
    """Authors are parted by semicolons, or by commas where that is beyond doubt."""
    assert read(f"title,authors\nT,{cell}\n".encode()).records[0].authors == names


def test_a_label_is_kept_as_a_note() -> None:
    """A decision that the file brings along is shown, and nothing more."""
    assert read(CSV.encode()).records[0].notes == ("Label in the file: 1",)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "nothing"),
        (b"<html><body>Sign in</body></html>", "text that begins"),
        (b"PK\x03\x04 sheet", "damaged zip"),
        (b"\xd0\xcf\x11\xe0 old", "spreadsheet of the old kind"),
        (b"@comment{only a comment}", "BibTeX without a single entry"),
        (b"<XML><RECORDS><RECORD></RECORD></RECORDS></XML>", "EndNote XML of version 7"),
        (b"<xml><records></records></xml>", "without a single entry"),
        (b"FN Clarivate Analytics Web of Science\nVR 1.0\nEF\n", "without a single entry"),
        (b"title,abstract\n", "without a single entry"),
        (b"<PubmedArticleSet></PubmedArticleSet>", "without a single entry"),
        (b"name,age\nDoe,3\n", "text that begins"),
        (b"Dear all,\nplease send author, title, year\n", "text that begins"),
        (b"\x1f\x8bdamaged", "damaged gzip"),
    ],
)
def test_a_file_without_citations_is_refused(data: bytes, says: str) -> None:
    """What is no file of citations is refused in one sentence, never read as zero records."""
    with pytest.raises(UnreadableFile, match=says) as caught:
        read(data)
    assert "; expected " in str(caught.value)


def test_a_refusal_names_the_file(tmp_path: Path) -> None:
    """A refusal begins with the name of the file, and never with its folder."""
    path = tmp_path / "export.txt"
    path.write_bytes(b"\x1f\x8bdamaged")
    with pytest.raises(UnreadableFile, match=r"^export\.txt: found a damaged gzip"):
        read(path)


def test_a_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    """A file above the limit is refused by its size alone."""
    path = tmp_path / "export.ris"
    path.write_text(RIS)
    with pytest.raises(UnreadableFile, match=r"export\.ris: found 62 bytes; expected at most 61"):
        read(path, limits=Limits(handed_in=61))


def test_packed_files_are_read_in_all_their_parts() -> None:
    """A packed file may consist of several packed parts."""
    assert titles(gzip.compress(RIS.encode()) + gzip.compress(RIS.encode())) == ["A trial of X"] * 2


def test_a_packed_file_that_breaks_off_is_refused() -> None:
    """A packed file is whole, or it is not read."""
    with pytest.raises(UnreadableFile, match="damaged gzip"):
        read(gzip.compress(RIS.encode())[:-9])


def test_labels_of_others_are_said_and_decide_nothing() -> None:
    """Entries that bring decisions along are counted for the person who imports."""
    assert read(CSV.encode()).remarks == (
        "1 entries bring labels or decisions of other people along: kept as notes, they decide nothing here",
    )


def test_what_became_of_each_field_is_said() -> None:
    """Each tag is listed with what it becomes, and with how often it is filled; some become nothing."""
    fields = read((RIS + RIS.replace("PY  - 2020", "ZZ  - z")).encode()).fields
    assert [(one.name, one.becomes, one.filled) for one in fields] == [
        ("TY (type of reference)", "", 2),
        ("TI (title)", "titles", 2),
        ("AU (authors)", "authors", 2),
        ("PY (year)", "year", 1),
        ("ZZ", "", 1),
    ]


def test_registrations_in_the_text_are_found() -> None:
    """A trial's number in an abstract or a note is one of the record's registrations."""
    text = RIS.replace("PY  -", "AB  - Words (NCT01234567).\nN1  - ISRCTN12345678\nPY  -")
    assert read(text.encode()).records[0].registrations == ("NCT01234567", "ISRCTN12345678")


@pytest.mark.parametrize(("end", "said"), [("ER  - \n", False), ("", True)])
def test_a_file_that_may_break_off_says_so(end: str, said: bool) -> None:
    """A last entry without its end is read, and told."""
    result = read(f"TY  - JOUR\nTI  - A trial of X\n{end}".encode())
    assert (len(result.records), any("may break off" in one for one in result.remarks)) == (1, said)
