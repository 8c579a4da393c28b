"""Conflicts, and the third person who settles them."""

import pytest

from review.decision import Basis, ImportedDecision, Stage, Verdict
from review.ids import StudyId
from review.screening import Status, settle
from tests.triage.world import PROTOCOL, START, decision, include, report


@pytest.fixture
def conflict(store):
    """Ada includes what Ben excludes."""
    store.decide(decision(1, "ada", Verdict.INCLUDE, note="looks fine"))
    store.decide(decision(1, "ben", Verdict.EXCLUDE, note="wrong design"))


def _status(store, number=1):
    return settle(store.ledger(), PROTOCOL)[report(number)].status


def test_both_votes_stand_side_by_side(conflict, sign_in):
    """The settler sees both verdicts and notes."""
    page = sign_in("judy").open(f"/conflict/{report(1)}").text
    assert "looks fine" in page
    assert "wrong design" in page


def test_an_adjudicator_settles_with_a_reason(conflict, store, sign_in):
    """The resolution names who settled it and why."""
    judy = sign_in("judy")
    form = judy.form(f"/conflict/{report(1)}", "/conflict")
    answer = judy.send(form, verdict="exclude", note="The design is not randomised.")
    last = store.ledger().resolutions[-1]
    assert answer.status_code == 303
    assert (last.by, last.basis, last.note) == ("judy", Basis.ADJUDICATOR, "The design is not randomised.")
    assert _status(store) is Status.EXCLUDED_AT_SCREENING


def test_a_resolution_needs_a_why(conflict, store, sign_in):
    """Without a sentence nothing is settled."""
    judy = sign_in("judy")
    answer = judy.send(judy.form(f"/conflict/{report(1)}", "/conflict"), verdict="exclude")
    assert (answer.status_code, store.ledger().resolutions) == (422, ())


def test_nobody_settles_their_own_conflict(store, sign_in):
    """A lead whose vote is part of it is refused."""
    store.decide(decision(1, "lena", Verdict.INCLUDE))
    store.decide(decision(1, "ben", Verdict.EXCLUDE))
    lena = sign_in("lena")
    token = lena.form("/", "/logout").values["csrf"]
    answer = lena.ask(
        "POST", f"/conflict/{report(1)}", data={"csrf": token, "verdict": "include", "note": "I say so"}
    )
    assert (answer.status_code, store.ledger().resolutions) == (403, ())


def test_two_settlers_do_not_overwrite_each_other(conflict, store, sign_in):
    """The second of two open forms is stale."""
    judy, lena = sign_in("judy"), sign_in("lena")
    late = lena.form(f"/conflict/{report(1)}", "/conflict")
    judy.send(judy.form(f"/conflict/{report(1)}", "/conflict"), verdict="exclude", note="why")
    assert lena.send(late, verdict="include", note="why").status_code == 409
    assert len(store.ledger().resolutions) == 1


def test_a_contested_import_shows_its_why_and_source(store, sign_in):
    """An import that cannot settle a report is a conflict for people, labelled with where it comes from."""
    store.import_decisions(
        [
            ImportedDecision(
                report=report(1), stage=Stage.FULL_TEXT, verdict=Verdict.INCLUDE, at=START,
                source="Another review 2020", study=StudyId("Alpha 2024"), contested="Is it condition Y?",
            )
        ]
    )  # fmt: skip
    judy = sign_in("judy")
    pages = judy.open("/conflicts").text + judy.open(f"/conflict/{report(1)}").text
    assert all(text in pages for text in ("contested import", "Is it condition Y?", "Another review 2020"))


def test_a_verdict_that_stands_can_be_changed_by_a_third_person(store, sign_in):
    """An included report found retracted is excluded late, with a listed reason."""
    include(store, 1, "Alpha 2024")
    judy = sign_in("judy")
    form = judy.form(f"/conflict/{report(1)}", "/conflict")
    judy.send(form, verdict="exclude", reason="design", note="Retracted.")
    assert _status(store) is Status.EXCLUDED


def test_a_report_that_waits_for_votes_is_not_settled(store, sign_in):
    """An adjudicator cannot speak before the reviewers have."""
    store.decide(decision(1, "ada", Verdict.INCLUDE))
    answer = sign_in("judy").open(f"/conflict/{report(1)}")
    assert answer.status_code == 409
