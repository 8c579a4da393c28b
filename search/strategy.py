"""A PubMed search strategy: read once, checked, written back, and put to records offline.

Offline, MeSH headings and publication types match exactly (no explosion), and untagged terms are not mapped.
"""

import hashlib
from dataclasses import dataclass, field

from review.record import Record
from search.query.europepmc import Translation, translate
from search.query.findings import Finding, Severity, StrategyError
from search.query.indexed import Indexed
from search.query.limits import could_match, limits_of
from search.query.lint import findings
from search.query.match import Test, test_of
from search.query.parser import tree_of
from search.query.tree import Node, terms, write, write_long

__all__ = ["Finding", "Indexed", "Severity", "Strategy", "StrategyError", "parse"]


@dataclass(frozen=True, slots=True)
class Strategy:
    """A query and its reading; two strategies are equal when they were read the same way.

    Parameters
    ----------
    text
        The query as written.
    tree
        Terms and date ranges joined by operators from left to right.
    first_line
        The line at which the text begins in its file; all places count from there.
    """

    text: str = field(compare=False)
    tree: Node
    _test: Test = field(compare=False, repr=False)
    first_line: int = field(default=1, compare=False)

    def lint(self) -> tuple[Finding, ...]:
        """Give what a person should look at before the query is sent, with line and column."""
        return findings(self.text, self.tree, self.first_line)

    def matches(self, record: Record | Indexed) -> bool:
        """Tell whether PubMed would find the record, as far as that can be told offline.

        Parameters
        ----------
        record
            Break it into words once, as `Indexed`, where many strategies are put to it.
        """
        return self._test(_indexed(record))

    def could_match(self, record: Record | Indexed) -> bool | None:
        """Tell whether PubMed finds the record; None where that hangs on what `offline_limits` names.

        Slower than `matches`, which has to answer yes or no.
        """
        return could_match(self.tree, _indexed(record))

    def offline_limits(self) -> tuple[str, ...]:
        """Say in sentences which parts PubMed evaluates in another way than `matches`; empty for none."""
        return limits_of(self.tree)

    def to_pubmed(self) -> str:
        """Write the query on one line with PubMed's short tags; it reads back to the same tree."""
        return write(self.tree)

    def to_europepmc(self) -> Translation:
        """Write the query for Europe PMC, with a note on each part that does not mean quite the same there.

        Raises
        ------
        StrategyError
            When no part has a counterpart.
        """
        return translate(self.tree)

    @property
    def digest(self) -> str:
        """SHA-256 of the reading, in hexadecimal: layout does not count, a term more or another tag does."""
        return hashlib.sha256(self.to_pubmed().encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def translation(self) -> str:
        """The query with long field names, as PubMed shows how it read it."""
        return write_long(self.tree)

    @property
    def unknown_tags(self) -> tuple[str, ...]:
        """Tags that PubMed does not know and therefore drops, in order, each once."""
        return tuple(dict.fromkeys(term.unknown for term in terms(self.tree) if term.unknown))


def parse(text: str, *, first_line: int = 1) -> Strategy:
    """Read a query in PubMed's syntax.

    Parameters
    ----------
    first_line
        The line at which the text begins in its file.

    Raises
    ------
    StrategyError
        For unbalanced parentheses or brackets, an operator or a tag without its term, an empty query, groups
        nested too deep, a line of a search history, another database's syntax, or a text far too long.
    """
    tree = tree_of(text, first_line)
    return Strategy(text, tree, test_of(tree), first_line)


def _indexed(record: Record | Indexed) -> Indexed:
    return record if isinstance(record, Indexed) else Indexed(record)
