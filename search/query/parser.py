"""Reads PubMed syntax into a tree: operators from left to right without precedence, as PubMed does."""

import re
from collections.abc import Sequence

from search.query.dates import is_day
from search.query.fields import Kind, field_of
from search.query.findings import Place, Places, StrategyError
from search.query.lexer import Sign, Token, tokens
from search.query.tree import DateRange, Group, Leaf, Node, Operator, Term
from search.words import folded_words

__all__ = ["MAX_DEPTH", "MAX_TERM", "tree_of"]

MAX_DEPTH = 60
"""Groups may be nested so deep, by parentheses or by changes of operator without them.

No strategy a person can read comes near it, and whatever walks a tree stays far from Python's own limit.
"""

MAX_TERM = 2_000
"""Characters of one term; a longer one is a list whose operators are missing."""

_MODIFIED = re.compile(r"(?P<tag>[^:]+?)\s*:\s*(?:(?P<noexp>noexp)|~\s*(?P<within>\d{1,9}))", re.IGNORECASE)
_SHOWN = 40
_RANGE = "a day or a PMID with its tag on both sides of the colon, as in 2014:2015[edat]"


def tree_of(text: str, first: int = 1) -> Node:
    """Read a query.

    Parameters
    ----------
    first
        The line at which the text begins in its file.

    Raises
    ------
    StrategyError
        For unbalanced parentheses or brackets, an operator or a tag without its term, an empty query, groups
        nested too deep, a line of a search history, or another database's syntax.
    """
    parser = _Parser(tuple(tokens(text, first)), Places(text, first).at(len(text)))
    tree = parser.expression()
    parser.expect_end()
    return tree


class _Parser:
    """One pass over the tokens."""

    def __init__(self, read: Sequence[Token], end: Place) -> None:
        self._tokens = read
        self._end = end
        self._at = 0
        self._open: list[Token] = []
        self._depth = 0  # of the operand or expression read last

    def expression(self) -> Node:
        parts, depth = [self._operand()], self._depth
        operator: Operator | None = None
        while not self._done():
            following = self._operator()
            if operator not in {None, following}:
                parts = [Group(operator or following, tuple(parts))]
                depth = self._deeper(depth)
            operator = following
            parts.append(self._operand())
            depth = max(depth, self._depth)
        self._depth = self._deeper(depth) if operator else depth
        return Group(operator, tuple(parts)) if operator else parts[0]

    def _deeper(self, depth: int) -> int:
        """Give the depth of a group around parts of that depth, if a tree may be so deep."""
        if depth >= MAX_DEPTH:
            place = self._tokens[min(self._at, len(self._tokens)) - 1].place
            raise _error(
                place,
                f"more than {MAX_DEPTH} groups one inside the other",
                "fewer; put parentheses around what belongs together",
            )
        return depth + 1

    def expect_end(self) -> None:
        if token := self._peek():
            raise _error(token.place, "a closing parenthesis", "an opening one before it")

    def _done(self) -> bool:
        token = self._peek()
        return token is None or token.sign is Sign.CLOSE

    def _operator(self) -> Operator:
        """Give the operator written here, or the AND that PubMed puts between two terms."""
        token = self._peek()
        if token is None or token.sign is not Sign.OPERATOR:
            return Operator.AND
        self._at += 1
        return Operator(token.text)

    def _operand(self) -> Node:
        token = self._peek()
        if token is None:
            raise _error(self._end, "the end of the query", "a term" + self._still_open())
        if token.sign is Sign.OPEN:
            return self._parenthesised(token)
        if token.sign in {Sign.QUOTED, Sign.WORD}:
            return self._term(token)
        raise _error(token.place, _shown(token), "a term or an opening parenthesis")

    def _parenthesised(self, opening: Token) -> Node:
        self._open.append(opening)
        if len(self._open) > MAX_DEPTH:
            raise _error(opening.place, f"more than {MAX_DEPTH} nested parentheses", "fewer")
        self._at += 1
        inner = self.expression()
        if self._peek() is None:
            raise _error(self._end, "the end of the query", "an end" + self._still_open())
        self._at += 1
        self._open.pop()
        if (token := self._peek()) and token.sign is Sign.TAG:
            raise _error(
                token.place, f"{_shown(token)} after a parenthesis", "a tag on each term: PubMed has no other"
            )
        return inner

    def _term(self, first: Token) -> Node:
        self._depth = 0
        text, quoted = self._text(), first.sign is Sign.QUOTED
        if len(text) > MAX_TERM:
            raise _error(
                first.place, f"a term of {len(text)} characters", f"at most {MAX_TERM}; is an OR missing?"
            )
        if not folded_words(text):
            raise _error(first.place, _cut(text), "a term with letters or digits")
        if not quoted and text.startswith(": "):
            raise _error(first.place, "a colon that ends no range", _RANGE)
        tag = self._peek()
        if tag is None or tag.sign is not Sign.TAG:
            return Term(text=text, quoted=quoted, place=first.place)
        self._at += 1
        return self._range_from(_tagged(text, tag.text, quoted=quoted, place=first.place))

    def _text(self) -> str:
        """Take a quoted phrase, or all words up to the next other sign."""
        start = self._at
        self._at += 1
        if self._tokens[start].sign is Sign.WORD:
            while (token := self._peek()) and token.sign is Sign.WORD:
                self._at += 1
        return " ".join(token.text for token in self._tokens[start : self._at])

    def _range_from(self, low: Leaf) -> Leaf:
        """Take ``: "2014/12/31"[edat]`` after a day or a PMID, PubMed's long way to write a range."""
        ahead = self._tokens[self._at : self._at + 3]
        if not ahead or ahead[0].sign is not Sign.WORD or not ahead[0].text.startswith(":"):
            return low
        colon = ahead[0].place
        high = self._high_end(ahead)
        if high is None or high.field is not low.field:
            raise _error(colon, "a colon after a tag", _RANGE)
        if isinstance(low, DateRange) and isinstance(high, DateRange):
            return DateRange(low=low.low, high=high.high, field=low.field, place=low.place)
        if isinstance(low, Term) and isinstance(high, Term) and _is_pmid(low) and _is_pmid(high):
            return Term(text=f"{low.text}:{high.text}", field=low.field, place=low.place)
        raise _error(colon, "a colon after a tag", _RANGE)

    def _high_end(self, ahead: Sequence[Token]) -> Leaf | None:
        """Read ``:``, a value and its tag, or ``:value`` and its tag."""
        end = ahead[0].text.removeprefix(":")
        used = 2 if end else 3
        if len(ahead) < used or ahead[used - 1].sign is not Sign.TAG:
            return None
        self._at += used
        value = end or ahead[1].text
        return _tagged(value, ahead[used - 1].text, quoted=False, place=ahead[0].place)

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _still_open(self) -> str:
        if not self._open:
            return ""
        place = self._open[-1].place
        return f" and a closing parenthesis for the one at line {place.line}, column {place.column}"


def _tagged(text: str, tag: str, *, quoted: bool, place: Place) -> Leaf:
    modified = _MODIFIED.fullmatch(tag)
    field = field_of(modified["tag"] if modified else tag)
    if field is None:
        return Term(text=text, quoted=quoted, unknown=tag, place=place)
    if field.kind is Kind.DATE and (days := _days(text)):
        return DateRange(low=days[0], high=days[1], field=field, place=place)
    within = int(modified["within"]) if modified and modified["within"] else None
    noexp = bool(modified and modified["noexp"])
    return Term(text=text, field=field, quoted=quoted, noexp=noexp, within=within, place=place)


def _is_pmid(term: Term) -> bool:
    return term.field is not None and term.field.tag == "uid" and term.text.isdecimal()


def _days(text: str) -> tuple[str, str] | None:
    low, colon, high = text.replace('"', "").partition(":")
    ends = low.strip(), high.strip() if colon else low.strip()
    return ends if all(map(is_day, ends)) else None


def _cut(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")


def _error(place: Place, found: str, expected: str) -> StrategyError:
    return StrategyError(place.line, place.column, found, expected)


def _shown(token: Token) -> str:
    brackets = {Sign.TAG: "[{}]", Sign.CLOSE: "a closing parenthesis", Sign.OPERATOR: "the operator {}"}
    return brackets.get(token.sign, "{}").format(token.text[:_SHOWN])
