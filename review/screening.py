"""The status of each report, folded from what people decided and what was imported (rules: `review.votes`).

Reports that were judged apart and became one document are settled as one, or held as a conflict.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import TypeVar

from review.decision import Decision, ImportedDecision, Resolution
from review.ids import ReportId, StudyId
from review.judged_twice import Clash, Side, Word, clash, said_since, still_said
from review.ledger import AsWritten, Ledger
from review.link import StudyLink, StudyLinkKind
from review.merging import joined_at
from review.protocol import Protocol
from review.settlement import CONFLICT, SettledBy, Settlement, Status
from review.votes import current_votes, settle_report

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


def contradiction(one: Settlement, other: Settlement) -> Clash | None:
    """Return what would be a conflict if two reports were found to be one document; None where nothing."""
    return clash([_word(one), _word(other)])


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
            status=CONFLICT[contradiction.stage],
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
