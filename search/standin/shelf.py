"""The records the stand-in serves, searched for real, and the history of result lists.

A real PubMed knows 40 million records and with them every phrase of a sound strategy; a catalogue of a few
thousand does not. A phrase that no record holds is therefore reported as not found only where asked for.
"""

import dataclasses
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from review.record import Record
from search.query.fields import Kind
from search.query.match import test_of
from search.query.tree import Group, Node, Operator, Term, terms
from search.strategy import Indexed, Strategy, parse
from search.words import folded_words

__all__ = ["History", "Hits", "Shelf", "pmid_of"]

_REMEMBERED = 64
_NO_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What a query found, newest first, and what was dropped or not found on the way."""

    strategy: Strategy
    records: tuple[Record, ...]
    quoted_phrases_not_found: tuple[str, ...] = ()
    phrases_not_found: tuple[str, ...] = ()


class Shelf:
    """All records by PMID, of which those are served that have entered by `today`.

    Parameters
    ----------
    today
        The day it is on this PubMed; without one, the day on which the newest record entered.
    strict_phrases
        True to drop a quoted phrase that no record holds, as PubMed does, and to say so.
    """

    def __init__(
        self, records: Iterable[Record], *, today: date | None = None, strict_phrases: bool = False
    ) -> None:
        ordered = sorted(records, key=_newest_first, reverse=True)
        self._indexed = tuple(map(Indexed, ordered))
        self._by_pmid = {pmid_of(record): record for record in ordered}
        self.today = today or max((day for record in ordered if (day := record.entered)), default=_NO_DAY)
        self._strict = strict_phrases
        self._known: dict[str, Hits] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return sum(map(self.is_there, self._by_pmid.values()))

    @property
    def records(self) -> Iterator[Record]:
        """Every record that has entered, newest first."""
        return (indexed.record for indexed in self._indexed if self.is_there(indexed.record))

    def is_there(self, record: Record) -> bool:
        """Tell whether a record has entered; one without a day always has."""
        return record.entered is None or record.entered <= self.today

    def get(self, pmid: str) -> Record | None:
        """Give a record by its PMID, if it has entered."""
        record = self._by_pmid.get(pmid)
        return record if record and self.is_there(record) else None

    def search(self, query: str) -> Hits:
        """Evaluate a query over all records, entered or not; the last few answers are remembered.

        Raises
        ------
        StrategyError
            When the query has no reading.
        """
        with self._lock:
            if query not in self._known:
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                self._known[query] = self._found(parse(query))
            return self._known[query]

    def _found(self, strategy: Strategy) -> Hits:
        lost = tuple(self._lost(strategy)) if self._strict else ()
        test = test_of(_loosened(strategy.tree, lost)) if lost else strategy.matches
        refused = tuple(term.text for term in terms(strategy.tree) if term.refused)
        return Hits(
            strategy=strategy,
            records=tuple(indexed.record for indexed in self._indexed if test(indexed)),
            quoted_phrases_not_found=tuple(f'"{term.text}"' for term in lost if term.quoted),
            phrases_not_found=(*refused, *(term.text for term in lost if not term.quoted)),
        )

    def _lost(self, strategy: Strategy) -> Iterator[Term]:
        for term in dict.fromkeys(terms(strategy.tree)):
            searched = not term.refused and (term.field is None or term.field.kind is Kind.TEXT)
            if searched and not any(map(test_of(term), self._indexed)):
                yield term


class History:
    """Result lists kept for later calls, each under WebEnv and query key."""

    def __init__(self) -> None:
        self._lists: dict[str, list[tuple[str, ...]]] = {}
        self._lock = threading.Lock()

    def keep(self, pmids: tuple[str, ...], web_env: str = "") -> tuple[str, str]:
        """Keep a list; give its WebEnv (a new one unless an existing one is named) and query key."""
        with self._lock:
            name = web_env if web_env in self._lists else f"MCID_{len(self._lists) + 1:024x}"
            lists = self._lists.setdefault(name, [])
            lists.append(pmids)
            return name, str(len(lists))

    def get(self, web_env: str, query_key: str) -> tuple[str, ...] | None:
        """Give a list back, or None where there is none of that name and key."""
        lists = self._lists.get(web_env, [])
        fits = query_key.isdecimal() and 1 <= int(query_key) <= len(lists)
        return lists[int(query_key) - 1] if fits else None


def pmid_of(record: Record) -> str:
    """Give the identifier under which a record is served."""
    return record.pmid or record.accession


def _newest_first(record: Record) -> tuple[date, int]:
    pmid = pmid_of(record)
    return record.entered or date.min, int(pmid) if pmid.isdecimal() else 0


def _loosened(node: Node, lost: tuple[Term, ...]) -> Node:
    """Do what PubMed does with a phrase it does not know: look for its words, each anywhere in the field."""
    if isinstance(node, Group):
        return Group(node.operator, tuple(_loosened(part, lost) for part in node.parts))
    if not isinstance(node, Term) or node not in lost or len(words := folded_words(node.text)) < 2:
        return node
    return Group(Operator.AND, tuple(dataclasses.replace(node, text=word, quoted=False) for word in words))
