"""The desk in a real browser: by keyboard, without scripts, narrow, dark, and with hostile texts."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from review.decision import Verdict
from review.edition import Edition, UpdateDecision, UpdateVerdict
from review.ids import EditionId
from review.result import Coefficient, ModeratorResult, SmallStudyResult
from review.screening import Status, settle
from review.studies import usable_estimates
from tests.triage.world import KEY, PASSWORD, PROTOCOL, START, decision, enrich, record, report, synthesis

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/help",
    "/queue/screening",
    "/queue/full text",
    f"/record/{report(1)}",
    f"/record/{report(4)}",
    f"/record/{report(6)}",
    f"/record/{report(7)}",
    f"/record/{report(8)}",
    f"/record/{report(9)}",
    f"/record/{report(3)}",
    "/duplicates",
    "/duplicates?tick=0.8",
    f"/duplicates?report={report(1)}&other={report(4)}",
    "/mine",
    "/conflicts",
    f"/conflict/{report(6)}",
    f"/conflict/{report(8)}",
    f"/link/{report(4)}",
    "/studies",
    "/study/Alpha 2024",
    "/effect/Alpha 2024",
    "/effect/Alpha 2024?comparison=usual&outcome=disability&timepoint=post&stratum=all",
    "/effect/Alpha 2024?comparison=usual&outcome=response&timepoint=post&stratum=all",
    "/checks",
    "/sign-off",
    "/nowhere",
)
VIEWS = {
    "light": {"viewport": {"width": 1280, "height": 800}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "forced colours": {"viewport": {"width": 1280, "height": 800}, "forced_colors": "active"},
}
SMALL = """() => {
  const small = (one) => one.getBoundingClientRect().height < 24 || one.getBoundingClientRect().width < 24;
  const inText = (one) => one.tagName === "A" && one.closest("p, li, dd, td, th");
  const exempt = (one) => !one.checkVisibility() || one.matches(".skip") || inText(one);
  return [...document.querySelectorAll("a, button, input, select, summary, textarea")]
    .filter((one) => !exempt(one) && small(one) && small(one.closest("label") ?? one))
    .map((one) => one.outerHTML.slice(0, 120));
}"""
FIRE = """() => {
  for (let n = 0; n < 100; n++) document.dispatchEvent(new KeyboardEvent("keydown", {key: "e"}));
}"""


@pytest.fixture(scope="module")
def axe(root):
    """Return the accessibility checker."""
    return (root / "tests/assets/axe.min.js").read_text(encoding="utf-8")


def _violations(page, axe):
    page.evaluate(axe)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [(one["id"], one["nodes"][0]["html"][:160]) for one in found["violations"]]


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_is_accessible(store, browse, axe, view):
    """No page has an axe violation, a small target or a horizontal scroll, in any view."""
    enrich(store)
    page = browse("lena", **VIEWS[view])
    for path in PAGES:
        page.goto(path)
        assert _violations(page, axe) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert page.evaluate(SMALL) == [], path


@pytest.fixture
def signed_before(store):
    """An edition is published, and a candidate with steps, a slope and a look waits beside it."""
    enrich(store)
    word = UpdateDecision(
        verdict=UpdateVerdict.PUBLISH, reason="First.", signer="lena", at=START, syntheses=("d1",)
    )
    store.sign(word)
    store.add_edition(
        Edition(
            id=EditionId("1.0.0"), number=1, at=START, syntheses=("d1",), decision=word, protocol_version=1
        )
    )
    slope = Coefficient(name="dose", estimate=0.0123, se=0.01, ci_lb=-0.01, ci_ub=0.03, pval=0.2)
    store.add_synthesis(
        replace(
            synthesis("Alpha 2024", "Beta 2024", "Gamma 2024", digest="d2", estimate=0.5),
            moderators=(ModeratorResult(name="dose", k=3, coefficients=(slope,), tau2=0.01, r2=12.0),),
            small_study=(SmallStudyResult(name="egger", pval=0.2, note="A made-up note."),),
        )
    )


@pytest.mark.parametrize("view", VIEWS)
def test_what_changed_is_accessible_before_a_signature(signed_before, browse, axe, view):
    """Steps, sums, signals, slopes and looks hold to the same rules in every view."""
    page = browse("lena", **VIEWS[view])
    page.goto("/sign-off")
    assert page.get_by_text("In all: +0.200").is_visible()
    assert (_violations(page, axe), page.evaluate(SMALL)) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_long_doi_wraps_on_a_narrow_screen(store, browse):
    """At 320 pixels a record with a long DOI has no horizontal scroll, and its link stays in the page."""
    doi = "10.1000/a-made-up-suffix-that-is-longer-than-any-narrow-screen.2026.0000000001"
    store.add_records([replace(record(4), doi=doi)], START)
    page = browse("lena", **VIEWS["narrow"])
    page.goto(f"/record/{report(4)}")
    assert page.get_by_role("link", name=f"doi:{doi}").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("view", ["light", "dark", "narrow"])
def test_the_log_in_page_is_accessible(address, browser, axe, view):
    """The first page anybody sees has no axe violation either."""
    page = browser.new_page(base_url=address, **VIEWS[view])
    page.goto("/login")
    assert _violations(page, axe) == []
    page.close()


def _tab_to(page, target):
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{target} cannot be reached with the Tab key")


def _type(page, label, text):
    _tab_to(page, page.get_by_label(label).first)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def _press(page, role, name):
    _tab_to(page, page.get_by_role(role, name=name).first)
    page.keyboard.press("Enter")


def _heading(page, text):
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def _screen(page):
    """Include the first report and exclude the two others, by single keys."""
    page.goto("/next/screening")
    for number, key in ((1, "i"), (2, "e"), (3, "e")):
        _heading(page, f"treatment {number}")
        page.keyboard.press(key)
    _heading(page, "0 waiting")


def _judge(page):
    """Include the remaining report at full text, naming its study."""
    page.goto("/next/full text")
    _type(page, "Study", "Alpha 2024")
    _press(page, "button", "Include")
    _heading(page, "0 waiting")


def test_a_whole_journey_by_keyboard(store, address, browser, browse):
    """Two people include, the lead links and enters a result, another checks, and the lead signs."""
    ada = browser.new_page(base_url=address)
    ada.goto("/login")
    _type(ada, "Account name", "ada")
    _type(ada, "Password", PASSWORD)
    ada.keyboard.press("Enter")
    _heading(ada, "What waits for you")
    ben, lena = browse("ben"), browse("lena")
    for reviewer in (ada, ben):
        _screen(reviewer)
    for reviewer in (ada, ben):
        _judge(reviewer)
    assert settle(store.ledger(), PROTOCOL)[report(1)].status is Status.INCLUDED

    lena.goto(f"/link/{report(1)}")
    _type(lena, "Or a new one", "Alpha 2024 (main)")
    _press(lena, "button", "Link")
    _heading(lena, "Alpha 2024 (main)")
    _press(lena, "link", "Enter a result")
    _press(lena, "button", "Next")
    _type(lena, "Where in the report", "Table 2, page 5")
    _type(lena, "SMD", "-0.3")
    _type(lena, "Lower limit", "-0.5")
    _type(lena, "Upper limit", "-0.1")
    _press(lena, "button", "Save the result")
    _heading(lena, "Alpha 2024 (main)")

    ben.goto("/checks")
    _press(ben, "link", "Alpha 2024 (main)")
    _press(ben, "button", "I looked it up")
    expect(ben.get_by_text("Checked by ben")).to_be_visible()
    assert [one.estimate.key for one in usable_estimates(store.ledger(), PROTOCOL)] == [KEY]

    store.add_synthesis(synthesis("Alpha 2024 (main)"))
    lena.goto("/sign-off")
    _tab_to(lena, lena.get_by_label("publish: a new edition"))
    lena.keyboard.press("Space")
    _type(lena, "Reason published", "One study more.")
    _press(lena, "button", "Sign as lena")
    expect(lena.get_by_role("status")).to_contain_text("Signed")
    assert store.ledger().update_decisions[-1].signer == "lena"
    ada.close()


def test_duplicates_by_keyboard(store, browse):
    """One key joins the surest pair, another tells the next apart, a button sets the first apart again."""
    enrich(store)
    page = browse("lena")
    page.goto("/duplicates")
    _heading(page, "2 wait")
    page.keyboard.press("o")
    _heading(page, "1 waits")
    page.keyboard.press("t")
    _heading(page, "0 wait")
    _press(page, "button", re.compile("Set apart again.*files:007"))
    _heading(page, "treatment 7")
    assert [one.word for one in store.ledger().hint_answers] == ["two documents"]
    assert report(7) in settle(store.ledger(), PROTOCOL)


def test_several_are_joined_at_once_without_scripts(store, browse):
    """With JavaScript off, boxes are ticked from a confidence and one button joins what is ticked."""
    enrich(store)
    page = browse("lena", java_script_enabled=False)
    page.goto("/duplicates")
    page.get_by_label("Tick the pairs from").select_option("0.9")
    page.get_by_role("button", name="Tick", exact=True).click()
    page.get_by_role("button", name="All ticked").click()
    _heading(page, "1 waits")
    assert report(7) not in settle(store.ledger(), PROTOCOL)


def test_focus_is_on_the_next_card(browse):
    """After a key the next card's heading has the focus, never the body."""
    page = browse("ada")
    page.goto("/next/screening")
    page.keyboard.press("m")
    _heading(page, "treatment 2")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_z_takes_the_last_vote_back(store, browse):
    """The key z undoes the vote that was given just before."""
    page = browse("ada")
    page.goto("/next/screening")
    page.keyboard.press("e")
    _heading(page, "treatment 2")
    page.keyboard.press("z")
    _heading(page, "treatment 1")
    assert [one.verdict for one in store.ledger().decisions] == [Verdict.EXCLUDE, Verdict.WITHDRAWN]


def test_letters_typed_in_the_note_are_no_verdict(store, browse):
    """While somebody writes, keys are letters, and Return gives no verdict."""
    page = browse("ada")
    page.goto(f"/record/{report(1)}")
    page.get_by_label("Note").press_sequentially("imez")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Note")).to_have_value("imez")
    assert store.ledger().decisions == ()


def test_the_verdicts_stay_in_place(store, browse):
    """The buttons stand at the same place, inside the window, for a short text and a long one."""
    store.add_records([record(10, abstract="A long synthetic sentence. " * 400)], START)
    page, places = browse("ada"), []
    for number in (1, 10):
        page.goto(f"/record/{report(number)}")
        places.append(page.get_by_role("button", name="Include").bounding_box())
    assert places[0] == places[1]
    assert places[0]["y"] + places[0]["height"] < page.viewport_size["height"]


def test_keys_can_be_switched_off(store, browse):
    """Whoever wants no single keys gets none, in that browser."""
    page = browse("ada")
    page.goto("/help")
    page.get_by_label("Use these keys").uncheck()
    page.goto(f"/record/{report(1)}")
    page.keyboard.press("i")
    expect(page.get_by_role("heading", level=1)).to_contain_text("treatment 1")
    assert store.ledger().decisions == ()


def test_the_question_mark_opens_the_help(browse):
    """The keys explain themselves."""
    page = browse("ada")
    page.goto(f"/record/{report(1)}")
    page.keyboard.press("?")
    _heading(page, "Keys and rules")


def test_a_hundred_keys_write_no_vote_unseen(store, browse):
    """Keys fired faster than pages come are used once a card or named as not used, and never doubled."""
    page = browse("ada")
    page.goto("/next/screening")
    page.evaluate(FIRE)
    _heading(page, "treatment 2")
    expect(page.get_by_text("99 key presses not used")).to_be_visible()
    assert len(store.ledger().decisions) == 1


def test_everything_works_without_scripts(store, browse):
    """With JavaScript off, the buttons vote and the undo takes back."""
    page = browse("ada", java_script_enabled=False)
    page.goto("/next/screening")
    page.get_by_role("button", name="Exclude").click()
    page.get_by_role("button", name="Undo").click()
    assert [one.verdict for one in store.ledger().decisions] == [Verdict.EXCLUDE, Verdict.WITHDRAWN]


def test_hostile_texts_stay_texts(store, browse):
    """Markup in title, abstract, note, reason, study label and names is shown, never run."""
    attack = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script><svg onload=alert(3)>{{7*7}}"
    hostile = record(10, title=attack, abstract=attack, journal=attack, notes=(attack,), doi="10.1/" + attack)
    store.add_records([hostile], START)
    store.decide(decision(10, "ada", Verdict.INCLUDE, note=attack))
    store.decide(decision(10, "ben", Verdict.EXCLUDE, note=attack))
    page, said, refused = browse("lena"), [], []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: refused.append(message.text))
    for path in (
        f"/record/{report(10)}",
        f"/conflict/{report(10)}",
        "/conflicts",
        "/queue/screening",
        "/mine",
    ):
        page.goto(path)
    assert (said, refused) == ([], [])
    expect(page.locator("main img, main script, main svg")).to_have_count(0)


def test_the_desk_asks_no_other_host(store, browse, address):
    """Every request of every page goes to the desk itself."""
    enrich(store)
    page, asked = browse("lena"), set()
    page.on("request", lambda request: asked.add(re.match(r"\w+://[^/]+", request.url)[0]))
    for path in PAGES:
        page.goto(path)
    assert asked == {address}
