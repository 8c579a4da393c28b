"""Reports judged before they became one document: what agrees holds, what does not is a conflict."""

from dataclasses import replace
from datetime import timedelta

import pytest

from review.decision import Basis, Decision, ImportedDecision, Resolution, Stage, Verdict
from review.effect import AnalysisKey, Better, Estimate, ImportedEffect
from review.ids import EffectId, RecordId, ReportId, Reviewer, StudyId
from review.ledger import Ledger, Sighting
from review.link import DuplicateLink, StudyLink
from review.screening import Status, settle
from review.studies import contested_studies, included_studies

from .conftest import NOON

ONE, OTHER = ReportId("pubmed:1"), ReportId("pubmed:2")
ALPHA, BETA = StudyId("Alpha"), StudyId("Beta")
MERGED = NOON + timedelta(days=1)
LATER = NOON + timedelta(days=2)
JOIN = DuplicateLink(record=RecordId(OTHER), report=ONE, rule="said so", at=MERGED, by="lena")


def _votes(report, verdict, stage=Stage.SCREENING, people=("ada", "ben"), **more):
    return tuple(
        Decision(
            report=report,
            stage=stage,
            verdict=verdict,
            reviewer=Reviewer(who),
            at=NOON,
            criteria_version=1,
            **more,
        )
        for who in people
    )


def _include(report, study, people=("ada", "ben")):
    return _votes(report, Verdict.INCLUDE, Stage.FULL_TEXT, people, study=study)


def _import(report, verdict=Verdict.INCLUDE, study=None):
    return ImportedDecision(
        report=report, stage=Stage.FULL_TEXT, verdict=verdict, source="a review", at=NOON, study=study
    )


def _resolution(verdict, stage=Stage.FULL_TEXT, **more):
    given = {"by": Reviewer("judy"), "basis": Basis.ADJUDICATOR, "at": LATER, **more}
    return Resolution(report=ONE, stage=stage, verdict=verdict, **given)


def _link(report, study, at=LATER):
    return StudyLink(report=report, study=study, by="lena", at=at)


def _ledger(*votes, **more):
    seen = (
        Sighting(record=RecordId(report), report=report, source="pubmed", at=NOON) for report in (ONE, OTHER)
    )
    return Ledger(sightings=tuple(seen), decisions=votes, **{"duplicates": (JOIN,), **more})


def _found(protocol, *votes, **more):
    (found,) = settle(_ledger(*votes, **more), protocol).values()
    return found


def test_votes_on_either_report_count_together(protocol):
    """One vote on each of two reports are two votes on the document."""
    votes = _votes(ONE, Verdict.EXCLUDE, people=["ada"]) + _votes(OTHER, Verdict.EXCLUDE, people=["ben"])
    assert _found(protocol, *votes).status is Status.EXCLUDED_AT_SCREENING


def test_the_same_reviewers_later_vote_wins(protocol):
    """Somebody who judged both reports is counted once, with the later word."""
    votes = _votes(ONE, Verdict.EXCLUDE, people=["ada"]) + _votes(OTHER, Verdict.INCLUDE)
    assert _found(protocol, *votes).status is Status.AWAITING_FULL_TEXT


def test_single_votes_that_differ_are_a_conflict(protocol):
    """One person's include and another's exclude meet as they would on one report."""
    votes = _votes(ONE, Verdict.EXCLUDE, people=["ada"]) + _votes(OTHER, Verdict.INCLUDE, people=["ben"])
    assert _found(protocol, *votes).status is Status.SCREENING_CONFLICT


def test_an_unread_duplicate_changes_nothing(protocol):
    """A report that nobody judged takes over what was said of its document."""
    found = _found(protocol, *_include(OTHER, ALPHA))
    assert (found.report, found.status, found.study) == (ONE, Status.INCLUDED, ALPHA)


@pytest.mark.parametrize("people", [("ada", "ben"), ("cem", "dan")])
def test_excluded_and_included_is_a_conflict(protocol, people):
    """A document that was excluded as one report and included as another is held, whoever voted."""
    votes = _votes(ONE, Verdict.EXCLUDE) + _include(OTHER, ALPHA, people)
    found = _found(protocol, *votes)
    assert (found.status, found.held_from) == (Status.FULL_TEXT_CONFLICT, (ALPHA,))
    assert "excluded at screening; included (Alpha)" in found.reason


def test_excluded_and_kept_at_screening_is_a_conflict_there(protocol):
    """Two pairs of votes on title and abstract that contradict each other are settled at screening."""
    votes = _votes(ONE, Verdict.EXCLUDE) + _votes(OTHER, Verdict.INCLUDE)
    assert _found(protocol, *votes).status is Status.SCREENING_CONFLICT


def test_two_exclusions_agree(protocol):
    """Excluded at screening and excluded at full text is excluded."""
    out = _votes(OTHER, Verdict.EXCLUDE, Stage.FULL_TEXT, reason="design")
    assert _found(protocol, *_votes(ONE, Verdict.EXCLUDE), *out).status is Status.EXCLUDED


def test_kept_at_screening_and_excluded_in_full_agree(protocol):
    """The report that went further tells where the document is."""
    out = _votes(OTHER, Verdict.EXCLUDE, Stage.FULL_TEXT, reason="design")
    assert _found(protocol, *_votes(ONE, Verdict.INCLUDE), *out).status is Status.EXCLUDED


def test_two_studies_are_a_conflict(protocol):
    """A document that was included as two studies is held for both, and is in neither."""
    ledger = _ledger(*_include(ONE, ALPHA), *_include(OTHER, BETA))
    settlements = settle(ledger, protocol)
    assert included_studies(settlements) == {}
    assert set(contested_studies(settlements)) == {ALPHA, BETA}


def test_links_to_two_studies_are_a_conflict(protocol):
    """What people linked to two studies before it was one document is for people to say again."""
    votes = _include(ONE, None) + _include(OTHER, None)
    links = (_link(ONE, ALPHA, NOON), _link(OTHER, BETA, NOON))
    found = _found(protocol, *votes, study_links=links)
    assert (found.status, found.held_from) == (Status.FULL_TEXT_CONFLICT, (ALPHA, BETA))


def test_imports_that_differ_are_a_conflict(protocol):
    """Two other reviews that decided differently on what is one document settle nothing."""
    imports = (_import(ONE, study=ALPHA), _import(OTHER, Verdict.EXCLUDE))
    assert _found(protocol, imported_decisions=imports).status is Status.FULL_TEXT_CONFLICT


def test_an_import_without_a_study_does_not_take_the_study_away(protocol):
    """A later import of the document that names no study leaves the one that is known."""
    imports = (_import(ONE, study=ALPHA), _import(OTHER))
    assert _found(protocol, imported_decisions=imports).study == ALPHA


def test_no_report_is_another_report_of_itself(protocol):
    """What was included, and then judged another report of that study, is included."""
    sibling = _votes(OTHER, Verdict.SIBLING, Stage.FULL_TEXT, study=ALPHA)
    assert _found(protocol, *_include(ONE, ALPHA), *sibling).status is Status.INCLUDED


def test_results_entered_under_a_reports_name_are_kept(protocol):
    """A study that bears the name of a report keeps it when the report becomes another one."""
    estimate = Estimate(
        study=StudyId(OTHER),
        label="row",
        key=AnalysisKey("c", "o", "t", "s"),
        measure="SMD",
        better=Better.LOWER,
        value=-0.25,
        se=0.125,
    )
    entered = ImportedEffect(id=EffectId("e1"), estimate=estimate, source="a table", at=NOON)
    found = _found(protocol, imported_decisions=(_import(OTHER),), imported_effects=(entered,))
    assert found.study == StudyId(OTHER)


def test_a_resolution_after_the_merge_ends_it(protocol):
    """The third person's word on the document holds, with the study named in it."""
    votes = _include(ONE, ALPHA) + _include(OTHER, BETA)
    found = _found(protocol, *votes, resolutions=(_resolution(Verdict.INCLUDE, study=BETA),))
    assert (found.status, found.study) == (Status.INCLUDED, BETA)


def test_a_resolution_beats_the_links_before_it(protocol):
    """The study that the third person names is the study, whatever was linked before the merge."""
    links = (_link(ONE, ALPHA, NOON), _link(OTHER, BETA, NOON))
    votes = _include(ONE, None) + _include(OTHER, None)
    said = (_resolution(Verdict.INCLUDE, study=BETA),)
    assert _found(protocol, *votes, study_links=links, resolutions=said).study == BETA


def test_a_resolution_before_the_merge_ends_nothing(protocol):
    """Who settled one report did not know of the other."""
    votes = _votes(OTHER, Verdict.EXCLUDE)
    before = (_resolution(Verdict.INCLUDE, study=ALPHA, at=NOON),)
    assert _found(protocol, *votes, resolutions=before).status is Status.FULL_TEXT_CONFLICT


def test_a_resolution_at_screening_ends_a_conflict_there(protocol):
    """What contradicts itself on title and abstract is settled on title and abstract."""
    votes = _votes(ONE, Verdict.EXCLUDE) + _votes(OTHER, Verdict.INCLUDE)
    said = (_resolution(Verdict.EXCLUDE, Stage.SCREENING),)
    assert _found(protocol, *votes, resolutions=said).status is Status.EXCLUDED_AT_SCREENING


def test_a_link_after_the_merge_says_which_study_it_is(protocol):
    """A document included as two studies is the study that somebody linked it to since."""
    votes = _include(ONE, ALPHA) + _include(OTHER, BETA)
    found = _found(protocol, *votes, study_links=(_link(ONE, BETA),))
    assert (found.status, found.study) == (Status.INCLUDED, BETA)


def test_a_settled_conflict_stays_settled_when_a_third_report_joins(protocol):
    """One more duplicate without a word of its own opens nothing again."""
    third = RecordId("pubmed:3")
    ledger = _ledger(
        *_include(ONE, ALPHA),
        *_include(OTHER, BETA),
        resolutions=(_resolution(Verdict.INCLUDE, study=ALPHA),),
        duplicates=(JOIN, replace(JOIN, record=third, at=LATER + timedelta(days=1))),
    )
    seen = (*ledger.sightings, replace(ledger.sightings[0], record=third, report=ReportId(third)))
    (found,) = settle(replace(ledger, sightings=seen), protocol).values()
    assert (found.status, found.study) == (Status.INCLUDED, ALPHA)
