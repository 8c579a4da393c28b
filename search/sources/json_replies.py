"""What a reply in JSON says, believed by its body first; everything that is no answer is a declared error."""

import json
from collections.abc import Callable

from search.errors import BadReply, NotKnown, RateLimited, RefusedQuery, SourceError
from search.eutils.replies import Reply, redacted, redirect
from search.sources.fields import Fields

__all__ = ["read_json"]

_SHOWN = 160
_COMPLAINTS = ("errMsg", "error", "errorMessage")


def read_json(reply: Reply) -> Fields:
    """Return the object that the reply is.

    Raises
    ------
    Redirected, RateLimited
        When it is one; a redirect is not followed.
    NotKnown
        When the service itself says, in JSON, that it holds no such entry (``errCode`` 404).
    RefusedQuery
        When the question cannot be read, or nothing is at that address: a 404 of whatever stands between.
    BadReply
        When it is anything else than a whole JSON object: a web page, an error, a body that breaks off.
    """
    for recognise in _KINDS:
        if (error := recognise(reply)) is not None:
            raise error
    answer = _parsed(reply)
    if (complaint := _complaint(answer)) is not None:
        raise complaint
    return answer


def _parsed(reply: Reply) -> Fields:
    try:
        given = json.loads(reply.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadReply(
            f"{reply.where}: found {len(reply.body)} bytes of broken JSON; expected a whole answer; try again"
        ) from None
    if not isinstance(given, dict):
        raise BadReply(f"{reply.where}: found JSON that is no object; expected one; try again")
    return Fields(reply.where, given)


def _too_often(reply: Reply) -> SourceError | None:
    if reply.status != 429:
        return None
    seconds = float(reply.retry_after) if reply.retry_after.isdecimal() else None
    return RateLimited(f"{reply.where}: found that it was asked too often; expected an answer; wait", seconds)


def _page_or_nothing(reply: Reply) -> SourceError | None:
    start = reply.body.lstrip()[:1]
    if start and start != b"<":
        return None
    found = f"a web page or XML (HTTP {reply.status})" if start else f"an empty body (HTTP {reply.status})"
    return BadReply(f"{reply.where}: found {found}; expected an answer in JSON; try again later")


def _refused(reply: Reply) -> SourceError | None:
    if reply.status not in {400, 404}:
        return None
    kind = NotKnown if _says_not_known(reply) else RefusedQuery
    return kind(
        f"{reply.where}: found that the question is refused ({_shown(reply)}); expected an answer; "
        "correct what is asked"
    )


def _says_not_known(reply: Reply) -> bool:
    try:
        return _code(_parsed(reply)) == "404"
    except BadReply:
        return False


def _code(answer: Fields) -> str:
    return str(answer.given.get("errCode", ""))


def _failed(reply: Reply) -> SourceError | None:
    if reply.status == 200:
        return None
    return BadReply(f"{reply.where}: found {_shown(reply)}; expected an answer; try again later")


_KINDS: tuple[Callable[[Reply], SourceError | None], ...] = (
    redirect,
    _too_often,
    _page_or_nothing,
    _refused,
    _failed,
)


def _complaint(answer: Fields) -> SourceError | None:
    """Recognise an error under HTTP 200; Europe PMC numbers its own as HTTP does."""
    said = next((str(answer.given[key]) for key in _COMPLAINTS if answer.given.get(key)), None)
    if said is None:
        return None
    kind = {"400": RefusedQuery, "404": NotKnown}.get(_code(answer), BadReply)
    return kind(
        f"{answer.where}: found an error ({redacted(said)[:_SHOWN]}); expected an answer; try again later"
    )


def _shown(reply: Reply) -> str:
    text = " ".join(reply.body[:4096].decode("utf-8", "replace").split())
    return f"HTTP {reply.status}, {redacted(text)[:_SHOWN]}"
