"""Asking a source over HTTP: whole bodies only, a bounded number of tries, and an end to every wait."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import requests
import urllib3
from tenacity import RetryCallState, Retrying, retry_if_exception

from search.bodies import unpacked
from search.clocks import Clock
from search.deadlines import hold_deadlines
from search.errors import BadReply, SourceError, Unreachable
from search.eutils.replies import Reply
from search.limiter import Limiter

__all__ = ["LONGEST_PAUSE", "Form", "Transport"]

T = TypeVar("T")

Form = Mapping[str, str] | Sequence[tuple[str, str]]
"""Parameters by name; as pairs where one is given several times."""

LONGEST_PAUSE = 60.0
"""Seconds: the most that is ever waited between tries, whatever the source asks for."""

_TRIES_IN_DEADLINE = 3
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Transport:
    """A way to ask a source until it answers, or until it is time to say that it does not.

    Parameters
    ----------
    session
        Its connections are replaced by those of `search.deadlines`. Proxies and certificates that the
        environment names (``HTTPS_PROXY``, ``REQUESTS_CA_BUNDLE``) hold, as hospitals need them to.
    deadline
        Seconds for one question with all its tries; a single try may take a third of it, however slowly
        the bytes of its head and body drip in.
    attempts
        The most tries for one question.
    """

    session: requests.Session
    limiter: Limiter
    clock: Clock
    deadline: float
    attempts: int = 5

    def __post_init__(self) -> None:
        hold_deadlines(self.session)

    def ask(
        self,
        where: str,
        url: str,
        form: Form,
        read: Callable[[Reply], T],
        *,
        method: Literal["GET", "POST"] = "POST",
    ) -> T:
        """Send `form` to `url` and return what `read` makes of the reply.

        What `read` raises as transient counts as a failed try, so an incomplete answer is asked for again.

        Parameters
        ----------
        where
            The source and question, for the text of errors.
        method
            GET puts the form into the address, which servers and proxies write into their logs: nothing
            secret may be in it.

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
        return retrying(lambda: read(self._exchange(where, method, url, form, end)))

    def _exchange(self, where: str, method: str, url: str, form: Form, end: float) -> Reply:
        self.limiter.wait()
        seconds = max(0.001, min(end - self.clock.now(), self.deadline / _TRIES_IN_DEADLINE))
        sent = {"params": form} if method == "GET" else {"data": form}
        try:
            with self.session.request(
                method,
                url,
                **sent,  # type: ignore[arg-type]  # a form fits both
                headers={"Accept-Encoding": "gzip"},
                timeout=urllib3.Timeout(total=seconds),  # type: ignore[arg-type]  # requests takes it, its stubs do not
                stream=True,
                allow_redirects=False,
            ) as response:
                return Reply(
                    where=where,
                    status=response.status_code,
                    body=_body(where, response),
                    retry_after=response.headers.get("Retry-After", ""),
                    location=response.headers.get("Location", ""),
                )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            failure = _failure(where, error)
        # Raised out here, so that no chain leads to errors that name addresses.
        raise failure


def _body(where: str, response: requests.Response) -> bytes:
    pieces = response.raw.stream(_CHUNK, decode_content=False)
    return unpacked(where, response.headers.get("Content-Encoding", ""), pieces)


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
    if cut:
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
