"""The stand-ins of ClinicalTrials.gov and Europe PMC: as strict as the services, with a day of their own."""

from datetime import date

import pytest
import requests

from review.record import Record
from search.standin.ctgov import Registry
from search.standin.europepmc import Library
from search.standin.europepmc_query import QuestionError, read_question
from search.standin.server import StandIn
from tests.search.preprints import ARTICLE, PREPRINT, europe
from tests.search.registered import MARCH, TRIAL, registry, trials


def get(served: Registry | Library, path: str, **parameters: str) -> requests.Response:
    """Ask once."""
    with StandIn([], routes=served.routes) as standin:
        return requests.get(standin.at(served.path) + path, params=parameters, timeout=10)


@pytest.mark.parametrize(
    "parameters",
    [
        {"query.condition": "pain"},
        {"fields": "Everything"},
        {"filter.advanced": "AREA[LastUpdatePostDate]RANGE[March]"},
        {"pageToken": "7"},
        {"pageSize": "many"},
        {"query.term": "(pain"},
    ],
)
def test_the_registry_refuses_what_it_does_not_know(parameters: dict[str, str]):
    """A question with a part that the registry cannot read is answered by 400 in plain text."""
    answer = get(Registry([TRIAL]), "studies", **parameters)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/plain; charset=UTF-8")


def test_the_registry_counts_on_the_first_page_only():
    """The total is there where it is asked for, on the page without a token."""
    first = get(Registry(trials(30)), "studies", countTotal="true", pageSize="20").json()
    later = get(Registry(trials(30)), "studies", countTotal="true", pageToken=first["nextPageToken"]).json()
    assert (first["totalCount"], "totalCount" in later) == (30, False)


@pytest.mark.parametrize(
    ("today", "through", "there"),
    [
        (date(2024, 2, 29), "MAX", 0),
        (date(2024, 3, 30), "2024-03-01", 1),
        (date(2024, 3, 31), "2024-03-01", 0),
        (date(2024, 3, 31), "2024-03-31", 1),
    ],
)
def test_the_registry_has_a_day(today: date, through: str, there: int):
    """What is posted later is not there yet, and what changes later has not changed yet."""
    days = f"AREA[LastUpdatePostDate]RANGE[MIN,{through}]"
    answer = get(Registry([TRIAL], today=today), "studies", **{"filter.advanced": days})
    assert len(answer.json()["studies"]) == there


def test_europe_pmc_knows_no_such_article():
    """Citations of an article that is not there are a 404 with an error in JSON."""
    answer = get(Library([]), "MED/1/citations", format="json")
    assert (answer.status_code, answer.json()["errCode"]) == (404, 404)


def test_europe_pmc_answers_in_the_address_too():
    """The search takes its query in the address as well as in a form."""
    answer = get(Library([PREPRINT, ARTICLE]), "search", query="SRC:PPR").json()
    assert [result["id"] for result in answer["resultList"]["result"]] == ["PPR999901"]


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("pain", True),
        ("TITLE:preprint AND NOT ABSTRACT:preprint", True),
        ('TITLE:("waiting" OR "pain")', True),
        ("TITLE:(waiting OR unheard)", False),
        ("unheard OR pain waiting", True),
        ('ABSTRACT:"compared waiting"', False),
        ('ABSTRACT:"waiting compared"~3', True),
        ("ABSTRACT:regist*", True),
        ("FIRST_PDATE:[2024-03-09 TO 2024-03-09]", True),
        ("pain NOT (SRC:PPR)", False),
        ("EXT_ID:PPR999901 AND SRC:PPR", True),
        ("GRANT_ID:1", False),
    ],
)
def test_queries_are_evaluated(query: str, fits: bool):
    """Fields, phrases, nearness, truncation, brackets and operators mean what they mean there."""
    assert read_question(query)(PREPRINT, PREPRINT.revised) is fits


@pytest.mark.parametrize("query", ["", "(pain", "pain)", "pain AND", "NOFIELD:x", 'TITLE:"x'])
def test_queries_that_cannot_be_read_are_told(query: str):
    """A query that breaks off, or names a field that is not there, is an error."""
    with pytest.raises(QuestionError):
        read_question(query)(PREPRINT, None)


def test_a_record_changed_later_is_seen_unchanged():
    """Before the day of its change a record is not found by that day."""
    served = Library([PREPRINT], today=date(2024, 3, 19))
    answer = get(served, "search", query="UPDATE_DATE:[2024-03-20 TO 2024-03-20]").json()
    assert answer["hitCount"] == 0


def test_nothing_of_the_key_or_address_reaches_other_hosts():
    """What is sent to the registry and to Europe PMC names neither NCBI's key nor a mail address."""
    sent: list[str] = []
    with registry([TRIAL]) as (trial_client, standin):
        trial_client.search(MARCH)
        sent += [name for _, form in standin.asked for name in form]
    with europe([PREPRINT]) as (client, standin):
        client.search(MARCH)
        sent += [name for _, form in standin.asked for name in form]
    assert {"email", "tool", "api_key"}.isdisjoint(sent)


def test_remarks_on_a_query_are_repeated():
    """What could not be asked for is said in every answer."""
    with europe([PREPRINT], remarks=("narrower headings are not added",)) as (client, _):
        assert client.search(MARCH).messages == ("narrower headings are not added",)


def test_an_entry_without_a_revision_was_last_changed_when_posted():
    """A registration that never changed is found by the day of its posting."""
    fresh = Record(source="clinicaltrials", accession="NCT99999909", title="T", entered=date(2024, 3, 5))
    answer = get(
        Registry([fresh]), "studies", **{"filter.advanced": "AREA[LastUpdatePostDate]RANGE[2024-03-05,MAX]"}
    )
    assert len(answer.json()["studies"]) == 1
