"""What readers are told of setting aside: how many reports nobody screened, the audit, and drift."""

from dataclasses import dataclass

from classifier.audited import standing
from publisher.snapshot import Snapshot
from review.drift import Drift
from review.ids import ReportId
from review.in_force import latest_said
from review.setting_aside import Line

__all__ = ["AsideUse", "aside_use"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideUse:
    """Setting aside as it stood at the snapshot.

    Parameters
    ----------
    used
        Whether the protocol sets aside, or ever did.
    now
        How many reports are set aside: unscreened, and counted so.
    audit
        What the audit says, in a sentence; empty where nothing was drawn.
    withdrawn
        Why the promise was withdrawn; empty where it was not.
    short
        Why a line that bears a promise sets nothing aside: it promises less than is asked; empty otherwise.
    drift
        The last look for drift; None where there was none.
    """

    used: bool
    now: int
    audit: str
    withdrawn: str
    short: str
    drift: Drift | None


def aside_use(snapshot: Snapshot) -> AsideUse:
    """Return what is told of setting aside at a snapshot."""
    ledger, plan = snapshot.ledger, snapshot.protocol.classifier
    found = standing(ledger, snapshot.settlements, _lines(snapshot), plan)
    return AsideUse(
        used=plan.set_aside or bool(ledger.audit_draws),
        now=len(found.reports),
        audit=found.audit.sentence if found.audit else "",
        withdrawn=found.withdrawn,
        short=found.short,
        drift=ledger.drifts[-1] if ledger.drifts else None,
    )


def _lines(snapshot: Snapshot) -> dict[ReportId, Line]:
    """Return where the suggestion of each report stood that counted then."""
    given = (one for one in snapshot.material.suggestions if one.at <= snapshot.at)
    said = latest_said(given, snapshot.ledger)
    return {report: Line(one.model, one.flagged) for report, one in said.items()}
