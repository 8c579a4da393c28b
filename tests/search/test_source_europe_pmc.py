"""Europe PMC over a real socket: everything of a window, each record accounted for, or an error."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.record import Record
from review.searching import Window
from search.errors import BadReply, RefusedQuery, SourceError
from search.eutils.replies import Reply
from search.sources.europe_pmc import Scope, _read_page
from search.sources.europe_pmc_entry import plain, record_of
from search.sources.fields import Fields
from search.sources.json_replies import read_json
from search.sources.paging import Item
from search.standin.europepmc import Library
from search.standin.europepmc_result import result_of
from search.strategy import parse
from tests.search.preprints import ARTICLE, PREPRINT, europe, preprints
from tests.search.registered import MARCH
from tests.search.wire import law


def test_a_preprint_comes_back_in_full():
    """What the service says of a preprint becomes the same record again, with the article it became."""
    with europe([PREPRINT]) as (client, _):
        assert client.search(MARCH).records == (PREPRINT,)


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (Scope.BEYOND_PUBMED, {"PPR/PPR999901", "PMC/PMC9"}),
        (Scope.PREPRINTS, {"PPR/PPR999901"}),
        (Scope.EVERYTHING, {"PPR/PPR999901", "PMC/PMC9", "MED/900000001"}),
    ],
)
def test_the_scope_says_what_is_asked_for(scope: Scope, found: set[str]):
    """Records of PubMed are left to PubMed unless everything is asked for."""
    lacking = replace(ARTICLE, accession="PMC/PMC9", pmid="")
    with europe([PREPRINT, ARTICLE, lacking], scope=scope) as (client, _):
        assert {record.accession for record in client.search(MARCH).records} == found


@pytest.mark.parametrize("last_cursor", [False, True])
def test_all_pages_are_walked(last_cursor: bool):
    """Records on many pages arrive once each, whether the last page names a cursor or not."""
    library = Library(preprints(95), last_cursor=last_cursor)
    with europe(library=library, page_size=20) as (client, _):
        found = client.search(MARCH)
    assert found.count == len({record.id for record in found.records}) == 95


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        (date(2024, 3, 10), date(2024, 3, 10), True),
        (date(2024, 3, 20), date(2024, 3, 20), True),
        (date(2024, 3, 11), date(2024, 3, 19), False),
        (date(2024, 3, 21), date(2024, 4, 30), False),
        (date(2024, 1, 1), date(2024, 3, 9), False),
    ],
)
def test_a_window_holds_what_entered_or_changed_in_it(start: date, end: date, inside: bool):
    """A record is found on the day it was indexed and on the day it was last changed, ends included."""
    with europe([PREPRINT]) as (client, _):
        assert bool(client.search(Window(start, end)).records) is inside


def test_changes_need_not_be_asked_for():
    """A client that asks for new records alone leaves out what was only changed."""
    with europe([PREPRINT], changed=False) as (client, _):
        assert client.search(Window(date(2024, 3, 20), date(2024, 3, 20))).records == ()


def test_the_question_is_told_as_it_was_put():
    """The query in the answer is the one that was sent, days and scope included."""
    with europe([PREPRINT], query='TITLE:"pain"') as (client, standin):
        found = client.search(MARCH)
        ((_, form),) = standin.asked
    assert (
        found.query
        == form["query"]
        == (
            '(TITLE:"pain") AND (FIRST_IDATE:[2024-03-01 TO 2024-03-31] OR '
            "UPDATE_DATE:[2024-03-01 TO 2024-03-31]) NOT (SRC:MED)"
        )
    )


def test_a_query_that_cannot_be_read_is_refused():
    """An error of the service's own under HTTP 200 is an error, told after one question."""
    with europe([PREPRINT], query="(pain") as (client, standin):
        with pytest.raises(RefusedQuery, match="bracket"):
            client.search(MARCH)
        assert len(standin.asked) == 1


def test_an_empty_query_is_refused():
    """Without a query everything would match: refused before anything is asked."""
    with pytest.raises(ValueError, match="empty query"), europe(query=" "):
        pass


def test_a_record_that_cannot_be_read_is_missing():
    """A record with a field of the wrong type is named among the missing, and the others are delivered."""
    odd = replace(PREPRINT, accession="PPR/PPR2", doi=["10.9999/x"])
    with europe([PREPRINT, odd]) as (client, _):
        found = client.search(MARCH)
    assert (found.count, found.records) == (2, (PREPRINT,))
    assert [name for name, _ in found.missing] == ["PPR/PPR2"]


def test_a_preprint_is_called_one():
    """A record of a preprint server has the type of a preprint even where the service names none."""
    result = {"id": "PPR1", "source": "PPR", "title": "X", "pubTypeList": {"pubType": ["other"]}}
    assert record_of(Item("PPR/PPR1", Fields("x", result))).publication_types == ("Preprint", "other")


@pytest.mark.parametrize(
    ("title", "found"),
    [("Online therapy for chronic pain", True), ("Online therapy for chronic cough", False)],
)
def test_a_pubmed_strategy_is_asked(title: str, found: bool):
    """A PubMed strategy, put in Europe PMC's syntax, finds the preprint that it would match."""
    query = parse('(pain*[tiab] OR "chronic pain"[mh]) AND (internet[ti] OR online[ti])').to_europepmc().query
    with europe([replace(PREPRINT, title=title, abstract="")], query=query) as (client, _):
        assert bool(client.search(MARCH).records) is found


def test_markup_is_taken_out_of_texts():
    """Headings and entities become words, inline markup leaves no gap in a word."""
    text = "<h4>Aim</h4>H<sub>2</sub>O &amp; pain &lt; 3.<p>End</p>"
    assert plain(text) == "Aim H2O & pain < 3. End"


@law
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda deep: (
            st.lists(deep, max_size=3)
            | st.dictionaries(
                st.sampled_from(["resultList", "result", "hitCount", "nextCursorMark", "id", "source"]), deep
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_an_answer_or_a_declared_error(answer: object):
    """Whatever JSON comes, a page read from it has a list of results, or it is refused."""
    try:
        page = _read_page(read_json(Reply("somewhere", 200, json.dumps(answer).encode())), "*")
    except SourceError:
        return
    assert len(page.items) == len(answer["resultList"]["result"])


@law
@given(
    st.dictionaries(
        st.sampled_from(["title", "authorList", "journalInfo", "pubTypeList", "pubYear", "firstIndexDate"]),
        st.none()
        | st.integers()
        | st.text(max_size=8)
        | st.dictionaries(st.text(max_size=6), st.text(max_size=3)),
    )
)
def test_any_result_is_a_record_or_a_declared_error(result: dict[str, object]):
    """Whatever fields a result has, it becomes the record of its identifier or is refused."""
    try:
        record = record_of(Item("PPR/PPR1", Fields("somewhere", result)))
    except BadReply:
        return
    assert record.accession == "PPR/PPR1"


@law
@given(
    st.builds(
        replace,
        st.just(PREPRINT),
        title=st.from_regex(r"[A-Za-zÀ-ÿ0-9 ,.;:()-]{1,60}", fullmatch=True).map(plain).filter(bool),
        authors=st.lists(
            st.from_regex(r"[A-Z][a-z]{2,9} [A-Z]{1,2}", fullmatch=True), min_size=3, max_size=3
        ).map(tuple),
        year=st.none() | st.integers(1900, 2100),
        version=st.sampled_from(["", "1", "12"]),
        entered=st.none() | st.dates(),
    )
)
def test_what_the_standin_writes_is_read_back(record: Record):
    """A record written as the service has it is read as the same record."""
    result = json.loads(json.dumps(result_of(record)))
    assert record_of(Item(record.accession, Fields("somewhere", result))) == record
