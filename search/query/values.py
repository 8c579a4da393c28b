"""Compares whole values: headings, types, names, identifiers and numbers."""

import re
from collections.abc import Callable

from search.query.indexed import Indexed, value_of
from search.query.qualifiers import qualifier_of
from search.query.tree import Term
from search.query.wildcards import pattern_of

__all__ = ["found_in", "single_value"]

Test = Callable[[Indexed], bool]

_NAMES = frozenset({"au", "1au", "lastau"})
_HEADINGS = frozenset({"mh", "majr"})


def found_in(term: Term) -> Test:
    """Compile a term of a field of whole values into a test; the term has a field and no refused ``*``."""
    tag = term.field.tag if term.field else ""
    if tag in _NAMES:
        return _name(tag, term)
    if tag == "uid" and (ends := _ends(term.text)):
        return _between(*ends)
    sought = _sought(tag, term)
    if term.wild:
        return _wild(tag, term.text)
    if term.truncated:
        return _truncated(tag, sought)
    return lambda indexed: sought in indexed.values(tag)


def single_value(term: Term) -> str | None:
    """Give the one value that a term looks up as a whole; None for truncated ones and ranges."""
    tag = term.field.tag if term.field else ""
    if "*" in term.text or (tag == "uid" and _ends(term.text)):
        return None
    return _sought(tag, term)


def _sought(tag: str, term: Term) -> str:
    value = value_of(term.text)
    return _REWRITTEN[tag](value) if tag in _REWRITTEN else value


def _heading(value: str) -> str:
    heading, slash, qualifier = value.partition("/")
    return heading + slash + qualifier_of(qualifier)


def _language(value: str) -> str:
    """PubMed takes a language by its name or by the first three letters; MEDLINE writes Japanese as jpn."""
    return "jpn" if value == "japanese" else value[:3]


def _accession(value: str) -> str:
    """PubMed takes ``databank/accession`` and the accession alone."""
    return value.rsplit("/", 1)[-1]


def _orcid(value: str) -> str:
    return value.removeprefix("orcid").strip()


_REWRITTEN: dict[str, Callable[[str], str]] = {
    "sh": qualifier_of,
    "mh": _heading,
    "majr": _heading,
    "la": _language,
    "si": _accession,
    "auid": _orcid,
}


def _name(tag: str, term: Term) -> Test:
    value = value_of(term.text.removesuffix("*"))
    if term.quoted and not term.truncated:
        return lambda indexed: value in indexed.values(tag)
    # An author without initials is found under all of them, one with initials under all that begin so.
    begins = value if " " in term.text or term.truncated else f"{value} "
    return lambda indexed: any(name == value or name.startswith(begins) for name in indexed.values(tag))


def _truncated(tag: str, sought: str) -> Test:
    return lambda indexed: any(held.startswith(sought) for held in indexed.values(tag))


def _wild(tag: str, text: str) -> Test:
    folded = "*".join(map(value_of, text.split("*")))
    pattern = re.compile(pattern_of([folded], letter="."))
    return lambda indexed: any(pattern.fullmatch(held) for held in indexed.values(tag))


def _ends(text: str) -> tuple[int, int] | None:
    low, colon, high = text.partition(":")
    found = colon and low.isdecimal() and high.isdecimal() and max(len(low), len(high)) <= 18
    return (int(low), int(high)) if found else None


def _between(low: int, high: int) -> Test:
    return lambda indexed: any(
        held.isdecimal() and low <= int(held) <= high for held in indexed.values("uid")
    )
