"""Writing records: what is written reads back, and no field passes for another."""

import csv
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO, StringIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from review.record import Record
from search.errors import UnwritableRecord
from search.files.formats.latex import plain, protected
from search.files.importing import one_line
from search.notes import label_note
from search.readers import read
from search.writers import to_bibtex, to_csv, to_ris, to_xlsx
from tests.search.wire import law

FORMATS: dict[str, Callable[[list[Record]], bytes]] = {
    "RIS": lambda records: to_ris(records).encode(),
    "CSV": lambda records: to_csv(records).encode(),
    "CSV for Excel": lambda records: to_csv(records, excel=True).encode(),
    "XLSX": to_xlsx,
    "BibTeX": lambda records: to_bibtex(records).encode(),
}
NASTY = st.sampled_from(
    [
        *(
            "=1+1",
            "'=x",
            "a; b",
            "a | b",
            "Doe, J.",
            "A and B",
            "others",
            "50% of {x}_1",
            "''a''--b",
            "{open",
            "x}",
        ),
        *(
            "\\'e \\textless",
            "$5 & ~^#`",
            "@a{b,",
            '"q" \\',
            "\\{",
            "a\r\nER  - \nTY  - JOUR",
            "e\u0301 \u05e9",
        ),
        *("\ud800", "\ufeffx", "a\x0bb", "\ufffe"),
    ]
)
TEXT = NASTY | st.text("ab ;,{}%\\=+-@\t\n'\"$#~^_&`é|<", max_size=12) | st.text(max_size=12)
NAMES = st.lists(TEXT, max_size=2).map(tuple)
NUMBERS = st.from_regex(r"[0-9A-Za-z]{0,4}(-[0-9]{1,3})?", fullmatch=True)


def _record(**parts: object) -> Record:
    label = parts.pop("label")
    notes = (*parts.pop("notes"), *([label_note(label)] if one_line(label) else []))  # type: ignore[misc]  # built from parts
    return Record(source="files", accession="", notes=notes, **parts)  # type: ignore[arg-type]  # built from parts


RECORDS = st.lists(
    st.builds(
        _record,
        title=TEXT.filter(one_line),
        abstract=TEXT,
        authors=NAMES,
        year=st.none() | st.integers(1000, 2999),
        journal=TEXT,
        volume=NUMBERS,
        issue=NUMBERS,
        pages=NUMBERS,
        doi=st.just("") | st.from_regex(r"10\.[0-9]{4,9}/[a-z0-9()\-_]{1,20}", fullmatch=True),
        pmid=st.just("") | st.from_regex(r"[1-9][0-9]{0,7}", fullmatch=True),
        pmcid=st.just("") | st.from_regex(r"PMC[0-9]{1,8}", fullmatch=True),
        keywords=NAMES,
        registrations=st.lists(st.from_regex(r"NCT[0-9]{8}", fullmatch=True) | TEXT, max_size=3).map(tuple),
        notes=NAMES,
        label=TEXT,
    ),
    min_size=1,
    max_size=3,
)


def kept(record: Record) -> dict[str, object]:
    """Return what must come back: every field as one line, blank and repeated values of lists once."""
    single = ("title", "abstract", "journal", "volume", "issue", "pages", "doi", "pmid", "pmcid")
    lists = ("keywords", "registrations", "notes")
    return {
        **{name: one_line(getattr(record, name)) for name in single},
        **{name: list(dict.fromkeys(filter(None, map(one_line, getattr(record, name))))) for name in lists},
        "authors": list(filter(None, map(one_line, record.authors))),
        "year": record.year,
    }


@pytest.mark.parametrize("form", FORMATS)
@settings(law, max_examples=100)
@given(records=RECORDS)
def test_what_is_written_reads_back(form: str, records: list[Record]) -> None:
    """Every field comes back from every format, whatever it holds, and nothing is rejected."""
    result = read(FORMATS[form](records))
    assert [kept(record) for record in result.records] == [kept(record) for record in records]
    assert result.rejected == ()


@pytest.mark.parametrize("form", FORMATS)
@settings(law, max_examples=25)
@given(records=RECORDS)
def test_names_of_records_come_back(form: str, records: list[Record]) -> None:
    """A record that was read once keeps its name through any format."""
    known = read(to_csv(records).encode()).records
    again = read(FORMATS[form](list(known))).records
    assert [record.id for record in again] == [record.id for record in known]


@law
@given(TEXT)
@example("$5 & 50% of {x}_1 ~ ^2 `a' ''b'' -- --- \\textless")
def test_latex_is_undone(text: str) -> None:
    """What is protected from LaTeX reads as it was."""
    assert plain(protected(text)) == text


def test_a_title_cannot_inject_a_record() -> None:
    """A line end inside a title begins no line of its own."""
    record = Record(source="files", accession="1", title="A trial\nER  - \nTY  - JOUR\nTI  - Another")
    assert [each.title for each in read(to_ris([record]).encode()).records] == [
        "A trial ER - TY - JOUR TI - Another"
    ]


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1", "-1", "@x", "'=1"])
def test_a_formula_is_guarded_for_excel(title: str) -> None:
    """For Excel no cell begins like a formula; for machines the cell is what it was."""
    record = Record(source="files", accession="1", title=title)
    cells = {
        excel: next(csv.DictReader(StringIO(to_csv([record], excel=excel))))["title"]
        for excel in (True, False)
    }
    assert cells == {True: f"'{title}", False: title}


def test_no_cell_of_a_spreadsheet_is_a_formula() -> None:
    """What looks like a formula is text in the workbook."""
    record = Record(source="files", accession="1", title="=1+1", journal="{=1+1}", doi="10.1234/x")
    sheet = load_workbook(BytesIO(to_xlsx([record])))["citations"]
    assert [cell.data_type for cell in sheet[2] if cell.value] == ["s"] * 5


def test_a_cell_is_never_cut() -> None:
    """A field longer than a cell is refused with its place, and with what to do."""
    record = Record(source="files", accession="1", title="T", abstract="a" * 32_768)
    with pytest.raises(UnwritableRecord, match=r"files:1: found 32,768 characters of abstract.*export as"):
        to_xlsx([record])


def test_a_full_cell_is_written() -> None:
    """A field that just fills a cell comes back whole."""
    record = Record(source="files", accession="1", title="T", abstract="a" * 32_767)
    assert read(to_xlsx([record])).records[0].abstract == record.abstract


def test_the_same_records_make_the_same_workbook() -> None:
    """A workbook knows no clock."""
    record = Record(source="files", accession="1", title="T")
    assert to_xlsx([record]) == to_xlsx([record])


FULL = Record(
    source="files",
    accession="12",
    pmid="12",
    title="T",
    journal="J",
    volume="3",
    issue="2",
    pages="10-19",
    language="eng",
    publication_types=("Journal Article",),
    keywords=("a", "b"),
    notes=("n", label_note("included")),
)


@pytest.mark.parametrize("form", FORMATS)
def test_a_whole_record_survives(form: str) -> None:
    """A record comes back equal but for its name, language, kinds, notes and label included."""
    (back,) = read(FORMATS[form]([FULL])).records
    assert replace(back, accession=FULL.accession) == FULL


def test_every_format_gives_back_one_name() -> None:
    """What is written in one format and in another is one record when it is read again."""
    assert len({read(form([FULL])).records[0].id for form in FORMATS.values()}) == 1


def test_a_label_stands_where_reference_managers_show_it() -> None:
    """In RIS a label stands under LB, which EndNote shows."""
    assert "LB  - included\r\n" in to_ris([FULL])


def test_the_last_line_of_a_note_is_not_lost() -> None:
    """A note of several lines comes out whole."""
    record = replace(FULL, notes=("first\nlast",))
    assert "N1  - first last\r\n" in to_ris([record])


def test_plain_names_stay_plain_in_bibtex() -> None:
    """Only a name that holds the word between names is held together by braces."""
    record = replace(FULL, authors=("Doe, J.", "Research and Co"))
    assert "author = {Doe, J. and {Research and Co}}" in to_bibtex([record])


def test_keys_of_bibtex_differ() -> None:
    """Two entries of one name and year have two keys."""
    record = replace(FULL, authors=("Müller, J.",), year=2020)
    assert [line for line in to_bibtex([record, record]).split("\n") if line.startswith("@")] == [
        "@article{muller2020,",
        "@article{muller2020-2,",
    ]
