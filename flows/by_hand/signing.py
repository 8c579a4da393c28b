"""Sign the candidates by hand, under the rules that the desk follows."""

from datetime import datetime

from flows.errors import Refused
from review.clocks import candidates
from review.edition import UpdateDecision, UpdateVerdict
from review.ids import Reviewer
from review.people import Role
from review.protocol import Protocol
from review.result import Synthesis
from store.store import Store

__all__ = ["sign_candidates"]


def sign_candidates(
    protocol: Protocol, store: Store, signer: str, verdict: str, reason: str, *, now: datetime
) -> tuple[Synthesis, ...]:
    """Write the lead's word on every candidate and return them.

    Raises
    ------
    Refused
        When the account is no lead, the verdict unknown, the reason empty, or nothing waits.
    """
    account = store.account(signer)
    if account is None or account.role is not Role.LEAD:
        raise Refused(f"account {signer!r}: found no lead; expected one: only a lead signs for {protocol.id}")
    if verdict not in list(UpdateVerdict):
        raise Refused(
            f"verdict: found {verdict!r}; expected one of {', '.join(UpdateVerdict)}; name one of them"
        )
    if not reason.strip():
        raise Refused("reason: found nothing; expected why; it stands on the page that says what changed")
    waiting = candidates(store.ledger())
    if not waiting:
        raise Refused(
            "candidates: found none; expected a pooled result that no edition shows; nothing to sign"
        )
    store.sign(
        UpdateDecision(
            verdict=UpdateVerdict(verdict),
            reason=reason,
            signer=Reviewer(signer),
            at=now,
            syntheses=tuple(one.digest for one in waiting),
        )
    )
    return waiting
