"""What people screened, in the order in which they did: what rules for stopping look at."""

from collections.abc import Mapping
from dataclasses import dataclass

from review.decision import Stage
from review.ids import ReportId
from review.ledger import Ledger
from review.screening import Settlement, Status
from review.setting_aside import RELEVANT

__all__ = ["Screened", "screened_in_order"]

_UNREAD = frozenset({Status.AWAITING_SCREENING, Status.AWAITING_SECOND_VOTE, Status.SCREENING_CONFLICT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """How far people came.

    Parameters
    ----------
    relevant
        One entry a report that people's votes settled, in the order of its last vote at title and abstract:
        whether it went on, as long as its full text does not exclude it.
    reports
        The same reports.
    unread
        Reports that wait for a vote at screening or are in conflict there, set aside or not.
    """

    relevant: tuple[bool, ...]
    reports: tuple[ReportId, ...]
    unread: frozenset[ReportId]

    @property
    def total(self) -> int:
        """All that was there to screen: what people settled, and what they did not yet."""
        return len(self.relevant) + len(self.unread)


def screened_in_order(ledger: Ledger, settlements: Mapping[ReportId, Settlement]) -> Screened:
    """Return what people screened; what only an import settled was never theirs to read."""
    unread = frozenset(report for report, found in settlements.items() if found.status in _UNREAD)
    last = {one.report: None for one in reversed(ledger.decisions) if one.stage is Stage.SCREENING}
    voted = [report for report in reversed(last) if report in settlements and report not in unread]
    return Screened(
        relevant=tuple(settlements[report].status in RELEVANT for report in voted),
        reports=tuple(voted),
        unread=unread,
    )
