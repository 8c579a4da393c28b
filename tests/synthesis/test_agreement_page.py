"""The page of agreement is of the comparisons that the tests make today."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.synthesis import oracle
from tests.synthesis.published.answers import results


@pytest.fixture
def page(root: Path) -> str:
    """Return the page's text."""
    return (root / "docs/reference/agreement.md").read_text("utf-8")


@pytest.fixture
def agreement(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script that writes the page."""
    monkeypatch.syspath_prepend(str(root / "validation"))
    import agreement

    return agreement


def section(page: str, name: str) -> str:
    """Return what stands between a section's marks."""
    return page.partition(f"<!-- {name} -->\n")[2].partition(f"\n<!-- end of {name} -->")[0]


def test_the_page_tells_every_compared_kind_with_its_cases(page):
    """The table has a row for each kind with as many cases as are pinned, less those that are left out."""
    rows = re.findall(r"^\| `([a-z0-9._]+)` \|[^|]*\| ([0-9,]+) \|", section(page, "kinds"), re.MULTILINE)
    told = {kind: int(cases.replace(",", "")) for kind, cases in rows}
    pinned = {
        kind: count + oracle.PINNED_HERE.get(kind, 0) - len(oracle.LEFT_OUT.get(kind, {}))
        for kind, count in oracle.PINNED.items()
        if kind not in oracle.UNSUPPORTED
    }
    assert told == pinned


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("published", "table_of_publications"),
        ("printed otherwise", "printed_otherwise"),
        ("left out", "left_out"),
    ],
)
def test_the_page_tells_what_is_published_and_left_out(page, agreement, name, written):
    """Published analyses, numbers printed otherwise and what is left out stand on the page as in the data."""
    assert section(page, name) == getattr(agreement, written)(list(results()))


def test_every_kind_has_a_name(agreement):
    """No kind of result is missing from the page because nobody said what it is."""
    assert set(oracle.PINNED) | set(oracle.PINNED_HERE) == set(agreement.NAMES)
