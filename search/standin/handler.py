"""One connection to the stand-in: reads requests, delivers answers, and breaks deliveries where asked to."""

import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler
from typing import Protocol

from search.standin.faults import Fault, FaultKind
from search.standin.reply import Reply
from search.standin.request import Request, request_of

__all__ = ["Desk", "Handler"]


class Desk(Protocol):
    """Who answers, and when everybody goes home."""

    closing: threading.Event

    def answer(self, request: Request) -> tuple[Reply, Fault | None]:
        """Answer a request, and say what shall go wrong with the delivery."""


class Handler(BaseHTTPRequestHandler):
    """GET and POST alike; everything else is refused by the base class."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    desk: Desk

    def do_GET(self) -> None:
        """Answer a request that has its parameters in the address."""
        self._answer("")

    def do_POST(self) -> None:
        """Answer a request that has its parameters in the body."""
        length = int(self.headers.get("Content-Length") or 0)
        self._answer(self.rfile.read(length).decode("utf-8", "replace"))

    def log_message(self, *_: object) -> None:
        """Keep quiet: requests are told by `StandIn.asked`."""

    def _answer(self, body: str) -> None:
        reply, fault = self.desk.answer(request_of(self.command, self.path, body))
        kind = fault.kind if fault else None
        if kind is FaultKind.RESET:
            self._reset()
            return
        self._head(reply, kind)
        if fault and kind is FaultKind.DRIP:
            self._drip(reply.body, fault.pause)
        else:
            whole = kind not in {FaultKind.CUT, FaultKind.SHORT}
            self.wfile.write(reply.body if whole else reply.body[: len(reply.body) // 2])

    def _head(self, reply: Reply, kind: FaultKind | None) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers:
            self.send_header(name, value)
        if kind is not FaultKind.CUT:
            self.send_header("Content-Length", str(len(reply.body)))
        if kind:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()

    def _drip(self, body: bytes, pause: float) -> None:
        for at in range(len(body)):
            self.wfile.write(body[at : at + 1])
            self.wfile.flush()
            if self.desk.closing.wait(pause):
                return

    def _reset(self) -> None:
        """Close so that the client sees a reset, not an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
