"""Connections on which a timeout is the time for a whole answer, not for each read of it.

``http.client`` reads status line and headers line by line, and urllib3 the body piece by piece, each with the
socket's timeout anew: a server that sends a byte now and then is waited for without end. Here every read gets
what is left. Only looking up a host's name stays outside: the system's resolver has limits of its own.
"""

import http.client
import io
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager

from search.clocks import MonotonicClock

__all__ = ["hold_deadlines"]

# Sockets know the machine's time only.
_CLOCK = MonotonicClock()


def hold_deadlines(session: requests.Session) -> None:
    """Make a session's connections count a timeout for the whole answer; twice is once."""
    if not isinstance(session.get_adapter("https://"), _Adapter):
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Adapter())


class _Reader(io.RawIOBase):
    """Reads from a socket until a moment, however many reads that takes."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, seconds: float) -> None:
        self._raw = raw
        self._sock = sock
        self._end = _CLOCK.now() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any writable buffer, as in io
        left = self._end - _CLOCK.now()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """Takes the timeout that the socket has when the answer begins as the time for all of it."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on
        super().__init__(sock, *args, **kwargs)
        seconds = sock.gettimeout()
        if seconds is not None:
            self.fp = io.BufferedReader(_Reader(self.fp.detach(), sock, seconds))


class _Plain(HTTPConnection):
    response_class = _Response

    def _new_conn(self) -> socket.socket:
        return _connected(self, super()._new_conn)


class _Secure(HTTPSConnection):
    response_class = _Response

    def _new_conn(self) -> socket.socket:
        return _connected(self, super()._new_conn)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    """Builds every connection, straight or through a proxy, of the classes above."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on
        super().init_poolmanager(*args, **kwargs)
        _furnish(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - handed on
        manager = super().proxy_manager_for(*args, **kwargs)
        _furnish(manager)
        return manager


def _furnish(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


def _connected(connection: HTTPConnection, connect: Callable[[], socket.socket]) -> socket.socket:
    """Connect, with the time shared among all addresses of the host."""
    whole = connection.timeout
    if isinstance(whole, float):
        connection.timeout = whole / _addresses(connection.host, connection.port or 0)
    try:
        return connect()
    finally:
        connection.timeout = whole


def _addresses(host: str, port: int) -> int:
    with suppress(OSError):
        return max(1, len(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    return 1
