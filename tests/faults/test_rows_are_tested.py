"""The tables of faults in the documentation name tests that exist, for every row of them."""

import re
from collections.abc import Iterator

import pytest

PAGES = {
    "search-faults.md": {*(f"R{number}" for number in range(1, 12)), "target"},
    "file-faults.md": {f"I{number}" for number in range(1, 9)},
}
ROW = re.compile(r"^\| (\w+) \| .* \| `(?P<file>[\w/.]+)::(?P<test>\w+)` \|$", re.MULTILINE)
LINE = re.compile(r"^\| (?:[RI]\d+|target) \|", re.MULTILINE)


@pytest.fixture(params=PAGES)
def page(request) -> str:
    """The name of a page with a table."""
    return request.param


@pytest.fixture
def table(root, page) -> str:
    """The page's text."""
    return (root / "docs/reference" / page).read_text(encoding="utf-8")


def _rows(table: str) -> Iterator[re.Match[str]]:
    return (row for row in ROW.finditer(table) if LINE.match(row[0]))


def test_every_row_has_a_test(table, page):
    """Each row of the matrix stands in its table, and every line of the table names a test."""
    assert {row[1] for row in _rows(table)} == PAGES[page]
    assert len(list(_rows(table))) == len(LINE.findall(table))


def test_the_tests_exist(table, root):
    """No line names a test that is not there."""
    lost = [
        row["test"]
        for row in _rows(table)
        if f"def {row['test']}(" not in (root / row["file"]).read_text(encoding="utf-8")
    ]
    assert lost == []
