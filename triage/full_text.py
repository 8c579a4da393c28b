"""Judging the full text: include with a study, exclude with exactly one reason, sibling, ongoing."""

from fastapi import APIRouter
from fastapi.responses import Response

from review.decision import Stage
from triage.record import make_card, show_card, take_vote
from triage.web import Here, Sent, TheReport

__all__ = ["router"]

router = APIRouter()


@router.get("/full-text/{report:path}")
def show_full_text(here: Here, report: TheReport) -> Response:
    """Show a report with the verdicts of the full text, also where only an import has settled it."""
    card = make_card(here.seat, here.desk.snapshot(), report, Stage.FULL_TEXT)
    return show_card(here, card)


@router.post("/full-text/{report:path}")
def vote_on_full_text(here: Here, report: TheReport, fields: Sent) -> Response:
    """Write a verdict on the full text and go on to the next report."""
    return take_vote(here, report, Stage.FULL_TEXT, fields)
