"""A PubMed search strategy: read once, checked, written back, and put to records offline.

Offline, MeSH headings and publication types match exactly (no explosion), and untagged terms are not mapped.
"""

from dataclasses import dataclass, field

from review.record import Record
from search.query.indexed import Indexed
from search.query.lexer import Finding, StrategyError
from search.query.lint import findings
from search.query.match import Test, test_of
from search.query.parser import tree_of
from search.query.tree import Node, terms, write, write_long

__all__ = ["Finding", "Indexed", "Strategy", "StrategyError", "parse"]


@dataclass(frozen=True, slots=True)
class Strategy:
    """A query and its reading; two strategies are equal when they were read the same way.

    Parameters
    ----------
    text
        The query as written.
    tree
        Terms and date ranges joined by operators from left to right.
    """

    text: str = field(compare=False)
    tree: Node
    _test: Test = field(compare=False, repr=False)

    def lint(self) -> tuple[Finding, ...]:
        """Give what a person should look at before the query is sent, with line and column."""
        return findings(self.text, self.tree)

    def matches(self, record: Record | Indexed) -> bool:
        """Tell whether PubMed would find the record, as far as that can be told offline.

        Parameters
        ----------
        record
            Break it into words once, as `Indexed`, where many strategies are put to it.
        """
        return self._test(record if isinstance(record, Indexed) else Indexed(record))

    def to_pubmed(self) -> str:
        """Write the query on one line with PubMed's short tags; it reads back to the same tree."""
        return write(self.tree)

    @property
    def translation(self) -> str:
        """The query with long field names, as PubMed shows how it read it."""
        return write_long(self.tree)

    @property
    def unknown_tags(self) -> tuple[str, ...]:
        """Tags that PubMed does not know and therefore drops, in order, each once."""
        return tuple(dict.fromkeys(term.unknown for term in terms(self.tree) if term.unknown))


def parse(text: str) -> Strategy:
    """Read a query in PubMed's syntax.

    Raises
    ------
    StrategyError
        For unbalanced parentheses or brackets, an operator or a tag without its term, an empty query.
    """
    tree = tree_of(text)
    return Strategy(text, tree, test_of(tree))
