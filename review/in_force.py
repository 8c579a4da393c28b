"""Which model ranks the waiting reports at present, and what was said last of each report.

The last model trained need not be the one in force: a decision that was taken back leads to the training set
of before, and so to the model of before, which has said already what it says.
"""

from collections.abc import Iterable, Sequence

from review.ids import ModelId, ReportId
from review.ledger import Ledger
from review.suggestion import InForce, Model, Suggestion

__all__ = ["last_put_in_force", "latest_said", "model_in_force"]


def model_in_force(ledger: Ledger) -> Model | None:
    """Return the model that ranks the waiting reports; None where none was trained.

    Where no row says it, as in a ledger of before such rows, it is the last one trained.
    """
    known = {one.id: one for one in ledger.models}
    said = last_put_in_force([one for one in ledger.in_force if one.model in known])
    if said is not None:
        return known[said]
    return ledger.models[-1] if ledger.models else None


def last_put_in_force(rows: Sequence[InForce]) -> ModelId | None:
    """Return the model of the last row; None where there is none."""
    return rows[-1].model if rows else None


def latest_said(suggestions: Iterable[Suggestion], ledger: Ledger) -> dict[ReportId, Suggestion]:
    """Return what counts of the suggestions on each report: the one by the model in force, else the last.

    Parameters
    ----------
    suggestions
        In any order; of those made at one moment the last one given counts.
    """
    in_force = last_put_in_force(ledger.in_force)
    ordered = sorted(suggestions, key=lambda one: (one.model == in_force, one.at))
    return {one.report: one for one in ordered}
