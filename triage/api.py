"""The same rules for programs: JSON under /api, and /health. Every error is ``{"error": sentence}``."""

from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from review.clocks import clocks
from review.decision import Decision, Stage, Verdict
from review.ids import ReportId
from triage.access import can_vote, may
from triage.errors import WrongError
from triage.forms import Fields, identifier
from triage.record import make_card
from triage.suggested import suggestion_json
from triage.voting import cast, read_ballot, withdraw
from triage.web import DeskHere, Here, TheReport, csrf
from triage.worklists import queue, waiting_for

__all__ = ["VoteBody", "read_body", "router"]

router = APIRouter()
Answer = dict[str, object]
Body = TypeVar("Body", bound=BaseModel)


class VoteBody(BaseModel):
    """A vote; `token` comes with the report and can be used once."""

    model_config = ConfigDict(extra="forbid")

    report: str = Field(max_length=200)
    stage: Stage
    verdict: Verdict
    token: str = Field(max_length=100)
    reason: str = Field("", max_length=200)
    study: str = Field("", max_length=200)
    note: str = Field("", max_length=2000)


def read_body(kind: type[Body], body: bytes) -> Body:
    """Return a JSON body; WrongError, with the first thing amiss, where it is not of the kind."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise WrongError(f"{where}: {first['msg']}") from None


async def read_vote(request: Request) -> VoteBody:
    """Return the JSON body; WrongError where it is not a vote."""
    return read_body(VoteBody, await request.body())


@router.get("/health")
def health(desk: DeskHere) -> Answer:
    """Say that the desk answers and can read its store."""
    desk.store.generation()
    return {"status": "ok"}


@router.get("/api/status")
def status(here: Here) -> Answer:
    """Return the clocks, what waits for this account, and the token that changes must carry."""
    snapshot = here.desk.snapshot()
    now = clocks(snapshot.ledger, snapshot.settlements, here.desk.protocol, here.desk.clock())
    mine = waiting_for(here.seat, snapshot)
    return {
        "review": here.desk.protocol.id,
        "badge": now.badge,
        "pubmed_through": now.pubmed_through,
        "fully_searched_through": now.fully_searched_through,
        "screened_through": now.screened_through,
        "waiting_for_me": {name: getattr(mine, name) for name in mine.__slots__},
        "csrf": csrf(here.request, here.desk),
    }


@router.get("/api/queue/{stage}")
def the_queue(here: Here, stage: Stage, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Answer:
    """Return the reports that wait for this account's vote, the likeliest first."""
    return {
        "stage": stage,
        "reports": list(queue(here.seat, here.desk.snapshot(), stage, limit)),
    }


@router.get("/api/report/{report:path}")
def the_report(here: Here, report: TheReport) -> Answer:
    """Return what this account may see of a report, and the token of the vote it is asked for."""
    snapshot = here.desk.snapshot()
    card = make_card(here.seat, snapshot, snapshot.present(report), None)
    record = card.report.record
    shown: Answer = {
        "id": card.report.id,
        "status": card.status,
        "title": record.title,
        "abstract": record.abstract,
        "index": list(record.keywords) if record.index_only else [],
        "citation": record.citation,
        "notes": list(record.notes),
        "votes": [_vote(one) for stage in card.stages for one in stage.votes],
        "imported": [{"verdict": one.verdict, "source": one.source} for one in card.imported],
        "suggestion": suggestion_json(card.suggestion),
        "records": [one.id for one in card.report.records],
        "may_be_one_document_with": [
            {"report": one.other.id, "evidence": one.evidence, "confidence": one.confidence}
            for one in card.pairs
        ],
        "may_tell_of_one_study_with": [{"report": one.other, "evidence": one.evidence} for one in card.hints],
    }
    if may(here.account, "POST", "/api/set-apart"):
        shown["set_apart_tokens"] = {one.link.record: one.token for one in card.joined}
    if can_vote(here.account):
        shown |= {"asked": card.voting, "token": card.token}
        shown["undo_tokens"] = {one.stage: one.token for one in card.stages if one.own}
    return shown


@router.post("/api/decisions")
def decide(here: Here, body: Annotated[VoteBody, Depends(read_vote)]) -> Answer:
    """Write a vote, or take it back with the verdict *withdrawn*."""
    report = ReportId(identifier(body.report, "report"))
    if body.verdict is Verdict.WITHDRAWN:
        return {"written": withdraw(here.seat, report, body.stage, body.token)}
    fields = Fields({name: str(value) for name, value in body.model_dump().items()})
    ballot = read_ballot(fields, body.stage, here.desk.protocol.eligibility.exclusion_reasons)
    return {"written": cast(here.seat, report, body.stage, ballot, body.token)}


def _vote(vote: Decision) -> Answer:
    return {
        "stage": vote.stage,
        "reviewer": vote.reviewer,
        "verdict": vote.verdict,
        "reason": vote.reason,
        "note": vote.note,
    }
