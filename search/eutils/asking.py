"""One door to the E-utilities: identity on every question, the body read before the status."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import requests

from search.clocks import Clock
from search.eutils.replies import Reply, check
from search.limiter import Limiter
from search.transport import Form, Transport

__all__ = ["Eutils"]

T = TypeVar("T")


class Eutils:
    """Asks the E-utilities, each question by POST.

    NCBI wants POST for long queries and for more than 200 identifiers, and takes it for all. By GET the key
    and the address of whom to write to would stand in the address, and so in the logs of every proxy.

    Parameters
    ----------
    base_url
        Where the E-utilities are (``https://eutils.ncbi.nlm.nih.gov/entrez/eutils/``).
    email, tool
        Whom NCBI may write to, and about what; sent with every question.
    api_key
        A key of NCBI, or empty. It travels in the body of requests only and stands in no log or error.
    deadline
        Seconds for one question with all its tries.
    attempts
        The most tries for one question.

    Attributes
    ----------
    session
        As given.

    Raises
    ------
    ValueError
        When `email` or `tool` is empty: NCBI asks for both.
    """

    def __init__(
        self,
        base_url: str,
        email: str,
        tool: str,
        api_key: str = "",
        *,
        session: requests.Session,
        limiter: Limiter,
        clock: Clock,
        deadline: float = 180.0,
        attempts: int = 5,
    ) -> None:
        if not email or not tool:
            raise ValueError(f"PubMed: found email {email!r} and tool {tool!r}; expected both, as NCBI asks")
        self._base_url = base_url.rstrip("/")
        self._key = api_key
        self._identity = {"tool": tool, "email": email} | ({"api_key": api_key} if api_key else {})
        self.session = session
        self._transport = Transport(session, limiter, clock, deadline, attempts)

    def ask(
        self,
        utility: str,
        form: Form,
        read: Callable[[Reply], T],
        *,
        lenient: Callable[[Reply], bool] = lambda _: False,
    ) -> T:
        """Put a question and return what `read` makes of the reply.

        Parameters
        ----------
        utility
            Its name as NCBI writes it (``ESearch``).
        lenient
            Recognises replies that are answers though they do not look like one; `read` gets them unchecked.

        Raises
        ------
        SourceError
            What the reply is, when it is no answer; the last failure, when there was none.
        """

        def checked(received: Reply) -> T:
            reply = _without(self._key, received)
            if not lenient(reply):
                check(reply)
            return read(reply)

        given = form if isinstance(form, list | tuple) else dict(form).items()
        pairs = [*given, *self._identity.items()]
        ending = "cgi" if utility == "ECitMatch" else "fcgi"
        url = f"{self._base_url}/{utility.lower()}.{ending}"
        return self._transport.ask(f"PubMed {utility}", url, pairs, checked)


def _without(key: str, reply: Reply) -> Reply:
    """Take a key that the server repeats out of the reply, before anybody can quote it."""
    if not key or (key.encode() not in reply.body and key not in reply.location):
        return reply
    body, location = reply.body.replace(key.encode(), b"[key]"), reply.location.replace(key, "[key]")
    return replace(reply, body=body, location=location)
