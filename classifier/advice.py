"""The protocol's rules for stopping, applied to what people screened so far."""

from collections.abc import Callable, Mapping

from classifier.audited import Audited
from classifier.stopping import (
    Advice,
    Verdict,
    combined,
    irrelevant_in_a_row,
    random_audit,
    ranked_screening,
)
from review.ids import ReportId
from review.ledger import Ledger
from review.protocol import ClassifierPlan
from review.screened import screened_in_order
from review.screening import Settlement
from review.setting_aside import strata

__all__ = ["advise"]


def advise(
    ledger: Ledger,
    settlements: Mapping[ReportId, Settlement],
    plan: ClassifierPlan,
    audit: Audited | None,
) -> Verdict | None:
    """Return what the protocol's rules say of stopping now; None where it names none.

    Parameters
    ----------
    audit
        What `classifier.audited` says; None where nothing was ever set aside.
    """
    if not plan.stopping:
        return None
    screened = screened_in_order(ledger, settlements)
    rules: dict[str, Callable[[], Advice]] = {
        "hypergeometric": lambda: ranked_screening(screened.relevant, screened.total, plan.promise),
        "in a row": lambda: irrelevant_in_a_row(screened.relevant, plan.in_a_row),
        "audit": lambda: random_audit(
            found=sum(screened.relevant),
            missed_at_most=audit.still_missed_at_most if audit else None,
            read=audit.read if audit else 0,
            uncovered=len(screened.unread - _covered(ledger, settlements)),
            recall=plan.promise,
        ),
    }
    given = [rules[rule]() for rule in plan.stopping]
    return combined(given, when=plan.stop_when, screened=len(screened.relevant), total=screened.total)


def _covered(ledger: Ledger, settlements: Mapping[ReportId, Settlement]) -> frozenset[ReportId]:
    """Return what was set aside in the cycles of whose draw somebody read."""
    pairs = zip(ledger.audit_draws, strata(ledger, settlements), strict=True)
    return frozenset(report for draw, known in pairs if known.read for report in draw.set_aside)
