"""Further services beside the E-utilities, at the same address and under the same plan of faults."""

import requests

from search.standin.faults import Fault, FaultKind
from search.standin.reply import Reply
from search.standin.request import Request
from search.standin.server import StandIn

STUDIES = "/clinicaltrials/api/v2/studies"


def told(request: Request) -> Reply:
    """Repeat what was asked."""
    text = f"{request.method} {request.path} {request.every('id')}"
    return Reply(text.encode(), content_type="text/plain")


def get(standin: StandIn, path: str, **parameters: list[str]) -> requests.Response:
    return requests.get(standin.at(path), params=parameters, timeout=10)


def test_a_mounted_path_is_answered():
    """A route beside the E-utilities gets the request with repeated parameters kept apart."""
    with StandIn([], routes={STUDIES: told}) as standin:
        answer = get(standin, STUDIES, id=["1", "2,3"])
    assert answer.text == f"GET {STUDIES} ('1', '2,3')"


def test_a_path_with_a_slash_takes_what_is_below():
    """The longest mounted path that fits answers."""
    with StandIn([], routes={"/europepmc/": told, "/europepmc/MED/": lambda _: Reply(b"MED")}) as standin:
        texts = [get(standin, f"/europepmc/{rest}").text for rest in ("search", "MED/1/citations")]
    assert texts == ["GET /europepmc/search ()", "MED"]


def test_faults_strike_mounted_paths():
    """A plan names a mounted route by its path, and the request is remembered by it."""
    plan = (Fault(STUDIES, FaultKind.UNAVAILABLE),)
    with StandIn([], plan, routes={STUDIES: told}) as standin:
        codes = [get(standin, STUDIES).status_code for _ in range(2)]
        assert [name for name, _ in standin.asked] == [STUDIES, STUDIES]
    assert codes == [503, 200]
