"""The strategy door: reading, writing back, and what has no reading."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.tree import DateRange, Group, Operator, Term
from search.strategy import StrategyError, parse

TAGS = (
    *("tiab", "ti", "ab", "mh", "mesh:noexp", "majr", "sh", "pt:noexp", "ot", "uid", "xyz", "tiab:~3", "au"),
    *("MeSH Terms:noexp", "Title/Abstract:~0", "filter", "la", "si", "auid", "dp", "mhda", "tw", "all"),
)
WORDS = st.text(string.ascii_letters + "é-", min_size=1, max_size=8).filter(
    lambda word: word.strip("-") and word not in {"AND", "OR", "NOT"}
)
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
DAYS = st.dates().map(lambda day: f"{day.year:04}/{day.month}/{day.day}")


@st.composite
def terms(draw) -> str:
    phrase, star = draw(PHRASES), draw(st.sampled_from(["", "*"]))
    text = f'"{phrase}{star}"' if draw(st.booleans()) else phrase + star
    return f"{text}[{draw(st.sampled_from(TAGS))}]" if draw(st.booleans()) else text


RANGES = st.builds("{}:{}[{}]".format, DAYS, DAYS, st.sampled_from(["edat", "dp", "crdt"]))
QUERIES = st.recursive(
    terms() | RANGES,
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR", "NOT", ""]), inner),
    max_leaves=8,
)


def shape(text: str) -> str:
    """Draw a tree with every group in parentheses."""

    def drawn(node: object) -> str:
        if isinstance(node, Group):
            return "(" + f" {node.operator} ".join(map(drawn, node.parts)) + ")"
        assert isinstance(node, Term)
        return node.text

    return drawn(parse(text).tree)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a OR b AND c", "((a OR b) AND c)"),
        ("a AND b OR c", "((a AND b) OR c)"),
        ("a OR (b AND c)", "(a OR (b AND c))"),
        ("a NOT b OR c", "((a NOT b) OR c)"),
        ("a AND b AND c", "(a AND b AND c)"),
        ('"a" "b" OR c', "((a AND b) OR c)"),
        ("chronic pain", "chronic pain"),
    ],
)
def test_operators_go_from_left_to_right(text, read):
    """Operators have no precedence among themselves, and terms side by side are joined by AND."""
    assert shape(text) == read


@given(QUERIES)
def test_writing_and_reading_gives_the_same_tree(text):
    """What `to_pubmed` writes is read back to the same tree."""
    strategy = parse(text)
    assert parse(strategy.to_pubmed()) == strategy


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("#1 AND #2", "search history"),
        ("exp Pain/", "Ovid"),
        ("pain.ti,ab.", "Ovid"),
        ("(pain or ache).tw.", "Ovid"),
        ("pain adj3 relief", "Ovid"),
        ("or/1-5", "Ovid"),
        ("pain NEAR/3 relief", "Cochrane"),
        ("pain:ti,ab,kw", "Cochrane"),
        ("'pain'/exp", "Embase"),
        ("TITLE-ABS-KEY(pain)", "Scopus"),
        ("TS=(pain)", "Web of Science"),
    ],
)
def test_other_syntax_is_refused_by_name(text, whose):
    """Another database's syntax is refused with a sentence that says whose it is."""
    with pytest.raises(StrategyError, match=whose):
        parse(text)


@pytest.mark.parametrize(
    "text", ['"#1"[tiab]', "p.o.[tiab]", "and/or[tiab]", "adjuvant[tiab]", "T.S. Eliot[ps]"]
)
def test_words_that_resemble_other_syntax_are_read(text):
    """A quoted number sign, an abbreviation or a slash inside a word is no other database's syntax."""
    assert parse(text).to_pubmed() == text


@pytest.mark.parametrize(
    "text", ["a[ti] : b[ti]", "2014[dp] : x[dp]", "2014[dp] : 2015[edat]", ": pain[ti]", "1[uid] :"]
)
def test_half_a_range_is_refused(text):
    """A colon without a day or a PMID of one field on both sides has no reading."""
    with pytest.raises(StrategyError, match="colon"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("(pain[tiab] OR ache[tiab]", 1, 26),
        ("pain[tiab])", 1, 11),
        ("pain[tiab]\nOR", 2, 3),
        ("AND pain[tiab]", 1, 1),
        ("(a[ti] OR b[ti])[tiab]", 1, 17),
        ("[tiab]", 1, 1),
        ("pain[ ]", 1, 5),
        ("a OR () OR b", 1, 7),
        ('a OR "" OR b', 1, 6),
        ("pain[tiab", 1, 5),
        ("()", 1, 2),
        ("", 1, 1),
        ('pain OR "--"', 1, 9),
        ("(" * 100, 1, 61),
    ],
)
def test_what_has_no_reading_is_refused_with_its_place(text, line, column):
    """A query without a reading is refused with line and column."""
    with pytest.raises(StrategyError) as refused:
        parse(text)
    assert (refused.value.line, refused.value.column) == (line, column)


def test_error_says_found_and_expected():
    """The text of an error says where, what was found, and what was expected."""
    with pytest.raises(StrategyError, match=r"line 1, column 7: found the end of the query; expected a term"):
        parse("a NOT ")


def test_line_break_in_a_phrase_is_a_blank():
    """A phrase broken over two lines is the phrase with a blank."""
    assert parse('"acceptance and\n commitment"[tiab]') == parse('"acceptance and commitment"[tiab]')


@pytest.mark.parametrize("tag", ["mesh", "mh", "MeSH Terms", "[mh]"[1:-1].upper(), "mesh terms"])
def test_aliases_mean_the_same_field(tag):
    """Short tags, long names and old aliases of a field are read alike, in any case."""
    assert parse(f"pain[{tag}]") == parse("pain[mh]")


def test_both_ways_to_write_a_range_are_one():
    """PubMed's long way to write a range of days is read like the short one."""
    long = '"2014/01/01"[Date - Entry] : "2014/12/31"[Date - Entry]'
    assert parse(long) == parse("2014/01/01:2014/12/31[edat]")


def test_a_range_of_pmids_has_two_forms_too():
    """A range of PMIDs is read alike in PubMed's long and short form."""
    assert parse('"1"[UID] : "100"[UID]') == parse("1:100[uid]")


def test_single_day_is_a_range_of_itself():
    """A year with a date tag is the range from its beginning to its end."""
    tree = parse("2014[dp]").tree
    assert isinstance(tree, DateRange)
    assert (tree.low, tree.high) == ("2014", "2014")


def test_unknown_tags_are_listed_once_in_order():
    """Tags that PubMed does not know are named, each once, in the order of the query."""
    assert parse("a[foo] OR b[tiab] OR c[bar] OR d[foo]").unknown_tags == ("foo", "bar")


def test_translation_uses_long_names():
    """The translation shows every term quoted, with the long name of its field."""
    assert parse("Fibromyalg*[tiab] OR (pain AND 2014[dp])").translation == (
        '"fibromyalg*"[Title/Abstract] OR ("pain"[All Fields] AND 2014[Date - Publication])'
    )


def test_digest_follows_the_reading():
    """The digest changes with what is asked and not with how it is laid out or which alias is written."""
    same, other = parse("pain[Title/Abstract]\n OR  ache[ti]"), parse("pain[tiab] OR ache[tiab]")
    assert (same.digest, other.digest == same.digest) == (parse("pain[tiab] OR ache[ti]").digest, False)


def test_operator_is_kept_as_read():
    """NOT with several parts takes all later ones from the first."""
    tree = parse("a NOT b NOT c").tree
    assert isinstance(tree, Group)
    assert (tree.operator, len(tree.parts)) == (Operator.NOT, 3)
