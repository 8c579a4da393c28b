"""Findings in the text as it was typed: quotes, and operators in lower case."""

import re
from collections.abc import Iterator

from search.query.findings import Finding, Place, Places, Severity
from search.query.lexer import LOOKALIKES, unpaired_quote

__all__ = ["of_text"]

_NEAR = 40
_LOOKALIKE = re.compile(f"[{LOOKALIKES}]")
_QUOTED = re.compile(r'"[^"]*"')
_SWALLOWED = re.compile(r"\s(?:AND|OR|NOT)\s|[()\[\]]")
_LOWER_CASE = re.compile(r"(?<=[\s)\]\"])(?!(?-i:AND|OR|NOT)\b)(and|or|not)(?=[\s(\"])", re.IGNORECASE)
_OTHER_STEM = re.compile(r"(?<=\w)[$?]\d*(?=[\s)\[\]]|$)")


def of_text(text: str, first: int = 1) -> Iterator[Finding]:
    """Give what the text shows before any reading; it begins at line `first` of its file."""
    places = Places(text, first)
    # Phrases are blotted out, length for length, where only what stands outside them counts.
    outside = _QUOTED.sub(lambda match: re.sub(r"[^\s\"]", "_", match.group()), text)
    yield from _quotes(text, places)
    yield from _lower_case(outside, places)
    yield from _stems(outside, places)


def _quotes(text: str, places: Places) -> Iterator[Finding]:
    for match in _LOOKALIKE.finditer(text):
        said = f"typographic quote {match.group()}; it was passed over"
        yield _finding(places.at(match.start()), "typographic-quote", said, 'write " instead')
    if (offset := unpaired_quote(text)) is not None:
        said = "a double quote without its pair; it was passed over"
        yield _finding(places.at(offset), "unpaired-quote", said, "close the phrase, or take the quote out")
    for match in _QUOTED.finditer(text):
        if _SWALLOWED.search(match.group()):
            said = "a quoted phrase with operators or brackets inside: is a quote missing?"
            advice = "look for the phrase before it that was not closed"
            yield _finding(places.at(match.start()), "swallowed-operator", said, advice)


def _lower_case(outside: str, places: Places) -> Iterator[Finding]:
    for match in _LOWER_CASE.finditer(outside):
        start, end = match.span()
        before = outside[max(0, start - _NEAR) : start].rstrip()[-1:]
        after = outside[end : end + _NEAR].lstrip()[:1]
        certain = before in {")", "]", '"'} or after in {"(", '"'}
        said = f"{match.group()!r} is read as a word"
        advice = f"write {match.group().upper()} for the operator, or quote the phrase"
        severity = Severity.ERROR if certain else Severity.WARNING
        yield _finding(places.at(start), "lower-case-operator", said, advice, severity)


def _stems(outside: str, places: Places) -> Iterator[Finding]:
    for match in _OTHER_STEM.finditer(outside):
        said = f"{match.group()!r} after a word is another database's truncation; PubMed passes it over"
        advice = "write * for word endings; PubMed has no sign for exactly one letter"
        yield _finding(places.at(match.start()), "foreign-truncation", said, advice, Severity.WARNING)


def _finding(
    place: Place, code: str, message: str, advice: str, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(place.line, place.column, code, severity, message, advice)
