"""The same rules for programs."""

import pytest

from review.decision import Verdict
from tests.triage.world import MODEL, decision, report, suggestion


def _decide(person, **values):
    shown = person.ask("GET", f"/api/report/{report(1)}").json()
    token = person.ask("GET", "/api/status").json()["csrf"]
    body = {
        "report": report(1),
        "stage": "screening",
        "verdict": "include",
        "token": shown["token"],
        **values,
    }
    return person.ask("POST", "/api/decisions", json=body, headers={"x-csrf-token": token})


def test_health_needs_no_account(app):
    """A monitor can ask whether the desk answers."""
    from tests.triage.person import Person

    nobody = Person(app)
    assert nobody.ask("GET", "/health").json() == {"status": "ok"}
    nobody.leave()


def test_a_program_can_work_through_its_queue(store, sign_in):
    """Queue, report and decision follow each other, and the queue gets shorter."""
    ada = sign_in("ada")
    assert _decide(ada).json() == {"written": True}
    assert ada.ask("GET", "/api/queue/screening").json()["reports"] == [report(2), report(3)]


def test_a_token_counts_once(store, sign_in):
    """Sent again with another verdict it is refused, and the first vote stands."""
    ada = sign_in("ada")
    token = ada.ask("GET", f"/api/report/{report(1)}").json()["token"]
    _decide(ada, token=token)
    assert _decide(ada, token=token, verdict="exclude").status_code == 409
    assert [one.verdict for one in store.ledger().decisions] == [Verdict.INCLUDE]


def test_a_vote_is_taken_back_with_its_undo_token(store, sign_in):
    """The verdict *withdrawn* with the token shown undoes the vote."""
    ada = sign_in("ada")
    _decide(ada)
    undo = ada.ask("GET", f"/api/report/{report(1)}").json()["undo_tokens"]["screening"]
    assert _decide(ada, verdict="withdrawn", token=undo).json() == {"written": True}


@pytest.mark.parametrize(
    "values",
    [
        {"verdict": "perhaps"},
        {"stage": "lunch"},
        {"report": "x" * 500},
        {"report": ""},
        {"surprise": "field"},
        {"token": 5},
        {"note": "x" * 5000},
    ],
)
def test_a_bad_body_is_a_sentence(store, sign_in, values):
    """What cannot be read is answered with 422 and one sentence; nothing is written."""
    answer = _decide(sign_in("ada"), **values)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert store.ledger().decisions == ()


@pytest.mark.parametrize("limit", ["0", "-1", "201", "1e3", "9" * 40])
def test_a_limit_is_bounded(sign_in, limit):
    """A limit out of bounds is a 422, never a server error."""
    answer = sign_in("ada").ask("GET", f"/api/queue/screening?limit={limit}")
    assert (answer.status_code, "error" in answer.json()) == (422, True)


def test_the_score_shows_only_after_the_own_vote(store, sign_in):
    """A voter sees what the ranking said once the vote is in; the queue's order stays."""
    store.add_model(MODEL)
    store.add_suggestions([suggestion(1)])
    ada = sign_in("ada")
    before = ada.ask("GET", f"/api/report/{report(1)}").json()["suggestion"]
    _decide(ada)
    after = ada.ask("GET", f"/api/report/{report(1)}").json()["suggestion"]
    assert before is None
    assert (after["score"], after["rank"], after["of"]) == (0.9, 1, 7)


def test_a_suggestion_is_told_with_its_reasons(store, sign_in):
    """Programs get both heads, terms with their places, and what the model and its threshold are."""
    store.add_model(MODEL)
    store.add_suggestions([suggestion(1)])
    found = sign_in("rita").ask("GET", f"/api/report/{report(1)}").json()
    said = found["suggestion"]
    term = said["terms"][0]
    span = term["spans"][0]
    assert (said["triage"], said["probability"], said["trial_likelihood"]) == (0.75, 0.125, 0.97)
    assert (said["model"], said["threshold_version"], said["by_newest_model"]) == ("m1", "line-1", True)
    assert said["training_digest"] == MODEL.training_digest
    assert (term["term"], term["weight"]) == ("randomly", 0.4)
    assert found[span["field"]][span["start"] : span["end"]] == "randomly"


def test_a_finished_report_is_refused(store, sign_in):
    """A report that others settled meanwhile takes no vote."""
    for who in ("ben", "judy"):
        store.decide(decision(1, who, Verdict.EXCLUDE))
    assert _decide(sign_in("ada")).status_code == 409
