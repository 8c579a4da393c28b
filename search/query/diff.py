"""What changed between two versions of a strategy, block by block, as data and in words."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from search.query.tree import Group, Node, Operator, leaves, write
from search.words import folded_words

__all__ = ["Change", "ChangeKind", "diff"]


class ChangeKind(StrEnum):
    """What happened to a block or a term."""

    BLOCK_ADDED = "block added"
    BLOCK_REMOVED = "block removed"
    BLOCK_RENAMED = "block renamed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RETAGGED = "retagged"
    RESTRUCTURED = "restructured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between a former and a later version.

    Parameters
    ----------
    block
        The block of the later version; of what was removed, the block of the former.
    before, after
        The term, the whole block, or the block's name, as PubMed syntax; empty on the side where it is not.
    from_block
        Of a term that moved, where it stood.
    taken_out
        True where the term stands in a NOT: its records are taken out.
    """

    kind: ChangeKind
    block: str
    before: str = ""
    after: str = ""
    from_block: str = ""
    taken_out: bool = False

    def __str__(self) -> str:
        said = _SENTENCES[self.kind].format(
            block=self.block, before=self.before, after=self.after, from_block=self.from_block
        )
        return f"{said}, in a NOT" if self.taken_out else said


_SENTENCES = {
    ChangeKind.BLOCK_ADDED: "block {block}: new: {after}",
    ChangeKind.BLOCK_REMOVED: "block {block}: gone: {before}",
    ChangeKind.BLOCK_RENAMED: "block {block}: was called {before}",
    ChangeKind.ADDED: "block {block}: added {after}",
    ChangeKind.REMOVED: "block {block}: removed {before}",
    ChangeKind.MOVED: "block {block}: {after} came from block {from_block}",
    ChangeKind.RETAGGED: "block {block}: {before} became {after}",
    ChangeKind.RESTRUCTURED: "block {block}: joined in another way: {before} became {after}",
}

_Word = tuple[str, bool]  # a term as PubMed syntax, and whether a NOT takes its records out


def diff(before: Mapping[str, Node], after: Mapping[str, Node]) -> tuple[Change, ...]:
    """Give what changed from one version to another; nothing where only layout, order or repetition differ.

    Parameters
    ----------
    before, after
        The trees of the blocks by their names, in the order of the file.
    """
    renamed = _renamed(before, after)
    former = {renamed.get(name, name): tree for name, tree in before.items()}
    changes = [Change(kind=ChangeKind.BLOCK_RENAMED, block=new, before=old) for old, new in renamed.items()]
    common = [name for name in after if name in former]
    terms = [change for name in common for change in _terms(name, former[name], after[name])]
    return (*changes, *_whole_blocks(former, after), *_moves(terms), *_structures(common, former, after))


def _renamed(before: Mapping[str, Node], after: Mapping[str, Node]) -> dict[str, str]:
    new = {tree: name for name, tree in after.items() if name not in before}
    return {name: new.pop(tree) for name, tree in before.items() if name not in after and tree in new}


def _whole_blocks(before: Mapping[str, Node], after: Mapping[str, Node]) -> Iterator[Change]:
    for name, tree in before.items():
        if name not in after:
            yield Change(kind=ChangeKind.BLOCK_REMOVED, block=name, before=write(tree))
    for name, tree in after.items():
        if name not in before:
            yield Change(kind=ChangeKind.BLOCK_ADDED, block=name, after=write(tree))


def _terms(block: str, before: Node, after: Node) -> Iterator[Change]:
    gone, new = _words(before), _words(after)
    gone, new = gone - new, new - gone
    for old, later in tuple(_retagged(gone, new)):
        gone -= Counter([old])
        new -= Counter([later])
        yield Change(kind=ChangeKind.RETAGGED, block=block, before=_signed(old), after=_signed(later))
    for text, taken_out in gone.elements():
        yield Change(kind=ChangeKind.REMOVED, block=block, before=text, taken_out=taken_out)
    for text, taken_out in new.elements():
        yield Change(kind=ChangeKind.ADDED, block=block, after=text, taken_out=taken_out)


def _words(tree: Node) -> Counter[_Word]:
    return Counter((write(leaf), taken_out) for leaf, taken_out in leaves(tree))


def _retagged(gone: Counter[_Word], new: Counter[_Word]) -> Iterator[tuple[_Word, _Word]]:
    """Pair terms of the same words that differ in tag, quotes, truncation, or in being taken out."""
    by_words: dict[tuple[str, ...], list[_Word]] = {}
    for word in new.elements():
        by_words.setdefault(_bare(word[0]), []).append(word)
    for word in gone.elements():
        if same := by_words.get(_bare(word[0])):
            yield word, same.pop(0)


def _signed(word: _Word) -> str:
    return f"NOT {word[0]}" if word[1] else word[0]


def _bare(written: str) -> tuple[str, ...]:
    return tuple(folded_words(written.rpartition("[")[0] or written))


def _moves(changes: list[Change]) -> Iterator[Change]:
    """Make one change of a removal in one block and an addition of the same term in another."""
    removed = {
        (change.before, change.taken_out): change for change in changes if change.kind is ChangeKind.REMOVED
    }
    moved = {
        id(change): removed[key]
        for change in changes
        if change.kind is ChangeKind.ADDED and (key := (change.after, change.taken_out)) in removed
    }
    departed = {id(change) for change in moved.values()}
    for change in changes:
        if (origin := moved.get(id(change))) is not None:
            yield Change(
                kind=ChangeKind.MOVED,
                block=change.block,
                before=change.after,
                after=change.after,
                from_block=origin.block,
                taken_out=change.taken_out,
            )
        elif id(change) not in departed:
            yield change


def _structures(names: list[str], before: Mapping[str, Node], after: Mapping[str, Node]) -> Iterator[Change]:
    """Tell of blocks whose common terms are joined in another way."""
    for name in names:
        both = _words(before[name]) & _words(after[name])
        kept = {text for text, _ in both}
        if _skeleton(before[name], kept) != _skeleton(after[name], kept):
            yield Change(
                kind=ChangeKind.RESTRUCTURED,
                block=name,
                before=write(before[name]),
                after=write(after[name]),
            )


def _skeleton(node: Node, kept: set[str]) -> Node | None:
    """Give the tree without the terms that only one version has, and without order where it means nothing."""
    if not isinstance(node, Group):
        return node if write(node) in kept else None
    found = [_skeleton(part, kept) for part in node.parts]
    if node.operator is Operator.NOT:
        return _without(found[0], [part for part in found[1:] if part is not None])
    parts = {part for one in found if one is not None for part in _flat(one, node.operator)}
    return _group(node.operator, parts)


def _without(wanted: Node | None, others: list[Node]) -> Node | None:
    if wanted is None:
        return _group(Operator.OR, set(others))
    return Group(Operator.NOT, (wanted, *sorted(others, key=write))) if others else wanted


def _flat(node: Node, operator: Operator) -> tuple[Node, ...]:
    return node.parts if isinstance(node, Group) and node.operator is operator else (node,)


def _group(operator: Operator, parts: set[Node]) -> Node | None:
    ordered = tuple(sorted(parts, key=write))
    if len(ordered) < 2:
        return ordered[0] if ordered else None
    return Group(operator, ordered)
