"""The how-to page on what reports print: its functions exist and its example runs."""

import re

import pytest

import synthesis


@pytest.fixture(scope="module")
def page(root):
    """The page's text."""
    return (root / "docs/how-to/enter-what-a-report-prints.md").read_text("utf-8")


def test_the_pages_example_runs(page, capsys):
    """The example gives an SMD of its made-up trial, with no warning."""
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]
    exec(compile(code, "page", "exec"), {})
    printed = capsys.readouterr().out
    assert printed.startswith("SMD, k = 1, 1 with an effect\n  a made-up trial: -")
    assert "!" not in printed


def test_the_pages_functions_are_public(page):
    """Every function that the page names can be imported from synthesis."""
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)(?=[(`])", page))
    assert len(named) > 20
    assert [name for name in sorted(named) if not hasattr(synthesis, name)] == []
