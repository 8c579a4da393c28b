"""Findings in single terms: tags, truncation, proximity, dates, and what is not held offline."""

import re
from collections.abc import Iterator

from search.query.dates import first_day, last_day
from search.query.fields import Field, Kind
from search.query.findings import Finding, Severity
from search.query.tree import DateRange, Leaf, Node, Term, leaves
from search.words import folded_words

__all__ = ["of_terms"]

_MOST_BETWEEN = 1000
_SHOWN = 60
_OF_PUBLICATION = "dp"
"""The date by which a review may limit what it includes; the others tell when a record came or changed."""
_RELATIVE = re.compile(r"last \d+ (?:day|month|year)s?", re.IGNORECASE)

_Said = tuple[str, Severity, str, str]


def of_terms(tree: Node) -> Iterator[Finding]:
    """Give what each term or range shows by itself."""
    for leaf, _ in leaves(tree):
        said = _of_range(leaf) if isinstance(leaf, DateRange) else _of_term(leaf)
        yield from (Finding(leaf.place.line, leaf.place.column, *one) for one in said)


def _of_range(span: DateRange) -> Iterator[_Said]:
    if span.field.tag != _OF_PUBLICATION:
        yield _of_arrival(span.field)
    if last_day(span.high) < first_day(span.low):
        yield (
            "reversed-range",
            Severity.ERROR,
            f"the range {span.low}:{span.high} ends before it begins",
            "write the earlier day first",
        )


def _of_arrival(field: Field) -> _Said:
    return (
        "date-in-strategy",
        Severity.ERROR,
        f"a date of [{field.tag}]: every later window would find nothing, and look searched",
        "leave it to the window that is sent beside the strategy, and say since when in the protocol",
    )


def _of_term(term: Term) -> Iterator[_Said]:
    if term.field is None:
        yield _without_field(term)
    else:
        yield from _of_field(term, term.field)
    if term.refused:
        yield (
            "truncation-refused",
            Severity.ERROR,
            f"truncation refused in {_cut(term)}: PubMed wants 4 characters of a word before its first *",
            "write the words out, or a longer stem",
        )
    if term.within is not None:
        yield from _of_proximity(term, term.within)


def _without_field(term: Term) -> _Said:
    if term.unknown:
        return (
            "unknown-tag",
            Severity.ERROR,
            f"unknown tag [{term.unknown[:_SHOWN]}]: PubMed drops it and searches all fields",
            "look the tag up in docs/reference/strategies.md",
        )
    mapped = (
        "it is searched in all fields, and not mapped"
        if "*" in term.text or term.quoted
        else ("PubMed maps it by rules that change over time")
    )
    return "untagged-term", Severity.WARNING, f"untagged term {_cut(term)}: {mapped}", "add a tag"


def _of_field(term: Term, field: Field) -> Iterator[_Said]:
    if field.instead:
        yield (
            "unlisted-tag",
            Severity.ERROR,
            f"[{field.tag}] is not among PubMed's search fields: it would drop the tag",
            f"write {field.instead}",
        )
    if field.kind is Kind.DATE:
        yield _of_day(term)
    elif field.kind is Kind.NOT_HELD and not field.instead:
        yield (
            "not-held-offline",
            Severity.NOTE,
            f"[{field.tag}] is not held offline: the term matches nothing here",
            "",
        )
    if term.noexp and not field.explodes:
        yield (
            "noexp-field",
            Severity.ERROR,
            f":noexp on [{field.tag}], which does not explode",
            "take :noexp out; it belongs to [mh], [majr], [sh] and [pt]",
        )


def _of_day(term: Term) -> _Said:
    if _RELATIVE.fullmatch(term.text):
        return (
            "relative-date",
            Severity.ERROR,
            f"{_cut(term)} moves with the day of the search",
            "leave dates to the window that is sent beside the strategy",
        )
    return (
        "unreadable-date",
        Severity.ERROR,
        f"unreadable date {_cut(term)}",
        "write YYYY, YYYY/MM or YYYY/MM/DD, or two with a colon between",
    )


def _of_proximity(term: Term, within: int) -> Iterator[_Said]:
    if term.field is not None and not term.field.has_proximity:
        yield (
            "proximity-field",
            Severity.ERROR,
            f"proximity in [{term.field.tag}]: PubMed has it in [ti], [tiab] and [ad] only",
            "write [tiab:~N] or [ti:~N]",
        )
    if within > _MOST_BETWEEN:
        yield (
            "proximity-distance",
            Severity.ERROR,
            f"a distance of {within} words",
            f"write a number from 0 to {_MOST_BETWEEN}",
        )
    if "*" in term.text:
        yield (
            "proximity-truncation",
            Severity.ERROR,
            f"a * in the proximity search {_cut(term)}: PubMed ignores the distance",
            "write each form of the word in a proximity search of its own",
        )
    if not term.quoted:
        yield (
            "proximity-unquoted",
            Severity.ERROR,
            f"proximity without quotes around {_cut(term)}",
            'write "word word"[tiab:~N]',
        )
    if len(folded_words(term.text)) < 2:
        yield (
            "proximity-one-word",
            Severity.WARNING,
            f"proximity of one word, {_cut(term)}",
            "take the :~N out, or add the other word",
        )


def _cut(leaf: Leaf) -> str:
    text = leaf.text if isinstance(leaf, Term) else leaf.low
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")
