"""ECitMatch: PMIDs by journal, year, volume, first page and author; in plain text both ways.

The form of question and answer is that of NCBI's *Entrez Programming Utilities Help* (NBK25499), section
ECitMatch; the words after a citation that was not found are those of recorded replies.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from search.errors import BadReply
from search.eutils.replies import Reply, redacted

__all__ = ["CitationKey", "is_answer", "question", "read_matches"]

_FIELDS = 7
_PMID = re.compile(r"\b[1-9]\d{0,8}\b")
_COUNTED = re.compile(r"\(\s*\d+ citations\s*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationKey:
    """What ECitMatch is asked by; every field but `key` may be empty.

    Parameters
    ----------
    key
        Ours, and part of the answer: by it an answer finds its citation.
    """

    key: str
    journal: str = ""
    year: str = ""
    volume: str = ""
    first_page: str = ""
    author: str = ""


def question(citations: Iterable[CitationKey]) -> str:
    """Return the text that asks for several citations at once."""
    return "\r".join(map(_line, citations))


def is_answer(reply: Reply) -> bool:
    """Return whether the body is lines of citations: ECitMatch alone answers in plain text."""
    lines = _lines(reply)
    return reply.status == 200 and bool(lines) and all(line.count("|") >= _FIELDS - 1 for line in lines)


def read_matches(reply: Reply) -> Mapping[str, tuple[str, ...]]:
    """Return the PMIDs by key: none where the citation was not found, several where it is ambiguous.

    Keys that PubMed left out of its answer are left out here: what was not answered is not *not found*.

    Raises
    ------
    BadReply
        When the body is anything but lines of citations.
    """
    if not is_answer(reply):
        found = redacted(reply.body[:80].decode("utf-8", "replace"))
        raise BadReply(f"{reply.where}: found {found!r}; expected lines of citations; try again later")
    rows = (line.split("|") for line in _lines(reply))
    return {row[_FIELDS - 2].strip(): _pmids("|".join(row[_FIELDS - 1 :])) for row in rows}


def _line(citation: CitationKey) -> str:
    fields = (
        *(citation.journal, citation.year, citation.volume),
        *(citation.first_page, citation.author, citation.key),
    )
    return "".join(f"{_plain(field)}|" for field in fields)


def _plain(field: str) -> str:
    """Take out what separates fields and citations."""
    return " ".join(field.replace("|", " ").split())


def _lines(reply: Reply) -> list[str]:
    text = reply.body.decode("utf-8", "replace")
    return [line for line in re.split(r"[\r\n]+", text) if line.strip()]


def _pmids(found: str) -> tuple[str, ...]:
    said = found.strip()
    if said.startswith("NOT_FOUND"):
        return ()
    return tuple(dict.fromkeys(_PMID.findall(_COUNTED.sub("", said))))
