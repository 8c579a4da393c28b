"""Asking in parts what is too much for one answer: by entry date first, an over-full day by PMID.

PubMed hands out the first 9,999 PMIDs of a question only, with paging as without (NLM, since April 2022).
"""

from collections.abc import Callable
from datetime import date, timedelta
from statistics import median_low

from review.searching import Window
from search.errors import BadReply, TooManyRecords
from search.eutils.replies import Answer

__all__ = ["ALWAYS", "MOST", "Ask", "in_parts"]

MOST = 9_999
"""PMIDs that one answer lists at most."""

ALWAYS = Window(date(1700, 1, 1), date(3000, 12, 31))
"""A window around every entry date there is."""

_ALL_PMIDS = range(1, 1_000_000_000)

Ask = Callable[[str, Window], Answer]
"""Puts one question: a query, and the days on which its records entered."""


def in_parts(ask: Ask, query: str, window: Window, whole: Answer) -> tuple[str, ...]:
    """Return all PMIDs of a question, from parts that each can be had in full.

    Parameters
    ----------
    whole
        The answer to the question as a whole, which counts more than it lists.

    Raises
    ------
    BadReply
        When the parts hold another number of records than the whole.
    TooManyRecords
        When one PMID is counted more than 9,999 times: no reading of the query can be trusted.
    """
    if window.start == window.end:
        return _by_pmid(ask, query, window, whole, _ALL_PMIDS)
    middle = window.start + timedelta(days=(window.end - window.start).days // 2)
    parts = (Window(window.start, middle), Window(middle + timedelta(days=1), window.end))
    pmids: list[str] = []
    for part in parts:
        answer = ask(query, part)
        pmids += answer.pmids if answer.count <= MOST else in_parts(ask, query, part, answer)
    return _checked(pmids, whole.count, f"the halves of {window}")


def _by_pmid(ask: Ask, query: str, window: Window, whole: Answer, among: range) -> tuple[str, ...]:
    low, high = among[0], among[-1]
    if low == high:
        raise TooManyRecords(
            f"PubMed ESearch: found {whole.count} records for PMID {low}; expected one; "
            "PubMed does not evaluate the query as written: check the strategy"
        )
    middle = _middle(whole.pmids, low, high)
    pmids: list[str] = []
    for first, last in ((low, middle), (middle + 1, high)):
        # The form that PubMed's users report to work: QUERY AND 1:7500[UID].
        answer = ask(f"({query}) AND ({first}:{last}[uid])", window)
        full = answer.count <= MOST
        pmids += answer.pmids if full else _by_pmid(ask, query, window, answer, range(first, last + 1))
    return _checked(pmids, whole.count, f"the PMIDs {low} to {high} of {window.start}")


def _middle(listed: tuple[str, ...], low: int, high: int) -> int:
    """Cut where half of the PMIDs listed lie: the numbers of one day are close together."""
    known = [int(pmid) for pmid in listed if pmid.isascii() and pmid.isdecimal() and low <= int(pmid) < high]
    return median_low(known) if known else (low + high) // 2


def _checked(pmids: list[str], count: int, parts: str) -> tuple[str, ...]:
    different = tuple(dict.fromkeys(pmids))
    if len(different) != count:
        raise BadReply(
            f"PubMed ESearch: found {len(different)} PMIDs in {parts}; expected the {count} of the whole; "
            "PubMed may have been updated in between: search again"
        )
    return different
