"""PubMed XML handed in as a file: search.pubmed_xml reads it, the entries behind a break are counted."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from review.record import Record
from search import pubmed_xml
from search.errors import Truncated
from search.files.decoding import Text
from search.files.importing import Entry, Rejected

__all__ = ["BEGINS", "read"]

BEGINS = re.compile(r"<Pubmed(Book)?ArticleSet\b")
_STARTS = re.compile(r"<Pubmed(?:Book)?Article[\s>]")


def read(text: Text) -> Iterator[Entry]:
    """Give out each record of `text`; deletions, and the entries lost behind a break, as rejected."""
    good = 0
    try:
        for item in pubmed_xml.read(_stream(text)):
            if isinstance(item, Record):
                good += 1
                yield item
            else:
                yield Rejected(1, f"PubMed has deleted record {item.pmid}")
    except Truncated as error:
        yield from _lost(text, good, str(error))


def _stream(text: Text) -> IO[bytes]:
    if text.encoding in {"utf-8", "utf-8-sig"} and not text.replaced:
        return text.stream()
    # What it declares of its encoding no longer holds.
    return BytesIO(re.sub(r"^\s*<\?xml[^>]*\?>", "", text.whole()).encode("utf-8"))


def _lost(text: Text, good: int, why: str) -> Iterator[Rejected]:
    last, seen = 1, 0
    for number, line in enumerate(text.lines(), 1):
        last = number
        for _ in _STARTS.finditer(line):
            seen += 1
            if seen > good:
                yield Rejected(number, why)
    if seen <= good:
        yield Rejected(last, why)
