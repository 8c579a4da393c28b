"""The public names of the synthesis."""

import re

import pytest

import synthesis


def test_public_names_are_sorted_and_there():
    """Each name that is offered exists, and they stand in order."""
    assert list(synthesis.__all__) == sorted(synthesis.__all__)
    assert all(hasattr(synthesis, name) for name in synthesis.__all__)


@pytest.mark.parametrize("name", synthesis.__all__)
def test_a_public_name_is_told_of(root, name):
    """Each public name stands in a page of reference or in a how-to."""
    pages = [*(root / "docs/reference").glob("*.md"), *(root / "docs/how-to").glob("*.md")]
    assert any(re.search(rf"\b{name}\b", page.read_text("utf-8")) for page in pages)


def test_the_example_of_the_page_runs(root, capsys):
    """The reference page's example prints a pool and its refits."""
    page = (root / "docs/reference/synthesis.md").read_text("utf-8")
    exec(compile(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], "page", "exec"), {})
    printed = capsys.readouterr().out
    assert "k = 4" in printed
    assert "estimate" in printed
