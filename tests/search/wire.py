"""A server on loopback that answers from a script over real sockets, and a clock that only tests move."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import requests
from hypothesis import HealthCheck, settings

from search.limiter import Unlimited
from search.pubmed import PubMed

law = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
"""For properties: a machine under load is no counterexample."""

ESEARCH = "<eSearchResult><Count>{count}</Count><IdList>{ids}</IdList>{rest}</eSearchResult>"


@dataclass(frozen=True, kw_only=True)
class Scripted:
    """One reply, and how it goes wrong on the wire."""

    body: str | bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    claimed: int | None = None
    chunked_cut: bool = False
    reset: bool = False
    drip: bool = False

    @property
    def data(self) -> bytes:
        """What goes over the wire, if nothing goes wrong."""
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass
class Wire:
    """Where the server is, and the forms it was sent."""

    url: str = ""
    forms: list[dict[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


@dataclass
class HandClock:
    """A clock that moves when somebody sleeps."""

    moment: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        """Return the moment."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.slept.append(seconds)
        self.moment += seconds


class Handler(BaseHTTPRequestHandler):
    """Writes down each form it is sent, and answers by the script."""

    protocol_version = "HTTP/1.1"
    wire: Wire
    script: list[Scripted]

    def do_POST(self) -> None:
        """Answer with the next reply of the script."""
        length = int(self.headers.get("Content-Length", 0))
        form = parse_qs(self.rfile.read(length).decode())
        self.wire.forms.append({name: values[0] for name, values in form.items()})
        self.wire.lines.append(self.requestline)
        self.close_connection = True
        reply = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if not reply.reset:
            self._head(reply)
            self._deliver(reply)

    def _head(self, reply: Scripted) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.chunked_cut:
            self.send_header("Transfer-Encoding", "chunked")
        elif reply.claimed != -1:
            self.send_header("Content-Length", str(reply.claimed or len(reply.data)))
        self.send_header("Connection", "close")
        self.end_headers()

    def _deliver(self, reply: Scripted) -> None:
        if reply.chunked_cut:
            self.wfile.write(b"%x\r\n%s" % (len(reply.data) + 100, reply.data))
        elif reply.drip:
            self._trickle(reply.data)
        else:
            self.wfile.write(reply.data)

    def _trickle(self, data: bytes) -> None:
        for at in range(len(data)):
            if self.wire.closing.wait(0.02):
                return
            self.wfile.write(data[at : at + 1])
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Takes a client that hangs up as part of the play."""

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(*replies: Scripted) -> Iterator[Wire]:
    """Answer the first request with the first reply and so on; the last one is repeated."""
    wire = Wire()
    handler = type("Scene", (Handler,), {"wire": wire, "script": list(replies)})
    with Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        wire.url = f"http://127.0.0.1:{server.server_port}/"
        try:
            yield wire
        finally:
            wire.closing.set()
            server.shutdown()
            thread.join()


@contextmanager
def pubmed_at(url: str, **changes: object) -> Iterator[PubMed]:
    """Give a client of `url` that waits by hand."""
    settings: dict[str, object] = {"limiter": Unlimited(), "clock": HandClock(), "deadline": 600.0} | changes
    with requests.Session() as session:
        yield PubMed(url, "team@example.org", "living-review", session=session, **settings)


def found(*pmids: str, rest: str = "", count: int | None = None) -> Scripted:
    """Return an ESearch reply."""
    ids = "".join(f"<Id>{pmid}</Id>" for pmid in pmids)
    return Scripted(body=ESEARCH.format(count=len(pmids) if count is None else count, ids=ids, rest=rest))


def article_xml(pmid: str, title: str = "A trial of X in Y.", more: str = "") -> str:
    """Return the least that is an article."""
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID>'
        f"<Article><ArticleTitle>{title}</ArticleTitle>{more}</Article></MedlineCitation></PubmedArticle>"
    )


def articles(*items: str) -> str:
    """Return a PubmedArticleSet of `items`."""
    return f"<?xml version='1.0'?><PubmedArticleSet>{''.join(items)}</PubmedArticleSet>"


def records(*pmids: str) -> Scripted:
    """Return an EFetch reply."""
    return Scripted(body=articles(*map(article_xml, pmids)))


__all__ = [
    "HandClock",
    "Scripted",
    "Wire",
    "article_xml",
    "articles",
    "found",
    "law",
    "pubmed_at",
    "records",
    "serving",
]
