"""Why a study left an analysis."""

from dataclasses import replace

import pytest

from review.decision import Stage, Verdict
from review.departure import DepartureKind, departures
from review.edition import Notice, NoticeKind
from review.effect import AnalysisKey, Better, Effect, Estimate
from review.ids import EffectId, Reviewer, StudyId
from review.ledger import Ledger
from review.screening import settle

from .conftest import NOON, REPORT

KEY = AnalysisKey("usual", "pain", "post", "non-headache")
STUDY = StudyId("Study A")


@pytest.fixture
def why(protocol):
    """Ask a ledger why the study left the analysis; None where it tells nothing."""

    def ask(ledger):
        return departures(ledger, settle(ledger, protocol), KEY, [STUDY]).get(STUDY)

    return ask


@pytest.fixture
def excluded(seen, vote):
    """A ledger in which two people first included the study and then excluded it."""
    people, stage = ("a", "b"), Stage.FULL_TEXT
    first = [vote(who, Verdict.INCLUDE, stage) for who in people]
    later = [vote(who, Verdict.EXCLUDE, stage, reason="design") for who in people]
    return seen(*first, *later)


def _extracted(key):
    estimate = Estimate(
        study=STUDY, label="A", key=key, measure="SMD", better=Better.LOWER, value=0.1, se=0.1
    )
    return Effect(id=EffectId("e"), estimate=estimate, report=REPORT, by=Reviewer("a"), at=NOON)


def test_an_exclusion_gives_its_reason(why, excluded):
    """A study that people excluded is no longer included, for the reason that they gave."""
    found = why(excluded)
    assert (found.kind, found.why) == (DepartureKind.NOT_INCLUDED, "excluded at full text: design")


def test_a_retraction_is_named(why, excluded):
    """A retraction notice on one of its reports stands beside the verdict; another notice does not."""
    notices = [
        Notice(report=REPORT, kind=kind, text="t", at=NOON)
        for kind in (NoticeKind.ERRATUM, NoticeKind.RETRACTION)
    ]
    assert why(replace(excluded, notices=tuple(notices[:1]))).why == "excluded at full text: design"
    assert why(replace(excluded, notices=tuple(notices))).why.endswith("; a retraction notice is on record")


def test_a_conflict_is_told(why, seen, vote):
    """A study that is held as a conflict left for that."""
    votes = [vote("a", Verdict.INCLUDE, Stage.FULL_TEXT), vote("b", Verdict.EXCLUDE, Stage.FULL_TEXT)]
    assert why(seen(*votes)).why == "conflict at full text"


def test_another_label_is_told(why, seen, vote):
    """A report that is included under another study's label took its study with it."""
    votes = [vote(who, Verdict.INCLUDE, Stage.FULL_TEXT) for who in "ab"]
    relabelled = [vote(who, Verdict.INCLUDE, Stage.FULL_TEXT, study=StudyId("Study B")) for who in "ab"]
    assert why(seen(*votes, *relabelled)).why == "its report tells of another study now"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (KEY, "no result of it can be pooled here"),
        (replace(KEY, timepoint="follow-up"), "what was extracted stands under usual/pain/follow-up"),
    ],
)
def test_an_included_study_has_withdrawn_its_result(why, seen, vote, key, said):
    """Of a study that is still included the result is gone, to another analysis where one is recorded."""
    votes = [vote(who, Verdict.INCLUDE, Stage.FULL_TEXT) for who in "ab"]
    found = why(seen(*votes, effects=(_extracted(key),)))
    assert found.kind is DepartureKind.WITHDRAWN
    assert found.why.startswith(said)


def test_a_study_that_nobody_knows_has_no_reason(why):
    """Where the ledger tells nothing, nothing is said."""
    assert why(Ledger()) is None
