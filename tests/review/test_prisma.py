"""PRISMA numbers are derived and add up, or nothing may be published."""

import pytest

from review.decision import Decision, ImportedDecision, Stage, Verdict
from review.ids import RecordId, ReportId, StudyId
from review.ledger import Ledger, Sighting
from review.prisma import PrismaMismatchError, prisma_flow
from review.screening import settle
from review.searching import RunCounts

from .conftest import NOON, REPORT, search_run


def _sighting(number: int, report: str | None = None, source: str = "pubmed") -> Sighting:
    record = RecordId(f"{source}:{number}")
    return Sighting(record=record, report=ReportId(report or record), source=source, at=NOON)


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
    ledger = Ledger(sightings=(_sighting(1),), runs=(search_run(retrieved=2, queued=2),))
    with pytest.raises(PrismaMismatchError, match="committed 2 records but 1"):
        prisma_flow(ledger, settle(ledger, protocol))


def test_known_records_are_not_identified_again(protocol):
    """Re-hits of the overlap belong to the search log only."""
    ledger = Ledger(sightings=(_sighting(1),), runs=(search_run(retrieved=3, known=2, queued=1),))
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


def _decided(report: str, verdict: Verdict) -> ImportedDecision:
    return ImportedDecision(
        report=ReportId(report),
        stage=Stage.FULL_TEXT,
        verdict=verdict,
        source="a review",
        at=NOON,
        study=StudyId("Study A"),
    )


def _both(protocol, old: Verdict, new: Verdict, *votes: Decision):
    """Count one baseline report and one new report of a study."""
    ledger = Ledger(
        sightings=(_sighting(1, source="baseline"), _sighting(1)),
        imported_decisions=(_decided("baseline:1", old), _decided("pubmed:1", new)),
        decisions=votes,
    )
    return prisma_flow(ledger, settle(ledger, protocol))


def test_a_sibling_of_an_included_study_is_a_report_of_it(protocol):
    """A new report of a study of the published review adds a report and no study."""
    flow = _both(protocol, Verdict.INCLUDE, Verdict.SIBLING)
    assert (flow.new_reports, flow.new_studies, flow.total_reports, flow.siblings_apart) == (1, 0, 2, 0)


def test_a_sibling_of_an_excluded_study_is_in_no_sum_of_studies(protocol):
    """Another report of a study that is not included has a place of its own."""
    flow = _both(protocol, Verdict.EXCLUDE, Verdict.SIBLING)
    assert (flow.new_reports, flow.total_reports, flow.siblings_apart, flow.reports) == (0, 0, 1, 1)


def test_what_the_published_review_included_stays_history(protocol, vote):
    """A baseline study that our own votes exclude was included before, and is not now."""
    votes = [
        vote(who, Verdict.EXCLUDE, Stage.FULL_TEXT, reason="design", report=ReportId("baseline:1"))
        for who in ("a", "b")
    ]
    flow = _both(protocol, Verdict.INCLUDE, Verdict.EXCLUDE, *votes)
    assert (flow.previous_studies, flow.previous_reports, flow.total_studies) == (1, 1, 0)
