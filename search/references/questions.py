"""The questions that may find a citation in PubMed, most telling first."""

import re
from collections.abc import Iterator
from itertools import islice

from review.record import Record
from search.eutils.citation_match import CitationKey
from search.links.likeness import title_words

__all__ = ["citation_key", "title_queries"]

_STOPWORDS = frozenset(
    """
    a about again all almost also although always among an and another any are as at be because been
    before being between both but by can could did do does done due during each either enough especially
    etc for found from further had has have having here how however i if in into is it its itself just
    kg km made mainly make may mg might ml mm most mostly must nearly neither no nor obtained of often
    on our overall perhaps quite rather really regarding seem seen several should show showed shown
    shows significantly since so some such than that the their theirs them then there therefore these
    they this those through thus to upon use used using various very was we were what when which while
    with within without would
    """.split()  # noqa: SIM905 - a list of 130 quoted words is harder to read
)
"""Words that PubMed does not search for (NLM, *PubMed User Guide*: Stopwords)."""

_MOST_WORDS = 12
_SHORTEST = 3
_FIRST_PAGE = re.compile(r"[A-Za-z]*\d+")


def citation_key(citation: Record, key: str) -> CitationKey | None:
    """Return what ECitMatch can be asked; None without journal, year and a place in it."""
    page = _FIRST_PAGE.match(citation.pages.strip())
    if not citation.journal or citation.year is None or not (citation.volume or page):
        return None
    return CitationKey(
        key=key,
        journal=citation.journal,
        year=str(citation.year),
        volume=citation.volume,
        first_page=page[0] if page else "",
        author=citation.authors[0] if citation.authors else "",
    )


def title_queries(citation: Record) -> Iterator[str]:
    """Give queries in PubMed's syntax: all telling words of the title, then those with the longest first."""
    words = [word for word in dict.fromkeys(title_words(citation.title)) if _asked(word)]
    if not words:
        return
    yield _all_in_title(islice(words, _MOST_WORDS))
    longest = sorted(words, key=len, reverse=True)
    surname = _surname(citation)
    if surname and len(longest) > 2:
        yield f"{_all_in_title(longest[:3])} AND {surname}[au]"


def _asked(word: str) -> bool:
    return word.isascii() and len(word) >= _SHORTEST and word not in _STOPWORDS


def _all_in_title(words: Iterator[str] | list[str]) -> str:
    return " AND ".join(f"{word}[ti]" for word in words)


def _surname(citation: Record) -> str:
    first = citation.authors[0] if citation.authors else ""
    words = re.findall(r"[A-Za-z][A-Za-z'-]+", first.partition(",")[0])
    return words[0] if words else ""
