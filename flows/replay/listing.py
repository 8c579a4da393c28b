"""What a year's model flagged, best first: what it said, and what had become of each report."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from classifier.history import ranks
from review.ids import ReportId
from review.replay import RankedReport
from review.screening import Settlement, Status
from review.suggestion import Suggestion

__all__ = ["flagged_reports", "state_of"]

_STATES = {
    Status.INCLUDED: "included by an imported decision",
    Status.FULL_TEXT_CONFLICT: "held as a conflict",
}


def flagged_reports(
    suggested: Sequence[Suggestion],
    settlements: Mapping[ReportId, Settlement],
    trials: Mapping[ReportId, str],
) -> tuple[RankedReport, ...]:
    """Return the flagged of a year's new reports, best first.

    Parameters
    ----------
    suggested
        What the year's model said of its new reports, flagged or not.
    trials
        The known later trial of a report, where it tells of one.
    """
    rank = ranks({one.report: one.score for one in suggested})
    flagged = sorted((one for one in suggested if one.flagged), key=lambda one: (rank[one.report], one.rank))
    return tuple(
        RankedReport(
            suggestion=_without_places(one),
            rank=rank[one.report],
            of=len(suggested),
            state=state_of(settlements[one.report], flagged=True),
            study=trials.get(one.report, ""),
        )
        for one in flagged
    )


def state_of(settlement: Settlement, *, flagged: bool) -> str:
    """Return where a report stands at the end of a year, in words."""
    if settlement.status is Status.AWAITING_SCREENING:
        return f"{'flagged' if flagged else 'not flagged'} and pending: nobody has decided"
    return _STATES.get(settlement.status, settlement.status.value)


def _without_places(said: Suggestion) -> Suggestion:
    return replace(said, terms=tuple(replace(term, spans=()) for term in said.terms))
