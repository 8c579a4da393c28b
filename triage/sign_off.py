"""Signing: the lead says publish, hold or nothing new of the candidates, with a reason."""

from fastapi import APIRouter
from fastapi.responses import Response

from review.clocks import candidates, withdrawn_keys
from review.edition import UpdateDecision, UpdateVerdict
from triage.candidates import candidates_of, obstacles
from triage.desk import Desk, Snapshot
from triage.errors import StaleError, WrongError
from triage.tokens import ledger_token
from triage.web import Here, Sent, Visit, page, see

__all__ = ["router"]

router = APIRouter()


@router.get("/sign-off")
def show_candidates(here: Here) -> Response:
    """Show every candidate beside the last edition, and the form that signs them."""
    return _page(here)


@router.post("/sign-off")
def sign(here: Here, fields: Sent) -> Response:
    """Write the signature; publishing is refused while a guard does not hold."""
    try:
        verdict = fields.choice("verdict", UpdateVerdict)
        reason = fields.required("reason", "Say in a sentence why.")
    except WrongError as error:
        return _page(here, status=422, error=error.message, values=fields.values)
    with here.desk.writing:
        snapshot = here.desk.snapshot()
        looked_at = candidates(snapshot.ledger, snapshot.settlements)
        withdrawn = withdrawn_keys(snapshot.ledger, snapshot.settlements)
        if not (looked_at or withdrawn) or fields.text("token") != _token(here.desk, snapshot):
            raise StaleError(
                "The candidates or their signatures changed since the page was made. Look at them again."
            )
        if verdict is UpdateVerdict.PUBLISH and (found := obstacles(snapshot, looked_at)):
            raise StaleError("This cannot be published yet. Nothing was signed.", found)
        here.desk.store.sign(
            UpdateDecision(
                verdict=verdict,
                reason=reason,
                signer=here.account.name,
                at=here.desk.clock(),
                syntheses=tuple(one.digest for one in looked_at),
            )
        )
    return see("/sign-off", signed=verdict.value)


def _page(here: Visit, *, status: int = 200, **more: object) -> Response:
    snapshot = here.desk.snapshot()
    found = candidates_of(snapshot)
    context: dict[str, object] = {
        "candidates": found,
        "withdrawn": withdrawn_keys(snapshot.ledger, snapshot.settlements),
        "obstacles": obstacles(snapshot, [one.synthesis for one in found]),
        "token": _token(here.desk, snapshot),
        "signed": here.request.query_params.get("signed", "") in set(UpdateVerdict),
        "editions": snapshot.ledger.editions,
        "values": {},
        "error": "",
    }
    return page(here.request, "sign_off.html", status=status, **{**context, **more})


def _token(desk: Desk, snapshot: Snapshot) -> str:
    ledger, settlements = snapshot.ledger, snapshot.settlements
    digests = [one.digest for one in candidates(ledger, settlements)]
    withdrawn = [f"withdrawn {key}" for key in withdrawn_keys(ledger, settlements)]
    return ledger_token(desk.secret_key, "signature", ledger, " ".join([*digests, *withdrawn]))
