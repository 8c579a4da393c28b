"""Nobody learns anything of another's vote before their own: not content, existence, order or time."""

import shutil

import pytest

from review.decision import Stage, Verdict
from review.ids import StudyId
from review.screening import Settlement, Status
from store.store import open_store
from tests.triage.person import Person
from tests.triage.world import PROTOCOL, Clock, decision, report
from triage.app import create_app
from triage.blinding import shown_status, visible_votes

PAGES = (
    "/",
    "/queue/screening",
    "/queue/full text",
    "/next/screening",
    f"/record/{report(1)}",
    f"/full-text/{report(1)}",
    f"/record/{report(2)}",
    "/conflicts",
    "/studies",
    "/checks",
    "/sign-off",
    "/mine",
    "/api/status",
    "/api/queue/screening",
    "/api/queue/full text",
    f"/api/report/{report(1)}",
    f"/api/report/{report(2)}",
)


def _seen(filled, tmp_path, name, decisions, who, pages):
    """Return all that `who` is answered after those decisions; tokens of the session taken out."""
    path = tmp_path / f"{name}.db"
    shutil.copy(filled, path)
    with open_store(f"sqlite:///{path}") as store:
        for one in decisions:
            store.decide(one)
        app = create_app(store, PROTOCOL, clock=Clock(), secret_key="a secret key for tests")
        person = Person(app, who)
        person.sit_down()
        cookie_tokens = {form.values.get("csrf", "") for form in [person.form("/", "/logout")]}
        answers = {page: person.ask("GET", page) for page in pages}
        person.leave()
    return {page: (answer.status_code, _without(answer, cookie_tokens)) for page, answer in answers.items()}


def _without(answer, tokens):
    text = answer.text + str(sorted(answer.headers.items()))
    for token in tokens:
        text = text.replace(token, "")
    return text


SCREENED = tuple(decision(1, who, Verdict.INCLUDE) for who in ("judy", "lena"))


@pytest.mark.parametrize(
    "hidden",
    [
        (decision(1, "ben", Verdict.INCLUDE, note="a secret note"),),
        (decision(1, "ben", Verdict.EXCLUDE),),
        (decision(1, "ben", Verdict.MAYBE), decision(1, "ben", Verdict.WITHDRAWN)),
        (decision(2, "ben", Verdict.EXCLUDE), decision(1, "ben", Verdict.EXCLUDE)),
    ],
    ids=["include", "exclude", "withdrawn", "two in another order"],
)
def test_no_page_changes_with_a_vote_that_is_not_mine(filled, tmp_path, hidden):
    """At screening every answer is the same byte for byte, whatever the other reviewer has done."""
    before = _seen(filled, tmp_path, "before", (), "ada", PAGES)
    after = _seen(filled, tmp_path, "after", hidden, "ada", PAGES)
    assert after == before


@pytest.mark.parametrize(
    "vote",
    [
        {"verdict": Verdict.INCLUDE, "study": StudyId("Secret 2024")},
        {"verdict": Verdict.EXCLUDE, "reason": "design"},
        {"verdict": Verdict.SIBLING, "study": StudyId("Secret 2024")},
        {"verdict": Verdict.ONGOING},
    ],
    ids=["include", "exclude", "sibling", "ongoing"],
)
def test_no_page_changes_with_a_full_text_vote_that_is_not_mine(filled, tmp_path, vote):
    """At full text every answer is the same byte for byte, down to the list of study labels."""
    before = _seen(filled, tmp_path, "before", SCREENED, "ada", PAGES)
    hidden = decision(
        1, "ben", vote["verdict"], Stage.FULL_TEXT, **{k: v for k, v in vote.items() if k != "verdict"}
    )
    after = _seen(filled, tmp_path, "after", (*SCREENED, hidden), "ada", PAGES)
    assert after == before


@pytest.mark.parametrize("who", ["rita", "stan"])
def test_those_who_do_not_vote_see_single_votes_no_sooner(filled, tmp_path, who):
    """A reader cannot pass on what a reviewer may not know yet."""
    pages = ("/", f"/record/{report(1)}", f"/api/report/{report(1)}", "/api/status")
    before = _seen(filled, tmp_path, "before", (), who, pages)
    after = _seen(filled, tmp_path, "after", (decision(1, "ben", Verdict.EXCLUDE),), who, pages)
    assert after == before


def test_a_single_vote_has_no_status_of_its_own():
    """No status that is shown says that one of two votes is in."""
    shown = {shown_status(Settlement(report=report(1), status=status)) for status in Status}
    assert shown.isdisjoint({Status.AWAITING_SECOND_VOTE, Status.AWAITING_SECOND_FULL_TEXT_VOTE})


def test_votes_show_once_the_stage_is_complete():
    """With both votes in, everybody sees them, ordered by name."""
    votes = (decision(1, "ben", Verdict.EXCLUDE), decision(1, "ada", Verdict.INCLUDE))
    shown = visible_votes(votes, Stage.SCREENING, "rita", PROTOCOL)
    assert [one.reviewer for one in shown] == ["ada", "ben"]


def test_taking_a_vote_back_hides_the_other_again():
    """Who has withdrawn is as blind as before the vote."""
    votes = (
        decision(1, "ben", Verdict.EXCLUDE),
        decision(1, "ada", Verdict.EXCLUDE),
        decision(1, "ada", Verdict.WITHDRAWN),
    )
    assert visible_votes(votes, Stage.SCREENING, "ada", PROTOCOL) == ()
