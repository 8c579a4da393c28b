"""What a catalogue may say of an abstract: its distinct words and a strategy's phrases, no order, no count.

A strategy of words and phrases finds the index exactly when it finds the text. Proximity, and ``[ab]``
against ``[ot]``, are beyond an index.
"""

import dataclasses
import re
from collections.abc import Iterable

from review.record import Record
from search.query.fields import Kind
from search.query.tree import Term, terms
from search.strategy import Strategy
from search.words import folded_line, folded_words

__all__ = ["index_of", "indexed_record", "phrases_of"]


def phrases_of(*strategies: Strategy) -> tuple[str, ...]:
    """Give all phrases of several words that strategies look for in texts, folded, sorted, each once.

    Hyphenated words are phrases; a phrase with a truncated last word ends in ``*``.
    """
    found = {phrase for strategy in strategies for term in terms(strategy.tree) for phrase in _phrases(term)}
    return tuple(sorted(found))


def index_of(text: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """Give the sorted distinct folded words of a text, and those of the phrases that occur in it.

    Parameters
    ----------
    phrases
        As `phrases_of` gives them.
    """
    line = folded_line((text,))
    occurring = (met for phrase in phrases for met in _occurrences(phrase, line))
    return tuple(sorted({*folded_words(text), *occurring}))


def indexed_record(record: Record, phrases: Iterable[str]) -> Record:
    """Give the record with the index of its abstract and keywords in place of both, if it has an abstract."""
    if not record.abstract:
        return record
    wanted = tuple(phrases)
    words = {word for part in (record.abstract, *record.keywords) for word in index_of(part, wanted)}
    return dataclasses.replace(record, abstract="", keywords=tuple(sorted(words)), index_only=True)


def _phrases(term: Term) -> list[str]:
    if term.refused or (term.field and term.field.kind is not Kind.TEXT):
        return []
    whole = term.quoted or term.field is not None
    runs = [term.text] if whole else term.text.split()
    return [_folded(run) for run in runs if len(folded_words(run)) > 1]


def _folded(run: str) -> str:
    return " ".join(folded_words(run)) + ("*" if run.endswith("*") else "")


def _occurrences(phrase: str, line: str) -> set[str]:
    if not phrase.endswith("*"):
        return {phrase} if f" {phrase} " in line else set()
    stem = phrase.removesuffix("*")
    if f" {stem}" not in line:
        return set()
    return set(re.findall(rf"(?<= ){re.escape(stem)}[^ ]*", line))
