"""The review at one moment, with every fold done once: what all pages, figures and files are made from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from publisher.labels import SiteLabels
from review.clocks import Clocks, candidates, clocks
from review.edition import Edition
from review.ids import ReportId
from review.ledger import Ledger
from review.prisma import PrismaFlow, prisma_flow
from review.protocol import Protocol
from review.record import Report
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
    return _snapshot(material, replace(ledger, editions=known), edition.at, archive=True)


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
        flagged=frozenset(report for report, one in _latest(material.suggestions, at).items() if one.flagged),
        archive=archive,
    )


def _latest(suggestions: Iterable[Suggestion], at: datetime) -> dict[ReportId, Suggestion]:
    """Return what was last said of each report by `at`; suggestions come in the order they were made."""
    return {one.report: one for one in suggestions if one.at <= at}


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
