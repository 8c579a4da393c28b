"""Findings in how terms are joined: what adds nothing, and a NOT that takes everything out again."""

from collections.abc import Iterator

from search.query.findings import Finding, Place, Severity
from search.query.linting.cover import Cover, members
from search.query.tree import Group, Leaf, Node, Operator, leaves, write

__all__ = ["of_tree"]

_SHOWN = 60
_MOST_WORK = 20_000
"""Comparisons of terms that one AND or NOT may take; a strategy of thousands of terms stays below."""


def of_tree(tree: Node) -> Iterator[Finding]:
    """Give what the groups of a tree show, the groups inside them included."""
    if not isinstance(tree, Group):
        return
    joined = {Operator.OR: _of_or, Operator.AND: _of_and, Operator.NOT: _of_not}
    yield from joined[tree.operator](tree)
    for part in _inner(tree):
        yield from of_tree(part)


def _inner(tree: Group) -> tuple[Node, ...]:
    """Give the groups inside; of an OR those that are not part of the same OR, which was looked at whole."""
    return members(tree) if tree.operator is Operator.OR else tree.parts


def _of_or(group: Group) -> Iterator[Finding]:
    whole = members(group)
    cover = Cover(whole)
    for member in whole:
        found = cover.of(member)
        if found is not None:
            yield _idle(member, found)


def _idle(member: Node, found: Node) -> Finding:
    if write(found).lower() == write(member).lower():
        code, why = "duplicate-term", f"it stands at {_place(found)} already"
    else:
        code, why = "covered-term", f"{_shown(found)} ({_place(found)}) finds all of its records"
    message = f"{_shown(member)} adds nothing: {why}"
    return _finding(member, code, Severity.NOTE, message, "take it out, or keep it for clarity")


def _of_and(group: Group) -> Iterator[Finding]:
    if _work(group) > _MOST_WORK:
        yield _not_looked_at(group)
        return
    covers = [Cover(members(part)) for part in group.parts]
    for number, part in enumerate(group.parts):
        if (narrow := _narrower(group.parts, covers, number)) is not None:
            yield _finding(
                part,
                "redundant-part",
                Severity.NOTE,
                f"{_shown(part)} narrows nothing down: {_shown(narrow)} ({_place(narrow)}) lies within it",
                "take it out, or look whether AND was meant",
            )


def _narrower(parts: tuple[Node, ...], covers: list[Cover], number: int) -> Node | None:
    """Give another part of an AND that lies within this one; of two that are alike the earlier is kept."""
    others = (other for other in range(len(parts)) if other != number)
    return next(
        (
            parts[other]
            for other in others
            if _cover(covers[number], parts[other]) is not None
            and (other < number or _cover(covers[other], parts[number]) is None)
        ),
        None,
    )


def _of_not(group: Group) -> Iterator[Finding]:
    if _work(group) > _MOST_WORK:
        yield _not_looked_at(group)
        return
    wanted = group.parts[0]
    for excluded in group.parts[1:]:
        cover = Cover(members(excluded))
        if _cover(cover, wanted) is not None:
            yield _finding(
                excluded,
                "excludes-everything",
                Severity.ERROR,
                f"NOT {_shown(excluded)} takes out everything that stands before it",
                "look whether the NOT is meant, and where its parentheses belong",
            )
        else:
            yield from _taken_out(wanted, cover)


def _taken_out(wanted: Node, cover: Cover) -> Iterator[Finding]:
    for member in members(wanted):
        if (found := _cover(cover, member)) is not None:
            yield _finding(
                member,
                "excluded-term",
                Severity.WARNING,
                f"{_shown(member)} is in vain: NOT {_shown(found)} ({_place(found)}) takes out what it finds",
                "take out one of the two",
            )


def _work(group: Group) -> int:
    return len(group.parts) * sum(1 for _ in leaves(group))


def _not_looked_at(group: Group) -> Finding:
    parts = f"{len(group.parts)} parts under one {group.operator}"
    message = f"{parts}: too many to be told which add nothing"
    return _finding(group, "too-many-parts", Severity.NOTE, message, "split the strategy into blocks")


def _cover(cover: Cover, node: Node) -> Node | None:
    """Give what covers a node whole; of an OR each member must be covered."""
    found = [cover.of(member) for member in members(node)]
    return found[0] if None not in found else None


def _first(node: Node) -> Leaf:
    return next(leaf for leaf, _ in leaves(node))


def _place(node: Node) -> Place:
    return _first(node).place


def _shown(node: Node) -> str:
    written = write(node)
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}..."


def _finding(node: Node, code: str, severity: Severity, message: str, advice: str) -> Finding:
    place = _place(node)
    return Finding(place.line, place.column, code, severity, message, advice)
