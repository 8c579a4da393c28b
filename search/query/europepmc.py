"""Says a PubMed strategy in Europe PMC's syntax: wider where there is no counterpart, and never silently.

Fields: Europe PMC's Web Service Reference and its list of indexed fields. Written from that documentation and
from its use in public programs; not tried against the service.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from search.query.europepmc_terms import Effect, Told, say_range, say_term
from search.query.findings import StrategyError
from search.query.tree import DateRange, Group, Leaf, Node, Operator, leaves, write

__all__ = ["Effect", "Note", "Translation", "translate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A part of the strategy that Europe PMC cannot be asked in the same way, and what was done about it.

    Parameters
    ----------
    effect
        What it does to the records that the whole query finds, also where the part stands in a NOT.
    """

    line: int
    column: int
    part: str
    effect: Effect
    text: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.part}: {self.effect}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A query for Europe PMC, and a note on each part that does not mean quite the same there."""

    query: str
    notes: tuple[Note, ...]

    @property
    def narrowing(self) -> tuple[Note, ...]:
        """The notes on what Europe PMC may miss though PubMed finds it."""
        return tuple(note for note in self.notes if note.effect is not Effect.WIDENED)


def translate(tree: Node) -> Translation:
    """Translate a tree.

    What a NOT takes out is translated narrowly or left out, so that the whole is wider all the same.

    Raises
    ------
    StrategyError
        When no part of it has a counterpart: nothing would be left to ask.
    """
    query, notes = _say(tree, taken_out=False)
    if query is None:
        raise StrategyError(1, 1, "no part that Europe PMC can be asked", "words of title or abstract")
    return Translation(query=query, notes=notes)


_Said = tuple[str | None, tuple[Note, ...]]


def _say(node: Node, *, taken_out: bool) -> _Said:
    if isinstance(node, Group):
        return _say_group(node, taken_out=taken_out)
    told = _told(node, exactly=taken_out)
    return told.query, tuple(_notes(node, told, taken_out=taken_out))


def _say_group(group: Group, *, taken_out: bool) -> _Said:
    is_not = group.operator is Operator.NOT
    said = [
        _say(part, taken_out=taken_out != (is_not and number > 0)) for number, part in enumerate(group.parts)
    ]
    lacking = [number for number, (query, _) in enumerate(said) if query is None]
    # Without one of its parts an AND or a NOT is wider: wrong only where its records are taken out.
    if (is_not and 0 in lacking) or (lacking and taken_out and group.operator is not Operator.OR):
        return None, ()
    effect = Effect.NARROWED if group.operator is Operator.OR and not taken_out else Effect.WIDENED
    notes: list[Note] = []
    for number, (query, own) in enumerate(said):
        notes.extend(own if query is not None else _left_out(group.parts[number], effect))
    queries = [query for query, _ in said if query is not None]
    return (_joined(group.operator, queries) if queries else None), tuple(notes)


def _joined(operator: Operator, queries: list[str]) -> str:
    if len(queries) == 1:
        return queries[0]
    if operator is Operator.NOT and len(queries) > 2:
        queries = [queries[0], f"({' OR '.join(queries[1:])})"]
    return f"({f' {operator} '.join(queries)})"


def _notes(leaf: Leaf, told: Told, *, taken_out: bool) -> Iterator[Note]:
    turned = {Effect.WIDENED: Effect.NARROWED, Effect.NARROWED: Effect.WIDENED}
    if told.query is not None:
        for effect, text in told.effects:
            yield _note(leaf, turned.get(effect, effect) if taken_out else effect, text)


def _left_out(part: Node, effect: Effect) -> Iterator[Note]:
    for leaf, taken_out in leaves(part):
        told = _told(leaf, exactly=taken_out)
        why = told.effects[0][1] if told.query is None else "what stands beside it has no counterpart"
        yield _note(leaf, effect, f"left out: {why}")


def _told(leaf: Leaf, *, exactly: bool) -> Told:
    if isinstance(leaf, DateRange):
        return say_range(leaf, exactly=exactly)
    return say_term(leaf, exactly=exactly)


def _note(leaf: Leaf, effect: Effect, text: str) -> Note:
    return Note(line=leaf.place.line, column=leaf.place.column, part=write(leaf), effect=effect, text=text)
