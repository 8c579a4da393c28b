"""Sign the candidates by hand, under the rules that the desk follows."""

from dataclasses import dataclass
from datetime import datetime

from flows.by_hand.seats import take_seat
from flows.errors import Refused
from review.clocks import withdrawn_keys
from review.edition import UpdateDecision, UpdateVerdict
from review.effect import AnalysisKey
from review.protocol import Protocol
from review.result import Synthesis
from store.store import Store
from triage.candidates import candidates_of, obstacles
from triage.forms import Fields

__all__ = ["Signed", "sign_candidates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a word was said of: pooled results, and keys that lost all their studies."""

    syntheses: tuple[Synthesis, ...]
    withdrawn: tuple[AnalysisKey, ...]


def sign_candidates(
    protocol: Protocol, store: Store, signer: str, verdict: str, reason: str, *, now: datetime
) -> Signed:
    """Write the lead's word on everything that waits for one, and return that.

    Raises
    ------
    Refused
        When the account is no lead, nothing waits, or a guard of the desk forbids publishing.
    WrongError
        When the verdict is unknown or the reason empty.
    """
    seat = take_seat(protocol, store, signer, "/sign-off", lambda: now)
    fields = Fields({"verdict": verdict, "reason": reason})
    said = fields.choice("verdict", UpdateVerdict)
    why = fields.required("reason", "reason: found nothing; expected a sentence that says why")
    snapshot = seat.desk.snapshot()
    waiting = tuple(one.synthesis for one in candidates_of(snapshot))
    withdrawn = withdrawn_keys(snapshot.ledger, snapshot.settlements)
    if not (waiting or withdrawn):
        raise Refused(
            "candidates: found none; expected a pooled result that no edition shows; nothing to sign"
        )
    if said is UpdateVerdict.PUBLISH and (found := obstacles(snapshot, waiting)):
        raise Refused(f"This cannot be published yet. Nothing was signed. {' '.join(found)}")
    store.sign(
        UpdateDecision(
            verdict=said,
            reason=why,
            signer=seat.account.name,
            at=now,
            syntheses=tuple(one.digest for one in waiting),
        )
    )
    return Signed(syntheses=waiting, withdrawn=withdrawn)
