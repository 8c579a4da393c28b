"""The strategy file of a review: named blocks of PubMed syntax, so that each can be counted by itself.

``#`` begins a comment line, ``[name]`` alone on a line begins a block, its text runs to the next such line.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from search.query.diff import Change, diff
from search.query.tree import Node
from search.strategy import Finding, Strategy, StrategyError, parse

__all__ = ["Block", "Blocks", "BlocksError", "read"]

_HEADING = re.compile(r"\s*\[\s*([A-Za-z_][\w -]*?)\s*\]\s*")
_NAME_OR_OPERATOR = re.compile(r"[A-Za-z_][\w-]*")
_HISTORY = re.compile(r"\s*#\d+\s+(AND|OR|NOT)\b", re.IGNORECASE)
_OPERATORS = {"AND", "OR", "NOT"}


class BlocksError(ValueError):
    """A strategy file, or an expression over its blocks, that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One named part of the strategy; `line` is where its text begins in the file, counting from 1."""

    name: str
    strategy: Strategy
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """All blocks of a strategy file, in its order."""

    source: str
    blocks: tuple[Block, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the blocks."""
        return tuple(block.name for block in self.blocks)

    @property
    def sha256(self) -> str:
        """Digest of names and queries; comments and line breaks do not count."""
        text = "\n".join(f"[{block.name}] {_one_line(block)}" for block in self.blocks)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def block(self, name: str) -> Strategy:
        """Give one block.

        Raises
        ------
        BlocksError
            When no block bears the name.
        """
        return self._block(name).strategy

    def lint(self) -> tuple[tuple[str, Finding], ...]:
        """Give the findings of all blocks with the block's name; lines count from the top of the file."""
        return tuple((block.name, finding) for block in self.blocks for finding in block.strategy.lint())

    def changes_since(self, before: "Blocks") -> tuple[Change, ...]:
        """Give what changed from a former version to this one."""
        return diff(before.trees, self.trees)

    @property
    def trees(self) -> dict[str, Node]:
        """The reading of each block by its name."""
        return {block.name: block.strategy.tree for block in self.blocks}

    def full(self) -> str:
        """Give the whole query on one line: all blocks in parentheses, joined by AND."""
        return " AND ".join(f"({_one_line(block)})" for block in self.blocks)

    def joined(self, expression: str) -> str:
        """Put the blocks into an expression of their names.

        Parameters
        ----------
        expression
            ``population AND (delivery OR therapy)``; names are written with letters, digits, ``_`` and ``-``.

        Raises
        ------
        BlocksError
            When a name is unknown.
        StrategyError
            When the expression itself has no reading.
        """
        query = _NAME_OR_OPERATOR.sub(lambda match: self._in_place(match.group()), expression)
        parse(query)
        return query

    def _in_place(self, word: str) -> str:
        return word if word in _OPERATORS else f"({_one_line(self._block(word))})"

    def _block(self, name: str) -> Block:
        for block in self.blocks:
            if block.name == name:
                return block
        raise BlocksError(f"{self.source}: found no block [{name}]; expected one of {', '.join(self.names)}")


def read(source: Path | str) -> Blocks:
    """Read a strategy file, or its text.

    Parameters
    ----------
    source
        A path is opened; a string is the text itself.

    Raises
    ------
    BlocksError
        For text before the first heading, a name used twice, an empty block, no block at all, or a file in
        another encoding than UTF-8.
    StrategyError
        For a block whose query has no reading, with the line in the file.
    """
    name, text = _opened(source)
    sections = _sections(name, text.splitlines())
    if not sections:
        raise BlocksError(f"{name}: found no block; expected at least one line with a [name] in brackets")
    return Blocks(source=name, blocks=tuple(_block(name, *section) for section in sections))


def _opened(source: Path | str) -> tuple[str, str]:
    if not isinstance(source, Path):
        return "strategy", source
    try:
        return source.name, source.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BlocksError(
            f"{source.name}: found a byte at {error.start} that is no UTF-8; expected plain text in UTF-8; "
            "save the file in that encoding"
        ) from error


def _sections(source: str, lines: list[str]) -> list[tuple[str, int, list[str]]]:
    """Give the name of each section, the number of its first line, and its lines with comments blanked."""
    sections: list[tuple[str, int, list[str]]] = []
    known: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if heading := _HEADING.fullmatch(line):
            _expect_new(source, number, heading[1], known)
            known.add(heading[1])
            sections.append((heading[1], number + 1, []))
        elif sections:
            sections[-1][2].append("" if _is_comment(line) else line)
        elif line.strip() and not _is_comment(line):
            raise BlocksError(
                f"{source}: line {number}: found {line.strip()[:40]!r}; expected a [name] before it"
            )
    return sections


def _expect_new(source: str, number: int, name: str, known: set[str]) -> None:
    if name in known:
        raise BlocksError(f"{source}: line {number}: found [{name}] a second time; expected each name once")


def _is_comment(line: str) -> bool:
    # "#1 AND #2" is a line of a search history, to be refused by name and not passed over.
    return line.lstrip().startswith("#") and not _HISTORY.match(line)


def _block(source: str, name: str, line: int, lines: list[str]) -> Block:
    text = "\n".join(lines)
    if not text.strip():
        raise BlocksError(f"{source}: line {line - 1}: found nothing in [{name}]; expected a query below it")
    try:
        return Block(name=name, strategy=parse(text, first_line=line), line=line)
    except StrategyError as error:
        raise error.inside(source) from error


def _one_line(block: Block) -> str:
    return " ".join(block.strategy.text.split())
