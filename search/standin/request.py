"""One HTTP request as a route of the stand-in sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from search.standin.reply import Form, Reply

__all__ = ["Request", "Route", "request_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked.

    Parameters
    ----------
    path
        Absolute, without the question mark and what follows it.
    parameters
        Names and values, those of the address before those of a form in the body, each as often as given.
    """

    method: str
    path: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def form(self) -> Form:
        """The parameters by name; one given several times becomes a list with commas."""
        return {name: ",".join(self.every(name)) for name, _ in self.parameters}

    def every(self, name: str) -> tuple[str, ...]:
        """Give all values of a parameter, apart."""
        return tuple(value for given, value in self.parameters if given == name)

    def one(self, name: str, default: str = "") -> str:
        """Give the last value of a parameter."""
        return self.every(name)[-1] if self.every(name) else default


Route = Callable[[Request], Reply]
"""Answers the requests of one path, or of all paths below one."""


def request_of(method: str, address: str, body: str) -> Request:
    """Read a request line and a form."""
    parts = urlsplit(address)
    pairs = [
        pair
        for text in (parts.query, body)
        for pair in parse_qsl(text, keep_blank_values=True, max_num_fields=100_000)
    ]
    return Request(method=method, path=parts.path, parameters=tuple(pairs))
