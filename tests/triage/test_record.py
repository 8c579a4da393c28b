"""The record page and the vote."""

import pytest

from review.decision import Stage, Verdict
from tests.triage.world import START, decision, record, report
from triage.highlight import highlight, protocol_places


def test_a_vote_is_written_with_the_criteria_version(store, sign_in):
    """A verdict on the record page is one row of the ledger, under the protocol's version."""
    sign_in("ada").vote(report(1), "include", note="fits")
    vote = store.ledger().decisions[-1]
    assert (vote.report, vote.verdict, vote.reviewer, vote.criteria_version, vote.note) == (
        report(1), Verdict.INCLUDE, "ada", 1, "fits",
    )  # fmt: skip


def test_after_a_vote_comes_the_next_card(sign_in):
    """A vote is answered with the next report of the queue and the way to undo the last."""
    ada = sign_in("ada")
    answer = ada.vote(report(1), "maybe")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/record/files:002?done=files%3A001"
    assert "Undo" in ada.open(answer.headers["location"]).text


def test_undo_is_another_row(store, sign_in):
    """Taking a vote back adds a withdrawn row, and the report is asked for again."""
    ada = sign_in("ada")
    ada.vote(report(1), "exclude")
    ada.send(ada.form(f"/record/{report(1)}", "/withdraw"))
    assert [one.verdict for one in store.ledger().decisions] == [Verdict.EXCLUDE, Verdict.WITHDRAWN]
    assert "/vote/files:001" in ada.open(f"/record/{report(1)}").text


def test_a_form_sent_twice_is_one_vote(store, sign_in):
    """The same form sent again changes nothing and goes on to the next card."""
    ada = sign_in("ada")
    form = ada.form(f"/record/{report(1)}", "/vote")
    answers = [ada.send(form, verdict="include").status_code for _ in range(3)]
    assert answers == [303, 303, 303]
    assert len(store.ledger().decisions) == 1


def test_a_stale_tab_is_refused(store, sign_in):
    """A form of a page opened before the person voted is refused with 409 and a sentence."""
    ada = sign_in("ada")
    old = ada.form(f"/record/{report(1)}", "/vote")
    ada.vote(report(1), "include")
    answer = ada.send(old, verdict="exclude")
    assert answer.status_code == 409
    assert "You already said" in answer.text
    assert len(store.ledger().decisions) == 1


def test_a_form_older_than_an_undo_is_refused(store, sign_in):
    """A form made before a vote and its undo is out of date."""
    ada = sign_in("ada")
    old = ada.form(f"/record/{report(1)}", "/vote")
    ada.vote(report(1), "include")
    ada.send(ada.form(f"/record/{report(1)}", "/withdraw"))
    assert ada.send(old, verdict="include").status_code == 409


def test_a_vote_in_a_conflict_cannot_be_taken_back(store, sign_in):
    """Once include meets exclude, only a third person can speak."""
    ada = sign_in("ada")
    ada.vote(report(1), "include")
    form = ada.form(f"/record/{report(1)}", "/withdraw")
    store.decide(decision(1, "ben", Verdict.EXCLUDE))
    assert ada.send(form).status_code == 409


def test_a_settled_report_takes_no_vote(store, sign_in):
    """A third reviewer's form is refused once two have agreed."""
    ada = sign_in("ada")
    form = ada.form(f"/record/{report(1)}", "/vote")
    store.decide(decision(1, "ben", Verdict.EXCLUDE))
    store.decide(decision(1, "judy", Verdict.EXCLUDE))
    assert ada.send(form, verdict="include").status_code == 409


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"verdict": "exclude"}, "choose the first reason"),
        ({"verdict": "exclude", "reason": "the weather"}, "choose one of"),
        ({"verdict": "include"}, "Name the study"),
        ({"verdict": "another report of an included study"}, "Name the study"),
        ({"verdict": "withdrawn"}, "choose one of"),
    ],
)
def test_full_text_verdicts_say_what_they_lack(store, sign_in, values, sentence):
    """At full text an exclusion needs a listed reason, an inclusion and a sibling a study."""
    for who in ("ada", "ben"):
        store.decide(decision(1, who, Verdict.INCLUDE))
    answer = sign_in("ada").vote(report(1), **values)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_refused_form_keeps_what_was_typed(store, sign_in):
    """The page that says what is missing still holds the note."""
    for who in ("ada", "ben"):
        store.decide(decision(1, who, Verdict.INCLUDE))
    assert "typed before" in sign_in("ada").vote(report(1), "exclude", note="typed before").text


def test_full_text_exclusion_keeps_one_reason(store, sign_in):
    """The reason chosen is written with the exclusion."""
    for who in ("ada", "ben"):
        store.decide(decision(1, who, Verdict.INCLUDE))
    sign_in("ada").vote(report(1), "exclude", reason="design")
    last = store.ledger().decisions[-1]
    assert (last.stage, last.verdict, last.reason) == (Stage.FULL_TEXT, Verdict.EXCLUDE, "design")


def test_placeholder_pmids_are_not_linked(sign_in):
    """A number from 900000000 up is shown as a placeholder and never as a link to PubMed."""
    page = sign_in("ada").open(f"/record/{report(1)}").text
    assert "placeholder number 900000001" in page
    assert "pubmed.ncbi" not in page


def test_an_index_is_not_called_an_abstract(store, sign_in):
    """Where the source serves words only, the page says so."""
    words = record(9, abstract="", keywords=("randomly", "treatment"), index_only=True)
    store.add_records([words], START)
    page = sign_in("ada").open(f"/record/{report(9)}").text
    assert "Index of words, no abstract" in page


def test_highlighting_escapes_first():
    """Markup in a text is shown as text, with the terms marked inside it."""
    text = "<b>random</b> trial"
    shown = highlight(text, protocol_places(text, ("random*",), ("b",)))
    b = '<mark class="against">b</mark>'
    assert shown == f'&lt;{b}&gt;<mark class="for">random</mark>&lt;/{b}&gt; trial'


def test_an_unknown_report_is_a_sentence(sign_in):
    """A report that is not there is a 404 that says so."""
    answer = sign_in("ada").open("/record/files:999")
    assert (answer.status_code, "There is no report" in answer.text) == (404, True)
