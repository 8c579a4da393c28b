"""What offline evaluation leaves open: said of a query, and of one record that it does not find."""

from collections.abc import Iterator

from search.query.fields import Kind
from search.query.holdings import held_less, undated
from search.query.indexed import Indexed
from search.query.match import test_of
from search.query.tree import DateRange, Group, Leaf, Node, Operator, Term, leaves
from search.words import folded_words

__all__ = ["could_match", "limits_of"]

_SHOWN = 3
_INDEXED = frozenset({"", "MEDLINE"})  # a record of another status has no headings in PubMed either

_MAPPED = frozenset({"mh", "majr"})  # PubMed takes a heading's entry terms for it, with :noexp too


def limits_of(node: Node) -> tuple[str, ...]:
    """Say in sentences what of a query PubMed does and offline evaluation does not."""
    found: dict[str, list[str]] = {}
    for leaf, _ in leaves(node):
        for limit in _limits(leaf):
            found.setdefault(limit, []).append(_shown(leaf))
    return tuple(f"{limit}: {_some(list(dict.fromkeys(names)))}." for limit, names in found.items())


def could_match(node: Node, indexed: Indexed) -> bool | None:
    """Tell whether PubMed finds a record, or None where that hangs on what cannot be evaluated offline."""
    if isinstance(node, Group):
        return _joined(node, indexed)
    if test_of(node)(indexed):
        return True
    return None if _open(node, indexed) else False


def _joined(group: Group, indexed: Indexed) -> bool | None:
    found = [could_match(part, indexed) for part in group.parts]
    if group.operator is Operator.NOT:
        found = [found[0], *(None if one is None else not one for one in found[1:])]
    decisive = group.operator is Operator.OR
    if decisive in found:
        return decisive
    return None if None in found else not decisive


def _open(leaf: Leaf, indexed: Indexed) -> bool:
    """Tell whether PubMed might find the record by a leaf that does not match it here."""
    if isinstance(leaf, DateRange):
        return undated(leaf, indexed.record)
    if leaf.refused:
        return False
    if leaf.field is None or leaf.field.kind in {Kind.NOT_HELD, Kind.DATE} or held_less(leaf):
        return True
    if leaf.field.explodes:
        return _has_hidden_headings(leaf, indexed)
    beyond_index = leaf.wild or leaf.within is not None
    return indexed.record.index_only and leaf.field.kind is Kind.TEXT and beyond_index


def _has_hidden_headings(term: Term, indexed: Indexed) -> bool:
    """Tell whether a narrower heading may be among those known, or any among those that are not known."""
    record = indexed.record
    if term.field is not None and term.field.tag == "pt":
        known, complete = record.publication_types, True
    else:
        known, complete = record.mesh, record.status not in _INDEXED
    return _has_narrower_or_other_names(term) if known else not (complete and record.status)


def _has_narrower_or_other_names(term: Term) -> bool:
    return not term.noexp or (term.field is not None and term.field.tag in _MAPPED)


def _limits(leaf: Leaf) -> Iterator[str]:
    if isinstance(leaf, DateRange):
        yield from _DATES.get(leaf.field.tag, ())
        return
    if leaf.refused:
        return
    if less := held_less(leaf):
        yield less
    if leaf.field is None:
        return
    kind = leaf.field.kind
    if kind in {Kind.NOT_HELD, Kind.DATE}:
        yield "Not evaluated offline, and so matching nothing here"
    elif leaf.field.explodes and not leaf.noexp:
        yield "Matched exactly; PubMed also finds what is narrower in the MeSH tree"
    elif leaf.field.tag in _MAPPED:
        yield "Headings are matched as written; PubMed also takes their other names"
    elif kind is Kind.TEXT and _is_phrase(leaf):
        yield "Phrases are looked for in the text; PubMed drops one that its phrase index lacks, and says so"


_DATES = {
    "dp": ("Only one year of publication is known offline; PubMed knows the days in print and online",),
    "crdt": ("The day of entry is taken for the day of creation",),
}


def _is_phrase(term: Term) -> bool:
    return term.within is None and len(folded_words(term.text)) > 1


def _shown(leaf: Leaf) -> str:
    if isinstance(leaf, DateRange):
        return f"{leaf.low}:{leaf.high}[{leaf.field.tag}]"
    return f"{leaf.text}[{leaf.field.tag}]" if leaf.field else leaf.text


def _some(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
