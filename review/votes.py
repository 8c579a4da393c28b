"""What the votes, resolutions and imported decisions on one report come to.

Exclusion must be unanimous: *include* against *exclude* is a conflict, *maybe* never blocks a report from
being read in full. An imported decision settles a report at the stage at which it was made, until people's
own votes at that stage are complete.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from review.decision import Decision, ImportedDecision, Resolution, Stage, Verdict
from review.ids import ReportId, Reviewer, StudyId
from review.protocol import Protocol
from review.settlement import CONFLICT, SettledBy, Settlement, Status

__all__ = ["current_votes", "settle_report"]

_FINAL = {
    Verdict.INCLUDE: Status.INCLUDED,
    Verdict.EXCLUDE: Status.EXCLUDED,
    Verdict.SIBLING: Status.SIBLING,
    Verdict.ONGOING: Status.ONGOING,
    Verdict.MAYBE: Status.AWAITING_CLASSIFICATION,
}


def settle_report(
    report: ReportId,
    decisions: Sequence[Decision],
    resolutions: Sequence[Resolution],
    imported: Sequence[ImportedDecision],
    protocol: Protocol,
    *,
    study: StudyId | None = None,
) -> Settlement:
    """Return where one report stands; later rows supersede earlier ones.

    Parameters
    ----------
    study
        The study the report is linked to, which wins over the label given with a verdict.
    """
    full_text = current_votes(decisions, Stage.FULL_TEXT)
    screening = current_votes(decisions, Stage.SCREENING)
    found = (
        _resolved(report, Stage.FULL_TEXT, resolutions)
        or _agreed_at_full_text(report, full_text, protocol)
        or _imported(report, Stage.FULL_TEXT, imported)
        or _waiting_at_full_text(report, full_text)
        or _resolved(report, Stage.SCREENING, resolutions)
        or _agreed_at_screening(report, screening, protocol)
        or _imported(report, Stage.SCREENING, imported)
        or _waiting_at_screening(report, screening)
    )
    return _with_study(found, study)


def current_votes(decisions: Iterable[Decision], stage: Stage) -> dict[Reviewer, Decision]:
    """Return each reviewer's last word at a stage; a withdrawn one is gone."""
    last = {decision.reviewer: decision for decision in decisions if decision.stage is stage}
    return {who: vote for who, vote in last.items() if vote.verdict is not Verdict.WITHDRAWN}


def _resolved(report: ReportId, stage: Stage, resolutions: Sequence[Resolution]) -> Settlement | None:
    at_stage = [one for one in resolutions if one.stage is stage]
    if not at_stage or at_stage[-1].verdict is Verdict.WITHDRAWN:
        return None
    last = at_stage[-1]
    return Settlement(
        report=report,
        status=_status_after(stage, last.verdict),
        by=SettledBy.RESOLUTION,
        reason=last.reason,
        study=last.study,
    )


def _status_after(stage: Stage, verdict: Verdict) -> Status:
    if stage is Stage.FULL_TEXT:
        return _FINAL[verdict]
    return Status.EXCLUDED_AT_SCREENING if verdict is Verdict.EXCLUDE else Status.AWAITING_FULL_TEXT


def _agreed_at_full_text(
    report: ReportId, votes: Mapping[Reviewer, Decision], protocol: Protocol
) -> Settlement | None:
    if len(votes) < protocol.screening.reviewers_per_report:
        return None
    study = next((vote.study for vote in votes.values() if vote.study), None)
    status = _full_text_status(list(votes.values()))
    reason = _first_reason(votes.values(), protocol) if status is Status.EXCLUDED else ""
    return Settlement(report=report, status=status, by=SettledBy.VOTES, reason=reason, study=study)


def _full_text_status(votes: Sequence[Decision]) -> Status:
    verdicts = {vote.verdict for vote in votes}
    if verdicts == {Verdict.SIBLING} and len({vote.study for vote in votes}) > 1:
        return Status.FULL_TEXT_CONFLICT
    if len(verdicts) == 1:
        return _FINAL[verdicts.pop()]
    if Verdict.MAYBE in verdicts and len(verdicts) == 2:
        return Status.AWAITING_CLASSIFICATION
    return Status.FULL_TEXT_CONFLICT


def _first_reason(votes: Iterable[Decision], protocol: Protocol) -> str:
    given = {vote.reason for vote in votes}
    ordered = protocol.eligibility.exclusion_reasons
    return next((reason for reason in ordered if reason in given), "not stated")


def _imported(report: ReportId, stage: Stage, imported: Sequence[ImportedDecision]) -> Settlement | None:
    at_stage = [one for one in imported if one.stage is stage]
    if not at_stage:
        return None
    last = at_stage[-1]
    return Settlement(
        report=report,
        status=CONFLICT[stage] if last.contested else _status_after(stage, last.verdict),
        by=SettledBy.IMPORT,
        reason=last.contested or last.reason,
        study=last.study,
        source=last.source,
    )


def _waiting_at_full_text(report: ReportId, votes: Mapping[Reviewer, Decision]) -> Settlement | None:
    if not votes:
        return None
    return Settlement(report=report, status=Status.AWAITING_SECOND_FULL_TEXT_VOTE)


def _agreed_at_screening(
    report: ReportId, votes: Mapping[Reviewer, Decision], protocol: Protocol
) -> Settlement | None:
    if len(votes) < protocol.screening.reviewers_per_report:
        return None
    return Settlement(report=report, status=_screening_status(votes.values()), by=SettledBy.VOTES)


def _waiting_at_screening(report: ReportId, votes: Mapping[Reviewer, Decision]) -> Settlement:
    status = Status.AWAITING_SECOND_VOTE if votes else Status.AWAITING_SCREENING
    return Settlement(report=report, status=status)


def _screening_status(votes: Iterable[Decision]) -> Status:
    verdicts = {vote.verdict for vote in votes}
    if verdicts == {Verdict.EXCLUDE}:
        return Status.EXCLUDED_AT_SCREENING
    if Verdict.EXCLUDE in verdicts and verdicts - {Verdict.EXCLUDE, Verdict.MAYBE}:
        return Status.SCREENING_CONFLICT
    return Status.AWAITING_FULL_TEXT


def _with_study(found: Settlement, study: StudyId | None) -> Settlement:
    return found if study is None else replace(found, study=study)
