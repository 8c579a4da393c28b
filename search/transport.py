"""Asking a source over HTTP: whole bodies only, a bounded number of tries, and an end to every wait."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import requests
import urllib3
from tenacity import RetryCallState, Retrying, retry_if_exception

from search.clocks import Clock
from search.errors import BadReply, SourceError, Unreachable
from search.eutils.replies import Reply
from search.limiter import Limiter

__all__ = ["LONGEST_PAUSE", "Transport"]

T = TypeVar("T")

LONGEST_PAUSE = 60.0
"""Seconds: the most that is ever waited between tries, whatever the source asks for."""

_TRIES_IN_DEADLINE = 3
_CHUNK = 1 << 16
_LARGEST_BODY = 1 << 28


@dataclass(frozen=True, slots=True)
class Transport:
    """A way to ask a source until it answers, or until it is time to say that it does not.

    Parameters
    ----------
    deadline
        Seconds for one question with all its tries; a single try may take a third of it, however slowly
        its bytes drip in.
    attempts
        The most tries for one question.
    """

    session: requests.Session
    limiter: Limiter
    clock: Clock
    deadline: float
    attempts: int = 5

    def ask(self, where: str, url: str, form: Mapping[str, str], read: Callable[[Reply], T]) -> T:
        """Post `form` to `url` and return what `read` makes of the reply.

        What `read` raises as transient counts as a failed try, so an incomplete answer is asked for again.

        Parameters
        ----------
        where
            The source and question, for the text of errors.

        Raises
        ------
        SourceError
            The last failure, when the tries or the time are used up; at once where trying again is no use.
        """
        end = self.clock.now() + self.deadline
        retrying = Retrying(
            sleep=self.clock.sleep,
            wait=_pause,
            stop=lambda state: (
                state.attempt_number >= self.attempts or self.clock.now() + state.upcoming_sleep >= end
            ),
            retry=retry_if_exception(_transient),
            reraise=True,
        )
        return retrying(lambda: read(self._exchange(where, url, form, end)))

    def _exchange(self, where: str, url: str, form: Mapping[str, str], end: float) -> Reply:
        self.limiter.wait()
        now = self.clock.now()
        seconds = max(0.001, min(end - now, self.deadline / _TRIES_IN_DEADLINE))
        try:
            with self.session.post(
                url, data=form, timeout=seconds, stream=True, allow_redirects=False
            ) as response:
                return Reply(
                    where=where,
                    status=response.status_code,
                    body=self._body(where, response.raw, now + seconds),
                    retry_after=response.headers.get("Retry-After", ""),
                    location=response.headers.get("Location", ""),
                )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            # Their own texts name addresses, and their chain would print them.
            raise _failure(where, error) from None

    def _body(self, where: str, raw: urllib3.HTTPResponse, end: float) -> bytes:
        """Read piece by piece as pieces arrive: a read timeout alone starts anew with every byte."""
        parts, size = [], 0
        while part := raw.read1(_CHUNK, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > _LARGEST_BODY:
                raise BadReply(f"{where}: found more than {_LARGEST_BODY} bytes; expected less; ask for less")
            if self.clock.now() > end:
                raise Unreachable(
                    f"{where}: found {size} bytes when the time was over; expected the whole answer; "
                    "try again later, or allow more time"
                )
        return b"".join(parts)


def _pause(state: RetryCallState) -> float:
    """Return 1, 2, 4 ... seconds, or longer where the source asks for it; never over the longest pause."""
    asked = getattr(_error(state), "retry_after", None) or 0.0
    return min(LONGEST_PAUSE, max(2.0 ** (state.attempt_number - 1), asked))


def _error(state: RetryCallState) -> BaseException | None:
    return None if state.outcome is None else state.outcome.exception()


def _transient(error: BaseException) -> bool:
    return isinstance(error, SourceError) and error.transient


def _failure(where: str, error: Exception) -> SourceError:
    cut = isinstance(error, urllib3.exceptions.ProtocolError)
    broken = isinstance(error, urllib3.exceptions.DecodeError)
    if cut or broken:
        return BadReply(
            f"{where}: found an answer that breaks off or is damaged; expected a whole one; try again"
        )
    return Unreachable(
        f"{where}: found {_told(error)}; expected an answer; check the network "
        "and the address of the source, then try again"
    )


def _told(error: Exception) -> str:
    kinds = (
        (
            (requests.ConnectTimeout, requests.ReadTimeout, urllib3.exceptions.TimeoutError),
            "no answer in time",
        ),
        (requests.exceptions.SSLError, "a certificate that is not accepted"),
        (requests.exceptions.ProxyError, "a proxy that does not let us through"),
        (requests.ConnectionError, "no connection (refused, reset, or an unknown host)"),
        (requests.exceptions.InvalidURL, "an address that is none"),
    )
    return next((text for kind, text in kinds if isinstance(error, kind)), type(error).__name__)
