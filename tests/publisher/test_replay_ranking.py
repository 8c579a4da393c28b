"""The replay shows what each year's model flagged, why, and how many of the later trials that held."""

import re
from dataclasses import replace

import pytest

from publisher.figures_recall import draw_recall, recall_described
from publisher.replay_listing import MOST_LISTED
from publisher.replay_pages import ranking_of, replay_pages
from publisher.replay_recall import curve, cuts
from review.record import Report
from review.replay import Replay
from review.suggestion import TermWeight
from tests.publisher.synthetic import report_of
from tests.publisher.synthetic_replay import CARD

SECRET = "an abstract that has an owner"


@pytest.fixture
def year(replay):
    """A year with 40 ranked, 9 flagged; of two known trials one stands at 2 and is flagged, one at 11."""
    return replay.years[1]


@pytest.fixture
def pages(material, year):
    """Return a maker of the pages of a replay of one year, without tags and runs of spaces."""

    def make(reports=material.reports, **changes):
        played = Replay(inputs="", years=(replace(year, **changes),), figures=())
        found = replay_pages(replace(material, reports=reports), played)
        return found["replay/2020.html"].decode()

    return make


def _words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_recall_carries_every_number_it_rests_on(year):
    """Flagged of how many, trials of how many, the exact interval, and what chance would hold."""
    assert ranking_of(year).sentence == (
        "9 of 40 new reports were flagged (22%). Of 2 known later trials in the search’s answer, 1 was "
        "flagged: recall 1/2 = 0.50 (exact 95% interval 0.01 to 0.99). As many reports drawn by chance would "
        "hold 0.5 of them on average."
    )


def test_a_tenth_and_a_fifth_are_told_beside_it(year):
    """The trial at place 2 stands in the first 4 of 40, the one at place 11 not in the first 8."""
    assert [(cut.name, cut.reports, cut.trials.held) for cut in cuts([year])[1:]] == [
        ("the first 10%", 4, 1),
        ("the first 20%", 8, 1),
    ]


def test_what_a_later_meta_analysis_included_is_told_apart(year):
    """One of the two trials was included by it, and that one was flagged."""
    found = cuts([year])[0].included
    assert (found.held, found.of) == (1, 1)


def test_years_are_added_up(year):
    """Two like years hold twice of everything, within a narrower interval."""
    once, twice = cuts([year])[0], cuts([year, year])[0]
    assert (twice.reports, twice.of, twice.chance) == (2 * once.reports, 2 * once.of, 2 * once.chance)
    assert (twice.trials.held, twice.trials.of) == (2, 4)
    assert twice.trials.high - twice.trials.low < once.trials.high - once.trials.low


def test_without_a_known_trial_no_recall_is_told(year):
    """Nothing to find is said to be nothing to tell."""
    assert ranking_of(replace(year, trials=())).sentence.endswith(
        "No known later trial was among those ranked, so there is no recall to tell."
    )


def test_a_year_without_a_ranking_says_so(site):
    """Where no model spoke there is neither card nor list."""
    page = _words((site / "replay/2019.html").read_text())
    assert "There was nothing to rank." in page
    assert "no model spoke this year" in page


def test_each_flagged_report_gives_its_reasons(pages):
    """Title, place, scores, tag, state, signed weights, and both nearest studies stand on the page."""
    page = _words(pages())
    for said in (
        "A trial of F in Y",
        "known later trial: Study F",
        "2 of 40 · score 0.980 · worth a reader’s time 0.900 · probability 0.250",
        "reads like a randomised trial 0.97 · flagged and pending",
        "synthetic +0.41",
        "protocol −0.12",
        "Nearest included study Study A",
        "Nearest excluded study Study Z",
    ):
        assert said in page


def test_what_was_not_flagged_is_counted_and_its_trials_named(pages):
    """31 of the 40 were not flagged, and the known trial among them is named with its place."""
    page = _words(pages())
    assert "31 of the year’s 40 were not flagged." in page
    assert "Known later trials among them: Study G, 11 of 40: undecided" in page


def test_no_abstract_stands_on_a_replay_page(pages, reports):
    """Titles and single terms may be shown; a text keeps its owner."""
    held = {
        key: Report(id=key, records=tuple(replace(one, abstract=SECRET) for one in report.records))
        for key, report in reports.items()
    }
    assert SECRET not in pages(reports=held)


def test_a_long_list_is_cut_and_says_so(pages, year, reports):
    """Of 400 flagged with long titles 150 are listed, the rest are counted, and the page stays light."""
    long = {
        report_of("F"): Report(
            id=report_of("F"), records=(replace(reports[report_of("F")].record, title="A title " * 25),)
        )
    }
    terms = tuple(TermWeight(f"a telling term {n}", 0.5 - n / 10) for n in range(9))
    one = replace(year.listed[1], suggestion=replace(year.listed[1].suggestion, terms=terms))
    page = pages(reports=long, listed=(one,) * 400, ranked=900, flagged=400)
    assert page.count("Reasons for place") == MOST_LISTED
    assert f"The first {MOST_LISTED} of 400 are listed; 250 more are left out here." in page
    assert len(page.encode()) < 300_000


def test_the_card_of_the_year_tells_all_it_has(pages):
    """Figures with intervals, threshold and its version, time check, limits, and the paragraph to copy."""
    page = _words(pages())
    for said in (
        "The promise is withdrawn. The time-split found 2 of 9 below the line (made up).",
        "7 included, 9 excluded at full text",
        "n included 7 –",
        "average precision (AP) 0.512 0.200 to 0.800",
        "triage n worth reading 16 –",
        "Labels 16 records judged (made up).",
        "0.612, no promise",
        "Threshold version line-1",
        "Checked over time. Trained on the years before 2019",
        "What it cannot do It has read titles and abstracts only (made up).",
        "For the report A classifier ranked the records of each search (made up).",
        "Words, look: Half of the words are new (made up).",
    ):
        assert said in page


def test_a_card_without_them_has_no_empty_headings(pages):
    """A model that knows neither limits nor statement shows no heading for them."""
    bare = replace(CARD, limits=(), statement="", time_check="", promise_withdrawn="", intervals=())
    page = pages(card=bare)
    absent = ("What it cannot do", "For the report", "Checked over time", "is withdrawn")
    assert [said for said in absent if said in page] == []


def test_the_front_page_shows_the_newest_card_whole(front, material):
    """Readers of the review see a withdrawn promise, the limits and the paragraph too."""
    page = _words(front(ledger=replace(material.ledger, models=(*material.ledger.models, CARD))))
    assert "The promise is withdrawn. The time-split found 2 of 9" in page
    assert "For the report A classifier ranked the records" in page


def test_the_figure_says_its_points_in_words(year):
    """Every point of the figure stands in its description, and the same years draw the same bytes."""
    steps, flagged = curve([year]), cuts([year])[0]
    assert "the first 30%, 12 of 40: 2 of 2" in recall_described(steps, flagged)
    assert draw_recall(steps, flagged) == draw_recall(steps, flagged)


def test_a_figure_of_nothing_is_drawn_and_says_so(replay):
    """A replay in which nothing was ranked has an empty figure, not an error."""
    steps, flagged = curve(replay.years[:1]), cuts(replay.years[:1])[0]
    assert b"nothing to show" in draw_recall(steps, flagged)


def test_both_counts_of_the_flagged_say_what_they_count(material, year, front):
    """The index counts by each year's own model, the front page by the present suggestions."""
    index = replay_pages(material, Replay(inputs="", years=(year,), figures=()))["replay/index.html"].decode()
    assert "Flagged is what that year’s own model said of what it ranked" in _words(index)
    assert "What counts is the present suggestion on each report" in _words(front())
