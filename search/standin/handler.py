"""One connection to the stand-in: reads requests, delivers answers, and breaks deliveries where asked to."""

import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from io import BytesIO
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
        if fault is None:
            self._head(reply)
            self.wfile.write(reply.body)
            return
        self.close_connection = True
        self._ways()[fault.kind](reply, fault)

    def _ways(self) -> dict[FaultKind, Callable[[Reply, Fault], None]]:
        return {
            FaultKind.CUT: self._cut,
            FaultKind.SHORT: self._cut,
            FaultKind.STALL: self._stall,
            FaultKind.SILENCE: self._say_nothing,
            FaultKind.OLD: self._as_of_old,
            FaultKind.DRIP: self._drip_body,
            FaultKind.DRIP_HEAD: self._drip_head,
            FaultKind.RESET: self._reset,
        }

    def _head(self, reply: Reply, *, length: bool = True) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers:
            self.send_header(name, value)
        if length:
            self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def _cut(self, reply: Reply, fault: Fault) -> None:
        self._head(reply, length=fault.kind is FaultKind.SHORT)
        self.wfile.write(reply.body[: int(len(reply.body) * fault.share)])

    def _stall(self, reply: Reply, _: Fault) -> None:
        self._head(reply)
        self.wfile.write(reply.body[: len(reply.body) // 2])
        self.wfile.flush()
        self.desk.closing.wait()

    def _say_nothing(self, _: Reply, __: Fault) -> None:
        self.desk.closing.wait()

    def _as_of_old(self, reply: Reply, _: Fault) -> None:
        self.protocol_version = "HTTP/1.0"
        self._head(reply, length=False)
        self.wfile.write(reply.body)

    def _drip_body(self, reply: Reply, fault: Fault) -> None:
        self._head(reply)
        self._drip(reply.body, fault.pause)

    def _drip_head(self, reply: Reply, fault: Fault) -> None:
        wire, self.wfile = self.wfile, BytesIO()
        self._head(reply)
        head, self.wfile = self.wfile.getvalue(), wire
        self._drip(head + reply.body, fault.pause)

    def _drip(self, body: bytes, pause: float) -> None:
        for at in range(len(body)):
            self.wfile.write(body[at : at + 1])
            self.wfile.flush()
            if self.desk.closing.wait(pause):
                return

    def _reset(self, _: Reply, __: Fault) -> None:
        """Close so that the client sees a reset, not an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
