"""Why a study that was pooled is pooled no more, as far as the ledger tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from review.decision import Decision, ImportedDecision, Resolution
from review.edition import NoticeKind
from review.effect import AnalysisKey
from review.ids import ReportId, StudyId
from review.ledger import Ledger
from review.link import StudyLink
from review.screening import Settlement, Status
from review.studies import included_studies, standing_effects

__all__ = ["Departure", "DepartureKind", "departures"]


class DepartureKind(StrEnum):
    """Whether people's word on the study changed, or only what it has to say under an analysis."""

    NOT_INCLUDED = "no longer included"
    WITHDRAWN = "result withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Why a study left an analysis; `why` is a clause without a full stop."""

    study: StudyId
    kind: DepartureKind
    why: str


def departures(
    ledger: Ledger,
    settlements: Mapping[ReportId, Settlement],
    key: AnalysisKey,
    studies: Iterable[StudyId],
) -> dict[StudyId, Departure]:
    """Return why each study left an analysis; a study of which the ledger tells nothing is left out.

    Parameters
    ----------
    key
        The analysis that they left.
    studies
        Labels under which they were pooled.
    """
    included = included_studies(settlements)
    found = (
        _withdrawn(study, ledger, key) if study in included else _not_included(study, ledger, settlements)
        for study in studies
    )
    return {one.study: one for one in found if one is not None}


def _withdrawn(study: StudyId, ledger: Ledger, key: AnalysisKey) -> Departure:
    elsewhere = sorted(
        {
            one.estimate.key
            for one in standing_effects(ledger).values()
            if one.estimate.study == study and one.estimate.key != key
        }
    )
    stands = f"what was extracted stands under {', '.join(map(str, elsewhere))}"
    why = stands if elsewhere else "no result of it can be pooled here"
    return Departure(study=study, kind=DepartureKind.WITHDRAWN, why=why)


def _not_included(
    study: StudyId, ledger: Ledger, settlements: Mapping[ReportId, Settlement]
) -> Departure | None:
    reports = _reports(study, ledger)
    said = dict.fromkeys(_said(settlements[report]) for report in sorted(reports & settlements.keys()))
    if not said:
        return None
    retracted = any(
        one.report in reports and one.kind.lower() == NoticeKind.RETRACTION for one in ledger.notices
    )
    why = "; ".join([*said, *(["a retraction notice is on record"] if retracted else [])])
    return Departure(study=study, kind=DepartureKind.NOT_INCLUDED, why=why)


def _reports(study: StudyId, ledger: Ledger) -> set[ReportId]:
    """Return every report that was ever said to tell of a study."""
    rows: tuple[Decision | Resolution | ImportedDecision | StudyLink, ...] = (
        *ledger.decisions,
        *ledger.resolutions,
        *ledger.imported_decisions,
        *ledger.study_links,
    )
    named = {row.report for row in rows if row.study == study}
    read = {one.report for one in ledger.effects if one.estimate.study == study}
    return named | read | {ReportId(study)}


def _said(settlement: Settlement) -> str:
    if settlement.status is Status.INCLUDED:
        return "its report tells of another study now"
    return f"{settlement.status}: {settlement.reason}" if settlement.reason else settlement.status.value
