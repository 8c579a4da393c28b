"""The replay of history: what it must come to, and what its pages must say."""

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True)
class Played:
    """One replay: what it printed as JSON, and where its site is."""

    found: dict[str, Any]
    site: Path
    home: Path

    def year(self, number: int) -> dict[str, Any]:
        """The facts of one year."""
        return next(year for year in self.found["years"] if year["year"] == number)

    def trial(self, study: str) -> dict[str, Any]:
        """What became of one trial, in whichever year it was met."""
        return next(one for year in self.found["years"] for one in year["trials"] if one["study"] == study)


def _play(run, *arguments: str) -> Played:
    done = run("replay", "--json", *arguments)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Warning" not in done.stderr
    home = run.home / "internet-pain-rehearsal"
    return Played(found=json.loads(done.stdout), site=home / "site", home=home)


@pytest.fixture(scope="module")
def played(make_desk, root) -> Played:
    """The bundled replay, played once for all tests here."""
    return _play(make_desk(root / "protocols" / "internet-pain"))


PRINTED = [  # metafor 3.8, REML + Hartung-Knapp, prediction interval t(k-1)
    ("the trials of the published review", 8, 0.1926, 0.0593, 0.3259, None),
    ("every trial of the published table", 19, 0.2873, 0.1889, 0.3857, (0.0385, 0.5362)),
    ("every trial of the published table but Knoerl 2018", 18, 0.2939, 0.1930, 0.3948, (0.0395, 0.5484)),
]


@pytest.mark.parametrize(("name", "k", "estimate", "lower", "upper", "predicted"), PRINTED)
def test_the_published_table_pools_to_metafors_numbers(played, name, k, estimate, lower, upper, predicted):
    """One effect per study, REML + Hartung-Knapp, as R computes them from the same rows."""
    numbers = next(one["numbers"] for one in played.found["figures"] if one["name"] == name)
    assert numbers["k"] == k
    for key, value in (("estimate", estimate), ("ci_lb", lower), ("ci_ub", upper)):
        assert math.isclose(numbers[key], value, abs_tol=5.1e-5), key
    if predicted:
        assert math.isclose(numbers["pi_lb"], predicted[0], abs_tol=5.1e-5)
        assert math.isclose(numbers["pi_ub"], predicted[1], abs_tol=5.1e-5)


def test_the_first_edition_is_the_published_reviews(played):
    """Before any search, the eight trials whose effects were printed give 0.193 [0.059, 0.326]."""
    page = (played.site / "v" / "1.0.0" / "index.html").read_text("utf-8")
    assert "SMD 0.193 (95% CI 0.059 to 0.326)" in page


@pytest.mark.parametrize("number", [2016, 2020])
def test_a_year_without_inclusions_says_so(played, number):
    """Searched, nothing new to pool: a year's page that is not silent."""
    assert played.year(number)["headline"] == "searched, nothing new to pool"
    assert (
        "searched, nothing new to pool" in (played.site / f"replay/{number}.html").read_text("utf-8").lower()
    )


def test_a_doubtful_trial_is_held_and_pooled_both_ways(played):
    """Knoerl 2018 is a conflict over non-cancer pain; the pool is shown without and with it."""
    assert played.trial("Knoerl 2018")["state"] == "held as a conflict"
    page = (played.site / "index.html").read_text("utf-8")
    assert "with Knoerl 2018 added" in page


def test_an_undecided_trial_stays_undecided(played):
    """DeBar 2025 was found and flagged, and waits for people."""
    trial = played.trial("DeBar 2025")
    assert trial["found"]
    assert trial["state"] == "flagged and pending: nobody has decided"


def test_a_trial_without_report_is_not_pooled_by_search(played):
    """Hedman-Lagerlof 2018 has a printed effect and no report in any source: it says so."""
    trial = played.trial("Hedman-Lagerlof 2018")
    assert trial["state"] == "effect published, report not in the catalogue"
    effects = (played.site / "data" / "results.csv").read_text("utf-8")
    assert "Hedman" not in effects


def test_the_replays_own_k_is_reconciled(played):
    """What the search reached is smaller than the table, and each trial it lacks is named with why."""
    reached = played.found["figures"][-1]
    note = reached["note"]
    lacking = sum(len(part.split(": ")[1].split(", ")) for part in note.split("; "))
    assert reached["numbers"]["k"] + lacking == 19
    assert "effect published, report not in the catalogue: Hedman-Lagerlof 2018" in note
    assert "conflict at full text: Knoerl 2018" in note


def test_a_missed_trial_names_the_block_that_lost_it(played):
    """What the strategy did not return is shown, with the reason."""
    missed = [
        one
        for year in played.found["years"]
        for one in year["trials"]
        if one["in_catalogue"] and not one["found"]
    ]
    assert missed
    assert all("block" in one["why"] or "window" in one["why"] for one in missed)


def test_found_trials_have_their_ranks(played):
    """Each found trial stands at a rank among all returned and among near-misses."""
    found = [one for year in played.found["years"] for one in year["trials"] if one["found"]]
    assert found
    assert all(1 <= one["rank"] <= one["of"] and 1 <= one["rank_near"] <= one["of_near"] for one in found)


def test_each_year_finds_what_it_must_and_counts_its_blocks(played):
    """Canaries are asked and each block is counted in every year, and the year's page shows both."""
    for year in played.found["years"]:
        watch = year["watch"]
        assert (watch["status"], watch["canaries"], watch["canaries_missing"]) == ("complete", 7, [])
        page = (played.site / f"replay/{year['year']}.html").read_text("utf-8")
        assert "7 of 7 found" in page
        assert [one["block"] for one in watch["blocks"]] == ["population", "delivery", "therapy", "design"]
        assert all(f"{one['count']}" in page for one in watch["blocks"])


def test_each_year_looks_again_at_what_is_known(played):
    """Every known record of the catalogue is fetched once more each year, and more of them each year."""
    looked = [year["watch"]["known"] for year in played.found["years"]]
    assert {year["watch"]["known_status"] for year in played.found["years"]} == {"complete"}
    assert looked == sorted(looked)
    assert looked[0] > 0


def test_each_year_shows_its_model_and_what_that_flagged(played):
    """Card, every flagged report with its reasons, and recall at the flagged share stand on its page."""
    for year in played.found["years"]:
        page = (played.site / f"replay/{year['year']}.html").read_text("utf-8")
        assert len(year["listed"]) == year["flagged"] == page.count("Reasons for place")
        assert f"{year['flagged']} of {year['ranked']} new report" in page
        assert year["card"]["training_digest"] in page
        assert all(one["suggestion"]["terms"] for one in year["listed"])


def test_recall_over_all_years_adds_up(played):
    """The index tells the sums of all years: flagged, ranked, known trials, and how many were flagged."""
    years = played.found["years"]
    trials = [one for year in years for one in year["trials"] if one["rank"]]
    flagged, held = sum(year["flagged"] for year in years), sum(one["flagged"] for one in trials)
    page = (played.site / "replay/index.html").read_text("utf-8")
    assert f"{flagged} of {sum(year['ranked'] for year in years)} new reports were flagged" in page
    assert f"recall {held}/{len(trials)} = " in page


def test_every_page_says_what_it_is(played):
    """No page of the replay can be taken for the review's own result."""
    pages = [
        page for page in played.site.rglob("*.html") if 'http-equiv="refresh"' not in page.read_text("utf-8")
    ]
    assert len(pages) > 13
    silent = [page.name for page in pages if "not the 2014 review" not in page.read_text("utf-8")]
    assert silent == []


def test_nobody_signed(played):
    """Editions of a replay carry no signer, and say so."""
    for page in (played.site / "v").glob("*/index.html"):
        assert "nobody signed" in page.read_text("utf-8").lower()


def test_a_replay_is_not_played_twice(played, make_desk, root):
    """The same inputs give the same answer without another search."""
    database = played.home / "review.db"
    before = database.stat().st_mtime_ns
    again = _play(replace(make_desk(root / "protocols" / "internet-pain"), home=played.home.parent))
    assert again.found == played.found
    assert database.stat().st_mtime_ns == before


def test_full_records_give_the_same_table(make_desk, root, shared_data):
    """A team's own abstracts replace the index of words; the published table pools to the same numbers."""
    full = _play(
        make_desk(root / "protocols" / "internet-pain"),
        "--abstracts",
        str(shared_data / "pain" / "records.jsonl"),
    )
    assert [one["numbers"]["k"] for one in full.found["figures"][:3]] == [8, 19, 18]
    assert math.isclose(full.found["figures"][1]["numbers"]["estimate"], 0.2873, abs_tol=5.1e-5)


TABLE_BY_YEAR = [  # metafor 3.8, REML, recorded with the data
    ("published review", 8, 0.1926),
    ("2014", 9, 0.1971),
    ("2015", 11, 0.2405),
    ("2017", 13, 0.2366),
    ("2018", 16, 0.2657),
    ("2019", 17, 0.2747),
    ("2021", 19, 0.2873),
]


@pytest.mark.parametrize(("label", "k", "estimate"), TABLE_BY_YEAR)
def test_each_year_of_the_published_table_is_metafors(played, label, k, estimate):
    """The published table by itself, up to each year in which one of its trials appeared."""
    course = played.found["courses"][1]
    numbers = next(found["numbers"] for year, found in course["stages"] if year == label)
    assert (numbers["k"], round(numbers["estimate"], 4)) == (k, estimate)
    assert f"{estimate:.4f}" in (played.site / "replay" / "index.html").read_text("utf-8")


def test_each_replayed_year_shows_what_the_evidence_came_to(played):
    """Every year's page has estimate, intervals, tau2, the steps or that there were none, and signals."""
    for year in played.found["years"]:
        page = (played.site / f"replay/{year['year']}.html").read_text("utf-8")
        for words in ("Prediction interval", "τ²", "minimal important difference crossed", "not fired"):
            assert words in page, (year["year"], words)
        assert ("Step by step" in page) == ("nothing new to pool" not in page)
