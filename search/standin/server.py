"""The stand-in's HTTP server: real sockets on loopback, HTTP/1.1, one thread a connection."""

import socket
import sys
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from http.server import ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from review.record import Record
from search.clocks import Clock, MonotonicClock
from search.standin.alterations import altered
from search.standin.elink import LinkTable
from search.standin.faults import ALTERATIONS, DELIVERIES, Fault, FaultLine, FaultPlan, spoiled
from search.standin.handler import Handler
from search.standin.reply import Form, Reply, text_reply
from search.standin.request import Request, Route
from search.standin.routes import EUTILS, Routes
from search.standin.shelf import Shelf

__all__ = ["StandIn"]


class StandIn:
    """Serves records as PubMed would, from entering the ``with`` block to leaving it.

    Parameters
    ----------
    records
        A catalogue; may be empty.
    faults
        What shall go wrong, in order.
    today
        The day it is on this PubMed: later entries are not there yet. Without one, the newest entry's day.
    strict_phrases
        True to treat a quoted phrase that no record holds as PubMed treats one it does not know: its words
        are looked for instead, and WarningList says so. Off by default: a real PubMed knows 40 million
        records and with them the phrases that a small catalogue lacks.
    port
        0 for any that is free.
    routes
        Further services, by absolute path (``/clinicaltrials/api/v2/studies``); a path that ends in a slash
        stands for everything below it. Faults know such a route by its path.
    links
        What ELink knows: PMIDs by name of the link and PMID.
    clock
        Tells the moments in `arrivals`; the machine's own by default.
    """

    def __init__(
        self,
        records: Iterable[Record],
        faults: FaultPlan = (),
        *,
        today: date | None = None,
        strict_phrases: bool = False,
        port: int = 0,
        routes: Mapping[str, Route] | None = None,
        links: LinkTable | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._shelf = Shelf(records, today=today, strict_phrases=strict_phrases)
        self._routes = Routes(self._shelf, routes or {}, links or {})
        self._faults = FaultLine(faults)
        self._asked: list[tuple[str, Form]] = []
        self._arrivals: list[float] = []
        self._clock = clock or MonotonicClock()
        self._port = port
        self.closing = threading.Event()

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", self._port), type("Bound", (Handler,), {"desk": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The base address of the E-utilities, ending in a slash."""
        return self.at(EUTILS)

    def at(self, path: str) -> str:
        """Give the address of an absolute path."""
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    @property
    def asked(self) -> tuple[tuple[str, Form], ...]:
        """Every request so far: its route and its parameters."""
        return tuple(self._asked)

    @property
    def arrivals(self) -> tuple[float, ...]:
        """When each request came, by the stand-in's clock, in seconds."""
        return tuple(sorted(self._arrivals))

    @property
    def today(self) -> date:
        """The day it is on this PubMed; set it to let time pass."""
        return self._shelf.today

    @today.setter
    def today(self, day: date) -> None:
        self._shelf.today = day

    def answer(self, request: Request) -> tuple[Reply, Fault | None]:
        """Answer a request, and say what shall go wrong with the delivery."""
        self._arrivals.append(self._clock.now())
        place = self._routes.find(request.path)
        self._asked.append((place.name if place else request.path, request.form))
        if place is None:
            return text_reply("Unable to route request!", 404), None
        fault = self._faults.next_for(place.name)
        if fault is None or fault.kind in DELIVERIES:
            return place.route(request), fault
        if fault.kind in ALTERATIONS:
            return altered(fault.kind, place.route(request)), None
        return spoiled(fault, place.root), None


class _Server(ThreadingHTTPServer):
    """Keeps hold of its connections, so that none outlives the stand-in."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[Handler]) -> None:
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(address, handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        request, address = super().get_request()
        with self._lock:
            self._open.add(request)
        return request, address

    def close_request(self, request: Any) -> None:  # noqa: ANN401 - as in socketserver
        with self._lock:
            self._open.discard(request)
        super().close_request(request)

    def server_close(self) -> None:
        with self._lock:
            for request in self._open:
                with suppress(OSError):
                    request.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as in socketserver
        # A client that hangs up in the middle is part of many rehearsals.
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)
