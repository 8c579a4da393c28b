"""Home, the queues, and one's own decisions."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from classifier.advice import advise
from classifier.stopping import Verdict
from review.clocks import clocks
from review.decision import Stage
from review.ids import ReportId
from review.prisma import PrismaMismatchError, prisma_flow
from review.record import Report
from triage.designs import Wanted, listed
from triage.desk import Desk, Snapshot
from triage.record import just_done
from triage.tokens import vote_token
from triage.voting import why_fixed
from triage.web import Here, page, see
from triage.worklists import last_decisions, queue

__all__ = ["router"]

router = APIRouter()
_SHOWN = 50
_LOOKED_THROUGH = 1_000


@router.get("/")
def home(here: Here) -> Response:
    """Show what waits for this person, and where the review stands."""
    snapshot = here.desk.snapshot()
    current = clocks(snapshot.ledger, snapshot.settlements, here.desk.protocol, here.desk.clock())
    drift = snapshot.ledger.drifts[-1] if snapshot.ledger.drifts else None
    flow, mismatch = None, ""
    try:
        flow = prisma_flow(snapshot.ledger, snapshot.settlements)
    except PrismaMismatchError as error:
        mismatch = str(error)
    return page(
        here.request,
        "home.html",
        clocks=current,
        flow=flow,
        mismatch=mismatch,
        aside=snapshot.aside,
        drift=drift,
    )


@router.get("/help")
def show_help(here: Here) -> Response:
    """Show the keys and the rules of the desk."""
    return page(here.request, "help.html")


@router.get("/queue/{stage}")
def show_queue(
    here: Here,
    stage: Stage,
    done: Annotated[str, Query(max_length=200)] = "",
    design: Wanted = Wanted.ALL,
) -> Response:
    """List what waits for this person's vote, the likeliest first; with `design`, only what reads so."""
    snapshot = here.desk.snapshot()
    waiting = queue(here.seat, snapshot, stage, _SHOWN if design is Wanted.ALL else _LOOKED_THROUGH)
    return page(
        here.request,
        "queue.html",
        stage=stage,
        listed=listed(_found(here.desk, waiting), design, _SHOWN),
        wanted=design,
        advice=_advice(here.desk, snapshot) if stage is Stage.SCREENING else None,
        done=just_done(here.seat, snapshot, done),
    )


@router.get("/next/{stage}")
def next_card(here: Here, stage: Stage, after: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Go to the next card; with `after`, to the one behind that card, which stays in the queue."""
    waiting = queue(here.seat, here.desk.snapshot(), stage, 1_000)
    place = waiting.index(ReportId(after)) + 1 if after in waiting else 0
    return see("/record/", waiting[place]) if place < len(waiting) else see("/queue/", stage.value)


@router.get("/mine")
def show_mine(here: Here) -> Response:
    """List one's own last votes, each with its undo."""
    snapshot = here.desk.snapshot()
    own = last_decisions(snapshot.ledger.decisions, here.account.name)
    tokens = [
        vote_token(here.desk.secret_key, snapshot.votes(one.report), one.report, one.stage, here.account.name)
        for one in own
    ]
    reports = here.desk.store.reports({one.report for one in own})
    fixed = [why_fixed(snapshot, here.account, one.report, one.stage) for one in own]
    return page(here.request, "mine.html", rows=list(zip(own, tokens, fixed, strict=True)), reports=reports)


def _advice(desk: Desk, snapshot: Snapshot) -> Verdict | None:
    return advise(snapshot.ledger, snapshot.settlements, desk.protocol.classifier, snapshot.aside)


def _found(desk: Desk, reports: tuple[ReportId, ...]) -> list[Report]:
    found = desk.store.reports(set(reports))
    return [found[one] for one in reports]
