"""Evaluates a strategy against records offline.

What PubMed does and this cannot: explosion of MeSH headings, automatic term mapping of untagged terms,
the dates and fields that a record does not hold. `search.query.limits` says which of it a query meets.
"""

import re
from bisect import bisect_left
from collections.abc import Callable

from search.query.dates import first_day, last_day
from search.query.fields import Kind
from search.query.indexed import Indexed
from search.query.tree import DateRange, Group, Node, Operator, Term
from search.query.values import found_in, single_value
from search.query.wildcards import pattern_of
from search.words import folded_stems, folded_words

__all__ = ["Test", "test_of"]

_WHOLE = frozenset({"mh", "majr", "sh", "pt", "uid"})

Test = Callable[[Indexed], bool]
"""Whether a record fits."""


def test_of(node: Node) -> Test:
    """Compile a tree into one test, to be put to many records."""
    if isinstance(node, Group):
        return _group(node)
    if isinstance(node, DateRange):
        return _date(node)
    return _term(node)


def _group(group: Group) -> Test:
    if group.operator is Operator.OR:
        return _or(group.parts)
    tests = tuple(map(test_of, group.parts))
    if group.operator is Operator.AND:
        return lambda indexed: all(test(indexed) for test in tests)
    wanted, unwanted = tests[0], tests[1:]
    return lambda indexed: wanted(indexed) and not any(test(indexed) for test in unwanted)


def _or(parts: tuple[Node, ...]) -> Test:
    """Look all single words, stems and headings of one field up together: long OR lists consist of them."""
    plain: dict[str, set[str]] = {}
    stems: dict[str, list[str]] = {}
    tests: list[Test] = []
    for part in parts:
        if not isinstance(part, Term) or (sought := _single(part)) is None:
            tests.append(test_of(part))
        elif part.truncated:
            stems.setdefault(_tag(part), []).append(sought)
        else:
            plain.setdefault(_tag(part), set()).add(sought)
    together = [_one_of(tag, frozenset(sought)) for tag, sought in plain.items()]
    together += [_stem(tag, *sought) for tag, sought in stems.items()]
    ordered = (*together, *tests)
    return lambda indexed: any(test(indexed) for test in ordered)


def _single(term: Term) -> str | None:
    """Give one word or stem of a text field, or one whole heading, as it is looked up; else None."""
    if term.refused or term.wild or term.field is None or term.within is not None:
        return None
    if term.field.tag in _WHOLE:
        return single_value(term)
    words = folded_words(term.text)
    return words[0] if term.field.kind is Kind.TEXT and len(words) == 1 else None


def _tag(term: Term) -> str:
    return term.field.tag if term.field else "all"


def _one_of(tag: str, sought: frozenset[str]) -> Test:
    if tag in _WHOLE:
        return lambda indexed: not sought.isdisjoint(indexed.values(tag))
    return lambda indexed: not sought.isdisjoint(indexed.text(tag).words)


def _date(span: DateRange) -> Test:
    low, high = first_day(span.low), last_day(span.high)
    if span.field.tag == "dp":
        # A record holds the year of publication only: it fits wherever its year touches the range.
        return lambda indexed: (year := indexed.record.year) is not None and low.year <= year <= high.year
    if span.field.tag == "lr":
        return lambda indexed: (day := indexed.record.revised) is not None and low <= day <= high
    return lambda indexed: (day := indexed.record.entered) is not None and low <= day <= high


def _term(term: Term) -> Test:
    kind = term.field.kind if term.field else Kind.TEXT
    if term.refused or kind in {Kind.NOT_HELD, Kind.DATE}:
        return lambda _: False
    if kind is Kind.VALUE:
        return found_in(term)
    return _untagged(term) if term.field is None and not term.quoted else _text(term)


def _untagged(term: Term) -> Test:
    """All words of an untagged run, each anywhere: what PubMed's mapping comes down to without MeSH."""
    words = term.text.split()
    if len(words) == 1:
        return _text(term)
    if all(word.isdecimal() for word in words):
        # PubMed takes several numbers side by side for a list of PMIDs.
        return lambda indexed: not indexed.values("uid").isdisjoint(words)
    return _group(Group(Operator.AND, tuple(Term(text=word) for word in words if folded_words(word))))


def _text(term: Term) -> Test:
    tag, words = _tag(term), folded_words(term.text)
    if term.wild:
        return _pattern(tag, folded_stems(term.text))
    if term.within is not None and len(words) > 1:
        return _near(tag, words, term.within)
    if len(words) > 1:
        return _phrase(tag, words, truncated=term.truncated)
    return _stem(tag, words[0]) if term.truncated else _word(tag, words[0])


def _word(tag: str, word: str) -> Test:
    return lambda indexed: word in indexed.text(tag).words


def _stem(tag: str, *stems: str) -> Test:
    def test(indexed: Indexed) -> bool:
        ordered = indexed.text(tag).ordered
        # The sentinel sorts behind every word, so that each place found can be looked at.
        return any(ordered[bisect_left(ordered, stem)].startswith(stem) for stem in stems)

    return test


def _phrase(tag: str, words: list[str], *, truncated: bool) -> Test:
    first, phrase = words[0], f" {' '.join(words)}{'' if truncated else ' '}"

    def test(indexed: Indexed) -> bool:
        text = indexed.text(tag)
        return first in text.words and phrase in text.line

    return test


def _pattern(tag: str, words: list[str]) -> Test:
    """Look for a word or phrase in which ``*`` stands for no or more letters of one word."""
    pattern = re.compile(f" {pattern_of(words)} ")
    return lambda indexed: pattern.search(indexed.text(tag).line) is not None


def _near(tag: str, words: list[str], within: int) -> Test:
    wanted = set(words)

    def test(indexed: Indexed) -> bool:
        text = indexed.text(tag)
        return wanted <= text.words and any(_meet(part, wanted, within) for part in text.parts)

    return test


def _meet(part: str, wanted: set[str], within: int) -> bool:
    """Tell whether all wanted words lie in one stretch with at most `within` others."""
    places = [(place, word) for place, word in enumerate(part.split()) if word in wanted]
    width = len(wanted) + within
    return any(
        {word for place, word in places[start:] if place < first + width} == wanted
        for start, (first, _) in enumerate(places)
    )
