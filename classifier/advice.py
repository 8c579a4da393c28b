"""The protocol's rules for stopping, applied to what people screened so far."""

from collections.abc import Callable, Mapping

from classifier.audited import SetAside
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

__all__ = ["advise"]


def advise(
    ledger: Ledger,
    settlements: Mapping[ReportId, Settlement],
    plan: ClassifierPlan,
    aside: SetAside,
) -> Verdict | None:
    """Return what the protocol's rules say of stopping now; None where it names none.

    Parameters
    ----------
    aside
        What is set aside, and what the audit says of it.
    """
    if not plan.stopping:
        return None
    screened, audit = screened_in_order(ledger, settlements), aside.audit
    rules: dict[str, Callable[[], Advice]] = {
        "hypergeometric": lambda: ranked_screening(screened.relevant, screened.total, plan.promise),
        "in a row": lambda: irrelevant_in_a_row(screened.relevant, plan.in_a_row),
        "audit": lambda: random_audit(
            found=sum(screened.relevant),
            missed_at_most=audit.still_missed_at_most if audit else None,
            read=audit.read if audit else 0,
            uncovered=len(screened.unread - aside.covered),
            recall=plan.promise,
        ),
    }
    given = [rules[rule]() for rule in plan.stopping]
    return combined(given, when=plan.stop_when, screened=len(screened.relevant), total=screened.total)
