"""ESearch: a query evaluated for real, with date windows, paging, history, and PubMed's ways to warn."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree.ElementTree import Element

from review.record import Record
from search.query.tree import DateRange, Term, terms
from search.standin.reply import Form, Reply, child, error_reply, xml_reply
from search.standin.shelf import History, Hits, Shelf, pmid_of
from search.strategy import Strategy, StrategyError, parse

__all__ = ["esearch"]

_MOST = 9999
_TOO_FAR = (
    "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. "
    "For PubMed, ESearch retrieves the first 9,999 records of a query only."
)
_NO_EXPLOSION = "MeSH terms were matched exactly: this stand-in does not explode them."
_LIMITED = "'retmax' was limited to 9999, the most that ESearch gives for PubMed."
_NOTHING = "No items found."
_UIDS = re.compile(r"\((?P<query>.*)\) AND \((?P<low>\d+):(?P<high>\d+)\[uid\]\)", re.IGNORECASE | re.DOTALL)
_DATE_TAGS = {"edat": "edat", "pdat": "dp", "crdt": "crdt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """Which days, and which part of the list, are asked for."""

    window: Strategy | None
    pmids: range | None
    start: int
    size: int
    limited: bool


def esearch(form: Form, shelf: Shelf, history: History) -> Reply:
    """Answer ESearch."""
    try:
        page = _page(form, shelf.today)
        hits = shelf.search(_term(form)[0])
    except (StrategyError, ValueError) as error:
        return error_reply("eSearchResult", str(error))
    if page.start > _MOST - 1:
        return error_reply("eSearchResult", _TOO_FAR)
    found = tuple(record for record in hits.records if shelf.is_there(record) and _inside(record, page))
    if form.get("rettype") == "count":
        return _count_only(found)
    return _listed(form, hits, found, page, history)


def _term(form: Form) -> tuple[str, range | None]:
    """Give the query, and apart from it the range of PMIDs that a last ``AND (1:99[uid])`` asks for."""
    if not form.get("term", "").strip():
        raise ValueError("Empty term and query_key - nothing todo")
    ranged = _UIDS.fullmatch(form["term"])
    if ranged is None:
        return form["term"], None
    return ranged["query"], range(int(ranged["low"]), int(ranged["high"]) + 1)


def _page(form: Form, today: date) -> _Page:
    start, size = (_whole(form, key, default) for key, default in (("retstart", 0), ("retmax", 20)))
    return _Page(
        window=_window(form, today),
        pmids=_term(form)[1],
        start=start,
        size=size,
        limited=size > _MOST,
    )


def _whole(form: Form, key: str, default: int) -> int:
    value = form.get(key) or str(default)
    if not value.isdecimal():
        raise ValueError(f"Invalid value of {key}: {value}")
    return int(value)


def _window(form: Form, today: date) -> Strategy | None:
    """Read mindate and maxdate, or reldate. Stricter than PubMed: what cannot be evaluated is an error."""
    low, high = form.get("mindate", ""), form.get("maxdate", "")
    if form.get("reldate"):
        low, high = f"{today - timedelta(days=_whole(form, 'reldate', 0)):%Y/%m/%d}", f"{today:%Y/%m/%d}"
    if not low and not high:
        return None
    if not (low and high):
        raise ValueError("mindate and maxdate go together")
    kind = form.get("datetype") or "edat"
    if kind not in _DATE_TAGS:
        raise ValueError(f"datetype {kind} is not held by this stand-in; it has edat, pdat and crdt")
    window = parse(f'"{low}:{high}"[{_DATE_TAGS[kind]}]')
    if not isinstance(window.tree, DateRange):
        raise ValueError(f"Invalid dates: {low} to {high}")  # noqa: TRY004 - the value is wrong, not a type
    return window


def _inside(record: Record, page: _Page) -> bool:
    pmid = pmid_of(record)
    numbered = page.pmids is None or (pmid.isdecimal() and int(pmid) in page.pmids)
    return numbered and (page.window is None or page.window.matches(record))


def _count_only(found: tuple[Record, ...]) -> Reply:
    root = Element("eSearchResult")
    child(root, "Count", str(len(found)))
    return xml_reply(root)


def _listed(form: Form, hits: Hits, found: tuple[Record, ...], page: _Page, history: History) -> Reply:
    pmids = tuple(map(pmid_of, found))
    shown = pmids[:_MOST][page.start : page.start + page.size]
    root = Element("eSearchResult")
    for tag, number in (("Count", len(pmids)), ("RetMax", len(shown)), ("RetStart", page.start)):
        child(root, tag, str(number))
    if form.get("usehistory") == "y":
        web_env, key = history.keep(pmids, form.get("WebEnv", ""))
        child(root, "QueryKey", key)
        child(root, "WebEnv", web_env)
    identifiers = child(root, "IdList")
    for pmid in shown:
        child(identifiers, "Id", pmid)
    child(root, "TranslationSet")
    child(root, "QueryTranslation", _translation(hits.strategy, page))
    _add_list(root, "ErrorList", _errors(hits))
    _add_list(root, "WarningList", _warnings(hits, page, count=len(pmids)))
    return xml_reply(root)


def _translation(strategy: Strategy, page: _Page) -> str:
    said = strategy.translation
    if page.pmids is not None:
        said = f"({said}) AND {page.pmids[0]}:{page.pmids[-1]}[UID]"
    return said if page.window is None else f"({said}) AND {page.window.translation}"


def _errors(hits: Hits) -> list[tuple[str, str]]:
    lost = [("PhraseNotFound", phrase) for phrase in hits.phrases_not_found]
    return lost + [("FieldNotFound", tag) for tag in hits.strategy.unknown_tags]


def _warnings(hits: Hits, page: _Page, count: int) -> list[tuple[str, str]]:
    messages = {
        _NO_EXPLOSION: any(map(_would_explode, terms(hits.strategy.tree))),
        _LIMITED: page.limited,
        _NOTHING: count == 0,
    }
    dropped = [("QuotedPhraseNotFound", phrase) for phrase in hits.quoted_phrases_not_found]
    return dropped + [("OutputMessage", message) for message, holds in messages.items() if holds]


def _would_explode(term: Term) -> bool:
    return term.field is not None and term.field.is_heading and not term.noexp


def _add_list(root: Element, tag: str, entries: list[tuple[str, str]]) -> None:
    if entries:
        parent = child(root, tag)
        for name, text in entries:
            child(parent, name, text)
