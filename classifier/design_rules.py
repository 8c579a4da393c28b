"""The rules of the design tag: which phrases speak for the report of a randomised trial, which against it.

They stand in ``design_rules.csv``, to be read and corrected: a name, the side, where to look, the weight
guessed by hand, the weight learned from it, and the phrases.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from classifier.phrases import Found, Phrasebook, words
from classifier.text import has_body
from review.record import Record

__all__ = ["START", "Place", "Rule", "Spoken", "rules", "spoken"]

START = "where every record starts"
"""The name of the one row without phrases of its own: the log-odds of a text that says nothing."""

_RANDOMISED = {"randomised in any other words", "randomised in another language"}


class Place(StrEnum):
    """Where the phrases of a rule count."""

    TITLE = "title"
    TEXT = "text"
    ALL = "all"
    UNRANDOMISED = "unrandomised"
    ELSEWHERE = "elsewhere"
    NO_BODY = "no body"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Parameters
    ----------
    name
        What it looks for, shown to whoever asks why.
    speaks_for
        Whether it speaks for a trial; its weight is never below 0 then, and never above 0 otherwise.
    place
        `TEXT` is title and abstract, `UNRANDOMISED` both where no word of randomisation is left, `NO_BODY`
        a record without abstract. `ELSEWHERE` marks phrases that speak of other studies (``randomized ~
        trials``): what lies within them counts for no other rule but those of `ALL`.
    by_hand, weight
        In logits, once for a text: as guessed, as learned.
    """

    name: str
    speaks_for: bool
    place: Place
    by_hand: float
    weight: float
    phrases: str


class Spoken(NamedTuple):
    """A rule that holds for a record, by its number, and the words that made it hold."""

    rule: int
    quote: str


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules, the start first; read once."""
    lines = (files("classifier") / "design_rules.csv").read_text(encoding="utf-8").splitlines()
    return tuple(
        Rule(
            row["name"],
            row["side"] == "for",
            Place(row["where"]),
            float(row["by_hand"]),
            float(row["weight"]),
            row["phrases"],
        )
        for row in csv.DictReader(lines)
    )


def spoken(record: Record) -> list[Spoken]:
    """Return the rules that hold for a record's title and abstract (or index of words), each once."""
    read = _reader()
    title = words((record.title,))
    text = title + words(record.keywords if record.index_only else (record.abstract,))
    places = read.places
    found = read.book.find(text)
    hidden = {at for one in found if places[one.entry] is Place.ELSEWHERE for at in range(one.start, one.end)}
    first: dict[int, Found] = {}
    for one in found:
        if one.entry not in first and _counts(one, places[one.entry], hidden, len(title)):
            first[one.entry] = one
    if read.randomised & first.keys():
        first = {rule: one for rule, one in first.items() if places[rule] is not Place.UNRANDOMISED}
    told = [Spoken(rule, " ".join(text[one.start : one.end])) for rule, one in sorted(first.items())]
    return told if has_body(record) else [*told, *(Spoken(rule, "") for rule in read.bare)]


def _counts(one: Found, place: Place, hidden: set[int], title: int) -> bool:
    if place in {Place.ALL, Place.ELSEWHERE}:
        return True
    if hidden and not hidden.isdisjoint(range(one.start, one.end)):
        return False
    return place is not Place.TITLE or one.start < title


class _Reader(NamedTuple):
    book: Phrasebook
    places: Sequence[Place]
    randomised: frozenset[int]
    bare: tuple[int, ...]


@cache
def _reader() -> _Reader:
    known = rules()
    return _Reader(
        book=Phrasebook([rule.phrases for rule in known]),
        places=[rule.place for rule in known],
        randomised=frozenset(number for number, rule in enumerate(known) if rule.name in _RANDOMISED),
        bare=tuple(number for number, rule in enumerate(known) if rule.place is Place.NO_BODY),
    )
