"""The review at one moment, with every fold done once: what all pages, figures and files are made from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from publisher.labels import SiteLabels
from review.clocks import Clocks, candidates, clocks
from review.edition import Edition
from review.ids import ReportId
from review.in_force import latest_said
from review.ledger import Ledger
from review.prisma import PrismaFlow, prisma_flow
from review.protocol import Protocol
from review.record import Record, Report
from review.result import Synthesis
from review.screening import Settlement, settle
from review.suggestion import Suggestion

__all__ = ["Material", "MissingSynthesisError", "Snapshot", "archived", "living"]


class MissingSynthesisError(ValueError):
    """An edition names a synthesis that the ledger does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything a site is built from."""

    ledger: Ledger
    reports: Mapping[ReportId, Report]
    protocol: Protocol
    labels: SiteLabels
    strategy_text: str = ""
    suggestions: Sequence[Suggestion] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One moment of the review.

    Parameters
    ----------
    edition
        The newest edition at that moment; None before the first.
    syntheses
        What `edition` published, in the order it names them.
    unsigned
        Newer syntheses that nobody has signed: their numbers are not shown.
    flagged
        Reports that a model put in front by then; it decided nothing.
    archive
        True for the page of an edition, which never changes again.
    """

    material: Material
    ledger: Ledger
    at: datetime
    settlements: Mapping[ReportId, Settlement]
    clocks: Clocks
    flow: PrismaFlow
    edition: Edition | None
    previous: Edition | None
    syntheses: tuple[Synthesis, ...]
    unsigned: tuple[Synthesis, ...]
    flagged: frozenset[ReportId]
    archive: bool

    @property
    def protocol(self) -> Protocol:
        """The protocol the site is built under."""
        return self.material.protocol

    @property
    def decimals(self) -> int:
        """Decimals of effect estimates."""
        return self.material.labels.decimals

    def published(self, edition: Edition | None) -> tuple[Synthesis, ...]:
        """Return the syntheses that an edition named; none for no edition."""
        return _named(self.ledger, edition)


def living(material: Material, now: datetime) -> Snapshot:
    """Return the review as it stands now.

    Raises
    ------
    MissingSynthesisError
        When the newest edition names a synthesis that is not in the ledger.
    review.prisma.PrismaMismatchError
        When the numbers do not add up: nothing may be published.
    """
    return _snapshot(material, material.ledger, now, archive=False)


def archived(material: Material, edition: Edition) -> Snapshot:
    """Return the review as it stood when `edition` was signed; it raises what `living` raises."""
    ledger = material.ledger.as_of(edition.at)
    known = tuple(one for one in ledger.editions if one.number <= edition.number)
    then = replace(material, reports=_as_they_were(material.reports, ledger))
    return _snapshot(then, replace(ledger, editions=known), edition.at, archive=True)


def _as_they_were(reports: Mapping[ReportId, Report], ledger: Ledger) -> dict[ReportId, Report]:
    """Return the reports of a ledger: what became one document later was two, and the reverse."""
    known = {record.id: record for report in reports.values() for record in report.records}
    seen: dict[ReportId, list[Record]] = defaultdict(list)
    for one in ledger.sightings:
        if one.record in known:
            at = 0 if str(one.record) == one.report else len(seen[one.report])
            seen[one.report].insert(at, known[one.record])
    return {report: Report(id=report, records=tuple(records)) for report, records in seen.items()}


def _snapshot(material: Material, ledger: Ledger, at: datetime, *, archive: bool) -> Snapshot:
    settlements = settle(ledger, material.protocol)
    edition = ledger.editions[-1] if ledger.editions else None
    return Snapshot(
        material=material,
        ledger=ledger,
        at=at,
        settlements=settlements,
        clocks=clocks(ledger, settlements, material.protocol, at),
        flow=prisma_flow(ledger, settlements),
        edition=edition,
        previous=ledger.editions[-2] if len(ledger.editions) > 1 else None,
        syntheses=_named(ledger, edition),
        unsigned=candidates(ledger, settlements),
        flagged=_flagged(material.suggestions, ledger, at),
        archive=archive,
    )


def _flagged(suggestions: Iterable[Suggestion], ledger: Ledger, at: datetime) -> frozenset[ReportId]:
    """Return the reports which the suggestion that counted at `at` flagged.

    What was said of a report that became another one counts where nothing was said of that one.
    """
    means = ledger.means()
    last = latest_said([one for one in suggestions if one.at <= at], ledger)
    moved = {means.get(report, report): one for report, one in last.items()}
    own = {report: one for report, one in last.items() if means.get(report, report) == report}
    return frozenset(report for report, one in (moved | own).items() if one.flagged)


def _named(ledger: Ledger, edition: Edition | None) -> tuple[Synthesis, ...]:
    if edition is None:
        return ()
    known = {one.digest: one for one in ledger.syntheses}
    missing = [digest for digest in edition.syntheses if digest not in known]
    if missing:
        raise MissingSynthesisError(
            f"edition {edition.id}: found no synthesis with digest {missing[0]}; expected it in the ledger "
            "at the time of the edition; run 'living-review verify'"
        )
    return tuple(known[digest] for digest in edition.syntheses)
