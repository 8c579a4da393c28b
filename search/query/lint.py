"""What a person should look at in a strategy before it is sent: each with line and column."""

from collections.abc import Iterator

from search.query.findings import Finding
from search.query.linting.in_terms import of_terms
from search.query.linting.in_text import of_text
from search.query.linting.in_tree import of_tree
from search.query.tree import Node

__all__ = ["findings"]


def findings(text: str, tree: Node, first: int = 1) -> tuple[Finding, ...]:
    """Give what is doubtful in a query that could be read, in the order of the text, each once.

    Parameters
    ----------
    first
        The line at which the text begins in its file.
    """
    return tuple(sorted(set(_all(text, tree, first))))


def _all(text: str, tree: Node, first: int) -> Iterator[Finding]:
    yield from of_text(text, first)
    yield from of_terms(tree)
    yield from of_tree(tree)
