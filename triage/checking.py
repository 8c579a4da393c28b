"""The second person: looks a result up in the report and vouches that it stands there as entered."""

from fastapi import APIRouter
from fastapi.responses import Response

from review.effect import EffectCheck
from review.ids import EffectId
from review.studies import standing_effects
from triage.errors import ForbiddenError, NotFoundError, StaleError
from triage.forms import identifier
from triage.web import Here, Sent, page, see
from triage.worklists import to_check

__all__ = ["router"]

router = APIRouter()


@router.get("/checks")
def show_checks(here: Here) -> Response:
    """List the results that wait for a second person and that this person did not read."""
    snapshot = here.desk.snapshot()
    waiting = to_check(snapshot.ledger, here.desk.protocol, here.account.name)
    reports = here.desk.store.reports({one.report for one in waiting})
    return page(here.request, "checks.html", effects=waiting, reports=reports)


@router.post("/check/{effect}")
def check(here: Here, effect: str, fields: Sent) -> Response:
    """Write the check."""
    with here.desk.writing:
        ledger = here.desk.snapshot().ledger
        name = EffectId(identifier(effect, "result"))
        known = {one.id: one for one in ledger.effects}
        if name not in known:
            raise NotFoundError("There is no such result.")
        if known[name].by == here.account.name:
            raise ForbiddenError("You read this result yourself. A second person checks it.")
        if name not in standing_effects(ledger):
            raise StaleError("This result was corrected in the meantime. Nothing was changed.")
        if not any((one.effect, one.by) == (name, here.account.name) for one in ledger.checks):
            row = EffectCheck(
                effect=name, by=here.account.name, at=here.desk.clock(), note=fields.text("note")
            )
            here.desk.store.check_effect(row)
    return see("/study/", known[name].estimate.study)
