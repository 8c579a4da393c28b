"""A service that answers in JSON, at one address, through one transport."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from search.eutils.replies import Reply
from search.sources.fields import Fields
from search.sources.json_replies import read_json
from search.transport import Transport

__all__ = ["Service"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """Where to ask, and how.

    Parameters
    ----------
    base_url
        The address before the path of a question, with or without a slash at its end.
    """

    base_url: str
    transport: Transport

    def ask(
        self,
        where: str,
        path: str,
        form: Mapping[str, str],
        read: Callable[[Fields], T],
        *,
        method: Literal["GET", "POST"] = "GET",
    ) -> T:
        """Return what `read` makes of the answer; BadReply from it is a failed try.

        Raises
        ------
        SourceError
            As `Transport.ask` and `read_json`.
        """

        def checked(reply: Reply) -> T:
            return read(read_json(reply))

        url = f"{self.base_url.rstrip('/')}/{path}"
        return self.transport.ask(where, url, form, checked, method=method)
