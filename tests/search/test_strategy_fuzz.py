"""The parser on text that nobody would write: read, or refused with its one declared error."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.record import Record
from search.query.lexer import MAX_LENGTH
from search.strategy import StrategyError, parse


def survives(text: str) -> None:
    """Put every question to whatever is read of a text."""
    record = Record(source="s", accession="1", title="pain ab", mesh=("*Pain/therapy",), year=2014)
    try:
        strategy = parse(text)
    except StrategyError:
        return
    strategy.lint()
    strategy.offline_limits()
    strategy.matches(record)
    strategy.could_match(record)
    assert parse(strategy.to_pubmed()) == strategy
    with suppress(StrategyError):
        strategy.to_europepmc()


@given(st.text('ab* "()[]:~/\n“AND OR NOT[tiab]', max_size=40))
def test_any_text_of_these_signs_is_read_or_refused(text):
    """Text of the signs that mean something gives a strategy that reads back, or a StrategyError."""
    survives(text)


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_read_or_refused(text):
    """Arbitrary text, lone surrogates and control characters included, is read or refused."""
    survives(text)


PIECES = st.sampled_from(
    [
        *(
            "(",
            ")",
            " AND ",
            " OR ",
            " NOT ",
            " or ",
            '"',
            "[",
            "]",
            ":",
            ": ",
            "*",
            "~",
            "[tiab]",
            "[mh:noexp]",
        ),
        *(
            "[uid]",
            "[dp]",
            "[tiab:~2]",
            "[x]",
            "2014",
            "2014/02/30",
            "1:9",
            "pain",
            "a/b",
            "#1",
            "exp ",
            "adj2",
        ),
        *(".ti,ab.", "“", "\u00a0", "\x00", "\ud800", "é", "ﬁ", "\n", "İ"),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_heap_of_pieces_is_read_or_refused(text):
    """Pieces of queries in any order are read or refused."""
    survives(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "(" * 10_000 + "a" + ")" * 10_000,
        "a OR b AND " * 5_000 + "c",
        "[" * 1_000_000,
        '"' * 100_001,
        "x" * 1_000_000,
        "pain " * 200_000,
        "a/" * 500_000,
        "aaaa" + "*a" * 500_000,
        ")" * 50_000,
        "a" * (MAX_LENGTH + 1),
    ],
)
def test_monstrous_input_is_refused(text):
    """Nesting beyond all reason and terms without end are refused, and nothing breaks."""
    with pytest.raises(StrategyError):
        parse(text)


def test_a_megabyte_of_terms_is_read():
    """A query of a megabyte is read whole."""
    text = " OR ".join(f"word{number}[ti]" for number in range(62_000))
    assert (len(text) > 1_000_000, len(parse(text).tree.parts)) == (True, 62_000)
