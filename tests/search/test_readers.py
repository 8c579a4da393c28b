"""Reading files of citations: formats, encodings, and an account of every entry."""

import gzip
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.errors import UnreadableFile
from search.files.decoding import unpack
from search.readers import Import, Rejected, read
from tests.search.wire import article_xml, articles, law

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
    """Records are filed under the source given; without a PMID their content names them."""
    first, again = (read(RIS.encode(), source="embase").records[0] for _ in range(2))
    assert (first.source, len(first.accession), first.id) == ("embase", 32, again.id)


def test_a_pmid_names_the_record() -> None:
    """Where an entry has a PMID, that is its accession."""
    assert read(NBIB.encode()).records[0].id == "files:12"


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
        (RIS + "TY  - JOUR\nAU  - Doe, J.\nER  - \n", Rejected(6, "no title (TI or T1)")),
        ("stray\n" + NBIB, Rejected(1, "lines without a PMID line before them")),
        (NBIB + "PMID- abc\nTI  - T\n", Rejected(9, "found PMID 'abc'; expected a number")),
        (NBIB + "PMID- 13\nAU  - Doe J\n", Rejected(9, "no title (TI)")),
        (CSV + "only,two\n", Rejected(3, "found 2 cells; expected the 5 of the header")),
        (CSV + ",words,Doe J,2020,0\n", Rejected(3, "no title")),
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_line(text: str, rejected: Rejected) -> None:
    """A bad entry costs itself alone and is reported with line and reason."""
    result = read(text.encode())
    assert (len(result.records), result.rejected) == (1, (rejected,))


def test_a_quote_that_never_closes_is_reported() -> None:
    """The lines that an open quote swallows are rejected with their numbers, not lost."""
    result = read((CSV + '"A trial,of Y\nand Z\n').encode())
    assert len(result.records) == 1
    assert "lines 3 to 4 broken" in result.rejected[0].reason


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
    assert (record.doi, record.mesh, record.registrations) == ("10.1234/x", ("Pain",), ("NCT00000000",))
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
        (b"PK\x03\x04 sheet", "spreadsheet"),
        (b"@article{doe2020,\n title = {T}}", "BibTeX"),
        (b"<?xml version='1.0'?><xml><records><record/></records></xml>", "EndNote XML"),
        (b"title,abstract\n", "without a single entry"),
        (b"<PubmedArticleSet></PubmedArticleSet>", "without a single entry"),
        (b"name,age\nDoe,3\n", "text that begins"),
        (b"\x1f\x8bdamaged", "damaged gzip"),
    ],
)
def test_a_file_without_citations_is_refused(data: bytes, says: str) -> None:
    """What is no file of citations is refused in one sentence, never read as zero records."""
    with pytest.raises(UnreadableFile, match=says) as caught:
        read(data)
    assert "; expected " in str(caught.value)


def test_size_is_no_obstacle() -> None:
    """A title of a million letters, some right to left, and ten thousand authors are read."""
    title, names = "עברית é " * 125_000, [f"Doe{number}, J." for number in range(10_000)]
    text = "\n".join(["TY  - JOUR", f"TI  - {title}", *(f"AU  - {name}" for name in names), "ER  - "])
    (record,) = read(text.encode()).records
    assert (record.title, len(record.authors)) == (title.strip(), 10_000)


def test_unpacking_is_bounded() -> None:
    """A small file that unpacks to more than is allowed is refused before it is unpacked."""
    with pytest.raises(UnreadableFile, match="more than may be unpacked"):
        unpack(gzip.compress(b"a" * 100_000), largest=99_999)


def test_packed_files_are_read_in_all_their_parts() -> None:
    """A packed file may consist of several packed parts."""
    assert titles(gzip.compress(RIS.encode()) + gzip.compress(RIS.encode())) == ["A trial of X"] * 2


def test_a_packed_file_that_breaks_off_is_refused() -> None:
    """A packed file is whole, or it is not read."""
    with pytest.raises(UnreadableFile, match="breaks off"):
        read(gzip.compress(RIS.encode())[:-9])


@law
@given(st.binary(max_size=400))
@example(b"TY  - \nER  - ")
@example(b"PMID- 1\n\n\n")
@example(b'title\n"')
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """Any bytes are read with an account, or refused."""
    try:
        result = read(data)
    except UnreadableFile:
        return
    assert result.seen > 0


@law
@given(
    st.lists(
        st.sampled_from(["TY  - JOUR", "TI  - T", "ER  - ", "AU  - A", "PMID- 1", "", "x", "TY - J"]),
        max_size=12,
    )
)
def test_every_ris_entry_is_accounted_for(lines: list[str]) -> None:
    """However lines are mixed, each TY line is one entry, accepted or rejected."""
    text = "\n".join(["TY  - JOUR", *(line for line in lines if line != "PMID- 1")])
    result = read(text.encode())
    opened = sum(line.startswith("TY") for line in text.split("\n"))
    stray = sum("without a TY" in rejected.reason for rejected in result.rejected)
    assert result.seen - stray == opened


@pytest.mark.parametrize(
    ("name", "entries", "rejected"),
    [
        ("citesource_Dimensions_246.ris.gz", 246, 0),
        ("citesource_lens_343.ris.gz", 343, 1),
        ("citesource_medline_84.ris.gz", 84, 0),
        ("citesource_wos_278.ris.gz", 278, 0),
        ("ris_export.txt.gz", 69, 0),
        ("scopus.ris.gz", 10, 0),
        ("wos_test.ris.gz", 50, 0),
        ("zotero_export.csv.gz", 1233, 0),
        ("zotero_export.ris.gz", 1000, 0),
    ],
)
def test_real_exports_are_accounted_for(name: str, entries: int, rejected: int, shared_data: Path) -> None:
    """Every entry of real exports is read, but the one that has no title."""
    result: Import = read(shared_data / "dedupe/exports" / name)
    assert (result.seen, len(result.rejected)) == (entries, rejected)
    assert sum(record.year is not None for record in result.records) > 0.98 * entries


def test_an_old_code_page_is_read(shared_data: Path) -> None:
    """The labelled set, which is not UTF-8, is read in full."""
    assert read(shared_data / "dedupe/asysd-labelled-1845.csv.gz").seen == 1845
