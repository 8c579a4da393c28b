"""What the lint of a strategy finds."""

import re

import pytest

from search.strategy import Finding, parse


def test_clean_query_has_no_findings():
    """A query with tags, quotes in pairs and long enough stems has nothing to look at."""
    assert (
        parse('(pain[mh] OR "on-line"[tiab] OR fibromyalg*[tiab]) NOT (animals[mh] NOT humans[mh])').lint()
        == ()
    )


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a[tiab] OR\nb[foo]", 2, 1, r"unknown tag \[foo\]"),
        ("pain[tiab] or ache[tiab]", 1, 12, "write OR for the operator"),
        ("“web site”[tiab]", 1, 1, "typographic quote"),
        ('"pain"[tiab] OR "ache[tiab]', 1, 17, "without its pair"),
        ('"pain[tiab] OR ache"[tiab]', 1, 1, "is a quote missing"),
        ("app*[tiab]", 1, 1, "truncation refused"),
        ("beh*viour[tiab]", 1, 1, "truncation refused"),
        ("a[tiab] OR pain", 1, 12, "untagged term 'pain'"),
        ('"last 5 days"[edat]', 1, 1, "unreadable date"),
        ("2014/13[dp]", 1, 1, "unreadable date"),
        ("hasabstract[filter]", 1, 1, "not held offline"),
    ],
)
def test_lint_finds(text, line, column, message):
    """Each doubtful thing is found with its line and column."""
    findings = [found for found in parse(text).lint() if (found.line, found.column) == (line, column)]
    assert any(re.search(message, found.message) for found in findings)


def test_lower_case_operator_in_quotes_is_fine():
    """The 'and' inside a quoted phrase belongs to the phrase."""
    assert parse('"acceptance and commitment"[tiab]').lint() == ()


def test_findings_come_in_the_order_of_the_text():
    """Findings are sorted by line and column."""
    found = parse("app*[tiab] OR\n x[foo] or y[tiab]").lint()
    assert found == tuple(sorted(found))


def test_finding_reads_as_a_line():
    """A finding prints as line, column and message."""
    assert str(Finding(2, 3, "untagged")) == "line 2, column 3: untagged"
