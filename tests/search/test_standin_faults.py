"""What can be asked to go wrong with the stand-in, seen from the client's side of the socket."""

import socket
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest
import requests

from search.catalogue import write
from search.standin.faults import Fault, FaultKind
from search.standin.server import StandIn
from tests.search.standins import BARE, FULL, INDEXED, ask, asked, ids

TERM = {"term": "trial[ti]"}


def raw(standin: StandIn, path: str) -> bytes:
    """Ask over a bare socket and read until the end, as a client that trusts the end would."""
    address = urlsplit(standin.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(f"GET {address.path}{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    ("kind", "status", "shape"),
    [
        (FaultKind.RATE_LIMITED, 429, '{"error":"API rate limit exceeded"'),
        (FaultKind.SERVER_ERROR, 500, '{"error":"error forwarding request"'),
        (FaultKind.SERVER_ERROR_TEXT, 500, "WWW Error 500"),
        (FaultKind.BAD_GATEWAY, 502, "Bad"),
        (FaultKind.UNAVAILABLE, 503, "Service"),
        (FaultKind.GATEWAY_TIMEOUT, 504, "Gateway"),
        (FaultKind.RELAYED, 400, "Error: proxy_stream()"),
        (FaultKind.PAGE, 200, "<!DOCTYPE html>"),
        (FaultKind.ERROR, 200, "<?xml"),
        (FaultKind.UNROUTABLE, 200, "Unable to route request!"),
        (FaultKind.EMPTY, 200, ""),
    ],
)
def test_wrong_answers_come_as_asked(kind, status, shape):
    """A fault takes the place of one answer, and the next one is right."""
    with StandIn([FULL], (Fault("esearch", kind),)) as standin:
        spoiled = ask(standin, "esearch", **TERM)
        assert (spoiled.status_code, spoiled.text[: len(shape)]) == (status, shape)
        assert ids(asked(standin, "esearch", **TERM)) == ["900000001"]


def test_error_has_the_root_of_the_answer():
    """ERROR comes inside the document that should have been the answer."""
    with StandIn([FULL], (Fault("esearch", FaultKind.ERROR),)) as standin:
        answer = asked(standin, "esearch", **TERM)
    assert (answer.tag, [part.tag for part in answer]) == ("eSearchResult", ["ERROR"])


def test_faults_are_used_up_in_order():
    """Each fault strikes as often as asked, only on its route, in the order of the plan."""
    plan = (
        Fault("esearch", FaultKind.UNAVAILABLE, times=2),
        Fault("efetch", FaultKind.RATE_LIMITED),
        Fault("esearch", FaultKind.BAD_GATEWAY),
    )
    with StandIn([FULL], plan) as standin:
        assert ask(standin, "einfo").status_code == 200
        assert [ask(standin, "esearch", **TERM).status_code for _ in range(4)] == [503, 503, 502, 200]
        assert [ask(standin, "efetch", id="900000001").status_code for _ in range(2)] == [429, 200]


def test_fault_without_a_route_strikes_whatever_comes():
    """An empty route means any."""
    with StandIn([FULL], (Fault("", FaultKind.UNAVAILABLE),)) as standin:
        assert [ask(standin, "einfo").status_code for _ in range(2)] == [503, 200]


def test_redirect_leads_to_another_host():
    """The redirect names a host that cannot exist."""
    with StandIn([FULL], (Fault("einfo", FaultKind.REDIRECT),)) as standin:
        answer = requests.get(
            f"{standin.url}einfo.fcgi", params={"db": "pubmed"}, allow_redirects=False, timeout=10
        )
    assert (answer.status_code, urlsplit(answer.headers["Location"]).hostname) == (302, "elsewhere.invalid")


def test_cut_body_has_no_length_and_ends_in_the_middle():
    """A cut body announces nothing, so that only the broken XML tells."""
    with StandIn([FULL], (Fault("efetch", FaultKind.CUT),)) as standin:
        head, _, body = raw(standin, "efetch.fcgi?db=pubmed&id=900000001").partition(b"\r\n\r\n")
        whole = ask(standin, "efetch", id="900000001").content
    assert b"Content-Length" not in head
    assert body == whole[: len(whole) // 2]


def test_short_body_breaks_its_promise():
    """A short body ends before the length it announced."""
    with StandIn([FULL], (Fault("efetch", FaultKind.SHORT),)) as standin:
        head, _, body = raw(standin, "efetch.fcgi?db=pubmed&id=900000001").partition(b"\r\n\r\n")
    announced = int(head.lower().partition(b"content-length: ")[2].split()[0])
    assert announced // 2 == len(body)


def test_reset_gives_no_answer():
    """A reset connection is an error of the connection, not an empty answer."""
    with StandIn([FULL], (Fault("einfo", FaultKind.RESET),)) as standin, pytest.raises(ConnectionResetError):
        raw(standin, "einfo.fcgi?db=pubmed")


def test_drip_gives_the_whole_body_in_bytes():
    """A dripping body is complete for whoever waits."""
    with StandIn([FULL], (Fault("einfo", FaultKind.DRIP, pause=0.0),)) as standin:
        dripped = ask(standin, "einfo").content
        assert dripped == ask(standin, "einfo").content


def test_drip_ends_with_the_stand_in():
    """Leaving the block ends a drip that nobody would wait for."""
    with StandIn([FULL], (Fault("einfo", FaultKind.DRIP, pause=3600.0),)) as standin:
        address = urlsplit(standin.url)
        connection = socket.create_connection((address.hostname, address.port), timeout=10)
        connection.sendall(f"GET {address.path}einfo.fcgi?db=pubmed HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        connection.recv(1)
    with connection:
        rest = b"".join(iter(lambda: connection.recv(65536), b""))
    assert not rest.endswith(b"</eInfoResult>\n")


def test_other_addresses_are_not_found():
    """What is no route is HTTP 404."""
    with StandIn([FULL]) as standin:
        answers = [
            requests.get(standin.url + suffix, timeout=10).status_code
            for suffix in ("egquery.fcgi", "../../etc/passwd", "")
        ]
    assert answers == [404, 404, 404]


def test_many_threads_get_their_own_answers():
    """Questions asked at the same time are each answered."""
    answers: dict[int, list[str]] = {}

    def search(number: int, pmid: str) -> None:
        answers[number] = ids(asked(standin, "esearch", term=f"{pmid}[uid] AND trial[ti]"))

    with StandIn([FULL, INDEXED, BARE]) as standin:
        pmids = [f"90000000{1 + number % 3}" for number in range(24)]
        threads = [threading.Thread(target=search, args=entry) for entry in enumerate(pmids)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == {number: [pmid] for number, pmid in enumerate(pmids)}


def test_module_serves_a_catalogue(tmp_path, root):
    """``python -m search.standin`` serves a catalogue file at the address it prints."""
    write(tmp_path / "c.jsonl", [FULL, BARE])
    command = [sys.executable, "-m", "search.standin", str(tmp_path / "c.jsonl"), "--today", "2020-01-02"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip()
            answer = requests.get(f"{url}einfo.fcgi", params={"db": "pubmed"}, timeout=10).text
        finally:
            process.terminate()
    assert "<DbBuild>Build-2020.01.02.00.00</DbBuild><Count>2</Count>" in answer


def test_module_refuses_a_broken_catalogue(tmp_path, root):
    """A catalogue that cannot be read ends with 2 and one sentence."""
    (tmp_path / "c.jsonl").write_text("{}\n")
    command = [sys.executable, "-m", "search.standin", str(tmp_path / "c.jsonl")]
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (
        2,
        "c.jsonl: line 1: found no accession; expected accession and title\n",
    )
