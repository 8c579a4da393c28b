"""The tree of a strategy: terms and date ranges, joined by operators from left to right as PubMed does."""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from search.query.fields import Field
from search.query.findings import Place
from search.words import folded_words

__all__ = ["DateRange", "Group", "Leaf", "Node", "Operator", "Term", "leaves", "terms", "write", "write_long"]

_SHORTEST_STEM = 4


class Operator(StrEnum):
    """PubMed's three operators; they have no precedence among themselves."""

    AND = "AND"
    OR = "OR"
    NOT = "NOT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word, a phrase or a heading with its field.

    Parameters
    ----------
    field
        None for an untagged term, and for one whose tag PubMed does not know.
    noexp
        True for ``[mh:noexp]``: PubMed does not add the narrower headings.
    within
        For ``[tiab:~N]``: at most so many other words between those of the phrase, in any order.
    unknown
        The tag that PubMed does not know, as written; PubMed drops it and searches all fields.
    """

    text: str
    field: Field | None = None
    quoted: bool = False
    noexp: bool = False
    within: int | None = None
    unknown: str = ""
    place: Place = dataclasses.field(default_factory=Place, compare=False, repr=False)

    @property
    def truncated(self) -> bool:
        """True where the last word stands for all words that begin so."""
        return self.text.endswith("*")

    @property
    def wild(self) -> bool:
        """True where a ``*`` stands inside the term, for no or more letters (PubMed, since June 2024)."""
        return "*" in self.text[:-1]

    @property
    def refused(self) -> bool:
        """True for a truncation that PubMed refuses: under four characters of a word before its first ``*``.

        Source: NLM Technical Bulletin 2024 May-June (458) e5.
        """
        if "*" not in self.text:
            return False
        stems = (word.partition("*")[0] for word in self.text.split() if "*" in word)
        return any(len("".join(folded_words(stem))) < _SHORTEST_STEM for stem in stems)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange:
    """Days from `low` to `high`, each a year, a month or a day as written (``2014``, ``2014/05/01``)."""

    low: str
    high: str
    field: Field
    place: Place = dataclasses.field(default_factory=Place, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Group:
    """Two or more parts under one operator, taken from left to right (NOT: the first without the others)."""

    operator: Operator
    parts: tuple["Node", ...]


Leaf = Term | DateRange
Node = Leaf | Group


def leaves(node: Node, *, taken_out: bool = False) -> Iterator[tuple[Leaf, bool]]:
    """Give all terms and ranges in the order written, each with whether a NOT takes its records out."""
    if not isinstance(node, Group):
        yield node, taken_out
        return
    for number, part in enumerate(node.parts):
        turned = node.operator is Operator.NOT and number > 0
        yield from leaves(part, taken_out=taken_out != turned)


def terms(node: Node) -> Iterator[Term]:
    """Give all terms of a tree in the order in which they were written."""
    if isinstance(node, Group):
        for part in node.parts:
            yield from terms(part)
    elif isinstance(node, Term):
        yield node


def write(node: Node) -> str:
    """Write a tree in PubMed's syntax with short tags; reading it back gives the same tree."""
    if isinstance(node, Group):
        return _joined(node, write)
    if isinstance(node, DateRange):
        return f"{_days(node)}[{node.field.tag}]"
    return _quoted(node) + _tag(node)


def write_long(node: Node) -> str:
    """Write a tree as PubMed's query translations show it: every term quoted, fields by their long names."""
    if isinstance(node, Group):
        return _joined(node, write_long)
    if isinstance(node, DateRange):
        return f"{_days(node)}[{node.field.name}]"
    name = node.field.name if node.field else "All Fields"
    return f'"{node.text.lower()}"[{name}{_modifier(node)}]'


def _joined(group: Group, writer: Callable[[Node], str]) -> str:
    written = (f"({writer(part)})" if isinstance(part, Group) else writer(part) for part in group.parts)
    return f" {group.operator} ".join(written)


def _quoted(term: Term) -> str:
    return f'"{term.text}"' if term.quoted else term.text


def _tag(term: Term) -> str:
    if term.field is None:
        return f"[{term.unknown}]" if term.unknown else ""
    return f"[{term.field.tag}{_modifier(term)}]"


def _modifier(term: Term) -> str:
    if term.noexp:
        return ":noexp"
    return "" if term.within is None else f":~{term.within}"


def _days(span: DateRange) -> str:
    return span.low if span.low == span.high else f"{span.low}:{span.high}"
