"""Which terms find every record that another term finds, as far as their wording tells.

A cover never depends on records: ``pain*[tiab]`` finds what ``painful[ti]`` finds, whatever PubMed holds.
"""

from collections.abc import Iterable, Iterator

from search.query.dates import first_day, last_day
from search.query.fields import Kind
from search.query.indexed import value_of
from search.query.tree import DateRange, Group, Leaf, Node, Operator, Term
from search.words import folded_words

__all__ = ["Cover", "members"]

_WIDER = {
    "ti": ("ti", "tiab", "tw", "all"),
    "ab": ("ab", "tiab", "tw", "all"),
    "ot": ("ot", "tiab", "tw", "all"),
    "tiab": ("tiab", "tw", "all"),
    "tw": ("tw", "all"),
    "all": ("all",),
}
_NAMES = frozenset({"au", "1au", "lastau", "fau"})
_EXPLODED = "exploded"
_LONGEST_PHRASE = 12
_LONGEST_TERM = 60

_Key = tuple[str, ...]


def members(node: Node) -> tuple[Node, ...]:
    """Give the parts of an OR, and of the ORs inside it; any other node is its own only member."""
    if isinstance(node, Group) and node.operator is Operator.OR:
        return tuple(member for part in node.parts for member in members(part))
    return (node,)


class Cover:
    """Terms joined by OR, made ready to be asked which of them covers another.

    Parameters
    ----------
    nodes
        Members of an OR. Groups among them cover nothing but what is written exactly so.
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._by_key: dict[_Key, Leaf] = {}
        self._spans: list[DateRange] = []
        self._groups: dict[Group, Group] = {}
        for node in nodes:
            self._add(node)

    def of(self, node: Node) -> Node | None:
        """Give a member that finds all that `node` finds, if one shows it by its wording; never `node`."""
        if not isinstance(node, Group):
            return self._of_leaf(node)
        same = self._groups.get(node, node)
        if same is not node:
            return same
        found = [self.of(part) for part in node.parts]
        if node.operator is Operator.OR:
            return found[0] if None not in found else None
        wanted = found[:1] if node.operator is Operator.NOT else found
        return next((cover for cover in wanted if cover is not None), None)

    def _add(self, node: Node) -> None:
        if isinstance(node, Group):
            self._groups.setdefault(node, node)
        elif isinstance(node, DateRange):
            self._spans.append(node)
        elif not node.refused:
            self._by_key.setdefault(_own_key(node), node)

    def _of_leaf(self, leaf: Leaf) -> Leaf | None:
        if isinstance(leaf, DateRange):
            return next((span for span in self._spans if span is not leaf and _spans(span, leaf)), None)
        if leaf.refused:
            return None
        keys = (key for key in _covering_keys(leaf) if key in self._by_key)
        return next((found for key in keys if (found := self._by_key[key]) is not leaf), None)


def _spans(wide: DateRange, narrow: DateRange) -> bool:
    low, high = first_day(wide.low), last_day(wide.high)
    return wide.field is narrow.field and low <= first_day(narrow.low) and last_day(narrow.high) <= high


def _own_key(term: Term) -> _Key:
    """Give the key under which a term waits to be found by those that it covers."""
    if not _is_comparable(term) or term.field is None:
        return _exact_key(term)
    if term.field.kind is not Kind.TEXT:
        return _value_key(term)
    words = folded_words(term.text)
    if term.within is not None:
        return ("near", term.field.tag, str(term.within), *sorted(words))
    kind = "stem" if term.truncated else "words"
    return (kind, term.field.tag, *words)


def _covering_keys(term: Term) -> Iterator[_Key]:
    """Give the keys of all terms that would cover this one, its own among them."""
    if not _is_comparable(term) or term.field is None:
        yield _exact_key(term)
    elif term.field.kind is Kind.TEXT:
        words = folded_words(term.text)
        for tag in _WIDER[term.field.tag]:
            yield from _text_keys(tag, term, words)
    else:
        yield from _value_keys(term)


def _text_keys(tag: str, term: Term, words: list[str]) -> Iterator[_Key]:
    if term.within is not None:
        yield ("near", tag, str(term.within), *sorted(words))
        runs: Iterable[tuple[list[str], bool]] = (([word], False) for word in words)
    else:
        runs = _runs(words)
        if not term.truncated:
            yield ("near", tag, "0", *sorted(words))
    for run, at_end in runs:
        if not (at_end and term.truncated):
            yield ("words", tag, *run)
        last = run[-1]
        yield from (("stem", tag, *run[:-1], last[:size]) for size in range(1, len(last) + 1))


def _runs(words: list[str]) -> Iterator[tuple[list[str], bool]]:
    """Give all stretches of neighbouring words, and whether each reaches the end."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST_PHRASE, len(words)) + 1):
            yield words[start:end], end == len(words)


def _value_key(term: Term) -> _Key:
    tag = term.field.tag if term.field else ""
    kind = "stem" if term.truncated else "value"
    reach = "noexp" if term.noexp else _EXPLODED
    if term.within is not None:
        reach = f"near {term.within}"
    return (kind, tag, reach, value_of(term.text), "quoted" if tag in _NAMES and term.quoted else "")


def _value_keys(term: Term) -> Iterator[_Key]:
    yield _value_key(term)
    tag = term.field.tag if term.field else ""
    if tag in _NAMES or term.truncated or term.within is not None:
        return
    value = value_of(term.text)
    names = (value, value.partition("/")[0]) if tag in {"mh", "majr"} else (value,)
    fields = ("majr", "mh") if tag == "majr" else (tag,)
    for wider in fields:
        for name in dict.fromkeys(names):
            yield ("value", wider, _EXPLODED, name, "")
            if term.noexp:
                yield ("value", wider, "noexp", name, "")


def _is_comparable(term: Term) -> bool:
    long = len(term.text.split(maxsplit=_LONGEST_TERM)) > _LONGEST_TERM or len(term.text) > 20 * _LONGEST_TERM
    return not (term.wild or long or ":" in term.text)


def _exact_key(term: Term) -> _Key:
    tag = term.field.tag if term.field else f"?{term.unknown.lower()}"
    return ("exact", tag, term.text.lower(), str(term.noexp), str(term.within), str(term.quoted))
