"""Writing records: what is written reads back, and no field passes for another."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.record import Record
from search.files.importing import one_line
from search.readers import read
from search.writers import to_csv, to_ris
from tests.search.wire import law

TEXT = st.text(max_size=60)
RECORDS = st.lists(
    st.builds(
        Record,
        source=st.just("files"),
        accession=st.uuids().map(str),
        title=TEXT.filter(one_line),
        abstract=TEXT,
        authors=st.lists(TEXT, max_size=4).map(tuple),
        year=st.none() | st.integers(1000, 2999),
        doi=st.just("") | st.from_regex(r"10\.[0-9]{4,9}/[a-z0-9()\-]{1,20}", fullmatch=True),
    ),
    min_size=1,
    max_size=5,
)


def kept(record: Record, *, semicolons: bool = True) -> tuple[object, ...]:
    """Return what must come back: fields as one line each, blank authors left out."""
    names = record.authors if semicolons else tuple(name.replace(";", ",") for name in record.authors)
    authors = tuple(filter(None, map(one_line, names)))
    return one_line(record.title), one_line(record.abstract), authors, record.year, record.doi


@law
@given(RECORDS)
def test_ris_reads_back(records: list[Record]) -> None:
    """Title, abstract, authors, year and DOI come back from RIS."""
    result = read(to_ris(records).encode())
    assert [kept(record) for record in result.records] == [kept(record) for record in records]
    assert result.rejected == ()


@law
@given(RECORDS, st.booleans())
def test_csv_reads_back(records: list[Record], guard: bool) -> None:
    """The same fields come back from CSV, with and without the guard against formulas."""
    result = read(to_csv(records, guard=guard).encode())
    assert [kept(record) for record in result.records] == [kept(each, semicolons=False) for each in records]
    assert result.rejected == ()


def test_a_title_cannot_inject_a_record() -> None:
    """A line end inside a title begins no line of its own."""
    record = Record(source="files", accession="1", title="A trial\nER  - \nTY  - JOUR\nTI  - Another")
    assert [each.title for each in read(to_ris([record]).encode()).records] == [
        "A trial ER - TY - JOUR TI - Another"
    ]


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1", "-1", "@x", "'=1"])
def test_a_formula_is_guarded_on_demand(title: str) -> None:
    """With the guard no cell begins like a formula; without it the cell is what it was."""
    record = Record(source="files", accession="1", title=title)
    cells = {
        guard: next(csv.DictReader(StringIO(to_csv([record], guard=guard))))["title"]
        for guard in (True, False)
    }
    assert cells == {True: f"'{title}", False: title}


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
    keywords=("a", "b"),
)


def test_more_fields_survive_ris() -> None:
    """Journal, place, PMID, language, keywords, kinds and notes come back too."""
    record = replace(FULL, publication_types=("Journal Article",), notes=("n",))
    assert read(to_ris([record]).encode()).records == (record,)


def test_more_fields_survive_csv() -> None:
    """Journal, place, PMID, language and keywords come back from a table."""
    assert read(to_csv([FULL]).encode()).records == (FULL,)
