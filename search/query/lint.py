"""What a person should look at in a strategy before it is sent: each with line and column."""

import re
from collections.abc import Iterator

from search.query.fields import Kind
from search.query.lexer import Finding, Place, place_of, unpaired_quote
from search.query.tree import Node, Term, terms

__all__ = ["findings"]

_TYPOGRAPHIC = re.compile("[“”„‟«»]")
_LOWER_CASE = re.compile(r"(?<=\s)(and|or|not|And|Or|Not)(?=\s)")
_SWALLOWED = re.compile(r"\s(?:AND|OR|NOT)\s|[()\[\]]")
_QUOTED = re.compile(r'"[^"]*"')


def findings(text: str, tree: Node) -> tuple[Finding, ...]:
    """Give what is doubtful in a query that could be read, in the order of the text."""
    return tuple(sorted({*_quotes(text), *_lower_case(text), *_terms(tree)}))


def _quotes(text: str) -> Iterator[Finding]:
    for match in _TYPOGRAPHIC.finditer(text):
        yield _finding(place_of(text, match.start()), f'typographic quote {match.group()}; write " instead')
    if (offset := unpaired_quote(text)) is not None:
        yield _finding(place_of(text, offset), "a double quote without its pair; it was passed over")
    for match in _QUOTED.finditer(text):
        if _SWALLOWED.search(match.group()):
            yield _finding(
                place_of(text, match.start()),
                "a quoted phrase with operators or brackets inside: is a quote missing?",
            )


def _lower_case(text: str) -> Iterator[Finding]:
    unquoted = _QUOTED.sub(lambda match: re.sub(r"\S", "_", match.group()), text)
    for match in _LOWER_CASE.finditer(unquoted):
        word = match.group()
        yield _finding(
            place_of(text, match.start()),
            f"{word!r} is read as a word; write {word.upper()} for the operator, or quote the phrase",
        )


def _terms(tree: Node) -> Iterator[Finding]:
    for term in terms(tree):
        yield from (_finding(term.place, message) for message in _messages(term))


def _messages(term: Term) -> Iterator[str]:
    if term.unknown:
        yield f"unknown tag [{term.unknown}]; PubMed drops it and searches all fields"
    elif term.field is None:
        yield f"untagged term {term.text!r}; PubMed maps it by rules that change over time; add a tag"
    elif term.field.kind is Kind.DATE:
        yield f"unreadable date {term.text!r}; write YYYY, YYYY/MM or YYYY/MM/DD, or two with a colon between"
    elif term.field.kind is Kind.NOT_HELD:
        yield f"[{term.field.tag}] is not held offline: the term matches nothing here"
    if term.refused:
        yield f"truncation refused in {term.text!r}; PubMed wants 4 characters before one * at the end"


def _finding(place: Place, message: str) -> Finding:
    return Finding(place.line, place.column, message)
