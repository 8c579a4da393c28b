"""The included studies: their reports, their results, and what is still missing."""

from fastapi import APIRouter
from fastapi.responses import Response

from review.ids import StudyId
from review.studies import Study, included_studies, pending_studies, standing_effects
from triage.desk import Snapshot
from triage.errors import NotFoundError
from triage.forms import identifier
from triage.web import Here, page
from triage.worklists import to_check

__all__ = ["find_study", "router"]

router = APIRouter()


@router.get("/studies")
def show_studies(here: Here) -> Response:
    """List the included studies, and what each waits for."""
    snapshot = here.desk.snapshot()
    pending = pending_studies(snapshot.ledger, snapshot.settlements, here.desk.protocol)
    return page(
        here.request,
        "studies.html",
        studies=sorted(included_studies(snapshot.settlements).values(), key=lambda study: study.id),
        pending={one.study: one.why for one in pending},
        settlements=snapshot.settlements,
    )


@router.get("/study/{study:path}")
def show_study(here: Here, study: str) -> Response:
    """Show one study with its reports and every result ever entered for it."""
    snapshot = here.desk.snapshot()
    found = find_study(snapshot, study)
    ledger = snapshot.ledger
    effects = [one for one in ledger.effects if one.estimate.study == found.id]
    return page(
        here.request,
        "study.html",
        study=found,
        reports=here.desk.store.reports(set(found.reports)),
        effects=list(reversed(effects)),
        standing=standing_effects(ledger),
        checks=[one for one in ledger.checks if one.effect in {effect.id for effect in effects}],
        mine_to_check={one.id for one in to_check(ledger, here.desk.protocol, here.account.name)},
        imported=[one for one in ledger.imported_effects if one.estimate.study == found.id],
        notices=[one for one in ledger.notices if one.report in found.reports],
    )


def find_study(snapshot: Snapshot, name: str) -> Study:
    """Return an included study by its label.

    Raises
    ------
    NotFoundError
        When no included report tells of it.
    """
    study = StudyId(identifier(name, "study"))
    found = included_studies(snapshot.settlements).get(study)
    if found is None:
        raise NotFoundError(
            f"There is no included study {study!r}. Include a report of it at full text first."
        )
    return found
