"""One document or two: the page, the record's sections, several at once, undo, roles, and JSON."""

import pytest

from review.decision import Verdict
from review.link import LinkHint, Relation
from review.screening import Status, settle
from tests.triage.person import forms_of
from tests.triage.world import PROTOCOL, START, decision, guess, include, join, record, report


@pytest.fixture
def guessed(store):
    """A store in which 2 may be 1, and 3 may be 2 with less confidence."""
    store.add_records([record(4)], START, hints=[guess(2, 3, 0.85), guess(1, 2, 0.95)])
    return store


def _settled(store):
    return settle(store.ledger(), PROTOCOL)


def _pair(person, one, other):
    page = person.open("/duplicates").text
    ends = {report(one), report(other)}
    return next(
        form for form in forms_of(page) if {form.values.get("report"), form.values.get("other")} == ends
    )


def _ticked(person):
    """Return the boxes of the page by name, and the token that every form carries."""
    forms = forms_of(person.open("/duplicates?tick=0.5").text)
    boxes = {name: value for form in forms for name, value in form.values.items() if name.startswith("pair-")}
    return boxes, forms[0].values["csrf"]


def test_the_surest_guess_comes_first(guessed, sign_in):
    """Pairs are asked in the order of their confidence."""
    page = sign_in("lena").open("/duplicates").text
    assert "2 wait" in page
    assert page.index("confidence 0.95") < page.index("confidence 0.85")


def test_one_button_makes_one_document(guessed, sign_in):
    """The report that was seen later stands for the earlier one, by the lead's word."""
    lena = sign_in("lena")
    answer = lena.send(_pair(lena, 1, 2), answer="one document")
    link = guessed.ledger().duplicates[-1]
    assert (answer.headers["location"], link.record, link.report, link.by) == (
        "/duplicates", record(2).id, report(1), "lena",
    )  # fmt: skip


def test_one_button_tells_them_apart(guessed, sign_in):
    """A guess that is not true is written down, and the pair is not asked again."""
    lena = sign_in("lena")
    lena.send(_pair(lena, 1, 2), answer="two documents")
    assert "1 waits" in lena.open("/duplicates").text
    assert len(_settled(guessed)) == 4


def test_an_answer_can_be_taken_back(guessed, sign_in):
    """What was told apart can be asked again."""
    lena = sign_in("lena")
    lena.send(_pair(lena, 1, 2), answer="two documents")
    lena.send(_pair(lena, 1, 2), answer="ask again")
    assert "2 wait" in lena.open("/duplicates").text


def test_set_apart_again_is_as_before(guessed, sign_in):
    """The undo on the record page makes two reports of the document, and the pair is asked again."""
    lena, before = sign_in("lena"), _settled(guessed)
    lena.send(_pair(lena, 1, 2), answer="one document")
    answer = lena.send(lena.form(f"/record/{report(1)}", "/set-apart"))
    assert (answer.headers["location"], _settled(guessed)) == (f"/record/{report(2)}", before)
    assert "2 wait" in lena.open("/duplicates").text


def test_what_the_service_tied_can_be_set_apart(store, sign_in):
    """A record with identical identifiers becomes a report of its own by the lead's word."""
    join(store, 2, 1, by="")
    lena = sign_in("lena")
    lena.send(lena.form(f"/record/{report(1)}", "/set-apart"))
    assert report(2) in _settled(store)
    assert "set apart by lena" in lena.open(f"/record/{report(2)}").text


def test_several_at_once_hang_together(guessed, sign_in):
    """All ticked pairs become documents in one transaction, under the report that was seen first."""
    lena = sign_in("lena")
    boxes, csrf = _ticked(lena)
    lena.ask("POST", "/duplicates", data={"csrf": csrf, "answer": "one document", **boxes})
    assert list(_settled(guessed)) == [report(1), report(4)]
    assert guessed.audit(1)[0].action == "one document"


def test_nothing_ticked_is_said(guessed, sign_in):
    """Joining what is ticked without a tick changes nothing and says what to do."""
    lena = sign_in("lena")
    _, csrf = _ticked(lena)
    answer = lena.ask("POST", "/duplicates", data={"csrf": csrf, "answer": "one document"})
    assert (answer.status_code, "Tick the pairs" in answer.text) == (422, True)


def test_a_stale_tick_joins_nothing(guessed, sign_in):
    """If one of the ticked pairs was answered in the meantime, none is joined."""
    lena = sign_in("lena")
    boxes, csrf = _ticked(lena)
    lena.send(_pair(lena, 2, 3), answer="two documents")
    answer = lena.ask("POST", "/duplicates", data={"csrf": csrf, "answer": "one document", **boxes})
    assert (answer.status_code, len(_settled(guessed))) == (409, 4)


def test_a_form_sent_twice_is_once(guessed, sign_in):
    """The same answer again changes nothing."""
    lena = sign_in("lena")
    form = _pair(lena, 1, 2)
    answers = [lena.send(form, answer="one document").status_code for _ in range(2)]
    assert (answers, len(guessed.ledger().duplicates)) == ([303, 303], 1)


def test_a_stale_pair_is_refused(guessed, sign_in):
    """A form that was made before one of the reports changed is refused with a sentence."""
    lena = sign_in("lena")
    form = _pair(lena, 2, 3)
    join(guessed, 4, 3)
    answer = lena.send(form, answer="one document")
    assert (answer.status_code, "in the meantime" in answer.text) == (409, True)


def test_a_vote_on_a_report_that_became_another_is_refused(guessed, sign_in):
    """A card opened before the merge names the report to open instead."""
    ada = sign_in("ada")
    form = ada.form(f"/record/{report(2)}", "/vote")
    join(guessed, 2, 1)
    answer = ada.send(form, verdict="include")
    assert (answer.status_code, f"one document with {report(1)}" in answer.text) == (409, True)
    assert guessed.ledger().decisions == ()


def test_a_merged_report_leads_to_its_document(guessed, sign_in):
    """The address of a report that became another one goes on working."""
    join(guessed, 2, 1)
    answer = sign_in("ada").ask("GET", f"/record/{report(2)}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/record/{report(1)}")


def test_duplicates_and_siblings_stand_apart(guessed, sign_in):
    """What may be the same document and what may be the same study are two sections."""
    sibling = LinkHint(
        report=report(1), other=report(4), evidence="a protocol", at=START, relation=Relation.SIBLING
    )
    guessed.add_records([record(5)], START, hints=[sibling])
    page = sign_in("ada").open(f"/record/{report(1)}").text
    found = ["May be the same document", "Same made-up title", "May belong to the same study", "a protocol"]
    assert sorted(found, key=page.index) == found


def test_differing_fields_are_marked(guessed, sign_in):
    """Side by side, fields that both give and that differ are named, others are not."""
    page = sign_in("lena").open("/duplicates").text
    assert 'class="differs"><th scope="row">Title' in page
    assert '<tr><th scope="row">Journal' in page


def test_only_the_lead_answers(guessed, sign_in):
    """A reviewer sees what may be the same document, without buttons, and may not answer."""
    ada = sign_in("ada")
    page = ada.open(f"/record/{report(1)}").text
    assert ("May be the same document" in page, "/duplicates" in page) == (True, False)
    assert ada.ask("GET", "/duplicates").status_code == 403


@pytest.mark.parametrize("path", [f"/record/{report(1)}", f"/api/report/{report(1)}"])
def test_a_guess_reveals_no_vote(guessed, sign_in, path):
    """A pair reads the same whether or not somebody has voted on the other report."""
    ada = sign_in("ada")
    before = ada.open(path).text
    guessed.decide(decision(2, "ben", Verdict.EXCLUDE))
    assert ada.open(path).text == before


def test_a_pair_reveals_no_vote_to_the_lead(guessed, sign_in):
    """The page of duplicates reads the same whether or not somebody has voted."""
    lena = sign_in("lena")
    before = lena.open("/duplicates").text
    guessed.decide(decision(2, "ben", Verdict.INCLUDE))
    assert lena.open("/duplicates").text == before


def test_what_would_be_a_conflict_is_said_before(guessed, sign_in):
    """Two reports that were settled differently are shown to contradict each other."""
    include(guessed, 1, "Alpha 2024")
    for who in ("ada", "ben"):
        guessed.decide(decision(2, who, Verdict.EXCLUDE))
    assert "As one document they would be a conflict." in sign_in("lena").open("/duplicates").text


def test_a_conflict_of_two_reports_is_shown_and_settled(guessed, sign_in):
    """What was judged as two reports waits among the conflicts with its why, and a third person ends it."""
    include(guessed, 1, "Alpha 2024")
    for who in ("ada", "ben"):
        guessed.decide(decision(2, who, Verdict.EXCLUDE))
    join(guessed, 2, 1)
    judy = sign_in("judy")
    assert "judged as two reports" in judy.open("/conflicts").text
    form = judy.form(f"/conflict/{report(1)}", "/conflict")
    judy.send(form, verdict="include", study="Alpha 2024", note="One document, and it fits.")
    assert _settled(guessed)[report(1)].status is Status.INCLUDED


def test_nobody_settles_what_they_judged_at_either_stage(guessed, sign_in):
    """Who excluded one of the reports on its title is part of the conflict over the document."""
    include(guessed, 1, "Alpha 2024")
    for who in ("lena", "judy"):
        guessed.decide(decision(2, who, Verdict.EXCLUDE))
    join(guessed, 2, 1)
    assert sign_in("judy").open(f"/conflict/{report(1)}").status_code == 403


def test_any_two_reports_can_be_compared(store, sign_in):
    """The lead joins two reports that no machine guessed."""
    lena = sign_in("lena")
    page = lena.open(f"/duplicates?report={report(1)}&other={report(3)}")
    form = next(one for one in forms_of(page.text) if one.values.get("other") == report(3))
    lena.send(form, answer="one document")
    assert report(3) not in _settled(store)


@pytest.mark.parametrize(("other", "status"), [("files:999", 404), ("files:001", 422), ("", 422)])
def test_a_comparison_with_nothing_is_a_sentence(sign_in, other, status):
    """A report that is not there, the same report, or none named is refused with a sentence."""
    assert sign_in("lena").open(f"/duplicates?report={report(1)}&other={other}").status_code == status


def _say(person, path, **body):
    token = person.ask("GET", "/api/status").json()["csrf"]
    return person.ask("POST", path, json=body, headers={"x-csrf-token": token})


def test_a_program_can_answer(guessed, sign_in):
    """Pairs, words and undo are the same by JSON."""
    lena = sign_in("lena")
    pair = lena.ask("GET", "/api/duplicates").json()["pairs"][0]
    said = {name: pair[name] for name in ("report", "other", "token")}
    assert _say(lena, "/api/duplicates", answer="one document", **said).json() == {"written": True}
    undo = lena.ask("GET", f"/api/report/{report(1)}").json()["set_apart_tokens"][report(2)]
    assert _say(lena, "/api/set-apart", report=report(2), token=undo).json() == {"written": True}
    assert len(_settled(guessed)) == 4


def test_a_program_with_an_old_token_is_refused(guessed, sign_in):
    """A token counts for the pair as it was."""
    lena = sign_in("lena")
    pair = lena.ask("GET", "/api/duplicates").json()["pairs"][1]
    join(guessed, 4, 3)
    said = {name: pair[name] for name in ("report", "other", "token")}
    assert _say(lena, "/api/duplicates", answer="one document", **said).status_code == 409


def test_the_lead_sees_how_many_wait(guessed, sign_in):
    """The number of open guesses stands on the lead's first page, and nobody else's."""
    lena, ada = (sign_in(name).ask("GET", "/api/status").json()["waiting_for_me"] for name in ("lena", "ada"))
    assert (lena["duplicates"], ada["duplicates"]) == (2, 0)


def test_unlikely_pairs_are_kept_behind_a_link(store, sign_in):
    """A guess below the default confidence is not counted, and one link away."""
    store.add_records([record(4)], START, hints=[guess(2, 3, 0.6), guess(1, 2, 0.95)])
    lena = sign_in("lena")
    page = lena.open("/duplicates").text
    assert ("1 waits" in page, "1 less likely pair" in page) == (True, True)
    assert "2 wait" in lena.open("/duplicates?all=true").text
