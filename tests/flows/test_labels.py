"""From votes, resolutions and imports to labels."""

from datetime import UTC, datetime

import pytest

from classifier.grade import Grade
from flows.steps.labels import labelled
from review.decision import Basis, Decision, ImportedDecision, Resolution, Stage, Verdict
from review.ids import RecordId, ReportId, Reviewer
from review.ledger import Ledger, Sighting
from review.prisma import BASELINE
from review.screening import SettledBy, settle

REPORT = ReportId("pubmed:1")


def at(day: int) -> datetime:
    """Noon of a day in January 2020."""
    return datetime(2020, 1, day, 12, tzinfo=UTC)


@pytest.fixture
def label(place):
    """Return the label of one report, given what was said of it."""

    def _label(**rows):
        seen = Sighting(record=RecordId("pubmed:1"), report=REPORT, source="pubmed", at=at(1))
        ledger = Ledger(sightings=(seen,), **rows)
        return labelled(ledger, settle(ledger, place.protocol)).get(REPORT)

    return _label


def vote(who: str, verdict: Verdict, stage: Stage, day: int) -> Decision:
    """Return one vote."""
    return Decision(
        report=REPORT, stage=stage, verdict=verdict, reviewer=Reviewer(who), at=at(day), criteria_version=1
    )


def test_votes_name_their_reviewers_and_the_last_day(label):
    """Two exclusions at screening make a label by votes, dated by the second."""
    one = vote("bob", Verdict.EXCLUDE, Stage.SCREENING, 2)
    other = vote("ann", Verdict.EXCLUDE, Stage.SCREENING, 5)
    found = label(decisions=(one, other))
    assert (found.grade, found.by, found.stage) == (
        Grade.ABSTRACT_EXCLUDED,
        SettledBy.VOTES,
        Stage.SCREENING,
    )
    assert (found.reviewers, found.at) == (("ann", "bob"), at(5))


def test_a_resolution_is_the_word_of_one(label):
    """Where a conflict was resolved, the label is the adjudicator's, not the voters'."""
    votes = (
        vote("ann", Verdict.INCLUDE, Stage.FULL_TEXT, 2),
        vote("bob", Verdict.EXCLUDE, Stage.FULL_TEXT, 3),
    )
    word = Resolution(
        report=REPORT,
        stage=Stage.FULL_TEXT,
        verdict=Verdict.INCLUDE,
        by=Reviewer("cem"),
        basis=Basis.ADJUDICATOR,
        at=at(7),
    )
    found = label(decisions=votes, resolutions=(word,))
    assert (found.grade, found.by, found.reviewers, found.at) == (
        Grade.INCLUDED,
        SettledBy.RESOLUTION,
        ("cem",),
        at(7),
    )


def test_an_import_names_its_source_and_nobody(label):
    """What another review decided is dated and cited, and no reviewer of ours has said it."""
    taken = ImportedDecision(
        report=REPORT,
        stage=Stage.FULL_TEXT,
        verdict=Verdict.EXCLUDE,
        source="Review X 2019",
        at=at(4),
        reason="population",
    )
    found = label(imported_decisions=(taken,))
    assert (found.grade, found.by, found.reviewers) == (Grade.FULL_TEXT_EXCLUDED, SettledBy.IMPORT, ())
    assert (found.source, found.at) == ("Review X 2019", at(4))


@pytest.mark.parametrize("brought_by", [BASELINE, "pubmed"])
def test_the_kept_review_is_told_apart_from_others(place, brought_by):
    """The kept review's word on its report is its own; on a report found later it is another's."""
    taken = ImportedDecision(
        report=REPORT, stage=Stage.FULL_TEXT, verdict=Verdict.EXCLUDE, source="Review X 2019", at=at(4)
    )
    seen = Sighting(record=RecordId("pubmed:1"), report=REPORT, source=brought_by, at=at(1))
    ledger = Ledger(sightings=(seen,), imported_decisions=(taken,))
    found = labelled(ledger, settle(ledger, place.protocol))[REPORT]
    assert (found.by, found.kept) == (SettledBy.IMPORT, brought_by == BASELINE)


def test_a_later_review_of_a_brought_report_is_another(place):
    """Where another review decided last on a report of the kept one, the label is the other's."""
    own, other = (
        ImportedDecision(report=REPORT, stage=Stage.FULL_TEXT, verdict=verdict, source=source, at=at(day))
        for verdict, source, day in ((Verdict.EXCLUDE, "Kept 2014", 2), (Verdict.INCLUDE, "Other 2019", 4))
    )
    seen = Sighting(record=RecordId("pubmed:1"), report=REPORT, source=BASELINE, at=at(1))
    for decisions, kept in (((own,), True), ((own, other), False)):
        ledger = Ledger(sightings=(seen,), imported_decisions=decisions)
        assert labelled(ledger, settle(ledger, place.protocol))[REPORT].kept is kept


def test_what_waits_has_no_label(label):
    """One vote of two settles nothing and teaches nothing."""
    assert label(decisions=(vote("ann", Verdict.INCLUDE, Stage.SCREENING, 2),)) is None
