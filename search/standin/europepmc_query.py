"""The part of Europe PMC's query syntax that strategies need, read and evaluated for the stand-in.

After https://europepmc.org/Help#directsearch: FIELD:word, FIELD:"phrase", FIELD:(...), DATE:[from TO to],
round brackets, AND, OR, NOT in upper case. Words side by side are joined by AND; operators bind leftmost.
"""

import re
from collections.abc import Callable
from datetime import date

from review.record import Record
from search.words import folded_line, folded_words

__all__ = ["Question", "QuestionError", "read_question"]

Question = Callable[[Record, date | None], bool]
"""Tells whether a record fits, seen with a day of revision."""

_TOKEN = re.compile(
    r"\s*(?:(?P<sign>[()])|(?P<field>[A-Z_]+):\[(?P<start>\S+) TO (?P<end>\S+)\]"
    r'|(?:(?P<of>[A-Z_]+):)?(?:"(?P<phrase>[^"]*)"(?:~(?P<near>[0-9]+))?|(?P<word>[^\s()":]+)|(?P<group>(?=\()))|(?P<wrong>\S))'
)
# Fields of the service that records do not have.
_NOT_HELD = (
    "AFF",
    "AUTH_COLLECTIVE_LIST",
    "CHEM",
    "ED",
    "GRANT_AGENCY",
    "GRANT_ID",
    "INVESTIGATOR",
    "ISBN",
    "ISSN",
)
_TEXTS: dict[str, Callable[[Record], tuple[str, ...]]] = {
    "": lambda record: (record.title, record.abstract, *record.keywords, *record.mesh, *record.authors),
    "TITLE": lambda record: (record.title,),
    "ABSTRACT": lambda record: (record.abstract,),
    "TITLE_ABS": lambda record: (record.title, record.abstract),
    "KW": lambda record: (*record.keywords, *record.mesh),
    "MESH": lambda record: record.mesh,
    "AUTH": lambda record: record.authors,
    "AUTH_FIRST": lambda record: record.authors[:1],
    "AUTH_LAST": lambda record: record.authors[-1:],
    "AUTHORID": lambda record: record.orcids,
    "DOI": lambda record: (record.doi,),
    "PMCID": lambda record: (record.pmcid,),
    "VOLUME": lambda record: (record.volume,),
    "ISSUE": lambda record: (record.issue,),
    "PAGE_INFO": lambda record: (record.pages,),
    **dict.fromkeys(_NOT_HELD, lambda _: ()),
    "JOURNAL": lambda record: (record.journal,),
    "PUB_TYPE": lambda record: record.publication_types,
    "SRC": lambda record: (record.accession.partition("/")[0],),
    "EXT_ID": lambda record: (record.accession.partition("/")[2],),
    "LANG": lambda record: (record.language,),
}


class QuestionError(ValueError):
    """A query that the stand-in does not read."""


def read_question(query: str) -> Question:
    """Read a query; raises QuestionError."""
    tokens = list(_TOKEN.finditer(query.strip()))
    reader = _Reader(tokens)
    question = reader.expression()
    if reader.rest:
        raise QuestionError(f"Cannot read the query from {reader.rest[0][0].strip()!r} on")
    return question


class _Reader:
    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self.rest = tokens
        self._field = ""

    def expression(self) -> Question:
        question = self._one()
        while self.rest and self.rest[0]["sign"] != ")":
            word = self.rest[0]["word"]
            operator = word if word in {"AND", "OR", "NOT"} and not self.rest[0]["of"] else ""
            if operator:
                self.rest.pop(0)
            question = _joined(operator or "AND", question, self._one())
        return question

    def _one(self) -> Question:
        if not self.rest:
            raise QuestionError("The query breaks off")
        token = self.rest.pop(0)
        if token["sign"] == "(":
            return self._bracket()
        if token["field"]:
            return _between(
                token["field"], date.fromisoformat(token["start"]), date.fromisoformat(token["end"])
            )
        if token["word"] == "NOT":
            return _joined("NOT", lambda *_: True, self._one())
        if token["word"] or token["phrase"]:
            field = token["of"] or self._field
            near = token["near"]
            return (
                _near(field, token["phrase"], int(near))
                if near
                else _holds(field, token["word"] or token["phrase"])
            )
        if token["of"]:
            return self._within(token["of"])
        raise QuestionError(f"Cannot read {token[0].strip()!r}")

    def _within(self, field: str) -> Question:
        before, self._field = self._field, field
        question = self._one()
        self._field = before
        return question

    def _bracket(self) -> Question:
        question = self.expression()
        if not self.rest or self.rest.pop(0)["sign"] != ")":
            raise QuestionError("A bracket is not closed")
        return question


def _joined(operator: str, one: Question, other: Question) -> Question:
    if operator == "OR":
        return lambda record, revised: one(record, revised) or other(record, revised)
    wanted = operator == "AND"
    return lambda record, revised: one(record, revised) and other(record, revised) is wanted


def _between(field: str, start: date, end: date) -> Question:
    def within(record: Record, revised: date | None) -> bool:
        days = {
            **dict.fromkeys(("FIRST_IDATE", "CREATION_DATE"), record.entered),
            **dict.fromkeys(("FIRST_PDATE", "P_PDATE"), _published(record)),
            "UPDATE_DATE": revised or record.entered,
        }
        if field not in days:
            raise QuestionError(f"No such date: {field}")
        day = days[field]
        return day is not None and start <= day <= end

    return within


def _published(record: Record) -> date | None:
    try:
        return date.fromisoformat(record.published)
    except ValueError:
        return None


def _near(field: str, text: str, moves: int) -> Question:
    """Look for all words within a stretch that is longer than the phrase by a number of words."""
    wanted, texts = folded_words(text), _field(field)

    def holds(record: Record, _: date | None) -> bool:
        several = map(folded_words, texts(record))
        stretches = (words[at : at + len(wanted) + moves] for words in several for at in range(len(words)))
        return any(set(wanted) <= set(stretch) for stretch in stretches)

    return holds


def _holds(field: str, text: str) -> Question:
    texts, truncated = _field(field), text.endswith("*")
    wanted = folded_line([text]).rstrip() + ("" if truncated else " ")
    return lambda record, _: wanted in folded_line(texts(record))


def _field(name: str) -> Callable[[Record], tuple[str, ...]]:
    if name not in _TEXTS:
        raise QuestionError(f"No such field: {name}")
    return _TEXTS[name]
