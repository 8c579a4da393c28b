"""The keys under which a record is filed and asked for; an index needs nothing but exact look-ups.

A key is ``kind value``. What shares a key is compared; what shares none is never looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from review.record import Record
from search.files.citation_fields import bare_doi
from search.links.likeness import Sketch, normal_title, sketch
from search.links.study_words import core_words, trial_names
from search.links.traits import doi_of, pmcid_of, registered
from search.registrations import find_registrations

__all__ = ["DISTINCT", "LONG", "LONG_WORD", "SUBJECT", "Keys", "filed_under", "keys_of", "title_key"]

DISTINCT = 25
"""Letters below which a title (*Editorial*, *Reply*) says too little by itself."""

SUBJECT = 20
"""The same for a title without its words on design, part and kind of report."""

LONG = 40
"""Letters from which a title, or its subject, is not shared by strangers, whoever wrote them."""

_KEY = 32
_RARE = 4
_DIGIT = re.compile("[0-9]")
LONG_WORD = 6
"""Letters from which a word is rare enough to help; longer words are rarer (Zipf's law of abbreviation)."""


def title_key(title: str) -> str:
    """Return what titles of one report have in common: their first 32 letters and digits, normalised.

    It finds candidates. Two titles with one key need not be the same.
    """
    return normal_title(title)[:_KEY]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys of a record.

    Parameters
    ----------
    filed
        Those under which an index files it.
    asked
        Those by which what it may belong to is looked up, the most telling first.
    """

    filed: tuple[str, ...]
    asked: tuple[str, ...]


def keys_of(record: Record) -> Keys:
    """Return both kinds of keys of a record; what it corrects, it is found by, and the reverse."""
    seen = sketch(record)
    own, corrected = tuple(_own(record, seen)), tuple(_corrected(record))
    title = (f"title {seen.title[:_KEY]}",) if seen.title else ()
    naming_it = (f"named {key}" for key in own if key.startswith(("pmid ", "doi ")))
    asked = (*own, *(title if len(seen.title) >= DISTINCT else ()), *corrected, *naming_it)
    filed = (*own, *title, *(f"named {key}" for key in corrected))
    return Keys(filed=tuple(dict.fromkeys(filed)), asked=tuple(dict.fromkeys(asked)))


def filed_under(record: Record) -> tuple[str, ...]:
    """Return the keys under which an index files a record."""
    return keys_of(record).filed


def _own(record: Record, seen: Sketch) -> Iterator[str]:
    values = {"pmid": record.pmid, "doi": doi_of(record), "pmcid": pmcid_of(record)}
    yield from (f"{kind} {value}" for kind, value in values.items() if value)
    yield from (f"trial {number}" for number in _registrations(record))
    yield from (f"name {name}" for name in trial_names(record.title))
    yield from _by_title(seen)
    yield from _by_place(seen)


def _by_title(seen: Sketch) -> Iterator[str]:
    """Give keys for a title with another beginning: its subject, and its rarest words in whatever order."""
    if len(seen.title) < DISTINCT:
        if seen.title and seen.year and seen.volume:
            yield f"short {seen.title} {seen.year} {seen.volume}"
        return
    core = core_words(seen.words)
    subject = "".join(core)[:SUBJECT]
    if len(subject) == SUBJECT:
        yield f"core {subject}"
    rare = sorted({word for word in core if len(word) >= LONG_WORD}, key=lambda word: (-len(word), word))
    if len(rare) >= _RARE:
        yield f"words {' '.join(rare[:_RARE])}"


def _by_place(seen: Sketch) -> Iterator[str]:
    """Give keys for a title that is told quite differently: a place tells a report as well."""
    if seen.page and seen.year:
        if seen.volume:
            yield f"place {seen.year} {seen.volume} {seen.page}"
        if seen.author:
            yield f"page {seen.author[0]} {seen.year} {seen.page}"


def _registrations(record: Record) -> tuple[str, ...]:
    said = " ; ".join((*record.registrations, registered(record), record.title, record.abstract))
    return find_registrations(said) if _DIGIT.search(said) else ()


def _corrected(record: Record) -> Iterator[str]:
    """Give the keys of the documents that a record corrects or discusses, or that do so to it."""
    for each in record.corrections:
        if each.pmid:
            yield f"pmid {each.pmid}"
        elif doi := bare_doi(each.citation):
            yield f"doi {doi.lower()}"
