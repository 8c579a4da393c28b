"""What an imported file leaves in the search log: its clock, and its gap where entries did not come in."""

from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from flows.by_hand.importing import import_citations
from flows.cli.app import app
from flows.files import alone
from flows.place import find_place
from flows.settings import Settings
from review.clocks import clocks
from review.screening import settle
from review.searching import RunStatus, Window

from .conftest import NOW

GOOD = "TY  - JOUR\nTI  - A trial of X in Y\nAU  - Doe, J.\nPY  - 2020\nER  - \n"
UNTITLED = "TY  - JOUR\nPY  - 2021\nER  - \n"
THROUGH = date(2019, 12, 1)


@pytest.fixture
def bring(place, store, tmp_path):
    """Import a file of Embase and return its run."""

    def run(text, *, through=THROUGH, now=NOW):
        file = tmp_path / "export.ris"
        file.write_text(text, encoding="utf-8")
        import_citations(place.protocol, store, file, "Embase", through=through, now=now)
        return store.ledger().runs[-1]

    return run


@pytest.fixture
def now_says(place, store):
    """The clocks at present."""

    def tell():
        ledger = store.ledger()
        return clocks(ledger, settle(ledger, place.protocol), place.protocol, NOW)

    return tell


def through(told):
    """Up to which day Embase was searched."""
    return next(one.through for one in told.sources if one.name == "Embase")


def test_a_rejected_entry_is_written_down(bring):
    """The log names where the entry stands and why it did not come in."""
    run = bring(GOOD + UNTITLED)
    assert (run.status, run.missing) == (RunStatus.PARTIAL, (("export.ris, line 6", "no title"),))
    assert "rejected: 1, the first at line 6: no title" in run.message


def test_a_rejected_entry_leaves_the_days_open(place, store, bring, now_says):
    """The clock stays where it was, and the days of the file are a gap."""
    bring(GOOD + UNTITLED)
    since = place.protocol.search.pubmed.since
    assert (store.cursor("Embase"), through(now_says())) == (None, since)
    assert [gap.window for gap in store.open_gaps("Embase")] == [Window(since, THROUGH)]


def test_the_corrected_file_closes_the_gap(store, bring, now_says):
    """The same days in a file that comes in whole: nothing is open, and the clock moves."""
    bring(GOOD + UNTITLED)
    bring(GOOD)
    assert (store.open_gaps(), through(now_says())) == ((), THROUGH)


def test_a_file_of_earlier_days_closes_nothing(store, bring):
    """A whole file that ends before the gap does holds less."""
    bring(GOOD + UNTITLED)
    bring(GOOD, through=THROUGH - timedelta(days=1))
    assert len(store.open_gaps("Embase")) == 1


def test_a_second_part_with_rejected_entries_holds_the_clock(store, bring, now_says):
    """Where one file of a search came in whole and another did not, the day is no longer searched."""
    bring(GOOD)
    bring(UNTITLED + GOOD)
    assert [gap.window for gap in store.open_gaps("Embase")] == [Window(THROUGH, THROUGH)]
    assert through(now_says()) == THROUGH - timedelta(days=1)


def test_a_gap_is_not_opened_twice(store, bring):
    """The same file again leaves the same days open, once."""
    bring(GOOD + UNTITLED)
    bring(GOOD + UNTITLED)
    assert len(store.open_gaps("Embase")) == 1


def test_a_file_without_a_day_leaves_no_gap(store, bring):
    """Where nobody said which days were searched, the rejected entries are named, and no day is claimed."""
    run = bring(GOOD + UNTITLED, through=None)
    assert (len(run.missing), store.open_gaps(), store.cursor("Embase")) == (1, (), None)


def test_a_cut_off_file_is_partial(bring):
    """XML that breaks off leaves an entry rejected, and so the days open."""
    cut = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>A trial"
        "</ArticleTitle></Article></MedlineCitation></PubmedArticle><PubmedArt"
    )
    assert bring(cut).status is RunStatus.PARTIAL


@pytest.fixture
def ask(root, tmp_path):
    """Import a file from the command line while another run is at work on the review."""
    home = Settings(home=tmp_path / "home")
    there = find_place(root / "protocols" / "internet-pain", home)
    file = tmp_path / "export.ris"
    file.write_text(GOOD, encoding="utf-8")

    def run(*options):
        words = ["import", str(file), "--review", str(there.folder), "--source", "Embase", *options]
        with alone(there.home, "run"):
            return CliRunner(env={"LIVING_REVIEW_HOME": str(home.home)}).invoke(app, words)

    return run


def test_an_import_waits_for_the_run_at_work(ask):
    """Two that link at the same time would not see each other's reports: the second is refused."""
    assert "found another run at work" in str(ask().exception)


def test_a_preview_waits_for_nobody(ask):
    """What writes nothing disturbs nothing."""
    assert ask("--preview").exit_code == 0
