"""An impact with the ledger's own word on why studies left."""

from collections.abc import Mapping

from review.departure import departures
from review.ids import ReportId
from review.ledger import Ledger
from review.result import Synthesis
from review.screening import Settlement
from synthesis.living.impact.attribution import Impact, impact

__all__ = ["explained_impact"]


def explained_impact(
    before: Synthesis | None,
    after: Synthesis,
    ledger: Ledger,
    settlements: Mapping[ReportId, Settlement],
) -> Impact:
    """Return what changed between two syntheses, and for each study that is gone what the ledger tells.

    Parameters
    ----------
    before, after
        As in `synthesis.impact`.
    ledger, settlements
        As they stand with the later one.

    Raises
    ------
    ValueError
        Where the two do not answer the same question.
    """
    earlier = {one.study for one in before.rows} if before else set()
    gone = earlier - {one.study for one in after.rows}
    return impact(before, after, left=departures(ledger, settlements, after.key, gone))
