"""ClinicalTrials.gov over a real socket: everything of a window, each entry accounted for, or an error."""

import json
from dataclasses import replace
from datetime import date

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from review.record import Record
from review.searching import Window
from search.errors import RefusedQuery, SourceError
from search.limiter import Unlimited
from search.sources.clinical_trials import ClinicalTrials
from search.standin.faults import Fault, FaultKind
from tests.search.registered import MARCH, STUDIES, TRIAL, registry, trials
from tests.search.wire import HandClock, law

TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]))


def test_an_entry_comes_back_in_full():
    """What the registry serves of a registration becomes the same record again."""
    with registry([TRIAL]) as (client, _):
        assert client.search(MARCH).records == (TRIAL,)


def test_all_pages_are_walked():
    """Entries on many pages arrive once each, as many as are counted."""
    with registry(trials(95), page_size=20) as (client, _):
        found = client.search(MARCH)
    assert found.count == len({record.id for record in found.records}) == 95


def test_a_full_last_page_ends_the_walk():
    """An answer that fills its last page exactly is complete and asks for no further one."""
    with registry(trials(40), page_size=20) as (client, standin):
        assert client.search(MARCH).count == 40
        assert [name for name, _ in standin.asked].count(STUDIES) == 2


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        (date(2024, 3, 31), date(2024, 3, 31), True),
        (date(2024, 3, 1), date(2024, 3, 30), False),
        (date(2024, 4, 1), date(2024, 4, 30), False),
        (date(2024, 2, 29), date(2024, 3, 31), True),
    ],
)
def test_both_ends_of_a_window_belong_to_it(start: date, end: date, inside: bool):
    """An entry is found in a window that begins or ends on the day of its last change."""
    with registry([TRIAL]) as (client, _):
        assert bool(client.search(Window(start, end)).records) is inside


def test_the_question_can_be_put_again():
    """The query names the expressions and the days, and the date of the data is told."""
    with registry([TRIAL], condition="pain", intervention="X", term="") as (client, _):
        found = client.search(MARCH)
    assert found.query == (
        "query.cond=pain AND query.intr=X AND "
        "filter.advanced=AREA[LastUpdatePostDate]RANGE[2024-03-01,2024-03-31]"
    )
    assert found.build == "2024-03-31T09:00:05, API 2.0.5"


def test_pages_are_asked_for_in_a_fixed_order():
    """Entries come by the day of their last change: the registry's own order may differ between pages."""
    with registry(trials(30), page_size=20) as (client, standin):
        client.search(MARCH)
        orders = {form.get("sort") for name, form in standin.asked if name == STUDIES}
    assert orders == {"LastUpdatePostDate:asc"}


def test_an_unknown_date_of_the_data_is_told():
    """When the registry does not say how old its data are, the entries are delivered all the same."""
    plan = (Fault("/clinicaltrials/api/v2/version", FaultKind.UNAVAILABLE, 99),)
    with registry([TRIAL], plan=plan) as (client, _):
        found = client.search(MARCH)
    assert (found.records, found.build) == ((TRIAL,), "")
    assert found.messages[0].startswith(
        "the date of the data is not known: ClinicalTrials.gov version: found "
    )


def test_progress_is_told():
    """Each page tells how many entries have arrived, of how many."""
    told: list[tuple[int, int]] = []
    with registry(trials(30), page_size=20) as (client, _):
        client.search(MARCH, lambda done, of: told.append((done, of)))
    assert told == [(20, 30), (30, 30)]


def test_a_refused_expression_is_not_asked_again():
    """An expression that the registry cannot read is an error after one question."""
    with registry([TRIAL], term="(pain") as (client, standin):
        with pytest.raises(RefusedQuery, match="HTTP 400"):
            client.search(MARCH)
        assert [name for name, _ in standin.asked].count(STUDIES) == 1


def test_a_client_needs_something_to_look_for():
    """Without any expression the whole registry would match: refused before anything is asked."""
    with requests.Session() as session, pytest.raises(ValueError, match="expected one at least"):
        ClinicalTrials("http://x.invalid/", term=" ", session=session, limiter=Unlimited(), clock=HandClock())


def test_an_entry_that_cannot_be_read_is_missing():
    """An entry with a field of the wrong type is named among the missing, and the others are delivered."""
    odd = replace(TRIAL, accession="NCT99999902", status=["RECRUITING"])
    with registry([TRIAL, odd]) as (client, _):
        found = client.search(MARCH)
    assert (found.count, found.records) == (2, (TRIAL,))
    assert [name for name, _ in found.missing] == ["NCT99999902"]


def test_an_entry_without_a_title_is_delivered():
    """An entry without a title comes with words in its place, and says so."""
    with registry([replace(TRIAL, title="", notes=())]) as (client, _):
        (record,) = client.search(MARCH).records
    assert (record.title, record.notes) == ("[No title]", ("The registry gives no title.",))


@law
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda deep: (
            st.lists(deep, max_size=3)
            | st.dictionaries(
                st.sampled_from(["studies", "totalCount", "nextPageToken", "protocolSection"]), deep
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_an_answer_or_a_declared_error(answer: object):
    """Whatever JSON comes, the page read from it is whole or refused as a bad reply."""
    body = json.dumps(answer).encode()
    assert page_or_error(body)


@law
@given(st.binary(max_size=60))
def test_any_bytes_are_a_declared_error(body: bytes):
    """Bytes that are no JSON object never pass for an answer."""
    assert page_or_error(body)


def page_or_error(body: bytes) -> bool:
    """Read a body as the adapter does."""
    from search.eutils.replies import Reply
    from search.sources.clinical_trials import _read_page
    from search.sources.json_replies import read_json

    try:
        page = _read_page(read_json(Reply("somewhere", 200, body)))
    except SourceError:
        return True
    return page.items is not None


@law
@given(
    st.builds(
        Record,
        source=st.just("clinicaltrials"),
        accession=st.just("NCT99999903"),
        title=TEXTS.map(str.strip).filter(bool),
        abstract=TEXTS.map(str.strip),
        authors=st.just(("Institute of Tests",)),
        journal=st.just("ClinicalTrials.gov"),
        publication_types=st.just(("Clinical Trial Registration", "Interventional")),
        keywords=st.lists(TEXTS.map(str.strip).filter(bool), unique=True, max_size=3).map(tuple),
        registrations=st.just(("NCT99999903",)),
        status=st.sampled_from(["RECRUITING", "COMPLETED"]),
    )
)
def test_what_the_standin_writes_is_read_back(record: Record):
    """A registration written as the registry has it is read as the same record."""
    from search.sources.fields import Fields
    from search.sources.paging import Item
    from search.sources.registry_entry import record_of
    from search.standin.ctgov_study import study_of

    study = json.loads(json.dumps(study_of(record)))
    assert record_of(Item("NCT99999903", Fields("somewhere", study))) == record
