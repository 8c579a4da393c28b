"""Wrong input gives one clear sentence and an exit code, and changes nothing."""

import json
import re

import pytest

from search.standin.faults import Fault, FaultKind
from search.standin.server import StandIn


def _one_sentence(done) -> str:
    lines = [line for line in done.stderr.splitlines() if line.startswith("living-review:")]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def test_an_unknown_protocol_key(desk):
    """A key that the protocol does not know is refused before anything is opened."""
    path = desk.review / "protocol.toml"
    path.write_text(path.read_text("utf-8").replace("[signals]", "[signalz]"), encoding="utf-8")
    done = desk("run")
    assert done.returncode == 2
    assert "signalz: found an unknown key" in _one_sentence(done)
    assert not desk.home.exists()


def test_a_syntax_error_in_the_strategy(desk):
    """A strategy that does not parse is refused with its line, and PubMed is not asked."""
    path = desk.review / "search-pubmed.txt"
    path.write_text(path.read_text("utf-8") + "\n[more]\n(pain[tiab] OR\n", encoding="utf-8")
    done = desk("run")
    assert done.returncode == 2
    assert "search-pubmed.txt" in _one_sentence(done)


def test_a_broken_line_of_a_table(desk):
    """A CSV line with missing cells is named with its number; nothing is taken in."""
    path = desk.review / "baseline" / "studies.csv"
    path.write_text(path.read_text("utf-8") + "only,two\n", encoding="utf-8")
    done = desk("run")
    assert done.returncode == 2
    assert re.search(r"studies\.csv: line \d+: found 2 cells", _one_sentence(done))


def test_an_unreachable_pubmed(desk):
    """A search that nobody answered is recorded as failed, with its gap; the next run closes it."""
    from dataclasses import replace

    away = replace(desk, url="http://127.0.0.1:9/entrez/eutils/")
    done = away("run", "--json")
    run = json.loads(done.stdout)["run"]
    assert (done.returncode, run["status"]) == (1, "failed")
    gaps = json.loads(away("status", "--json").stdout)["clocks"]["open_gaps"]
    assert len(gaps) == 1
    assert desk("run").returncode == 0
    assert json.loads(desk("status", "--json").stdout)["clocks"]["open_gaps"] == []


def test_a_pubmed_that_answers_html(desk, catalogue):
    """A page of HTML with status 200 is no answer: the run fails and no record is taken in."""
    from dataclasses import replace

    with StandIn(catalogue, faults=[Fault(kind=FaultKind.PAGE, route="esearch", times=50)]) as broken:
        done = replace(desk, url=broken.url)("run", "--json")
    run = json.loads(done.stdout)["run"]
    assert (done.returncode, run["status"], run["counts"]["retrieved"]) == (1, "failed", 0)
    assert "web page" in run["message"]


@pytest.mark.parametrize(
    "command", [("run", "--since", "yesterday"), ("flagged", "--limit", "0"), ("nonsense",)]
)
def test_wrong_use(desk, command):
    """What the command line does not understand ends with exit code 2 and a usage line."""
    done = desk(*command)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_days_that_would_be_skipped_are_refused(desk):
    """Nobody can leave days unsearched by asking for a later start."""
    done = desk("run", "--since", "2020-01-01")
    assert done.returncode == 2
    assert "would never be searched" in _one_sentence(done)


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("pain[tiab] and internet[tiab]", "'and'"),
        ("pain[tiab] AND 2020:2026/09/30[edat]", "every later window would find nothing"),
        ("“chronic pain”[tiab]", "quot"),
    ],
)
def test_a_strategy_that_pubmed_reads_otherwise_is_not_run(desk, block, says):
    """What `check` calls an error is never sent: `run` refuses it with its place, and nothing is searched."""
    (desk.review / "search-pubmed.txt").write_text(f"[population]\n{block}\n[design]\ntrial[ti]\n", "utf-8")
    done = desk("run")
    assert (done.returncode, says in _one_sentence(done), "line 2" in done.stderr) == (2, True, True)


def test_a_review_that_begins_tomorrow(desk):
    """A first day that has not come is refused by its key, by `check` and by `run`."""
    path = desk.review / "protocol.toml"
    path.write_text(path.read_text("utf-8").replace("since        = 2013-11-13", "since        = 2999-01-01"))
    for command in ("check", "run"):
        done = desk(command)
        assert done.returncode == 2
        assert "search.pubmed.since: found 2999-01-01" in _one_sentence(done)


def test_a_refusal_is_json_where_json_was_asked_for(desk):
    """Machines get the sentence as JSON on standard output."""
    done = desk("run", "--until", "2999-01-01", "--json")
    assert (done.returncode, json.loads(done.stdout)["error"] in done.stderr) == (2, True)
