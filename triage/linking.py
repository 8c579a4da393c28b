"""Tying a report to the study it tells of, or untying it; the machine's hints are shown, never acted upon."""

from fastapi import APIRouter
from fastapi.responses import Response

from review.ids import ReportId, StudyId
from review.link import StudyLink, StudyLinkKind
from review.studies import included_studies
from triage.errors import StaleError, WrongError
from triage.forms import Fields, identifier
from triage.record import make_card
from triage.tokens import ledger_token
from triage.web import Here, Sent, TheReport, Visit, page, see

__all__ = ["router"]

router = APIRouter()


@router.get("/link/{report:path}")
def show_link(here: Here, report: TheReport) -> Response:
    """Show the studies a report may belong to, with the hints that speak for them."""
    return _page(here, report)


@router.post("/link/{report:path}")
def link(here: Here, report: TheReport, fields: Sent) -> Response:
    """Write the link, or take it back."""
    try:
        study, kind = _read(fields)
    except WrongError as error:
        return _page(here, report, status=422, error=error.message, values=fields.values)
    with here.desk.writing:
        snapshot = here.desk.snapshot()
        snapshot.settlement(report)
        if fields.text("token") != ledger_token(here.desk.secret_key, "link", snapshot.ledger, report):
            raise StaleError("Somebody linked this report in the meantime. Nothing was changed; look again.")
        row = StudyLink(report=report, study=study, by=here.account.name, at=here.desk.clock(), kind=kind)
        here.desk.store.link_study(row)
    return see("/study/", study) if kind is StudyLinkKind.LINKED else see("/record/", report)


def _read(fields: Fields) -> tuple[StudyId, StudyLinkKind]:
    kind = fields.choice("kind", StudyLinkKind, empty=StudyLinkKind.LINKED)
    named = fields.text("new_study") or fields.text("study")
    if not named:
        raise WrongError("Choose a study, or name a new one.")
    return StudyId(identifier(named, "study")), kind


def _page(here: Visit, report: ReportId, *, status: int = 200, **more: object) -> Response:
    snapshot = here.desk.snapshot()
    card = make_card(here.seat, snapshot, report, None)
    hinted = {one.other: one.evidence for one in card.hints}
    context: dict[str, object] = {
        "card": card,
        "studies": included_studies(snapshot.settlements),
        "hinted": hinted,
        "others": here.desk.store.reports(set(hinted)),
        "settlements": snapshot.settlements,
        "links": [one for one in snapshot.ledger.study_links if one.report == report],
        "token": ledger_token(here.desk.secret_key, "link", snapshot.ledger, report),
        "values": {},
        "error": "",
    }
    return page(here.request, "link.html", status=status, **{**context, **more})
