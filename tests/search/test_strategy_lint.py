"""What the lint of a strategy finds."""

import re

import pytest

from search.strategy import Finding, Severity, parse


def codes(text: str) -> list[str]:
    """The codes of all findings, in order."""
    return [found.code for found in parse(text).lint()]


def test_clean_query_has_no_findings():
    """A query with tags, quotes in pairs and long enough stems has nothing to look at."""
    assert (
        parse('(pain[mh] OR "on-line"[tiab] OR fibromyalg*[tiab]) NOT (animals[mh] NOT humans[mh])').lint()
        == ()
    )


@pytest.mark.parametrize(
    ("text", "line", "column", "code", "severity"),
    [
        ("a[tiab] OR\nb[foo]", 2, 1, "unknown-tag", "error"),
        ("a[tiab] OR\n b[ab]", 2, 2, "unlisted-tag", "error"),
        ("pain[tiab] or ache[tiab]", 1, 12, "lower-case-operator", "error"),
        ("pain[tiab] Or (ache[tiab])", 1, 12, "lower-case-operator", "error"),
        ("acceptance and commitment[tiab]", 1, 12, "lower-case-operator", "warning"),
        ("“web site”[tiab]", 1, 1, "typographic-quote", "error"),
        ('"pain"[tiab] OR "ache[tiab]', 1, 17, "unpaired-quote", "error"),
        ('"pain[tiab] OR ache"[tiab]', 1, 1, "swallowed-operator", "error"),
        ("app*[tiab]", 1, 1, "truncation-refused", "error"),
        ("beh*viour[tiab]", 1, 1, "truncation-refused", "error"),
        ('"self app*"[tiab]', 1, 1, "truncation-refused", "error"),
        ("random$[tiab]", 1, 7, "foreign-truncation", "warning"),
        ("a[tiab] OR pain", 1, 12, "untagged-term", "warning"),
        ('"last 5 days"[edat]', 1, 1, "relative-date", "error"),
        ("2014/13[dp]", 1, 1, "unreadable-date", "error"),
        ("a[tiab] AND 2020:2026[edat]", 1, 13, "date-in-strategy", "error"),
        ("a[tiab] AND 2020:2026[lr]", 1, 13, "date-in-strategy", "error"),
        ("2015:2014[dp]", 1, 1, "reversed-range", "error"),
        ("hasabstract[filter]", 1, 1, "not-held-offline", "note"),
        ("pain[tiab:noexp]", 1, 1, "noexp-field", "error"),
        ('"pain relief"[mh:~3]', 1, 1, "proximity-field", "error"),
        ('"pain relief"[tiab:~1001]', 1, 1, "proximity-distance", "error"),
        ('"pain relie*"[tiab:~3]', 1, 1, "proximity-truncation", "error"),
        ("pain relief[tiab:~3]", 1, 1, "proximity-unquoted", "error"),
        ('"pain"[tiab:~3]', 1, 1, "proximity-one-word", "warning"),
    ],
)
def test_lint_finds(text, line, column, code, severity):
    """Each doubtful thing is found with its place, its code and how much it matters."""
    found = {(one.line, one.column, one.code, one.severity.value) for one in parse(text).lint()}
    assert (line, column, code, severity) in found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pain*[tiab] OR painful[tiab]", "covered-term"),
        ("pain[tiab] OR pain[ti]", "covered-term"),
        ("pain[tw] OR chronic pain[tiab]", "covered-term"),
        ('web[tiab] OR "web-based"[tiab]', "covered-term"),
        ('"back pain"[tiab] OR "low back pain"[tiab]', "covered-term"),
        ('"pain relief"[tiab:~0] OR "relief pain"[tiab]', "covered-term"),
        ("pain[mh] OR pain/therapy[mh]", "covered-term"),
        ("pain[mh] OR pain[majr:noexp]", "covered-term"),
        ("2010:2015[dp] OR 2011/05[dp]", "covered-term"),
        ("a[ti] OR (a[ti] AND b[ti])", "covered-term"),
        ("a[ti] OR (b[ti] OR A[ti])", "duplicate-term"),
        ("pain[foo] OR pain[foo]", "duplicate-term"),
        ("a[ti] AND (a[ti] OR b[ti])", "redundant-part"),
        ("a[ti] NOT (a[tiab] OR b[ti])", "excludes-everything"),
        ("(a[ti] OR b[ti]) NOT a[ti]", "excluded-term"),
    ],
)
def test_what_contributes_nothing_is_named(text, code):
    """A part that changes no answer is found, once."""
    assert codes(text).count(code) == 1


@pytest.mark.parametrize(
    "text",
    [
        "pain[ti] OR pain[tiab:~0]",
        "painful[tiab] OR pain[tiab]",
        '"back pain"[tiab] OR pain back[tiab]',
        "pain[majr] OR headache[majr]",
        "pain[mh:noexp] OR pain/therapy[mh]",
        '"tester a"[au] OR tester a[au]',
        "pain[tiab] OR pain*[tiab] NOT x[tiab]",
        '"back pain"[tiab:~2] OR "pain back"[tiab:~3]',
        "pain OR pain[tiab]",
        "app*[tiab] OR apps[tiab]",
        "a[ti] NOT (b[ti] NOT a[ti])",
        "1:5[uid] OR 3[uid]",
    ],
)
def test_what_contributes_something_is_left_alone(text):
    """A term that may find a record of its own is never called covered by one that stands before it."""
    idle = {"covered-term", "duplicate-term", "redundant-part", "excludes-everything", "excluded-term"}
    first = text.split(" OR ")[0]
    found = [one for one in parse(text).lint() if one.code in idle and one.column > len(first)]
    assert found == []


def test_lower_case_operator_in_quotes_is_fine():
    """The 'and' inside a quoted phrase belongs to the phrase."""
    assert parse('"acceptance and commitment"[tiab]').lint() == ()


@pytest.mark.parametrize("text", ["behav*r[tiab]", '"vaccin* schedul*"[tiab]', "organi*ation*[tiab]"])
def test_wildcards_inside_a_term_are_taken(text):
    """Since June 2024 PubMed takes a * anywhere after four characters, and several of them."""
    assert parse(text).lint() == ()


def test_findings_come_in_the_order_of_the_text():
    """Findings are sorted by line and column."""
    found = parse("app*[tiab] OR\n x[foo] or y[tiab]").lint()
    assert found == tuple(sorted(found))


def test_finding_reads_as_a_line():
    """A finding prints as line, column, message and what to do."""
    finding = Finding(2, 3, "untagged-term", Severity.WARNING, "untagged", "add a tag")
    assert str(finding) == "line 2, column 3: untagged; add a tag"


def test_each_error_says_what_to_do():
    """A finding that is an error comes with advice."""
    found = parse('a[foo] or app*[ab:noexp] OR "x y*"[mh:~2000] OR 2015:2014[dp] NOT “b”[ti]').lint()
    assert [one.code for one in found if one.severity is Severity.ERROR and not one.advice] == []
    assert all(re.match(r"[a-z-]+$", one.code) for one in found)


def test_a_huge_query_is_looked_at_in_part_and_says_so():
    """Where too many parts stand under one AND, that they were not compared is itself a finding."""
    assert "too-many-parts" in codes(" AND ".join(f"w{number}[ti]" for number in range(200)))
