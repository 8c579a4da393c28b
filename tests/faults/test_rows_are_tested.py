"""The table of faults in the documentation names tests that exist, for every row of it."""

import re

import pytest

ROW = re.compile(r"^\| (R\d+|target) \| .* \| `(?P<file>[\w/.]+)::(?P<test>\w+)` \|$", re.MULTILINE)


@pytest.fixture
def table(root):
    """The page's table."""
    return (root / "docs/reference/search-faults.md").read_text(encoding="utf-8")


def test_every_row_has_a_test(table):
    """R1 to R11 each stand in the table, and every line of it names a test."""
    assert {row[1] for row in ROW.finditer(table)} == {*(f"R{n}" for n in range(1, 12)), "target"}
    assert len(ROW.findall(table)) == len(re.findall(r"^\| (?:R|target)", table, re.MULTILINE))


def test_the_tests_exist(table, root):
    """No line names a test that is not there."""
    lost = [
        row["test"]
        for row in ROW.finditer(table)
        if f"def {row['test']}(" not in (root / row["file"]).read_text(encoding="utf-8")
    ]
    assert lost == []
