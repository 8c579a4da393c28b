"""The site in a real browser: accessible in every guise, readable without scripts, honest about its age."""

import functools
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

PAGES = ["index.html", "v/1.0.0/index.html", "replay/index.html", "replay/2020.html"]
GUISES = {
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}},
    "forced": {"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Quiet(SimpleHTTPRequestHandler):
    """A file server that keeps no log."""

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def axe(root) -> str:
    return (root / "tests/assets/axe.min.js").read_text()


@pytest.fixture(params=[(guise, path) for guise in GUISES for path in PAGES], ids="-".join)
def visited(request, browser, address):
    guise, path = request.param
    context = browser.new_context(**GUISES[guise])
    page = context.new_page()
    page.goto(address + path)
    yield page
    context.close()


def test_axe_finds_nothing(visited, axe):
    """No page breaks a rule of WCAG 2.2 AA or good practice, with all of its parts unfolded."""
    visited.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    visited.evaluate(axe)
    found = visited.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_page_does_not_scroll_sideways(visited):
    """However narrow the window, only tables and figures scroll sideways, in their own regions."""
    visited.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert visited.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("guise", ["wide", "dark", "phone"])
def test_a_page_with_every_figure_holds(browser, put, many, tmp_path, axe, guise):
    """A pool of twelve, with funnel, bubbles and contour: axe finds nothing, nothing scrolls sideways."""
    root = put(tmp_path / "s", ledger=many(12)).root
    context = browser.new_context(**GUISES[guise])
    page = context.new_page()
    page.goto(f"file://{root}/index.html")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    drawn = page.locator("figure img").evaluate_all("all => all.map(one => one.naturalWidth > 0)")
    context.close()
    assert ([(one["id"], one["nodes"][0]["html"]) for one in found], fits, all(drawn)) == ([], True, True)


def test_no_request_leaves_and_nothing_is_blocked(browser, address):
    """Reading the front page asks one server only, and the page's own policy blocks nothing it needs."""
    context = browser.new_context()
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    context.close()
    assert (all(url.startswith(address) for url in asked), said) == (True, [])


def test_badge_turns_overdue_by_itself(browser, address):
    """A site that nobody tends says so once its day has passed."""
    context = browser.new_context()
    page = context.new_page()
    page.clock.set_fixed_time(datetime(2021, 3, 15, 12, tzinfo=UTC))
    page.goto(address)
    found = page.locator(".badge").inner_text()
    context.close()
    assert "Overdue since 14 March 2021." in found


def test_badge_holds_on_its_last_day(browser, address):
    """Until the end of its day the badge stays as it was built."""
    context = browser.new_context()
    page = context.new_page()
    page.clock.set_fixed_time(datetime(2021, 3, 14, 12, tzinfo=UTC))
    page.goto(address)
    state = page.locator(".badge").get_attribute("data-state")
    context.close()
    assert state == "evidence pending"


def test_page_reads_without_scripts(browser, address):
    """Without scripts the answer, the plot and the age of the page are all there."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    found = (
        page.locator(".verdict").first.is_visible(),
        page.locator("figure img").first.is_visible(),
        "treat this page as overdue" in page.locator(".badge-until").inner_text(),
    )
    context.close()
    assert found == (True, True, True)


def test_first_tab_skips_to_the_content(browser, address):
    """The first key press of a keyboard reader offers the way past the banner."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent")
    context.close()
    assert focused == "Skip to the content"


def test_latest_leads_to_the_newest_edition(browser, address):
    """The lasting address leads on by itself."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + "latest/index.html")
    page.wait_for_url("**/v/2.0.0/index.html")
    heading = page.locator("h1").inner_text()
    context.close()
    assert "living review" in heading


def test_site_opens_from_a_folder(browser, site: Path):
    """Opened as files, without any server, the page has its style and its figures."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"file://{site}/index.html")
    drawn = page.locator("figure img").first.evaluate("image => image.naturalWidth > 0")
    context.close()
    assert drawn


@pytest.mark.parametrize("path", ["wide", "phone"])
def test_small_targets_are_large_enough(browser, address, path):
    """Links of the contents list are at least 24 pixels high."""
    context = browser.new_context(**GUISES[path])
    page = context.new_page()
    page.goto(address)
    heights = page.locator("nav.contents a").evaluate_all(
        "all => all.map(a => a.getBoundingClientRect().height)"
    )
    context.close()
    assert min(heights) >= 24
