"""After ranking: set aside what stands below a promised line, and draw some of it for audit."""

from datetime import datetime
from hashlib import sha256

from classifier.audited import SetAside, standing
from classifier.draw import draw
from review.audit import AuditDraw
from review.ids import ModelId, ReportId
from review.in_force import model_in_force
from review.protocol import Protocol
from review.screening import settle
from store.store import Store

__all__ = ["set_aside_and_draw", "standing_now"]


def set_aside_and_draw(protocol: Protocol, store: Store, now: datetime) -> AuditDraw | None:
    """Set aside what newly stands below the line, and draw from it; None where there is nothing to set aside.

    Population and draw are one row: a run that is broken off has set aside nothing or has drawn, and a cycle
    that is run again finds nothing new below the line.
    """
    newly = standing_now(protocol, store).newly
    present = model_in_force(store.ledger())
    if present is None or not newly:
        return None
    plan, model = protocol.classifier, present.id
    made = AuditDraw(
        id=_digest(model, newly),
        model=model,
        at=now,
        set_aside=newly,
        drawn=tuple(ReportId(one) for one in draw(newly, plan.audit_per_cycle, seed=plan.seed)),
    )
    store.add_draw(made)
    return made


def standing_now(protocol: Protocol, store: Store) -> SetAside:
    """Return what is set aside at present, what would be, and what the audit says."""
    ledger = store.ledger()
    lines = store.lines() if protocol.classifier.set_aside or ledger.audit_draws else {}
    return standing(ledger, settle(ledger, protocol), lines, protocol.classifier)


def _digest(model: ModelId, reports: tuple[ReportId, ...]) -> str:
    return sha256("\n".join((model, *sorted(reports))).encode()).hexdigest()[:16]
