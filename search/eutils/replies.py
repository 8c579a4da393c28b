"""What an E-utilities reply says, read from its body first: HTTP 200 may still be a refusal."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from review.record import Record
from search import pubmed_xml
from search.errors import (
    BadReply,
    RateLimited,
    Redirected,
    RefusedQuery,
    SourceError,
    StrategyRefused,
    Truncated,
)

__all__ = [
    "Answer",
    "Reply",
    "check",
    "no_such_ids",
    "read_answer",
    "read_build",
    "read_records",
    "redacted",
    "redirect",
    "root_of",
]

_IPV4 = re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){1,7}(?::?[0-9a-f]{1,4}){0,7}(?![\w:])|::1\b", re.IGNORECASE)
_ERROR = re.compile(rb"<ERROR>(.*?)</ERROR>", re.DOTALL)
_HEAD = 4096
_NO_SUCH_IDS = b"id list is empty"


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole answer of the server.

    Parameters
    ----------
    where
        Which question it answers (``PubMed ESearch``), for the text of errors.
    retry_after, location
        The headers of that name; empty where there was none.
    """

    where: str
    status: int
    body: bytes
    retry_after: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What ESearch answered, nothing of the strategy dropped."""

    count: int
    pmids: tuple[str, ...]
    translation: str
    messages: tuple[str, ...]


def redacted(text: str) -> str:
    """Return `text` without network addresses."""
    for pattern in (_IPV4, _IPV6):
        text = pattern.sub("[address]", text)
    return text


def check(reply: Reply) -> None:
    """Raise what the reply is, unless it is an answer in XML; the body is believed before the status.

    Raises
    ------
    SourceError
        One of its kinds; quotations are free of addresses.
    """
    shown = _shown(reply)
    for recognise in (redirect, _too_often, _bad_key, _not_an_answer):
        if (error := recognise(reply, shown)) is not None:
            raise error


def read_answer(reply: Reply) -> Answer:
    """Read an ESearch reply.

    Raises
    ------
    StrategyRefused
        When ErrorList or WarningList names anything that was dropped or replaced.
    BadReply
        When it is no complete ESearch reply.
    """
    root = root_of(reply, "eSearchResult")
    dropped = [f"{note.tag} {_content(note)!r}" for note in _notes(root) if note.tag != "OutputMessage"]
    if dropped:
        raise StrategyRefused(
            f"{reply.where}: found that parts of the strategy were dropped, which changes what is counted "
            f"({'; '.join(dropped)}); expected every part to be used; correct these parts of the strategy"
        )
    return Answer(
        count=_number(root, "Count", reply),
        pmids=tuple(_content(identifier) for identifier in root.iterfind("IdList/Id")),
        translation=(root.findtext("QueryTranslation") or "").strip(),
        messages=tuple(_content(note) for note in _notes(root)),
    )


def read_build(reply: Reply) -> str:
    """Read the version of the database from an EInfo reply."""
    build = (root_of(reply, "eInfoResult").findtext("DbInfo/DbBuild") or "").strip()
    if not build:
        raise BadReply(f"{reply.where}: found no DbBuild; expected the version of the database; try again")
    return build


def read_records(reply: Reply) -> tuple[Record | pubmed_xml.Deleted, ...]:
    """Read an EFetch reply to its end."""
    try:
        return tuple(pubmed_xml.read(BytesIO(reply.body)))
    except Truncated as error:
        raise BadReply(f"{reply.where}: {error}") from None


def root_of(reply: Reply, expected: str) -> Element:
    """Parse a small reply, and make sure of its root.

    Raises
    ------
    BadReply
        When it is broken XML, declares entities, is another utility's, or holds an ERROR anywhere.
    """
    try:
        root: Element = fromstring(reply.body)
    except (ParseError, DefusedXmlException, ValueError):
        raise BadReply(
            f"{reply.where}: found {len(reply.body)} bytes of broken XML; "
            f"expected a whole <{expected}>; try again"
        ) from None
    if root.tag != expected:
        raise BadReply(f"{reply.where}: found <{root.tag}>; expected <{expected}>; try again")
    # An error may stand behind a list of thousands; espell shows that an empty one means none.
    said = "; ".join(filter(None, map(_content, root.iter("ERROR"))))
    if said:
        raise BadReply(
            f"{reply.where}: found an error: {redacted(said)[:200]}; expected an answer; try again later"
        )
    return root


def redirect(reply: Reply, shown: str = "") -> SourceError | None:  # noqa: ARG001 - one shape for all
    """Return the error that a redirect is, whoever answered so; None where the reply is none."""
    if not 300 <= reply.status < 400:
        return None
    target = redacted(reply.location.partition("?")[0]) or "nowhere"
    return Redirected(
        f"{reply.where}: found a redirect to {target}; expected an answer from the address that was asked; "
        "it was not followed: check the address of the source"
    )


def _too_often(reply: Reply, shown: str) -> SourceError | None:
    head = reply.body[:_HEAD].lower()
    said = not _is_document(reply) and b"rate limit exceeded" in head
    if reply.status != 429 and not said:
        return None
    message = (
        f"{reply.where}: found that it was asked too often ({shown}); expected an answer; wait, or use a key"
    )
    return RateLimited(message, _seconds(reply.retry_after))


def _bad_key(reply: Reply, shown: str) -> SourceError | None:
    if _is_document(reply) or b"api key invalid" not in reply.body[:_HEAD].lower():
        return None
    return RefusedQuery(
        f"{reply.where}: found that the key is not accepted ({shown}); expected a valid one; check it"
    )


def _not_an_answer(reply: Reply, shown: str) -> SourceError | None:
    start = reply.body[:_HEAD].lstrip().lower()
    faults = (
        (not start, f"an empty body (HTTP {reply.status})"),
        (start.startswith((b"<!doctype html", b"<html")), f"a web page ({shown})"),
        (b"<error>" in start, f"an error: {'; '.join(_errors(reply.body))}"),
        (reply.status != 200, shown),
        (not start.startswith((b"<", b"\xef\xbb\xbf<")), f"plain text ({shown})"),
    )
    found = next((fault for holds, fault in faults if holds), None)
    if found is None:
        return None
    return BadReply(f"{reply.where}: found {redacted(found)}; expected an answer in XML; try again later")


def _errors(body: bytes) -> Iterator[str]:
    return (" ".join(text.decode("utf-8", "replace").split()) for text in _ERROR.findall(body[:_HEAD]))


def _shown(reply: Reply, most: int = 160) -> str:
    text = " ".join(reply.body[:_HEAD].decode("utf-8", "replace").split())
    return f"HTTP {reply.status}, {redacted(text)[:most]}"


def no_such_ids(reply: Reply) -> bool:
    """Return whether EFetch says that it knows none of the PMIDs."""
    head = reply.body[:_HEAD].lower()
    return _NO_SUCH_IDS in head and b"<pubmedarticle" not in head


def _is_document(reply: Reply) -> bool:
    """Tell XML, whose text may say anything, from the short words of a server."""
    return reply.body[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _seconds(retry_after: str) -> float | None:
    """Read Retry-After in seconds; its other form, a date, would need a calendar and is left alone."""
    return float(retry_after) if retry_after.isdecimal() else None


def _notes(root: Element) -> Iterable[Element]:
    lists = (found for name in ("ErrorList", "WarningList") for found in root.iterfind(name))
    return (note for several in lists for note in several)


def _content(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _number(root: Element, name: str, reply: Reply) -> int:
    text = (root.findtext(name) or "").strip()
    if not text.isdecimal():
        raise BadReply(f"{reply.where}: found {name} {text!r}; expected a number; try again")
    return int(text)
