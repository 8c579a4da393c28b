"""What a person should look at in a strategy before it is sent: each with line and column."""

from collections.abc import Iterator

from search.query.findings import Finding
from search.query.linting.in_terms import of_terms
from search.query.linting.in_text import of_text
from search.query.linting.in_tree import of_tree
from search.query.tree import Node

__all__ = ["findings"]


def findings(text: str, tree: Node) -> tuple[Finding, ...]:
    """Give what is doubtful in a query that could be read, in the order of the text, each once."""
    return tuple(sorted(set(_all(text, tree))))


def _all(text: str, tree: Node) -> Iterator[Finding]:
    yield from of_text(text)
    yield from of_terms(tree)
    yield from of_tree(tree)
