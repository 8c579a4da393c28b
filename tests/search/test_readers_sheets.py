"""Spreadsheets: every sheet with a title column is read, nothing is computed, nothing unpacks without end."""

import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from search.errors import UnreadableFile
from search.files.formats import sheets
from search.files.limits import Limits
from search.readers import Rejected, read
from search.writers import to_xlsx
from tests.search.test_writers import FULL
from tests.search.wire import law


def book(**sheets: list[list[object]]) -> bytes:
    """Return a workbook with these sheets."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def packed(**members: bytes) -> bytes:
    """Return a zip file with these members and what makes it look like a workbook."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"xl/workbook.xml": b"<workbook/>", **members}.items():
            archive.writestr(name, data)
    return file.getvalue()


HEAD = ["Title", "Authors", "Publication Year", "DOI"]


def test_rows_are_records() -> None:
    """Numbers, dates and text are read as people see them."""
    data = book(
        one=[
            HEAD,
            ["A trial of X", "Doe, J.; Roe, R.", 2020.0, "10.1234/x"],
            ["Y", None, datetime(2021, 3, 4), ""],  # noqa: DTZ001 - a spreadsheet knows no zone
        ]
    )
    first, second = read(data).records
    assert (first.authors, first.year, first.doi) == (("Doe, J.", "Roe, R."), 2020, "10.1234/x")
    assert (second.title, second.year) == ("Y", 2021)


def test_every_sheet_is_accounted_for() -> None:
    """Sheets with a title column are read, the others are named."""
    result = read(book(a=[HEAD, ["A"]], notes=[["nothing here"]], b=[["by me"], [], HEAD, ["B"]]))
    assert [record.title for record in result.records] == ["A", "B"]
    assert result.remarks == ("sheet 'notes' has no title column and was not read",)


def test_a_row_beyond_the_header_is_rejected_with_its_sheet() -> None:
    """A row with a cell under no heading is not guessed at."""
    result = read(book(a=[HEAD, ["A"], ["B", "Doe", 2020, "", "more"]]))
    assert result.rejected == (Rejected(3, "sheet 'a': found 5 cells; expected the 4 of the header"),)


def test_a_formula_is_its_own_text() -> None:
    """A formula is never computed, and its value of yesterday is not taken for the cell."""
    assert read(book(a=[HEAD, ["=1+1"]])).records[0].title == "=1+1"


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(unpacked=10_000), "more than 10,000 bytes packed"),
        (Limits(ratio=20), "more than 20 times its size"),
    ],
)
def test_a_bomb_is_refused_before_it_is_unpacked(limits: Limits, says: str) -> None:
    """What a zip file declares to hold is judged before any of it is unpacked."""
    with pytest.raises(UnreadableFile, match=says):
        read(packed(bomb=b"0" * 5_000_000), limits=limits)


def test_a_declaration_that_lies_gives_nothing_more() -> None:
    """A member that declares fewer bytes than it holds is not read beyond them."""
    data = packed(**{"xl/sheet.xml": b"0" * 3_000_000})
    lied = data.replace((3_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(UnreadableFile, match="damaged spreadsheet"):
        read(lied)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a" * 300, "xl/../../x"])
def test_names_in_an_archive_are_never_paths(name: str, tmp_path, monkeypatch) -> None:
    """No name from inside a zip file is written to, read from, or walked to."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnreadableFile, match="damaged spreadsheet"):
        read(packed(**{name: b"root"}))
    assert list(tmp_path.iterdir()) == []


def test_entities_in_a_workbook_are_refused() -> None:
    """A sheet that declares entities is refused, whatever they would unfold to."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(to_xlsx([FULL]))) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            archive.writestr(name, bomb if name == "xl/sharedStrings.xml" else source.read(name))
    with pytest.raises(UnreadableFile, match="damaged spreadsheet"):
        read(file.getvalue())


def test_a_row_number_without_end_is_refused(monkeypatch) -> None:
    """A sheet whose only row claims to be the 10^12th does not make reading walk there."""
    monkeypatch.setattr(sheets, "_MOST_ROWS", 1_000)
    with zipfile.ZipFile(BytesIO(to_xlsx([FULL]))) as source:
        members = {name: source.read(name) for name in source.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"].replace(b'<row r="2"', b'<row r="1000000000000"')
    result = BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**members, "xl/worksheets/sheet1.xml": sheet}.items():
            archive.writestr(name, data)
    with pytest.raises(UnreadableFile, match="more than 1,000 rows"):
        read(result.getvalue())


@law
@given(st.data())
def test_a_damaged_workbook_is_refused_or_read(data: st.DataObject) -> None:
    """Whatever byte of a workbook is changed, it is read with an account, or refused."""
    whole = bytearray(to_xlsx([FULL]))
    for _ in range(3):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        result = read(bytes(whole))
    except UnreadableFile:
        return
    assert result.seen > 0
