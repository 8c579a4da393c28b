"""What pages say and how they are built: warnings first, one heading, nothing that runs."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from publisher.methods import methods
from publisher.replay_pages import year_page
from review.protocol_synthesis import Moderator
from tests.publisher.synthetic import report_of
from tests.publisher.synthetic_replay import CARD

PAGES = [
    "index.html",
    "v/1.0.0/index.html",
    "v/2.0.0/index.html",
    "replay/index.html",
    "replay/2019.html",
    "replay/2020.html",
]
ATTACK = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}'


class Elements(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all tags of a name."""
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(params=PAGES)
def page(request, site) -> tuple[str, Elements]:
    return request.param, Elements((site / request.param).read_text())


def test_page_has_one_h1(page):
    """Each page has exactly one main heading."""
    assert len(page[1].of("h1")) == 1


def test_page_has_landmarks_and_a_skip_link(page):
    """Language, skip link, header, main and footer are there."""
    tags = {tag for tag, _ in page[1].found}
    assert {"header", "main", "footer"} <= tags
    assert (page[1].of("html")[0]["lang"], page[1].of("a")[0]["href"]) == ("en", "#main")


def test_tables_have_captions_and_scopes(page):
    """Every table has a caption, every heading cell a scope."""
    assert len(page[1].of("caption")) == len(page[1].of("table"))
    assert all("scope" in cell for cell in page[1].of("th"))


def test_ids_are_unique(page):
    """No two elements share an id."""
    ids = [attributes["id"] for _, attributes in page[1].found if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_page_asks_nothing_of_others(page):
    """Whatever the browser loads by itself lies on the same site, and the policy holds it there."""
    loaded = [a.get("src") or "" for tag in ("img", "script", "iframe") for a in page[1].of(tag)]
    loaded += [a["href"] for a in page[1].of("link")]
    policy = next(
        a["content"] for a in page[1].of("meta") if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert not any(urlsplit(address).netloc for address in loaded)
    assert policy.startswith("default-src 'none'")


def test_links_inside_the_site_lead_somewhere(page, site):
    """Every relative link leads to a file that is there."""
    path, elements = page
    addresses = {
        a.get("href") or a.get("src") or ""
        for tag in ("a", "img", "link", "script")
        for a in elements.of(tag)
    }
    local = {
        urlsplit(urljoin(f"/{path}", address)).path for address in addresses if not urlsplit(address).scheme
    }
    assert [one for one in sorted(local) if not (site / one.lstrip("/")).is_file()] == []


def test_fragments_lead_somewhere(page):
    """Every link within a page names an element of it."""
    ids = {attributes.get("id") for _, attributes in page[1].found}
    assert {a["href"][1:] for a in page[1].of("a") if (a.get("href") or "").startswith("#")} <= ids


def test_nothing_runs_inline(page):
    """No page carries a script, a handler or a style of its own."""
    assert all(attributes.get("src") for attributes in page[1].of("script"))
    assert not any(name.startswith("on") or name == "style" for _, a in page[1].found for name in a)


def test_page_is_light(page, site):
    """No page weighs 300 kB."""
    assert (site / page[0]).stat().st_size < 300_000


def test_rehearsal_is_said_before_any_number(site):
    """An edition that nobody signed says so above the answer."""
    text = (site / "index.html").read_text()
    assert text.index("Rehearsal: nobody signed this edition.") < text.index('id="answer"')


def test_signed_edition_names_its_signer(site):
    """A signed edition is no rehearsal and names who signed."""
    text = (site / "v/1.0.0/index.html").read_text()
    assert ("Rehearsal" in text, "signed by lead" in text) == (False, True)


def test_labels_stand_on_every_page(page, site):
    """The title and disclaimer of a replay stand on each of its pages."""
    text = (site / page[0]).read_text()
    assert "Synthetic numbers: a test, not a review" in text
    assert "No patient was ever treated with Z." in text


def test_sections_stand_in_their_order(site):
    """The front page answers first, then says what is pending, what changed, and how it came about."""
    ids = [a.get("id") for a in Elements((site / "index.html").read_text()).of("section")]
    assert ids == [
        "answer",
        "pending",
        "changes",
        "flow",
        "studies",
        "searches",
        "machine",
        "methods",
        "versions",
        "downloads",
    ]


def test_both_search_clocks_stand_side_by_side(site):
    """What all sources reached stands before what PubMed reached, and names who is behind."""
    text = re.sub(r"<[^>]+>|\s+", " ", (site / "index.html").read_text())
    first, second = text.index("Fully searched through"), text.index("PubMed watched through")
    assert first < text.index("behind: CENTRAL") < second


def test_badge_reads_without_a_script(site):
    """Whoever has no script is told until when the badge holds."""
    assert (
        "Holds until 14 March 2021; after that treat this page as overdue."
        in (site / "index.html").read_text()
    )


def test_late_build_is_overdue_by_itself(front):
    """A page built too late says overdue in its markup."""
    assert '<strong class="badge-word">overdue</strong>' in front(now=datetime(2021, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "held as a conflict",
        "no result extracted yet",
        "Too few to promise a recall: 5 included.",
        "Change of edition 2.",
        "Reason of edition 2.",
        "The strategy is our translation.",
        "the answer was cut short",
        "closed 28 February 2021 by pubmed-0002",
        "imported: A synthetic meta-analysis, written for these tests",
        "Searched, nothing new to pool.",
        "nobody asks any more",
    ],
)
def test_front_page_says(site, text):
    """What the ledger knows stands on the front page."""
    assert text in (site / "index.html").read_text()


def test_drafts_are_marked(protocol):
    """A draft is marked where it shows; one that shows nowhere is named at the end."""
    ours = [(group.heading, line.name) for group in methods(protocol) for line in group.lines if line.draft]
    assert ours == [("Living mode", "Retired when"), ("Also ours", "timepoint.post.window")]


def test_what_was_planned_beforehand_is_in_the_methods(protocol):
    """Moderators, subgroups, small-study looks and thresholds stand in the methods, too."""
    plan = replace(protocol.synthesis, small_study=("egger", "rank test"))
    more = replace(protocol, synthesis=plan, moderator={"age": Moderator(label="Mean age", unit="years")})
    lines = {line.name: line.text for group in methods(more) for line in group.lines}
    assert lines["Looks at small-study effects"] == "egger; rank test"
    assert lines["Meta-regression on"] == "Mean age (years)"
    assert lines["Signals fire at"] == "an estimate changed by 50%, participants grown by 25%"
    assert any(name.startswith("Subgroups: ") for name in lines) == bool(protocol.subgroup)


def test_titles_are_inert(put, tmp_path, reports, material, replay):
    """Markup in titles, labels, reasons and years is shown as text on every page."""
    bad = {  # every text of a record is hostile
        key: replace(
            one, records=tuple(replace(r, title=ATTACK, doi=ATTACK, notes=(ATTACK,)) for r in one.records)
        )
        for key, one in reports.items()
    }
    decided = replace(material.ledger.editions[1].decision, reason=ATTACK)
    ledger = replace(
        material.ledger,
        editions=(
            material.ledger.editions[0],
            replace(material.ledger.editions[1], decision=decided, changes=(ATTACK,)),
        ),
    )
    card = replace(CARD, promise=ATTACK, limits=(ATTACK,), statement=ATTACK, promise_withdrawn=ATTACK)
    years = tuple(replace(one, headline=ATTACK, card=card) for one in replay.years)
    root = put(
        tmp_path / "s",
        reports=bad,
        ledger=ledger,
        labels=replace(material.labels, title=ATTACK),
        replay=replace(replay, years=years),
        strategy_text=ATTACK,
    ).root
    texts = {path: (root / path).read_text() for path in PAGES}
    assert [path for path, text in texts.items() if "<script>alert" in text or "<img src=x" in text] == []
    assert "{{ 7*7 }}" in texts["index.html"]


def test_missing_report_is_shown_by_its_identifier(front, reports):
    """A report whose record is not at hand is named, not dropped."""
    known = {key: one for key, one in reports.items() if key != report_of("I")}
    assert str(report_of("I")) in front(reports=known)


def test_long_review_stays_light(front, many):
    """Two hundred pooled studies fit on a page below 300 kB."""
    assert len(front(ledger=many(200)).encode()) < 300_000


def test_year_sorts_its_trials(replay):
    """Found, missed and absent trials are told apart."""
    page = year_page(replay.years[1], {})
    assert [[str(one.study) for one in group] for group in (page.found, page.missed, page.absent)] == [
        ["Study F", "Study G"],
        ["Study X"],
        ["Study W"],
    ]


def test_strip_places_by_rank(replay):
    """A better rank stands further left, within the line."""
    marks = [mark.x for mark in year_page(replay.years[1], {}).strip.marks]
    assert 20 <= marks[0] < marks[1] <= 580


def test_year_page_gives_both_ranks_and_the_loss(site):
    """A year's page says both ranks of a found trial and what lost a missed one."""
    text = (site / "replay/2020.html").read_text()
    assert all(said in text for said in ("11 of 40", "3 of 6", "lost by the block population"))


def test_quiet_year_says_so(site):
    """A year without news says that it was searched."""
    assert "searched, nothing new to pool" in (site / "replay/2019.html").read_text()


def test_open_gap_is_shown(front, ledger):
    """Days that nobody searched are shown as open."""
    gap = replace(ledger.gaps[0], closed_by=None, closed_at=None)
    text = front(ledger=replace(ledger, gaps=(gap,)))
    assert "1 open gap" in text


def test_the_table_behind_a_replay_is_shown(site):
    """What the published table pools to by itself stands beside the years, with its note."""
    text = (site / "replay/index.html").read_text()
    assert "the published table" in text
    assert "a note on the table" in text
