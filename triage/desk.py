"""What every page works with: the store, the protocol, the clock, and the folds over the ledgers."""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from jinja2 import Environment

from classifier.audited import SetAside, standing
from review.decision import Decision
from review.ids import ReportId
from review.ledger import Ledger
from review.people import Account
from review.protocol import Protocol
from review.record import Report
from review.screening import Settlement, settle
from review.setting_aside import drawn_below
from store.store import Store
from triage.errors import NotFoundError, StaleError
from triage.sessions import Cookies

__all__ = ["Desk", "Seat", "Snapshot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The ledgers at one moment and what follows from them.

    Parameters
    ----------
    drawn
        What was drawn for audit and is not flagged since.
    """

    generation: int
    ledger: Ledger
    settlements: Mapping[ReportId, Settlement]
    decisions: Mapping[ReportId, tuple[Decision, ...]]
    means: Mapping[ReportId, ReportId]
    aside: SetAside
    set_aside: frozenset[ReportId]
    drawn: frozenset[ReportId]

    def settlement(self, report: ReportId) -> Settlement:
        """Return where a report stands.

        Raises
        ------
        NotFoundError
            When no such report was ever sighted.
        StaleError
            When it has become one document with another report.
        """
        if self.present(report) != report:
            raise StaleError(
                f"The report {report} is one document with {self.present(report)} since this page was made. "
                "Nothing was changed; open that one."
            )
        if report not in self.settlements:
            raise NotFoundError(f"There is no report {report!r} in this review.")
        return self.settlements[report]

    def present(self, report: ReportId) -> ReportId:
        """Return the report that an identifier means at present; itself where it was never sighted."""
        return self.means.get(report, report)

    def votes(self, report: ReportId) -> tuple[Decision, ...]:
        """Return every vote ever cast on a report, in order."""
        return self.decisions.get(report, ())


@dataclass(slots=True, kw_only=True)
class Desk:
    """One review's desk. `writing` makes "look, then write" one step within this process."""

    store: Store
    protocol: Protocol
    clock: Callable[[], datetime]
    secret_key: str
    cookies: Cookies
    templates: Environment
    dummy_hash: str
    writing: threading.Lock = field(default_factory=threading.Lock)
    _last: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """Return the present state; the ledgers are read again only after a write."""
        generation = self.store.generation()
        last = self._last
        if last is None or last.generation != generation:
            last = self._last = _read(self.store, self.protocol, generation)
        return last

    def report(self, report: ReportId) -> Report:
        """Return a report with its records; NotFoundError where there is none."""
        try:
            return self.store.report(report)
        except KeyError:
            raise NotFoundError(f"There is no report {report!r} in this review.") from None


@dataclass(frozen=True, slots=True)
class Seat:
    """One person at the desk."""

    desk: Desk
    account: Account


def _read(store: Store, protocol: Protocol, generation: int) -> Snapshot:
    ledger = store.ledger()
    grouped: dict[ReportId, list[Decision]] = defaultdict(list)
    for decision in ledger.decisions:
        grouped[decision.report].append(decision)
    settlements = settle(ledger, protocol)
    # Suggestions are many: only a review that ever set anything aside reads where they stand.
    lines = store.lines() if ledger.audit_draws else {}
    aside = standing(ledger, settlements, lines, protocol.classifier)
    return Snapshot(
        generation=generation,
        ledger=ledger,
        settlements=settlements,
        decisions={report: tuple(rows) for report, rows in grouped.items()},
        means=ledger.means(),
        aside=aside,
        set_aside=frozenset(aside.reports),
        drawn=drawn_below(ledger, lines),
    )
