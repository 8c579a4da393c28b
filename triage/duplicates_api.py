"""Duplicates for programs: the same pairs, words and tokens as on the page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from review.ids import ReportId
from triage.api import read_body
from triage.duplicates import read_pair
from triage.forms import identifier
from triage.joining import Word, answer, set_apart
from triage.pairs import Pair, pairs_of
from triage.web import Here
from triage.worklists import possible_duplicates

__all__ = ["ApartBody", "WordBody", "router"]

router = APIRouter()
Answer = dict[str, object]


class WordBody(BaseModel):
    """A word on two reports; `token` comes with the pair."""

    model_config = ConfigDict(extra="forbid")

    report: str = Field(max_length=200)
    other: str = Field(max_length=200)
    answer: Word
    token: str = Field(max_length=100)


class ApartBody(BaseModel):
    """The record to set apart, by the name of the report that it was; `token` comes with its report."""

    model_config = ConfigDict(extra="forbid")

    report: str = Field(max_length=200)
    token: str = Field(max_length=100)


async def read_word(request: Request) -> WordBody:
    """Return the JSON body; WrongError where it is no word on two reports."""
    return read_body(WordBody, await request.body())


async def read_apart(request: Request) -> ApartBody:
    """Return the JSON body; WrongError where it names no record."""
    return read_body(ApartBody, await request.body())


@router.get("/api/duplicates")
def duplicates(here: Here, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Answer:
    """Return the guesses that two reports are one document, the surest first."""
    snapshot = here.desk.snapshot()
    hints = possible_duplicates(snapshot.ledger)
    pairs = pairs_of(here.desk, snapshot, hints[:limit])
    return {"waiting": len(hints), "pairs": [_shown(pair) for pair in pairs]}


@router.post("/api/duplicates")
def say(here: Here, body: Annotated[WordBody, Depends(read_word)]) -> Answer:
    """Write a word on two reports."""
    one, other = read_pair(body.report, body.other)
    return {"written": answer(here.seat, one, other, body.answer, body.token)}


@router.post("/api/set-apart")
def take_apart(here: Here, body: Annotated[ApartBody, Depends(read_apart)]) -> Answer:
    """Make a record a report of its own again."""
    return {"written": set_apart(here.seat, ReportId(identifier(body.report, "report")), body.token)}


def _shown(pair: Pair) -> Answer:
    return {
        "report": pair.one.id,
        "other": pair.other.id,
        "confidence": pair.confidence,
        "evidence": pair.evidence,
        "differs": [line.name for line in pair.lines if line.differs],
        "warning": pair.warning,
        "token": pair.token,
    }
