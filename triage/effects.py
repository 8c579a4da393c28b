"""Entering a result: what it answers (the analysis key), then its numbers; a correction is a new result."""

import math
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from review.effect import AnalysisKey, Better, Effect, Estimate, SharedControl
from review.ids import EffectId, ReportId
from review.studies import Study, standing_effects
from triage.desk import Snapshot
from triage.errors import NotFoundError, StaleError, WrongError
from triage.extraction import OTHER, SuspiciousError, read_estimate, read_key
from triage.forms import Fields
from triage.sessions import token
from triage.studies import find_study
from triage.tokens import effect_token
from triage.web import Here, Sent, Visit, page, see

__all__ = ["router"]

router = APIRouter()


@router.get("/effect/{study:path}")
def show_effect(
    here: Here,
    study: str,
    supersedes: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Ask what the result answers; once that is known, ask for the numbers that this needs."""
    snapshot = here.desk.snapshot()
    found = find_study(snapshot, study)
    if supersedes:
        former = _standing(snapshot, found, supersedes)
        return _form(here, found, former.estimate.key, values=_values(former))
    if "outcome" not in here.request.query_params:
        return page(here.request, "effect_key.html", study=found, error="", values={})
    asked = Fields(dict(here.request.query_params))
    try:
        key = read_key(asked, here.desk.protocol)
    except WrongError as error:
        context = {"study": found, "error": error.message, "values": asked.values}
        return page(here.request, "effect_key.html", status=422, **context)
    return _form(here, found, key, values={})


@router.post("/effect/{study:path}")
def enter(here: Here, study: str, fields: Sent) -> Response:
    """Write a result; where the form cannot be used, show it again with everything that was typed."""
    found = find_study(here.desk.snapshot(), study)
    key = read_key(fields, here.desk.protocol)
    try:
        estimate = read_estimate(fields, found.id, key, here.desk.protocol)
        report = ReportId(fields.choice("report", found.reports))
    except WrongError as error:
        return _form(
            here, found, key, status=422, error=error.message,
            doubtful=isinstance(error, SuspiciousError), values=fields.values,
        )  # fmt: skip
    with here.desk.writing:
        snapshot = here.desk.snapshot()
        sent = fields.text("token")
        if sent != effect_token(here.desk.secret_key, snapshot.ledger.effects, found.id, here.account.name):
            raise StaleError(
                "This form was sent already, or you have entered another result of this study since it was "
                "opened. Nothing was added; look at the study."
            )
        former = fields.text("supersedes")
        if doubled := _second_result(snapshot, estimate, former):
            return _form(here, found, key, status=422, error=doubled, values=fields.values)
        effect = Effect(
            id=EffectId(f"effect-{token(here.desk.secret_key, 'id', sent)[:12]}"),
            estimate=estimate,
            report=report,
            by=here.account.name,
            at=here.desk.clock(),
            supersedes=_standing(snapshot, found, former).id if former else None,
        )
        here.desk.store.enter_effect(effect)
    return see("/study/", found.id)


def _standing(snapshot: Snapshot, study: Study, name: str) -> Effect:
    found = standing_effects(snapshot.ledger).get(EffectId(name))
    if found is None or found.estimate.study != study.id:
        raise NotFoundError(
            "There is no such result any more: it was corrected in the meantime. Look at the study."
        )
    return found


def _second_result(snapshot: Snapshot, estimate: Estimate, former: str) -> str:
    """Say why a result may not stand beside those there are; nothing where it may."""
    row = (estimate.study, estimate.key, estimate.label)
    for one in standing_effects(snapshot.ledger).values():
        if one.id != former and (one.estimate.study, one.estimate.key, one.estimate.label) == row:
            return (
                f"A result of {estimate.label} for this outcome stands already, entered by {one.by}. Correct "
                "that one instead; for another arm of the study, give the row a name of its own."
            )
    return ""


def _form(
    here: Visit,
    study: Study,
    key: AnalysisKey,
    *,
    status: int = 200,
    **more: object,
) -> Response:
    snapshot = here.desk.snapshot()
    context: dict[str, object] = {
        "study": study,
        "key": key,
        "outcome": here.desk.protocol.find_outcome(key.outcome),
        "measure": here.desk.protocol.measure_of(key.outcome, key.stratum),
        "reports": here.desk.store.reports(set(study.reports)),
        "shared": tuple(SharedControl),
        "directions": tuple(Better),
        "other": OTHER,
        "token": effect_token(here.desk.secret_key, snapshot.ledger.effects, study.id, here.account.name),
        "error": "",
        "doubtful": False,
    }
    return page(here.request, "effect.html", status=status, **{**context, **more})


def _values(effect: Effect) -> dict[str, str]:
    """Return the fields of a form that would enter this result again, ratios as they are printed."""
    estimate = effect.estimate
    ratio = estimate.measure in {"RR", "OR"} and estimate.value is not None
    arms = estimate.arms
    numbers = {
        "value": math.exp(estimate.value or 0.0) if ratio else estimate.value,
        "se": estimate.se,
        "n": estimate.n,
        "months": estimate.months,
        **{f"moderator-{name}": value for name, value in estimate.moderators},
        **(asdict(arms) if arms else {}),
    }
    return {
        "supersedes": effect.id,
        "report": effect.report,
        "label": estimate.label,
        "instrument": estimate.instrument,
        "other_better": estimate.better,
        "shared_control": estimate.shared_control,
        "locator": estimate.locator,
        "values": estimate.values,
        **{name: f"{value:.10g}" for name, value in numbers.items() if value is not None},
        **{f"subgroup-{name}": level for name, level in estimate.subgroups},
    }
