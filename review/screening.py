"""The status of each report, as a fold over what people decided and what was imported.

Exclusion must be unanimous: *include* against *exclude* is a conflict, *maybe* never blocks a report from
being read in full. An imported decision settles a report at the stage at which it was made, until people's
own votes at that stage are complete.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from review.decision import Decision, ImportedDecision, Resolution, Stage, Verdict
from review.ids import ReportId, Reviewer, StudyId
from review.judged_twice import Clash, Side, Word, clash, said_since, still_said
from review.ledger import AsWritten, Ledger
from review.link import StudyLink, StudyLinkKind
from review.merging import joined_at
from review.protocol import Protocol

__all__ = [
    "SettledBy",
    "Settlement",
    "Status",
    "contradiction",
    "current_votes",
    "settle",
    "settle_report",
]

Row = TypeVar("Row", Decision, Resolution, ImportedDecision, StudyLink)


class Status(StrEnum):
    """Where a report stands."""

    AWAITING_SCREENING = "awaiting screening"
    AWAITING_SECOND_VOTE = "awaiting a second vote"
    SCREENING_CONFLICT = "conflict at screening"
    EXCLUDED_AT_SCREENING = "excluded at screening"
    AWAITING_FULL_TEXT = "awaiting full text"
    AWAITING_SECOND_FULL_TEXT_VOTE = "awaiting a second full-text vote"
    FULL_TEXT_CONFLICT = "conflict at full text"
    EXCLUDED = "excluded at full text"
    INCLUDED = "included"
    SIBLING = "another report of an included study"
    AWAITING_CLASSIFICATION = "awaiting classification"
    ONGOING = "ongoing"


class SettledBy(StrEnum):
    """Whose word the status rests on."""

    NOBODY = "nobody yet"
    VOTES = "votes"
    RESOLUTION = "resolution"
    IMPORT = "imported decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A report's status, whose word it rests on, and the study it tells of.

    Parameters
    ----------
    held_from
        Studies that the document was taken for while it stood as several reports which contradict each
        other: people must say which it is.
    """

    report: ReportId
    status: Status
    by: SettledBy = SettledBy.NOBODY
    reason: str = ""
    study: StudyId | None = None
    source: str = ""
    held_from: tuple[StudyId, ...] = ()

    @property
    def judged_twice(self) -> bool:
        """True where a document is held because the reports it was judged as contradict each other."""
        return self.by is SettledBy.NOBODY and self.status in _CONFLICT.values()


_FINAL = {
    Verdict.INCLUDE: Status.INCLUDED,
    Verdict.EXCLUDE: Status.EXCLUDED,
    Verdict.SIBLING: Status.SIBLING,
    Verdict.ONGOING: Status.ONGOING,
    Verdict.MAYBE: Status.AWAITING_CLASSIFICATION,
}


_SIDE = {
    Status.EXCLUDED_AT_SCREENING: Side.OUT_AT_SCREENING,
    Status.AWAITING_FULL_TEXT: Side.KEPT,
    Status.AWAITING_SECOND_FULL_TEXT_VOTE: Side.READ,
    Status.FULL_TEXT_CONFLICT: Side.READ,
    Status.AWAITING_CLASSIFICATION: Side.READ,
    Status.EXCLUDED: Side.OUT,
    Status.INCLUDED: Side.IN,
    Status.SIBLING: Side.SIBLING,
    Status.ONGOING: Side.ONGOING,
}
"""Where a report had come to; whatever is not named here waits at screening."""

_CONFLICT = {Stage.SCREENING: Status.SCREENING_CONFLICT, Stage.FULL_TEXT: Status.FULL_TEXT_CONFLICT}


def settle(ledger: Ledger, protocol: Protocol) -> dict[ReportId, Settlement]:
    """Return the settlement of every report ever sighted, in order of first sight.

    Where reports that were settled apart became one, and their settlements contradict each other, the
    document is held as a conflict until somebody settles it.
    """
    said = _said(ledger)
    reports = dict.fromkeys(sighting.report for sighting in ledger.sightings)
    found = {report: said.settlement(report, protocol) for report in reports}
    for report, parts in _parts(ledger).items():
        words = _words(parts, ledger, protocol)
        found[report] = _as_one(found[report], words, said)
    return found


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


def contradiction(one: Settlement, other: Settlement) -> Clash | None:
    """Return what would be a conflict if two reports were found to be one document; None where nothing."""
    return clash([_word(one), _word(other)])


def current_votes(decisions: Iterable[Decision], stage: Stage) -> dict[Reviewer, Decision]:
    """Return each reviewer's last word at a stage; a withdrawn one is gone."""
    last = {decision.reviewer: decision for decision in decisions if decision.stage is stage}
    return {who: vote for who, vote in last.items() if vote.verdict is not Verdict.WITHDRAWN}


def _by_report(rows: Iterable[Row]) -> Mapping[ReportId, Sequence[Row]]:
    grouped: dict[ReportId, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.report].append(row)
    return grouped


@dataclass(frozen=True, slots=True)
class _Said:
    """Everything that was said, by report."""

    votes: Mapping[ReportId, Sequence[Decision]]
    resolutions: Mapping[ReportId, Sequence[Resolution]]
    imported: Mapping[ReportId, Sequence[ImportedDecision]]
    links: Mapping[ReportId, Sequence[StudyLink]]

    def settlement(self, report: ReportId, protocol: Protocol) -> Settlement:
        return settle_report(
            report,
            self.votes.get(report, ()),
            self.resolutions.get(report, ()),
            self.imported.get(report, ()),
            protocol,
            study=_linked(self.links.get(report, ())),
        )


def _said(rows: Ledger | AsWritten) -> _Said:
    return _Said(
        votes=_by_report(rows.decisions),
        resolutions=_by_report(rows.resolutions),
        imported=_by_report(rows.imported_decisions),
        links=_by_report(rows.study_links),
    )


def _linked(links: Sequence[StudyLink]) -> StudyId | None:
    return links[-1].study if links and links[-1].kind is StudyLinkKind.LINKED else None


def _parts(ledger: Ledger) -> dict[ReportId, list[ReportId]]:
    """Return, for each document that people knew as another report too, the reports that they knew."""
    said, means = _said(ledger.as_written), ledger.means()
    named = dict.fromkeys((*said.votes, *said.resolutions, *said.imported, *said.links))
    parts: dict[ReportId, list[ReportId]] = defaultdict(list)
    for report in named:
        parts[means.get(report, report)].append(report)
    return {report: known for report, known in parts.items() if known != [report]}


def _words(parts: Sequence[ReportId], ledger: Ledger, protocol: Protocol) -> tuple[Word, ...]:
    """Return what each of the reports that became one had come to by itself."""
    said = _said(ledger.as_written)
    alone = [said.settlement(part, protocol) for part in parts]
    labels = {one.estimate.study for one in ledger.effects}
    labels |= {one.estimate.study for one in ledger.imported_effects}
    return tuple(
        replace(
            _word(one),
            study=one.study or _own_label(one.report, labels),
            since=joined_at(ledger.duplicates, [one.report]),
        )
        for one in alone
    )


def _word(found: Settlement) -> Word:
    return Word(side=_SIDE.get(found.status, Side.WAITING), said=found.status.value, study=found.study)


def _own_label(report: ReportId, labels: Set[StudyId]) -> StudyId | None:
    """Return the report's name, where results were entered for it as for a study without another label."""
    return StudyId(report) if StudyId(report) in labels else None


def _as_one(found: Settlement, words: Sequence[Word], said: _Said) -> Settlement:
    """Return the settlement of a document that was settled as several reports before they became one."""
    rows = said.resolutions.get(found.report, ()), said.links.get(found.report, ())
    kept = tuple(still_said(words, *rows))
    if contradiction := clash(kept):
        return Settlement(
            report=found.report,
            status=_CONFLICT[contradiction.stage],
            reason=contradiction.why,
            held_from=contradiction.studies,
        )
    # A document is no other report of the study that it was itself included by.
    included = found.status is Status.SIBLING and any(word.side is Side.IN for word in kept)
    study = next((word.study for word in kept if word.study), found.study)
    return replace(
        found,
        status=Status.INCLUDED if included else found.status,
        study=said_since(words, *rows) or study,
    )


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
        status=_CONFLICT[stage] if last.contested else _status_after(stage, last.verdict),
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
