"""What changed between two versions of a strategy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.record import Record
from search.blocks import read
from search.query.diff import ChangeKind, diff
from search.strategy import parse

BEFORE = "[population]\npain[tiab] OR ache[tiab]\n[delivery]\ninternet[tiab] NOT fax[tiab]\n"


def said(before: str, after: str) -> list[str]:
    """The changes between two files, in words."""
    return [str(change) for change in read(after).changes_since(read(before))]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("ache[tiab]", "ache[tiab] OR hurt*[tiab]", "block population: added hurt*[tiab]"),
        (" OR ache[tiab]", "", "block population: removed ache[tiab]"),
        ("ache[tiab]", "ache[ti]", "block population: ache[tiab] became ache[ti]"),
        ("ache[tiab]", "ache*[tiab]", "block population: ache[tiab] became ache*[tiab]"),
        ("fax[tiab]", "fax[tiab] NOT letter[ti]", "block delivery: added letter[ti], in a NOT"),
        ("NOT fax", "OR fax", "block delivery: NOT fax[tiab] became fax[tiab]"),
        ("[delivery]", "[channel]", "block channel: was called delivery"),
        (
            "[delivery]\ninternet[tiab] NOT fax[tiab]\n",
            "",
            "block delivery: gone: internet[tiab] NOT fax[tiab]",
        ),
        ("[delivery]", "[design]\ntrial[ti]\n[delivery]", "block design: new: trial[ti]"),
        ("pain[tiab] OR", "pain[tiab] AND", "joined in another way: pain[tiab] OR ache[tiab] became"),
    ],
)
def test_a_change_is_told(old, new, sentence):
    """Each kind of change is one sentence with its block."""
    assert any(sentence in one for one in said(BEFORE, BEFORE.replace(old, new)))


def test_a_term_that_moves_is_one_change():
    """A term that left one block and stands in another is told once."""
    after = BEFORE.replace(" OR ache[tiab]", "").replace("internet[tiab]", "(internet[tiab] OR ache[tiab])")
    assert said(BEFORE, after) == ["block delivery: ache[tiab] came from block population"]


def test_layout_order_and_comments_are_no_change():
    """What is only laid out in another way has no changes."""
    after = BEFORE.replace("pain[tiab] OR ache[tiab]", "# a note\n(ache[tiab]\n OR pain[Title/Abstract])")
    assert said(BEFORE, after) == []


def test_changes_are_data_too():
    """A change names its kind, its block and both sides."""
    change = diff({"a": parse("x[ti]").tree}, {"a": parse("x[ti] OR y[ti]").tree})[0]
    assert (change.kind, change.block, change.before, change.after) == (ChangeKind.ADDED, "a", "", "y[ti]")


TERMS = st.sampled_from(["a[ti]", "b[ti]", "c[ti]", "b[tiab]"])
QUERIES = st.recursive(
    TERMS,
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR", "NOT"]), inner),
    max_leaves=4,
)
RECORDS = [
    Record(source="s", accession="1", title=title, abstract=abstract)
    for title in ("a", "b", "c", "a b", "a c", "b c", "a b c", "")
    for abstract in ("", "b")
]


@given(QUERIES, QUERIES)
def test_no_change_means_the_same_answers(before, after):
    """Where no change is told, both versions find the same records."""
    old, new = parse(before), parse(after)
    if diff({"block": old.tree}, {"block": new.tree}) == ():
        assert [old.matches(one) for one in RECORDS] == [new.matches(one) for one in RECORDS]


@given(QUERIES)
def test_a_version_does_not_differ_from_itself(text):
    """A strategy and itself have no changes."""
    tree = parse(text).tree
    assert diff({"block": tree}, {"block": tree}) == ()
