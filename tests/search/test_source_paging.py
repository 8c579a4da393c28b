"""Pages of an answer: whatever they hold, what was counted arrives once each, or it is an error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import BadReply, SourceError
from search.eutils.replies import Reply
from search.sources.fields import Fields
from search.sources.json_replies import read_json
from search.sources.paging import Item, Page, walk
from tests.search.wire import law

EMPTY = Fields("somewhere", {})
names = st.sampled_from("abcdef")
pages = st.builds(
    Page,
    items=st.lists(names.map(lambda name: Item(name, EMPTY)), max_size=3).map(tuple),
    count=st.none() | st.integers(0, 6),
    next=st.sampled_from(["", "1", "2", "3"]),
)


@law
@given(st.dictionaries(st.sampled_from(["", "1", "2", "3"]), pages, min_size=4))
def test_a_walk_is_complete_or_an_error(book: dict[str, Page]):
    """Pages of any kind give as many different entries as they count, or no answer."""
    try:
        items = walk("somewhere", book.__getitem__)
    except BadReply:
        return
    assert len({item.identifier for item in items}) == len(items) == book[""].count


def test_pages_without_end_are_left():
    """A source that gives new entries for ever is left once they are more than it counts."""
    asked: list[str] = []

    def ask(place: str) -> Page:
        asked.append(place)
        return Page((Item(f"entry {len(asked)}", EMPTY),), 2, f"place {len(asked)}")

    with pytest.raises(BadReply, match="more entries than the 2"):
        walk("somewhere", ask)
    assert len(asked) == 9


def test_a_walk_is_begun_anew():
    """Pages that did not fit the first time are asked for from the first one again."""
    counts = iter([3, 2])
    found = walk("somewhere", lambda _: Page((Item("a", EMPTY), Item("b", EMPTY)), next(counts), ""))
    assert [item.identifier for item in found] == ["a", "b"]


@law
@given(st.sampled_from([200, 204, 301, 400, 404, 418, 429, 500, 503]), st.binary(max_size=40))
def test_bytes_are_an_object_or_a_declared_error(status: int, body: bytes):
    """Whatever comes under whatever status is an object in JSON under 200, or a declared error."""
    try:
        answer = read_json(Reply("somewhere", status, body))
    except SourceError:
        return
    assert (status, answer.given) == (200, json.loads(body))


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a": ' + b"9" * 5_000 + b"}", b"\xff{}", b'{"a": 1', b"[]", b"1", b"null"]
)
def test_odd_json_is_a_bad_reply(body: bytes):
    """Too deep, too long a number, no UTF-8, cut, or no object: a bad reply each time."""
    with pytest.raises(BadReply):
        read_json(Reply("somewhere", 200, body))


@pytest.mark.parametrize(
    ("given_", "read"),
    [({"a": 1}, "1"), ({"a": " x "}, "x"), ({"a": None}, ""), ({}, ""), ({"a": "\ud800\x00"}, "��")],
)
def test_a_text_is_taken_by_its_path(given_: dict[str, object], read: str):
    """A text is trimmed, a number written out, nothing is empty, and what is no text is marked."""
    assert Fields("somewhere", given_).text("a") == read


@pytest.mark.parametrize("value", [True, 1.5, [], {}, ["x"]])
def test_a_wrong_type_names_its_path(value: object):
    """A value of a type that no text has is an error that says where it stands."""
    with pytest.raises(BadReply, match=r"^somewhere: found \w+ at a.b; expected str"):
        Fields("somewhere", {"a": {"b": value}}).text("a", "b")


@pytest.mark.parametrize("text", ["-1", "1.5", "many", "9" * 30, "٣"])
def test_a_number_is_a_number(text: str):
    """A count that is no whole number is an error."""
    with pytest.raises(BadReply, match="expected a number"):
        Fields("somewhere", {"a": text}).number("a")


@pytest.mark.parametrize("text", ["2024-13-01", "2024-02-30", "March 2024", "2024", ""])
def test_a_day_that_is_none_is_nothing(text: str):
    """What names no day of the calendar gives none."""
    assert Fields("somewhere", {"a": text}).day("a") is None
