"""Reads PubMed syntax into a tree: operators from left to right without precedence, as PubMed does."""

import re
from collections.abc import Sequence

from search.query.dates import is_day
from search.query.fields import Kind, field_of
from search.query.lexer import Place, Sign, StrategyError, Token, place_of, tokens
from search.query.tree import DateRange, Group, Node, Operator, Term
from search.words import folded_words

__all__ = ["MAX_DEPTH", "tree_of"]

MAX_DEPTH = 60
"""Parentheses may be nested so deep; no strategy a person can read comes near it."""

_MODIFIED = re.compile(r"(?P<tag>[^:]+?)\s*:\s*(?:(?P<noexp>noexp)|~\s*(?P<within>\d{1,3}))", re.IGNORECASE)


def tree_of(text: str) -> Node:
    """Read a query.

    Raises
    ------
    StrategyError
        For unbalanced parentheses or brackets, an operator or a tag without its term, or an empty query.
    """
    parser = _Parser(tuple(tokens(text)), place_of(text, len(text)))
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

    def expression(self) -> Node:
        parts = [self._operand()]
        operator: Operator | None = None
        while not self._done():
            following = self._operator()
            if operator not in {None, following}:
                parts = [Group(operator or following, tuple(parts))]
            operator = following
            parts.append(self._operand())
        return Group(operator, tuple(parts)) if operator else parts[0]

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
        text, quoted = self._text(), first.sign is Sign.QUOTED
        if not folded_words(text):
            raise _error(first.place, f"{text!r}", "a term with letters or digits")
        tag = self._peek()
        if tag is None or tag.sign is not Sign.TAG:
            return Term(text=text, quoted=quoted, place=first.place)
        self._at += 1
        term = _tagged(text, tag.text, quoted=quoted, place=first.place)
        return self._range_from(term) if isinstance(term, DateRange) else term

    def _text(self) -> str:
        """Take a quoted phrase, or all words up to the next other sign."""
        start = self._at
        self._at += 1
        if self._tokens[start].sign is Sign.WORD:
            while (token := self._peek()) and token.sign is Sign.WORD:
                self._at += 1
        return " ".join(token.text for token in self._tokens[start : self._at])

    def _range_from(self, low: DateRange) -> DateRange:
        """Take ``: "2014/12/31"[edat]`` after a day, PubMed's long way to write a range."""
        ahead = self._tokens[self._at : self._at + 3]
        if len(ahead) < 3 or ahead[0].text != ":" or ahead[2].sign is not Sign.TAG:
            return low
        high = _tagged(ahead[1].text, ahead[2].text, quoted=False, place=ahead[1].place)
        if not isinstance(high, DateRange) or high.field is not low.field:
            return low
        self._at += 3
        return DateRange(low=low.low, high=high.high, field=low.field, place=low.place)

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _still_open(self) -> str:
        if not self._open:
            return ""
        place = self._open[-1].place
        return f" and a closing parenthesis for the one at line {place.line}, column {place.column}"


def _tagged(text: str, tag: str, *, quoted: bool, place: Place) -> Term | DateRange:
    modified = _MODIFIED.fullmatch(tag)
    field = field_of(modified["tag"] if modified else tag)
    if field is None:
        return Term(text=text, quoted=quoted, unknown=tag, place=place)
    if field.kind is Kind.DATE and (days := _days(text)):
        return DateRange(low=days[0], high=days[1], field=field, place=place)
    within = int(modified["within"]) if modified and modified["within"] else None
    noexp = bool(modified and modified["noexp"])
    return Term(text=text, field=field, quoted=quoted, noexp=noexp, within=within, place=place)


def _days(text: str) -> tuple[str, str] | None:
    low, colon, high = text.replace('"', "").partition(":")
    ends = low.strip(), high.strip() if colon else low.strip()
    return ends if all(map(is_day, ends)) else None


def _error(place: Place, found: str, expected: str) -> StrategyError:
    return StrategyError(place.line, place.column, found, expected)


def _shown(token: Token) -> str:
    brackets = {Sign.TAG: "[{}]", Sign.CLOSE: "a closing parenthesis", Sign.OPERATOR: "the operator {}"}
    return brackets.get(token.sign, "{}").format(token.text)
