"""What is set aside: out of the queue, on a page of its own, back by one button; the drawn like any other."""

import re
from dataclasses import replace

import pytest

from review.audit import AuditDraw
from review.decision import Verdict
from review.drift import Drift, DriftCheck, Level
from review.ids import ModelId
from review.prisma import prisma_flow
from review.screening import settle
from review.suggestion import InForce, TermWeight
from tests.triage.person import Person, forms_of
from tests.triage.test_browser import VIEWS, _violations
from tests.triage.world import MODEL, PROTOCOL, START, Clock, decision, record, report, suggestion
from triage.app import create_app
from triage.mixing import mixed
from triage.putting_back import UNDO_FOR

SETS_ASIDE = replace(
    PROTOCOL,
    classifier=replace(PROTOCOL.classifier, set_aside=True, stopping=("hypergeometric", "in a row")),
)
BELOW, DRAWN = range(4, 13), (5, 9)


@pytest.fixture
def store(store):
    """Three flagged reports and nine below the line, two of which were drawn for audit."""
    store.add_records([record(number) for number in BELOW], START)
    store.add_model(replace(MODEL, threshold=0.5, promised=True, recall=0.95))
    terms = (TermWeight("treatment", 0.2),)
    scores = {1: 0.9, 2: 0.8, 3: 0.7, **{number: 0.5 - number / 100 for number in BELOW}}
    store.add_suggestions(
        [
            replace(suggestion(number), score=score, flagged=score >= 0.5, terms=terms)
            for number, score in scores.items()
        ]
    )
    store.add_draw(_draw(BELOW, DRAWN))
    return store


@pytest.fixture
def clock():
    """The desk's clock."""
    return Clock()


@pytest.fixture
def app(store, clock):
    """The desk of a review that sets aside."""
    return create_app(store, SETS_ASIDE, clock=clock, secret_key="a secret key for tests")


def _draw(numbers, drawn):
    return AuditDraw(
        id="draw-1",
        model=MODEL.id,
        at=START,
        set_aside=tuple(map(report, numbers)),
        drawn=tuple(map(report, drawn)),
    )


def _queue(person):
    return person.open("/api/queue/screening").json()["reports"]


def _put_back(person, number):
    return person.send(_form(person, number), word="back in the queue")


def _form(person, number):
    forms = forms_of(person.open("/set-aside").text)
    return next(form for form in forms if form.action == f"/set-aside/{report(number)}")


def test_what_is_set_aside_is_not_in_the_queue(sign_in):
    """The queue holds the flagged and the drawn, and counts no more."""
    ada = sign_in("ada")
    assert set(_queue(ada)) == {report(number) for number in (1, 2, 3, *DRAWN)}
    assert "5 waiting for you" in ada.open("/queue/screening").text


def test_what_is_set_aside_is_shown_with_score_and_reasons(sign_in):
    """The page lists it with its score, the line, and the words that counted."""
    page = sign_in("rita").open("/set-aside").text
    assert "Set aside: 7" in page
    assert "Score 0.46, the line is at 0.50" in page
    assert "treatment +0.20" in page


def test_nothing_tells_a_drawn_report_from_another(sign_in):
    """The card of a drawn report says what the card of a flagged one says, but for its own text."""
    ada = sign_in("ada")
    drawn, flagged = (_plain(ada.open(f"/record/{report(number)}").text, number) for number in (DRAWN[0], 1))
    assert drawn == flagged


def _plain(page, number):
    """Return a card without its tokens and its own made-up words."""
    for form in forms_of(page):
        for name in ("token", "csrf"):
            page = page.replace(f'value="{form.values.get(name)}"', "")
    names = (f"{number:03d}", str(900_000_000 + number))
    words = tuple(f"{word} {number}" for word in ("treatment", "condition", "abstract"))
    for own in (*names, *words):
        page = page.replace(own, "")
    return re.sub(r"<mark[^>]*>(\w+)</mark> \d+", "", page)


def test_a_first_vote_on_a_drawn_report_does_not_show(store, sign_in):
    """What Ben is answered is the same, byte for byte, before and after Ada's first vote."""
    ben = sign_in("ben")
    pages = ("/", "/set-aside", "/queue/screening", "/api/queue/screening", f"/record/{report(DRAWN[0])}")
    before = [ben.open(path).text for path in pages]
    store.decide(decision(DRAWN[0], "ada", Verdict.INCLUDE))
    assert [ben.open(path).text for path in pages] == before


def test_nobody_learns_which_were_drawn(sign_in):
    """The page of what is set aside names none of the drawn."""
    page = sign_in("lena").open("/set-aside").text
    assert not [number for number in DRAWN if report(number) in page]
    assert "2 of 9 reports set aside were drawn for audit" in page


def test_one_button_puts_a_report_back(store, sign_in, clock):
    """Back in one's own queue at once and in everybody's after the undo's time; the word bears the name."""
    ada, ben = sign_in("ada"), sign_in("ben")
    answer = _put_back(ada, 7)
    assert (answer.status_code, answer.headers["location"]) == (303, "/set-aside")
    assert report(7) in _queue(ada)
    assert report(7) not in _queue(ben)
    clock.now += UNDO_FOR
    assert report(7) in _queue(ben)
    assert [(one.report, one.by) for one in store.ledger().put_back] == [(report(7), "ada")]


def test_putting_back_can_be_undone(store, sign_in):
    """The undo is another word, and the report is set aside again."""
    ada = sign_in("ada")
    _put_back(ada, 7)
    ada.send(_form(ada, 7), word="set aside again")
    assert report(7) not in _queue(ada)
    assert len(store.ledger().put_back) == 2


def test_nobody_votes_on_what_another_may_still_undo(store, sign_in, clock):
    """While the undo is open the others are told to wait; so no undo ever meets another person's vote."""
    ada, ben = sign_in("ada"), sign_in("ben")
    form = ben.form(f"/record/{report(1)}", "/vote")
    form.action = f"/vote/{report(7)}"
    _put_back(ada, 7)
    assert ben.send(form, verdict="exclude").status_code == 409
    assert "may still undo that. It takes your vote from" in ben.open(f"/record/{report(7)}").text
    assert store.ledger().decisions == ()
    clock.now += UNDO_FOR
    ben.send(ben.form(f"/record/{report(7)}", "/vote"), verdict="exclude")
    assert [one.report for one in store.ledger().decisions] == [report(7)]


@pytest.mark.parametrize("voted", [False, True])
def test_an_undo_that_comes_late_says_nothing_of_votes(store, sign_in, clock, voted):
    """After its time the undo is refused, and gone from the page, whether or not somebody voted."""
    ada, ben = sign_in("ada"), sign_in("ben")
    _put_back(ada, 7)
    form = _form(ada, 7)
    clock.now += UNDO_FOR
    if voted:
        ben.send(ben.form(f"/record/{report(7)}", "/vote"), verdict="exclude")
    assert ada.send(form, word="set aside again").status_code == 409
    assert report(7) not in ada.open("/set-aside").text
    assert report(7) in _queue(ada)


def test_another_person_or_an_own_vote_ends_the_undo(store, sign_in):
    """Nobody undoes what another put back, and nobody after having voted on it."""
    ada, ben = sign_in("ada"), sign_in("ben")
    _put_back(ada, 7)
    form = _form(ada, 7)
    assert not [one for one in forms_of(ben.open("/set-aside").text) if one.action == form.action]
    ada.send(ada.form(f"/record/{report(7)}", "/vote"), verdict="exclude")
    assert ada.send(form, word="set aside again").status_code == 409
    assert len(store.ledger().put_back) == 1


def test_a_form_sent_twice_is_one_word(store, sign_in):
    """The second sending is told that the page is out of date, and nothing is written."""
    ada = sign_in("ada")
    form = _form(ada, 7)
    answers = [ada.send(form, word="back in the queue").status_code for _ in range(2)]
    assert (answers, len(store.ledger().put_back)) == ([303, 409], 1)


def test_what_is_in_the_queue_cannot_be_put_back(store, sign_in):
    """A drawn or a flagged report answers as one that was never set aside."""
    ada = sign_in("ada")
    form = _form(ada, 7)
    for number in (DRAWN[0], 1):
        form.action = f"/set-aside/{report(number)}"
        assert ada.send(form, word="back in the queue").status_code == 409
    assert store.ledger().put_back == ()


def test_a_reader_puts_nothing_back(sign_in):
    """Who may not screen sees the page without its buttons."""
    assert not [
        form for form in forms_of(sign_in("rita").open("/set-aside").text) if "set-aside/" in form.action
    ]


def test_a_vote_needs_the_report_in_the_queue(sign_in):
    """What is set aside takes no vote: its page offers to put it back instead."""
    ada = sign_in("ada")
    form = ada.form(f"/record/{report(1)}", "/vote")
    form.action = f"/vote/{report(7)}"
    assert ada.send(form, verdict="exclude").status_code == 409
    assert "Nobody has screened it, and nothing excludes it" in ada.open(f"/record/{report(7)}").text


def test_a_settled_audit_is_told_with_its_bound(store, sign_in):
    """Once the drawn are judged the page gives the bound with n."""
    for number in DRAWN:
        for who in ("ada", "ben"):
            store.decide(decision(number, who, Verdict.EXCLUDE))
    page = sign_in("lena").open("/set-aside").text
    assert "2 are read and 0 of them relevant" in page
    assert "at most 6 of 9 set aside are relevant" in page


def test_a_relevant_one_among_the_drawn_withdraws_the_promise(store, sign_in):
    """Where the audit finds what the line missed, everything is back in the queue, and the page says why."""
    for who in ("ben", "judy"):
        store.decide(decision(DRAWN[0], who, Verdict.INCLUDE))
    ada = sign_in("ada")
    assert len(_queue(ada)) == 11
    assert "The promise is withdrawn" in ada.open("/set-aside").text
    assert "The promise of the ranking is withdrawn." in ada.open("/").text
    assert "at least 1 relevant among those set aside" in ada.open("/").text


def test_a_promise_that_was_withdrawn_at_training_sets_nothing_aside(store, sign_in):
    """A later model without a promise brings everything back."""
    store.add_model(replace(MODEL, id=ModelId("later"), promised=False, promise_withdrawn="It drifted."))
    ada = sign_in("ada")
    assert len(_queue(ada)) == 12
    assert "It drifted." in ada.open("/set-aside").text


def test_a_promise_asked_for_since_then_is_told(store, clock):
    """Whoever asks for more than the line promises reads why nothing is set aside."""
    more = replace(SETS_ASIDE, classifier=replace(SETS_ASIDE.classifier, promise=0.99))
    ada = Person(create_app(store, more, clock=clock, secret_key="a secret key for tests"), "ada")
    ada.sit_down()
    page = ada.open("/set-aside").text
    ada.leave()
    assert "Set aside: 0" in page
    assert "0.95" in page
    assert "0.99" in page


def test_nothing_that_is_set_aside_is_counted_as_screened(store):
    """PRISMA's numbers have all of it awaiting screening."""
    ledger = store.ledger()
    flow = prisma_flow(ledger, settle(ledger, SETS_ASIDE))
    assert (flow.awaiting_screening, flow.excluded_at_screening) == (12, 0)


def test_a_drawn_report_that_is_flagged_stands_where_its_score_puts_it(store, sign_in):
    """Once the model in force flags it, chance has no say any more; the other drawn one keeps its place."""
    ada = sign_in("ada")
    before = _queue(ada)
    store.add_model(replace(MODEL, id=ModelId("later"), threshold=0.5, promised=True, recall=0.95))
    store.add_suggestions([replace(suggestion(DRAWN[0]), model=ModelId("later"), score=0.99, flagged=True)])
    store.put_in_force(InForce(model=ModelId("later"), at=START))
    after = _queue(ada)
    assert after[0] == report(DRAWN[0])
    assert set(after) == set(before)
    store.put_in_force(InForce(model=MODEL.id, at=START))
    assert _queue(ada) == before


def test_a_model_of_before_brings_its_promise_back(store, sign_in):
    """What a later model withdrew is set aside again once the model of before is in force again."""
    ada = sign_in("ada")
    before = _queue(ada)
    store.add_model(replace(MODEL, id=ModelId("later"), promised=False, promise_withdrawn="It drifted."))
    store.put_in_force(InForce(model=ModelId("later"), at=START))
    assert len(_queue(ada)) == 12
    store.put_in_force(InForce(model=MODEL.id, at=START))
    assert _queue(ada) == before
    assert "It drifted." not in ada.open("/set-aside").text


def test_the_rules_for_stopping_are_shown_as_advice(sign_in):
    """The queue tells how far the screening came and what each rule says."""
    page = sign_in("ada").open("/queue/screening").text
    assert "The rules would not let you stop" in page
    assert "Screened 0 of 12: may not stop, as advice only" in page


def test_the_drawn_keep_their_depth():
    """Whoever leaves the queue from the top, a drawn report is at the same share of the way down."""
    others = [report(number) for number in range(1, 101)]
    drawn = [report(900)]
    depths = [mixed(others[gone:], 100 - gone, drawn, seed=1).index(report(900)) for gone in (0, 50, 90)]
    share = depths[0] / 100
    assert [round(depth / (100 - gone), 1) for depth, gone in zip(depths, (0, 50, 90), strict=True)] == [
        pytest.approx(share, abs=0.1)
    ] * 3


def test_a_cut_queue_is_the_beginning_of_the_whole():
    """Mixing the first fifty gives the first of what mixing all gives."""
    others = [report(number) for number in range(1, 101)]
    drawn = [report(number) for number in range(900, 910)]
    whole = mixed(others, 100, drawn, seed=1)
    assert len(whole) == 110
    assert mixed(others[:50], 100, drawn, seed=1)[:50] == whole[:50]


def test_drift_is_told_to_everybody(store, sign_in):
    """Home says the gravest word of the last look, and leads to its checks with their figures."""
    check = DriftCheck(name="words", level=Level.LOOK, n=40, sentence="Half of the words are new (made up).")
    store.add_drift(Drift(id="d", model=MODEL.id, at=START, new=40, checks=(check,)))
    rita = sign_in("rita")
    assert '<a href="/set-aside">look</a>' in rita.open("/").text
    assert "Half of the words are new (made up)." in rita.open("/set-aside").text


def test_drift_that_withdraws_brings_everything_back(store, sign_in):
    """A check that withdraws the present model's promise empties the page."""
    check = DriftCheck(name="words", level=Level.WITHDRAWN, n=40, sentence="It can read nothing (made up).")
    store.add_drift(Drift(id="d", model=MODEL.id, at=START, new=40, checks=(check,)))
    ada = sign_in("ada")
    assert len(_queue(ada)) == 12
    assert "It can read nothing (made up)." in ada.open("/set-aside").text
    assert "It can read nothing (made up)." in ada.open("/").text


@pytest.mark.browser
@pytest.mark.parametrize("view", VIEWS)
def test_the_pages_are_accessible(store, browse, root, view):
    """The new pages have no axe violation and no horizontal scroll, in any view."""
    axe = (root / "tests/assets/axe.min.js").read_text(encoding="utf-8")
    page = browse("lena", **VIEWS[view])
    page.goto("/set-aside")
    page.get_by_role("button", name="Put back in the queue").first.click()
    for path in ("/set-aside", f"/record/{report(12)}", "/queue/screening", "/"):
        page.goto(path)
        assert _violations(page, axe) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
