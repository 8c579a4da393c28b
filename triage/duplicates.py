"""Reports that may be one document: side by side, the surest first, each answered with one button."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from review.ids import ReportId
from review.link import HintWord, LinkHint
from review.merging import last_links, ordered_pair
from triage.desk import Desk, Snapshot
from triage.errors import WrongError
from triage.forms import identifier
from triage.joining import Word, answer, join_ticked, set_apart
from triage.pairs import PairTokens, pairs_of, set_apart_token
from triage.web import Here, Sent, TheReport, Visit, page, see
from triage.worklists import possible_duplicates

__all__ = ["SHOWN", "TICKED_FROM", "read_pair", "router"]

router = APIRouter()

SHOWN = 20
"""Pairs on one page."""

TICKED_FROM = (0.8, 0.9, 0.95, 0.99)
"""Confidences from which a person may let the boxes be ticked."""

_LATELY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A person's word on two reports that still holds, and the token of taking it back."""

    word: Word
    report: ReportId
    other: ReportId
    by: str
    at: datetime
    token: str


@router.get("/duplicates")
def show_duplicates(
    here: Here,
    tick: Annotated[float | None, Query(ge=0, le=1)] = None,
    report: Annotated[str, Query(max_length=200)] = "",
    other: Annotated[str, Query(max_length=200)] = "",
    *,
    all_: Annotated[bool, Query(alias="all")] = False,
) -> Response:
    """List the guesses that wait, with `all` the unlikely too; `report` and `other` put two side by side."""
    if report or other:
        one, beside = read_pair(report, other)
        hint = _asked_for(here.desk.snapshot(), one, beside)
        return _page(here, [hint], asked=True)
    ledger = here.desk.snapshot().ledger
    every, likely = possible_duplicates(ledger, at_least=0), possible_duplicates(ledger)
    shown = every if all_ else likely
    return _page(here, shown, tick=tick, unlikely=len(every) - len(shown))


@router.post("/duplicates")
def say(here: Here, fields: Sent) -> Response:
    """Write one answer, or that all ticked guesses are true."""
    word = fields.choice("answer", Word)
    if not fields.text("report"):
        ticked = [value for name, value in fields.values.items() if name.startswith("pair-")]
        return _several(here, ticked)
    one, other = read_pair(fields.text("report"), fields.text("other"))
    answer(here.seat, one, other, word, fields.text("token"))
    return see("/record/", one) if fields.ticked("on_record") else see("/duplicates")


@router.post("/set-apart/{report:path}")
def take_apart(here: Here, report: TheReport, fields: Sent) -> Response:
    """Make a record a report of its own again, and show it."""
    set_apart(here.seat, report, fields.text("token"))
    return see("/record/", report)


def read_pair(report: str, other: str) -> tuple[ReportId, ReportId]:
    """Return two reports that were named; WrongError where one is not."""
    return ReportId(identifier(report, "report")), ReportId(identifier(other, "other report"))


def _several(here: Visit, ticked: list[str]) -> Response:
    try:
        join_ticked(here.seat, ticked)
    except WrongError as error:
        hints = possible_duplicates(here.desk.snapshot().ledger)
        return _page(here, hints, status=422, error=error.message)
    return see("/duplicates")


def _page(
    here: Visit,
    hints: Sequence[LinkHint],
    *,
    tick: float | None = None,
    status: int = 200,
    asked: bool = False,
    unlikely: int = 0,
    error: str = "",
) -> Response:
    snapshot = here.desk.snapshot()
    return page(
        here.request,
        "duplicates.html",
        status=status,
        pairs=pairs_of(here.desk, snapshot, hints[:SHOWN]),
        waits=len(hints),
        tick=tick,
        levels=TICKED_FROM,
        asked=asked,
        unlikely=unlikely,
        error=error,
        lately=_lately(here.desk, snapshot),
    )


def _asked_for(snapshot: Snapshot, one: ReportId, other: ReportId) -> LinkHint:
    for end in (one, other):
        snapshot.settlement(end)
    if one == other:
        raise WrongError("These are not two reports. Name another one.")
    pair = ordered_pair(one, other)
    hints = possible_duplicates(snapshot.ledger, at_least=0)
    found = next((hint for hint in hints if ordered_pair(hint.report, hint.other) == pair), None)
    at = snapshot.ledger.sightings[-1].at
    return found or LinkHint(report=one, other=other, evidence="named by a person", at=at, confidence=0.0)


def _lately(desk: Desk, snapshot: Snapshot) -> list[Said]:
    """Return what people said last and still holds, the latest first."""
    words = [*_joined(desk, snapshot), *_told_apart(desk, snapshot)]
    return sorted(words, key=lambda said: said.at, reverse=True)[:_LATELY]


def _joined(desk: Desk, snapshot: Snapshot) -> Iterator[Said]:
    for one in last_links(snapshot.ledger.duplicates).values():
        if one.by and str(one.record) != one.report:
            yield Said(
                word=Word.ONE,
                report=ReportId(one.record),
                other=snapshot.present(one.report),
                by=one.by,
                at=one.at,
                token=set_apart_token(desk.secret_key, snapshot, one.record),
            )


def _told_apart(desk: Desk, snapshot: Snapshot) -> Iterator[Said]:
    tokens = PairTokens(desk, snapshot)
    for one in {ordered_pair(one.report, one.other): one for one in snapshot.ledger.hint_answers}.values():
        if one.word is HintWord.TWO_DOCUMENTS and one.report != one.other:
            yield Said(
                word=Word.TWO,
                report=one.report,
                other=one.other,
                by=one.by,
                at=one.at,
                token=tokens.of(one.report, one.other),
            )
