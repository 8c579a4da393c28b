"""PRISMA numbers are derived and add up, or nothing may be published."""

from datetime import date

import pytest

from review.decision import Verdict
from review.ids import RecordId, ReportId, RunId
from review.ledger import Ledger, Sighting
from review.prisma import PrismaMismatchError, prisma_flow
from review.screening import settle
from review.searching import RunCounts, RunStatus, SearchRun, Window

from .conftest import NOON, REPORT


def _sighting(number: int, report: str | None = None, source: str = "pubmed") -> Sighting:
    record = RecordId(f"{source}:{number}")
    return Sighting(record=record, report=ReportId(report or record), source=source, at=NOON)


def _run(**counts: int) -> SearchRun:
    return SearchRun(
        id=RunId("pubmed-0001"),
        source="pubmed",
        strategy_sha256="",
        protocol_version=1,
        query="q",
        window=Window(date(2026, 1, 1), date(2026, 1, 5)),
        started=NOON,
        ended=NOON,
        status=RunStatus.COMPLETE,
        counts=RunCounts(**counts),
    )


def test_a_duplicate_is_counted_once_as_identified_and_never_screened(protocol):
    """Two records of one document are two identified, one duplicate, one report."""
    ledger = Ledger(sightings=(_sighting(1), _sighting(2, "pubmed:1")))
    flow = prisma_flow(ledger, settle(ledger, protocol))
    assert (flow.identified, flow.duplicates, flow.reports) == ((("pubmed", 2),), 1, 1)


def test_the_baseline_is_previous_not_new(protocol):
    """Reports that the published review brought along are not identified again."""
    ledger = Ledger(sightings=(_sighting(1, source="baseline"),))
    flow = prisma_flow(ledger, settle(ledger, protocol))
    assert (flow.identified, flow.reports) == ((), 0)


def test_boxes_follow_the_votes(protocol, seen, vote):
    """An excluded report leaves the queue for the box of the excluded."""
    ledger = seen(vote("a", Verdict.EXCLUDE), vote("b", Verdict.EXCLUDE))
    flow = prisma_flow(ledger, settle(ledger, protocol))
    assert (flow.awaiting_screening, flow.excluded_at_screening, flow.screened, flow.sought) == (0, 1, 1, 0)


def test_a_lost_record_is_noticed(protocol):
    """A run that committed two records while one was sighted stops publication."""
    ledger = Ledger(sightings=(_sighting(1),), runs=(_run(retrieved=2, queued=2),))
    with pytest.raises(PrismaMismatchError, match="committed 2 records but 1"):
        prisma_flow(ledger, settle(ledger, protocol))


def test_known_records_are_not_identified_again(protocol):
    """Re-hits of the overlap belong to the search log only."""
    ledger = Ledger(sightings=(_sighting(1),), runs=(_run(retrieved=3, known=2, queued=1),))
    assert prisma_flow(ledger, settle(ledger, protocol)).identified == (("pubmed", 1),)


def test_counts_that_lose_a_record_cannot_be_made():
    """Every retrieved record is in exactly one place."""
    with pytest.raises(ValueError, match="5 records retrieved but 4 accounted for"):
        RunCounts(retrieved=5, known=1, duplicates=1, queued=2)


def test_a_report_without_votes_waits(protocol, seen):
    """What nobody has voted on is awaiting screening, not screened."""
    flow = prisma_flow(seen(), settle(seen(), protocol))
    assert (flow.awaiting_screening, flow.screened) == (1, 0)
    assert settle(seen(), protocol)[REPORT].report == REPORT
