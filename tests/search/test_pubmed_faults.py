"""What PubMed and the network do wrong, injected over a real socket."""

import logging
from pathlib import Path

import pytest
import requests

from search.clocks import MonotonicClock
from search.errors import BadReply, RateLimited, Redirected, RefusedQuery, SourceError, Unreachable
from search.limiter import Unlimited
from search.pubmed import PubMed
from tests.search.wire import HandClock, Scripted, found, pubmed_at, serving

GOOD = found("11")
KEY = "0123456789abcdef0123456789abcdef"
LIMIT = '{"error":"API rate limit exceeded","api-key":"203.0.113.7","count":"5","limit":"3"}'
FAULTS = {
    "status 500": Scripted(status=500, body="WWW Error 500"),
    "status 502": Scripted(status=502, body="<html>Bad gateway</html>"),
    "status 503": Scripted(status=503),
    "status 504": Scripted(status=504, body="late"),
    "rate limit": Scripted(status=429, body=LIMIT),
    "relayed failure": Scripted(status=400, body="<ERROR>Exception in proxy_stream()</ERROR>"),
    "empty body": Scripted(),
    "web page": Scripted(body="<!DOCTYPE html><html><body>down_bethesda</body></html>"),
    "text": Scripted(body="Unable to route request!\n\nservice name: /http/service/ratecontrol"),
    "error with 200": Scripted(body="<eSearchResult><ERROR>Search Backend failed</ERROR></eSearchResult>"),
    "short of its length": Scripted(body=GOOD.data, claimed=len(GOOD.data) + 50),
    "cut on closing": Scripted(body=GOOD.data[:-20], claimed=-1),
    "cut in a chunk": Scripted(body=GOOD.data, chunked_cut=True),
    "reset": Scripted(reset=True),
    "not UTF-8": Scripted(body=b"<eSearchResult><Count>\xff</Count></eSearchResult>"),
    "another reply": Scripted(body="<ePostResult><WebEnv>1</WebEnv></ePostResult>"),
    "no count": Scripted(body="<eSearchResult><IdList/></eSearchResult>"),
    "bomb": Scripted(body='<!DOCTYPE a [<!ENTITY b "c">]><eSearchResult><Count>&b;</Count></eSearchResult>'),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_passing_fault_is_survived(name: str) -> None:
    """A fault that passes after two tries costs two pauses and nothing else."""
    clock = HandClock()
    with serving(FAULTS[name], FAULTS[name], GOOD) as wire, pubmed_at(wire.url, clock=clock) as pubmed:
        assert pubmed.search("pain").pmids == ("11",)
    assert clock.slept == [1.0, 2.0]


@pytest.mark.parametrize("name", FAULTS)
def test_a_lasting_fault_is_an_error(name: str) -> None:
    """A fault that stays ends in an error after a bounded number of tries, never in zero records."""
    with (
        serving(FAULTS[name]) as wire,
        pubmed_at(wire.url, attempts=3) as pubmed,
        pytest.raises(SourceError, match=r"^PubMed ESearch: found .*; expected "),
    ):
        pubmed.search("pain")
    assert len(wire.forms) == 3


@pytest.mark.parametrize(
    "name", ["esearch_200_backend_failed.xml", "http500_forwarding.json", "plain_unable_to_route.txt"]
)
def test_a_reported_failure_is_recognised(name: str, shared_data: Path) -> None:
    """Failure bodies that users reported are failures even under HTTP 200, and no address is repeated."""
    body = (shared_data / "pubmed/reported" / name).read_bytes()
    with (
        serving(Scripted(body=body)) as wire,
        pubmed_at(wire.url) as pubmed,
        pytest.raises(BadReply) as caught,
    ):
        pubmed.search("pain")
    assert "2001:db8" not in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "waited"), [("7", 7.0), ("86400", 60.0), ("Wed, 21 Oct 2099 07:28:00 GMT", 1.0)]
)
def test_the_source_is_given_time_within_bounds(asked: str, waited: float) -> None:
    """Retry-After is waited for, but never over a minute."""
    clock = HandClock()
    busy = Scripted(status=429, body=LIMIT, headers=(("Retry-After", asked),))
    with serving(busy, GOOD) as wire, pubmed_at(wire.url, clock=clock) as pubmed:
        pubmed.search("pain")
    assert clock.slept == [waited]


def test_the_deadline_ends_a_storm() -> None:
    """No pause begins that would end after the deadline."""
    clock = HandClock()
    busy = Scripted(status=429, body=LIMIT, headers=(("Retry-After", "50"),))
    with (
        serving(busy) as wire,
        pubmed_at(wire.url, clock=clock, deadline=120.0) as pubmed,
        pytest.raises(RateLimited),
    ):
        pubmed.search("pain")
    assert clock.slept == [50.0, 50.0]


def test_a_slow_drip_is_abandoned() -> None:
    """A body that arrives byte by byte for longer than the deadline is given up, though no read times out."""
    drip = Scripted(body=b"<eSearchResult>" + b" " * 100_000, drip=True)
    with serving(drip) as wire, requests.Session() as session:
        clock = MonotonicClock()
        pubmed = PubMed(
            wire.url, "a@b.c", "t", session=session, limiter=Unlimited(), clock=clock, deadline=0.6
        )
        with pytest.raises(Unreachable, match="no answer in time"):
            pubmed.search("pain")


def test_a_closed_door_is_unreachable() -> None:
    """A refused connection is an error that names neither host nor port."""
    with serving(GOOD) as wire:
        gone = wire.url
    with pubmed_at(gone) as pubmed, pytest.raises(Unreachable) as caught:
        pubmed.search("pain")
    assert "127.0.0.1" not in str(caught.value)


def test_a_redirect_is_refused() -> None:
    """A redirect is not followed, and not asked for again."""
    with serving(GOOD) as elsewhere:
        away = Scripted(status=302, headers=(("Location", f"{elsewhere.url}?api_key=x"),))
        with (
            serving(away) as wire,
            pubmed_at(wire.url) as pubmed,
            pytest.raises(Redirected, match="not followed"),
        ):
            pubmed.search("pain")
    assert (len(wire.forms), elsewhere.forms) == (1, [])


def test_a_key_that_is_not_accepted_is_not_tried_again() -> None:
    """An invalid key is refused at once, and the text does not repeat it."""
    body = f'{{"error":"API key invalid","api-key":"{KEY}","type":"key","status":"unknown"}}'
    with (
        serving(Scripted(status=400, body=body)) as wire,
        pubmed_at(wire.url, api_key=KEY) as pubmed,
        pytest.raises(RefusedQuery, match="key is not accepted") as caught,
    ):
        pubmed.search("pain")
    assert (len(wire.forms), KEY in str(caught.value)) == (1, False)


@pytest.mark.parametrize("fault", ["rate limit", "status 503", "reset", "cut on closing"])
def test_the_key_is_sent_and_never_shown(fault: str, caplog: pytest.LogCaptureFixture) -> None:
    """The key goes out with every question, and neither addresses, logs nor errors hold it."""
    caplog.set_level(logging.DEBUG)
    with (
        serving(FAULTS[fault]) as wire,
        pubmed_at(wire.url, api_key=KEY) as pubmed,
        pytest.raises(SourceError) as caught,
    ):
        pubmed.search("pain")
    assert {form["api_key"] for form in wire.forms} == {KEY}
    assert KEY not in f"{caplog.text} {caught.value!r} {wire.lines} {pubmed!r} {pubmed}"


@pytest.mark.parametrize("status", [200, 400, 429, 500])
@pytest.mark.parametrize(
    "shape", ["<eSearchResult><ERROR>{}</ERROR></eSearchResult>", "<html>{}</html>", "{}"]
)
def test_a_key_that_the_server_repeats_is_not_shown(status: int, shape: str) -> None:
    """Wherever a reply repeats the key, no error does."""
    with (
        serving(Scripted(status=status, body=shape.format(f"no such key {KEY}"))) as wire,
        pubmed_at(wire.url, api_key=KEY, attempts=1) as pubmed,
        pytest.raises(SourceError, match=r"\[key\]") as caught,
    ):
        pubmed.search("pain")
    assert KEY not in str(caught.value)


def test_the_address_in_a_refusal_is_not_shown() -> None:
    """PubMed's refusal names the client's address; our error does not."""
    with (
        serving(FAULTS["rate limit"]) as wire,
        pubmed_at(wire.url) as pubmed,
        pytest.raises(RateLimited) as caught,
    ):
        pubmed.search("pain")
    assert "203.0.113.7" not in str(caught.value)
