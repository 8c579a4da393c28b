"""What waits, filtered by how it reads: nothing changes its rank, nothing is lost."""

import json

import pytest

from classifier.design import Design
from flows.by_hand import views
from flows.by_hand.views import waiting_list
from flows.cli.app import main
from review.record import Record

from .conftest import NOW

TRIALS = (2, 5)


@pytest.fixture
def waiting(place, store):
    """Six reports that wait, two of them trials."""
    store.add_records([_record(number) for number in range(1, 7)], NOW)
    return lambda **asked: waiting_list(place.protocol, store, asked.pop("limit", 10), **asked)


def _record(number):
    trial = number in TRIALS
    return Record(
        source="pubmed",
        accession=str(number),
        title="X for Y: a randomised controlled trial" if trial else "Prevalence of Y",
        abstract="Adults were randomly assigned to X or placebo." if trial else "A cross-sectional survey.",
    )


def test_each_row_has_its_tag(waiting):
    """Without a filter every report is listed, with its likelihood and what that makes of it."""
    rows = waiting()
    assert [row.rank for row in rows] == [1, 2, 3, 4, 5, 6]
    assert {row.report for row in rows if row.design is Design.LIKELY} == {"pubmed:2", "pubmed:5"}
    assert all(0 < row.trial_likelihood < 1 for row in rows)


def test_a_filtered_row_keeps_its_rank(waiting, monkeypatch):
    """What reads as asked keeps its place among all; the two filters together list everything."""
    everything = {row.report: row for row in waiting()}
    monkeypatch.setattr(views, "_AT_ONCE", 2)
    likely, unlikely = waiting(design=Design.LIKELY), waiting(design=Design.UNLIKELY)
    assert {row.report: row for row in (*likely, *unlikely)} == everything
    assert len(likely) == len(TRIALS)


def test_the_limit_counts_what_is_listed(waiting):
    """A limit is of what reads as asked, not of what was looked at."""
    assert len(waiting(design=Design.LIKELY, limit=2)) == 2
    assert len(waiting(design=Design.UNLIKELY, limit=3)) == 3


@pytest.fixture
def command(place, tmp_path, monkeypatch):
    """Run the command on the review's folder and return its exit code."""
    monkeypatch.setenv("LIVING_REVIEW_HOME", str(tmp_path))

    def run(*arguments):
        with pytest.raises(SystemExit) as done:
            main(["flagged", "--review", str(place.folder), *arguments])
        return done.value.code

    return run


def test_the_command_filters_and_says_so(waiting, command, capsys):
    """The command takes the filter, as a table that tells of the gaps and as JSON."""
    assert command("--design", "likely", "--json") == 0
    assert {row["report"] for row in json.loads(capsys.readouterr().out)} == {"pubmed:2", "pubmed:5"}
    assert command("--design", "unlikely") == 0
    assert "they wait as before" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("arguments", "title"),
    [
        ((), "All 6 reports waiting for screening"),
        (("--limit", "4"), "4 of the reports waiting for screening"),
        (("--design", "likely"), "2 of the reports waiting for screening"),
        (("--set-aside", "--design", "likely"), "Nothing set aside reads as likely a randomised trial"),
        (("--set-aside",), "Nothing is set aside"),
    ],
)
def test_the_title_says_whether_these_are_all(waiting, command, capsys, arguments, title):
    """A list that was cut off or filtered is not given out for everything that waits."""
    assert command(*arguments) == 0
    assert title in " ".join(capsys.readouterr().out.split())


def test_an_unknown_design_is_wrong_use(command, capsys):
    """A filter that does not exist is refused as wrong use."""
    assert command("--design", "perhaps") == 2
    assert "perhaps" in capsys.readouterr().err
