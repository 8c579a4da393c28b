"""Conflicts: both votes side by side, contested imports with their why, and the word that settles them."""

from fastapi import APIRouter
from fastapi.responses import Response

from review.ids import ReportId
from review.screening import SettledBy, current_votes
from triage.errors import ForbiddenError, WrongError
from triage.record import make_card
from triage.settling import read_resolution, resolve, settled_stage, token_of, verdicts_of, why_not
from triage.web import Here, Sent, TheReport, Visit, page, see
from triage.worklists import conflicts

__all__ = ["router"]

router = APIRouter()


@router.get("/conflicts")
def show_conflicts(here: Here) -> Response:
    """List the reports in conflict, each with whether this account may settle it."""
    snapshot = here.desk.snapshot()
    found = conflicts(snapshot)
    reports = here.desk.store.reports(set(found))
    rows = []
    for report in found:
        settlement = snapshot.settlement(report)
        votes = snapshot.votes(report)
        stage = settled_stage(settlement)
        imported = settlement.by is SettledBy.IMPORT
        rows.append(
            {
                "report": reports[report],
                "settlement": settlement,
                "imported": imported,
                "names": () if imported else sorted(current_votes(votes, stage)),
                "why_not": why_not(votes, settlement, here.account),
            }
        )
    return page(here.request, "conflicts.html", rows=rows)


@router.get("/conflict/{report:path}")
def show_conflict(here: Here, report: TheReport) -> Response:
    """Show what was said of a report, and the form that settles it."""
    return _conflict(here, report)


@router.post("/conflict/{report:path}")
def settle(here: Here, report: TheReport, fields: Sent) -> Response:
    """Write the word that settles a conflict, or changes a verdict."""
    stage = settled_stage(here.desk.snapshot().settlement(report))
    try:
        said = read_resolution(here.desk, fields, stage)
    except WrongError as error:
        return _conflict(here, report, status=422, error=error.message, values=fields.values)
    resolve(here.seat, report, said, stage, fields.text("token"))
    return see("/conflicts")


def _conflict(here: Visit, report: ReportId, *, status: int = 200, **more: object) -> Response:
    snapshot = here.desk.snapshot()
    settlement = snapshot.settlement(report)
    stage = settled_stage(settlement)
    refused = why_not(snapshot.votes(report), settlement, here.account)
    if refused:
        raise ForbiddenError(refused)
    context: dict[str, object] = {
        "card": make_card(here.seat, snapshot, report, None),
        "stage": stage,
        "verdicts": verdicts_of(stage),
        "token": token_of(here.desk, snapshot, report),
        "values": {},
        "error": "",
    }
    return page(here.request, "conflict.html", status=status, **{**context, **more})
