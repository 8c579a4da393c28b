"""The strategy file: named blocks, joined as the protocol says."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.blocks import BlocksError, read
from search.strategy import StrategyError, parse

TEXT = """# A strategy for tests.

[population]
pain[tiab] OR
  "back ache"[mh]
[delivery]
# by wire
internet[tiab]
[design]
trial[ti] NOT (rats[mh] NOT humans[mh])
"""


def test_names_come_in_the_order_of_the_file():
    """Blocks keep the order of the file."""
    assert read(TEXT).names == ("population", "delivery", "design")


def test_block_is_its_strategy():
    """A block is read as the strategy below its heading, without comments."""
    assert read(TEXT).block("delivery") == parse("internet[tiab]")


def test_full_joins_all_blocks_by_and():
    """The full query is all blocks in parentheses, joined by AND, on one line."""
    assert read(TEXT).full() == (
        '(pain[tiab] OR "back ache"[mh]) AND (internet[tiab]) AND (trial[ti] NOT (rats[mh] NOT humans[mh]))'
    )


def test_joined_puts_blocks_into_an_expression():
    """An expression of names is filled with their queries."""
    assert read(TEXT).joined("delivery AND (design OR population)") == (
        '(internet[tiab]) AND ((trial[ti] NOT (rats[mh] NOT humans[mh])) OR (pain[tiab] OR "back ache"[mh]))'
    )


def test_a_block_in_an_expression_keeps_its_meaning():
    """The parentheses around a block keep its OR from the expression's AND."""
    blocks = read(TEXT)
    assert parse(blocks.joined("delivery AND population")).tree.parts[1] == blocks.block("population").tree


def test_path_and_text_give_the_same_digest(tmp_path):
    """The digest depends on what is asked, not on where it stands."""
    path = tmp_path / "search-pubmed.txt"
    path.write_text(TEXT, encoding="utf-8-sig")
    assert read(path).sha256 == read(TEXT).sha256


def test_comments_and_line_breaks_do_not_change_the_digest():
    """A comment more or a line break less is the same strategy."""
    assert read(TEXT.replace("OR\n", "OR ").replace("# by wire\n", "")).sha256 == read(TEXT).sha256


def test_another_word_changes_the_digest():
    """A strategy that asks something else has another digest."""
    assert read(TEXT.replace("internet", "online")).sha256 != read(TEXT).sha256


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "found no block"),
        ("# only a comment\n", "found no block"),
        ("\npain[tiab]\n[a]\nb[ti]", r"line 2: found 'pain\[tiab\]'; expected a \[name\] before it"),
        ("[a]\nb[ti]\n[a]\nc[ti]", r"line 3: found \[a\] a second time"),
        ("[a]\n# nothing\n[b]\nc[ti]", r"line 1: found nothing in \[a\]"),
    ],
)
def test_unreadable_files_are_refused(text, message):
    """What is not a strategy file is refused with the line."""
    with pytest.raises(BlocksError, match=message):
        read(text)


def test_error_in_a_block_names_file_and_line(tmp_path):
    """A query without a reading is placed in the file, not in its block."""
    path = tmp_path / "search-pubmed.txt"
    path.write_text("# first\n[a]\npain[tiab]\n\n[b]\npain[ti] OR\n OR ache[ti]\n", encoding="utf-8")
    with pytest.raises(StrategyError, match=r"search-pubmed.txt: line 7, column 2: found the operator OR"):
        read(path)


def test_findings_are_placed_in_the_file():
    """A finding bears its block, and its line and column in the file, as do the places in its message."""
    text = "# first\n[a]\npain[ti]\n\n[b]\nache[ti] OR\n ache*[ti] OR “x”[ti]\n"
    assert [(name, one.line, one.column, one.code) for name, one in read(text).lint()] == [
        ("b", 6, 1, "covered-term"),
        ("b", 7, 15, "typographic-quote"),
        ("b", 7, 17, "typographic-quote"),
    ]
    assert "ache*[ti] (line 7, column 2)" in read(text).lint()[0][1].message


def test_another_encoding_is_refused(tmp_path):
    """A file that is not UTF-8 is refused with the place of the byte, not with a decoder's error."""
    path = tmp_path / "search-pubmed.txt"
    path.write_bytes("[a]\npátients[ti]\n".encode("latin-1"))
    with pytest.raises(BlocksError, match="found a byte at 5 that is no UTF-8"):
        read(path)


@given(
    st.lists(
        st.sampled_from(["[a]", "[b]", "# x", "pain[ti]", "OR", "(", "\n", "\u2028", "\ud800", " "]),
        max_size=20,
    )
)
def test_any_text_is_a_strategy_file_or_refused(pieces):
    """Whatever stands in a strategy file, it is read or refused with a declared error."""
    with suppress(BlocksError, StrategyError):
        blocks = read("".join(pieces))
        assert (blocks.lint() is None, len(blocks.sha256), blocks.changes_since(blocks)) == (False, 64, ())


@pytest.mark.parametrize("expression", ["population AND nothing", "population and design"])
def test_unknown_name_in_an_expression_is_refused(expression):
    """A name that is no block, also an operator in lower case, is refused with the names there are."""
    with pytest.raises(BlocksError, match="expected one of population, delivery, design"):
        read(TEXT).joined(expression)


def test_expression_without_a_reading_is_refused():
    """An expression must itself be a query."""
    with pytest.raises(StrategyError):
        read(TEXT).joined("population AND (design")


def test_a_line_of_a_search_history_is_no_note():
    """A line such as ``#1 AND #2`` is refused by name and never passed over as a note."""
    with pytest.raises(StrategyError, match="a search history ends with its session"):
        read("[a]\npain[ti]\n#1 AND #2\n")
