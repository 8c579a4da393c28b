"""What can be asked to go wrong: replies of the kinds that PubMed was seen to give, and broken deliveries.

The bodies are worded here; their shapes are those of failures reported in public.
"""

import gzip
import threading
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from search.standin.reply import Reply, error_reply, text_reply

__all__ = ["ALTERATIONS", "DELIVERIES", "HANGING", "Fault", "FaultKind", "FaultLine", "FaultPlan", "spoiled"]


class FaultKind(StrEnum):
    """One way in which an answer goes wrong."""

    RATE_LIMITED = "429 with JSON"
    SERVER_ERROR = "500 with JSON"
    SERVER_ERROR_TEXT = "500 with text"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    RELAYED = "400 with the relayed failure of another server"
    PAGE = "200 with a web page"
    ERROR = "200 with ERROR"
    UNROUTABLE = "200 with text"
    EMPTY = "200 with nothing"
    REDIRECT = "302 to another host"
    CUT = "half of the body, then the end, without a length"
    SHORT = "half of the body, though the length of the whole is announced"
    DRIP = "the body byte by byte"
    DRIP_HEAD = "status line and headers byte by byte"
    STALL = "half of the body, then silence"
    SILENCE = "no answer at all"
    OLD = "HTTP/1.0: the whole body, ended by closing"
    RESET = "connection reset"
    BOMB = "200 with a little that unpacks to very much"
    DUPLICATED = "one record twice, another not"
    REPEATED = "every record twice"
    REORDERED = "the last record first"
    OMITTED = "one record left out"
    NO_RECORDS = "an empty set"
    MERGED = "one record under another PMID"
    INTRUDED = "one record more than was asked for"
    DELETED = "one record named as deleted"
    FUTURE_DTD = "a DTD of a year to come"
    NOT_UTF8 = "a byte that is no UTF-8"


DELIVERIES = frozenset(
    {
        FaultKind.CUT,
        FaultKind.SHORT,
        FaultKind.DRIP,
        FaultKind.DRIP_HEAD,
        FaultKind.STALL,
        FaultKind.SILENCE,
        FaultKind.OLD,
        FaultKind.RESET,
    }
)
"""Faults of the way, not of the answer."""

HANGING = frozenset({FaultKind.STALL, FaultKind.SILENCE})
"""Faults that only a deadline ends."""

ALTERATIONS = frozenset(
    {
        FaultKind.DUPLICATED,
        FaultKind.REPEATED,
        FaultKind.REORDERED,
        FaultKind.OMITTED,
        FaultKind.NO_RECORDS,
        FaultKind.MERGED,
        FaultKind.INTRUDED,
        FaultKind.DELETED,
        FaultKind.FUTURE_DTD,
        FaultKind.NOT_UTF8,
    }
)
"""Faults of the content, in an answer that otherwise is the right one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault, for the next few requests to one route.

    Parameters
    ----------
    route
        ``esearch``, ``efetch``, ...; empty for whatever comes.
    times
        How many requests it spoils, 1 or more.
    pause
        For DRIP and DRIP_HEAD, seconds between two bytes.
    share
        For CUT and SHORT, how much of the body is delivered, from 0 to 1.
    retry_after
        For RATE_LIMITED, what the header Retry-After says; empty for none.
    """

    route: str
    kind: FaultKind
    times: int = 1
    pause: float = 0.2
    share: float = 0.5
    retry_after: str = ""


FaultPlan = tuple[Fault, ...]
"""Faults in the order in which they strike; each is used up before a later one for the same route."""


class FaultLine:
    """Hands out the faults of a plan, one to a request."""

    def __init__(self, plan: FaultPlan) -> None:
        self._waiting = [fault for fault in plan for _ in range(fault.times)]
        self._lock = threading.Lock()

    def next_for(self, route: str) -> Fault | None:
        """Take the next fault that concerns a route, or None."""
        with self._lock:
            for at, fault in enumerate(self._waiting):
                if fault.route in {"", route}:
                    return self._waiting.pop(at)
        return None


def spoiled(fault: Fault, root_tag: str) -> Reply:
    """Give the answer of a fault that stands in the place of the regular one.

    Parameters
    ----------
    root_tag
        The root of the answer that should have come.
    """
    kind = fault.kind
    if kind is FaultKind.ERROR:
        return error_reply(root_tag, "Search Backend failed: rehearsed failure of the stand-in")
    if kind is FaultKind.REDIRECT:
        # RFC 2606: a name under .invalid never resolves, so that following it cannot reach anybody.
        return Reply(b"", 302, "text/html", (("Location", "http://elsewhere.invalid/entrez/eutils/"),))
    if kind is FaultKind.BOMB:
        return Reply(_bomb(), 200, "text/xml", (("Content-Encoding", "gzip"),))
    if kind is FaultKind.RATE_LIMITED and fault.retry_after:
        return replace(_FIXED[kind], headers=(("Retry-After", fault.retry_after),))
    return _FIXED[kind]


@cache
def _bomb() -> bytes:
    return gzip.compress(bytes(1 << 24))


def _json(text: str, status: int) -> Reply:
    return Reply(text.encode(), status, "application/json")


# RFC 5737: 192.0.2.0/24 is for documentation; NCBI shows a client without a key its own address there.
_FIXED = {
    FaultKind.RATE_LIMITED: _json(
        '{"error":"API rate limit exceeded","api-key":"192.0.2.7","count":"4","limit":"3"}', 429
    ),
    FaultKind.SERVER_ERROR: _json(
        '{"error":"error forwarding request","api-key":"192.0.2.7","type":"ip"}', 500
    ),
    FaultKind.SERVER_ERROR_TEXT: text_reply("WWW Error 500", 500),
    FaultKind.BAD_GATEWAY: text_reply("Bad Gateway", 502),
    FaultKind.UNAVAILABLE: text_reply("Service Unavailable", 503),
    FaultKind.GATEWAY_TIMEOUT: text_reply("Gateway Timeout", 504),
    FaultKind.RELAYED: text_reply(
        "Error: proxy_stream() failed: HTTP 502 from a server behind this one", 400
    ),
    FaultKind.PAGE: Reply(
        b"<!DOCTYPE html>\n<html><head><title>Rehearsed maintenance</title></head><body>Soon</body></html>\n",
        content_type="text/html; charset=UTF-8",
    ),
    FaultKind.UNROUTABLE: text_reply("Unable to route request!\n\nservice name: /rehearsed\n"),
    FaultKind.EMPTY: Reply(b""),
}
