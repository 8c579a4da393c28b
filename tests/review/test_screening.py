"""The status of a report follows from what people said of it, in whatever order."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.decision import Basis, Decision, ImportedDecision, Resolution, Stage, Verdict
from review.ids import ReportId, Reviewer, StudyId
from review.screening import SettledBy, Status, settle, settle_report

from .conftest import NOON, REPORT

TWO_VOTES = [
    ("include", "include", Status.AWAITING_FULL_TEXT),
    ("include", "maybe", Status.AWAITING_FULL_TEXT),
    ("maybe", "maybe", Status.AWAITING_FULL_TEXT),
    ("exclude", "maybe", Status.AWAITING_FULL_TEXT),
    ("exclude", "exclude", Status.EXCLUDED_AT_SCREENING),
    ("include", "exclude", Status.SCREENING_CONFLICT),
]


@pytest.mark.parametrize(("one", "other", "status"), TWO_VOTES)
def test_two_votes_at_screening(protocol, seen, vote, one, other, status):
    """Exclusion is unanimous, maybe passes, and only include against exclude is a conflict."""
    for first, second in permutations((one, other)):
        ledger = seen(vote("a", Verdict(first)), vote("b", Verdict(second)))
        assert settle(ledger, protocol)[REPORT].status is status


def test_one_vote_is_not_enough(protocol, seen, vote):
    """One reviewer's word settles nothing."""
    ledger = seen(vote("a", Verdict.INCLUDE))
    assert settle(ledger, protocol)[REPORT].status is Status.AWAITING_SECOND_VOTE


def test_a_second_vote_of_the_same_person_replaces_the_first(protocol, seen, vote):
    """A change of mind is one vote, not two."""
    ledger = seen(vote("a", Verdict.EXCLUDE), vote("a", Verdict.INCLUDE))
    assert settle(ledger, protocol)[REPORT].status is Status.AWAITING_SECOND_VOTE


def test_a_withdrawn_vote_is_gone(protocol, seen, vote):
    """Undo is another row: after it the report waits again."""
    ledger = seen(vote("a", Verdict.EXCLUDE), vote("b", Verdict.EXCLUDE), vote("b", Verdict.WITHDRAWN))
    assert settle(ledger, protocol)[REPORT].status is Status.AWAITING_SECOND_VOTE


def test_the_first_reason_of_the_protocol_is_given(protocol, seen, vote):
    """Two reviewers who exclude for different reasons agree; the reason listed first is reported."""
    ledger = seen(
        vote("a", Verdict.EXCLUDE, Stage.FULL_TEXT, reason="design"),
        vote("b", Verdict.EXCLUDE, Stage.FULL_TEXT, reason="population"),
    )
    found = settle(ledger, protocol)[REPORT]
    assert (found.status, found.reason) == (Status.EXCLUDED, "population")


def test_a_resolution_ends_a_conflict(protocol, seen, vote):
    """An adjudicator's word stands over the two that disagree."""
    resolution = Resolution(
        report=REPORT,
        stage=Stage.SCREENING,
        verdict=Verdict.INCLUDE,
        by=Reviewer("c"),
        basis=Basis.ADJUDICATOR,
        at=NOON,
    )
    ledger = seen(vote("a", Verdict.INCLUDE), vote("b", Verdict.EXCLUDE), resolutions=(resolution,))
    found = settle(ledger, protocol)[REPORT]
    assert (found.status, found.by) == (Status.AWAITING_FULL_TEXT, SettledBy.RESOLUTION)


def _imported(**more: object) -> ImportedDecision:
    return ImportedDecision(
        report=REPORT,
        stage=Stage.FULL_TEXT,
        verdict=Verdict.INCLUDE,
        source="a meta-analysis",
        at=NOON,
        study=StudyId("Study A"),
        **more,
    )


def test_an_imported_decision_settles_and_says_so(protocol, seen):
    """What another review decided includes a report, and is never called a vote."""
    found = settle(seen(imported_decisions=(_imported(),)), protocol)[REPORT]
    assert (found.status, found.by, found.source) == (Status.INCLUDED, SettledBy.IMPORT, "a meta-analysis")


def test_a_contested_import_is_held_as_a_conflict(protocol, seen):
    """Where the protocol doubts an import, people must settle it."""
    found = settle(seen(imported_decisions=(_imported(contested="population"),)), protocol)[REPORT]
    assert (found.status, found.reason) == (Status.FULL_TEXT_CONFLICT, "population")


def test_our_own_votes_stand_over_an_import(protocol, seen, vote):
    """Once both reviewers have read the report, what others decided no longer counts."""
    votes = [vote(who, Verdict.EXCLUDE, Stage.FULL_TEXT, reason="design") for who in ("a", "b")]
    found = settle(seen(*votes, imported_decisions=(_imported(),)), protocol)[REPORT]
    assert (found.status, found.by) == (Status.EXCLUDED, SettledBy.VOTES)


def test_siblings_of_different_studies_are_a_conflict(protocol, seen, vote):
    """Two reviewers who name different studies do not agree."""
    ledger = seen(
        vote("a", Verdict.SIBLING, Stage.FULL_TEXT, study=StudyId("Study A")),
        vote("b", Verdict.SIBLING, Stage.FULL_TEXT, study=StudyId("Study B")),
    )
    assert settle(ledger, protocol)[REPORT].status is Status.FULL_TEXT_CONFLICT


votes = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(list(Verdict)), st.sampled_from(list(Stage))),
    max_size=6,
)


@given(cast=votes)
def test_every_report_has_exactly_one_status(protocol, cast):
    """Whatever is voted, a report stands somewhere, and withdrawing all votes brings it back to the start."""
    decisions = [
        Decision(
            report=REPORT, stage=stage, verdict=verdict, reviewer=Reviewer(who), at=NOON, criteria_version=1
        )
        for who, verdict, stage in cast
    ]
    assert settle_report(REPORT, decisions, [], [], protocol).status in Status
    undone = [replace(one, verdict=Verdict.WITHDRAWN) for one in decisions]
    found = settle_report(ReportId(REPORT), [*decisions, *undone], [], [], protocol)
    assert found.status is Status.AWAITING_SCREENING


def _resolution(verdict: Verdict) -> Resolution:
    return Resolution(
        report=REPORT,
        stage=Stage.SCREENING,
        verdict=verdict,
        by=Reviewer("c"),
        basis=Basis.ADJUDICATOR,
        at=NOON,
    )


def test_a_withdrawn_resolution_is_gone(protocol, seen, vote):
    """The adjudicator's last word is that there is none: an earlier one does not come back."""
    words = tuple(_resolution(one) for one in (Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.WITHDRAWN))
    ledger = seen(vote("a", Verdict.INCLUDE), vote("b", Verdict.EXCLUDE), resolutions=words)
    assert settle(ledger, protocol)[REPORT].status is Status.SCREENING_CONFLICT


@pytest.mark.parametrize(
    ("verdict", "more", "status"),
    [
        (Verdict.INCLUDE, {}, Status.AWAITING_FULL_TEXT),
        (Verdict.EXCLUDE, {}, Status.EXCLUDED_AT_SCREENING),
        (Verdict.INCLUDE, {"contested": "population"}, Status.SCREENING_CONFLICT),
    ],
)
def test_an_import_at_screening_settles_screening_only(protocol, seen, verdict, more, status):
    """What another review decided on titles and abstracts includes or excludes nothing at full text."""
    screened = replace(_imported(**more), stage=Stage.SCREENING, verdict=verdict)
    found = settle(seen(imported_decisions=(screened,)), protocol)[REPORT]
    assert (found.status, found.by) == (status, SettledBy.IMPORT)


def test_our_own_screening_stands_over_an_import_at_screening(protocol, seen, vote):
    """Once both reviewers have screened the report, what others screened no longer counts."""
    screened = replace(_imported(), stage=Stage.SCREENING)
    ledger = seen(vote("a", Verdict.EXCLUDE), vote("b", Verdict.EXCLUDE), imported_decisions=(screened,))
    assert settle(ledger, protocol)[REPORT].status is Status.EXCLUDED_AT_SCREENING
