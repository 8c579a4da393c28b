"""What readers are told of setting aside: how many reports nobody screened, the audit, and drift."""

from dataclasses import dataclass

from classifier.audited import standing
from publisher.snapshot import Snapshot
from review.drift import Drift
from review.ids import ReportId
from review.in_force import latest_said
from review.setting_aside import Line
from review.wording import agreeing, counted

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
    ever, drawn, read
        How many were ever set aside, how many of those the audit drew, and how many of these are settled.
    told
        How many are set aside now and what that means, in a sentence.
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
    ever: int
    drawn: int
    read: int
    told: str
    audit: str
    withdrawn: str
    short: str
    drift: Drift | None

    @property
    def statement(self) -> str:
        """What a report's paragraph on machine learning must add; empty where nothing is ever set aside."""
        return " ".join(one for one in (self.told, self.audit, self.withdrawn, self.short) if one)


def aside_use(snapshot: Snapshot) -> AsideUse:
    """Return what is told of setting aside at a snapshot."""
    ledger, plan = snapshot.ledger, snapshot.protocol.classifier
    found = standing(ledger, snapshot.settlements, _lines(snapshot), plan)
    used, audit = plan.set_aside or bool(ledger.audit_draws), found.audit
    return AsideUse(
        used=used,
        now=len(found.reports),
        ever=audit.of if audit else 0,
        drawn=audit.drawn if audit else 0,
        read=audit.read if audit else 0,
        told=_told(len(found.reports)) if used else "",
        audit=audit.sentence if audit else "",
        withdrawn=found.withdrawn,
        short=found.short,
        drift=ledger.drifts[-1] if ledger.drifts else None,
    )


def _told(now: int) -> str:
    if not now:
        return "No report is set aside at present."
    return (
        f"{counted(now, 'report')} {agreeing(now, 'is', 'are')} set aside: ranked by a model below the line "
        "of a promise, screened by nobody, counted as not screened yet, and not excluded."
    )


def _lines(snapshot: Snapshot) -> dict[ReportId, Line]:
    """Return where the suggestion of each report stood that counted then."""
    given = (one for one in snapshot.material.suggestions if one.at <= snapshot.at)
    said = latest_said(given, snapshot.ledger)
    return {report: Line(one.model, one.flagged) for report, one in said.items()}
