"""Asking over HTTP: what the total deadline, packed bodies, kept connections and logs are held to."""

import gzip
import logging
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from search.bodies import unpacked
from search.clocks import MonotonicClock
from search.deadlines import hold_deadlines
from search.errors import BadReply, SourceError, Unreachable
from search.eutils.replies import Reply as Answer
from search.limiter import Unlimited
from search.standin.faults import Fault, FaultKind
from search.standin.reply import Reply
from search.standin.server import StandIn
from search.transport import Transport
from tests.search.wire import HandClock, law

ECHO = "/echo"
TEXT = b"x" * 5000
SECRET = "0123456789abcdef0123456789abcdef"


def packed(times: int) -> Reply:
    body = TEXT
    for _ in range(times):
        body = gzip.compress(body)
    return Reply(body, headers=(("Content-Encoding", ", ".join(["gzip"] * times)),))


def body_of(reply: Answer) -> bytes:
    return reply.body


@contextmanager
def transport(deadline: float = 60.0, attempts: int = 1, clock=None) -> Iterator[Transport]:
    with requests.Session() as session:
        yield Transport(session, Unlimited(), clock or HandClock(), deadline, attempts)


def ask(way: Transport, url: str, **form: str) -> bytes:
    return way.ask("A source", url, form, body_of)


# Whole, these would take more than a minute, or for ever: the time limit is the claim.
@pytest.mark.timeout(40)
@pytest.mark.parametrize("kind", [FaultKind.DRIP_HEAD, FaultKind.DRIP, FaultKind.STALL, FaultKind.SILENCE])
def test_no_phase_outlives_the_deadline(kind):
    """Head or body, dripping or silent: the answer is given up soon after its time."""
    plan = (Fault(ECHO, kind, times=9, pause=0.02),)
    with (
        StandIn([], plan, routes={ECHO: lambda _: Reply(TEXT)}) as standin,
        transport(0.9, clock=MonotonicClock()) as way,
        pytest.raises(Unreachable, match="no answer in time"),
    ):
        ask(way, standin.at(ECHO))


def test_a_connection_that_is_not_taken_is_given_up():
    """A server that does not even take the connection is waited for no longer than the deadline."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        with transport(0.6, clock=MonotonicClock()) as way, pytest.raises(Unreachable):
            ask(way, f"http://127.0.0.1:{address[1]}/")
        for one in waiting:
            one.close()


def test_a_packed_body_is_unpacked():
    """Gzip, which every question offers to take, is undone."""
    with StandIn([], routes={ECHO: lambda _: packed(1)}) as standin, transport() as way:
        assert ask(way, standin.at(ECHO)) == TEXT


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (packed(2), "packed as 'gzip, gzip'"),
        (Reply(gzip.compress(bytes(1 << 24)), headers=(("Content-Encoding", "gzip"),)), "unpacked from"),
        (Reply(TEXT, headers=(("Content-Encoding", "gzip"),)), "damaged"),
        (Reply(packed(1).body[:-8], headers=(("Content-Encoding", "gzip"),)), "damaged"),
    ],
)
def test_a_body_packed_to_harm_is_refused(answer, found):
    """Bombs, several packings, and what is no gzip or half of it are refused."""
    with (
        StandIn([], routes={ECHO: lambda _: answer}) as standin,
        transport() as way,
        pytest.raises(BadReply, match=found),
    ):
        ask(way, standin.at(ECHO))


def test_a_body_packed_in_two_members_is_unpacked():
    """Gzip allows several members in one body, and all of them count."""
    halves = gzip.compress(TEXT[:2000]) + gzip.compress(TEXT[2000:])
    answer = Reply(halves, headers=(("Content-Encoding", "gzip"),))
    with StandIn([], routes={ECHO: lambda _: answer}) as standin, transport() as way:
        assert ask(way, standin.at(ECHO)) == TEXT


@pytest.mark.parametrize("kind", [FaultKind.STALL, FaultKind.SHORT, FaultKind.BOMB])
def test_nothing_of_an_abandoned_answer_reaches_the_next(kind):
    """After an answer that was given up in the middle, the next question gets its own answer."""
    plan = (Fault(ECHO, kind),)
    with (
        StandIn([], plan, routes={ECHO: lambda asked: Reply(asked.one("n").encode() * 4000)}) as standin,
        transport(3.0, clock=MonotonicClock()) as way,
    ):
        with pytest.raises(SourceError):
            ask(way, standin.at(ECHO), n="1")
        assert ask(way, standin.at(ECHO), n="2") == b"2" * 4000


def test_a_connection_is_kept_between_questions(caplog):
    """Three questions go over one connection, though each has a deadline of its own."""
    caplog.set_level(logging.DEBUG, "urllib3")
    with StandIn([], routes={ECHO: lambda _: Reply(TEXT)}) as standin, transport() as way:
        answers = [ask(way, standin.at(ECHO)) for _ in range(3)]
    assert (answers, caplog.text.count("Starting new")) == ([TEXT] * 3, 1)


def test_get_puts_the_form_into_the_address():
    """By GET a parameter given twice arrives twice."""
    form = [("id", "1"), ("id", "2")]
    with (
        StandIn(
            [], routes={ECHO: lambda asked: Reply(f"{asked.method}{asked.every('id')}".encode())}
        ) as standin,
        transport() as way,
    ):
        assert way.ask("A source", standin.at(ECHO), form, body_of, method="GET") == b"GET('1', '2')"


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.SHORT, FaultKind.CUT, FaultKind.RATE_LIMITED])
def test_no_log_holds_what_was_asked(kind, caplog):
    """Not even the debug log of the HTTP library names what is in the body of a question."""
    caplog.set_level(logging.DEBUG)
    with (
        StandIn([], (Fault(ECHO, kind, times=9),), routes={ECHO: lambda _: Reply(TEXT)}) as standin,
        transport() as way,
        suppress(SourceError),
    ):
        ask(way, standin.at(ECHO), api_key=SECRET)
    assert "Starting new HTTP connection" in caplog.text
    assert SECRET not in caplog.text


def test_an_error_has_no_chain():
    """No error of the HTTP library, which names host and port, hangs behind ours."""
    with StandIn([]) as standin:
        gone = standin.at("/")
    with transport() as way, pytest.raises(Unreachable) as caught:
        ask(way, gone)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_session_is_furnished_once():
    """Several clients of one session share its connections."""
    with requests.Session() as session:
        hold_deadlines(session)
        first = session.get_adapter("https://")
        hold_deadlines(session)
        assert session.get_adapter("https://") is first


def test_a_proxy_of_the_environment_is_used(monkeypatch):
    """A hospital's proxy is asked in place of the source."""
    with StandIn([], routes={"/": lambda asked: Reply(f"proxy for {asked.path}".encode())}) as proxy:
        monkeypatch.setenv("http_proxy", proxy.at(""))
        monkeypatch.setenv("no_proxy", "")
        with transport() as way:
            assert ask(way, "http://source.invalid/echo") == b"proxy for /echo"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, with its key in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl program")
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        " -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
        f" -keyout {folder}/key.pem -out {folder}/cert.pem"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    (folder / "both.pem").write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return folder / "both.pem"


@contextmanager
def tls_server(certificate: Path, *, pause: float = 0.0) -> Iterator[str]:
    """Answer one request over TLS, its head byte by byte where a pause is asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    over = threading.Event()
    answer = b"HTTP/1.1 200 OK\r\nX-Padding: " + b"y" * 300 + b"\r\nContent-Length: 2\r\n\r\nok"

    def serve(listening: socket.socket) -> None:
        try:
            connection, _ = listening.accept()
            with context.wrap_socket(connection, server_side=True) as safe:
                safe.recv(65536)
                for at in range(len(answer)) if pause else ():
                    safe.sendall(answer[at : at + 1])
                    if over.wait(pause):
                        return
                safe.sendall(b"" if pause else answer)
                over.wait(5)
        except OSError:
            return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}/"
        over.set()
        thread.join()


def test_a_certificate_nobody_vouches_for_is_refused(certificate):
    """TLS is checked, and the sentence says what is wrong with it."""
    with (
        tls_server(certificate) as url,
        transport() as way,
        pytest.raises(Unreachable, match="certificate that is not accepted"),
    ):
        ask(way, url)


def test_a_certificate_the_environment_vouches_for_is_accepted(certificate, monkeypatch):
    """REQUESTS_CA_BUNDLE, by which hospitals make their own authorities known, holds."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with tls_server(certificate) as url, transport() as way:
        assert ask(way, url) == b"ok"


def test_a_head_that_drips_over_tls_is_given_up(certificate, monkeypatch):
    """The deadline holds through TLS too."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with (
        tls_server(certificate, pause=0.02) as url,
        transport(1.5, clock=MonotonicClock()) as way,
        pytest.raises(Unreachable, match="no answer in time"),
    ):
        ask(way, url)


@law
@given(st.binary(min_size=1, max_size=400), st.data())
def test_a_packed_body_is_whole_or_refused(body, data):
    """Cut anywhere and delivered in any pieces, a gzip body is given back whole or not at all."""
    whole = gzip.compress(body)
    sent = whole[: data.draw(st.integers(0, len(whole)))]
    at = data.draw(st.integers(0, len(sent)))
    try:
        assert unpacked("A source", "gzip", [sent[:at], sent[at:]]) == body
    except BadReply:
        assert len(sent) < len(whole)
