"""Tables, lists and feeds: read back they hold what the ledger holds, and no reviewer's name."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from publisher.evidence import evidence
from publisher.feeds import atom, feed_items
from publisher.flowchart import steps
from publisher.snapshot import living
from review.ledger import Ledger
from tests.publisher.synthetic import NOW

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def snapshot(material):
    return living(material, NOW)


def rows(site, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((site / "data" / name).read_text())))


def test_prisma_table_has_the_package_columns(site):
    """The columns are those of the PRISMA2020 package."""
    assert list(rows(site, "prisma.csv")[0]) == [
        "data",
        "node",
        "box",
        "description",
        "boxtext",
        "tooltips",
        "url",
        "n",
    ]


def test_prisma_table_equals_the_fold(site, snapshot):
    """The numbers of the table are the numbers of the fold."""
    found = {row["data"]: row["n"] for row in rows(site, "prisma.csv")}
    flow = snapshot.flow
    expected = {
        "previous_studies": flow.previous_studies,
        "duplicates": flow.duplicates,
        "records_screened": flow.screened,
        "records_excluded": flow.excluded_at_screening,
        "dbr_sought_reports": flow.sought,
        "dbr_assessed": flow.assessed,
        "new_studies": flow.new_studies,
        "total_reports": flow.total_reports,
    }
    assert {name: int(found[name]) for name in expected} == expected


def test_flow_boxes_equal_the_fold(snapshot):
    """Every box of the diagram that the fold has holds the fold's number."""
    boxes = [box for step in steps(snapshot.flow) for box in (step.box, *step.leaves)]
    plain = [box for box in boxes if isinstance(getattr(snapshot.flow, box.id, None), int)]
    assert {box.id: box.n for box in plain} == {box.id: getattr(snapshot.flow, box.id) for box in plain}


def test_page_shows_every_box(site, snapshot):
    """The page shows each box with its number."""
    page = (site / "index.html").read_text()
    boxes = [box for step in steps(snapshot.flow) for box in (step.box, *step.leaves)]
    assert all(f'<b data-box="{box.id}">{box.n}</b>' in page for box in boxes)


def test_every_report_stands_in_one_row(site, snapshot):
    """The table of reports loses none and repeats none."""
    assert [row["report"] for row in rows(site, "reports.csv")] == list(snapshot.settlements)


def test_effects_read_back(site, ledger):
    """Values come back to the last digit."""
    found = {row["id"]: float(row["value"]) for row in rows(site, "effects.csv")}
    assert found == {str(one.id): one.estimate.value for one in ledger.imported_effects}


def test_imported_effects_are_labelled_in_the_table(site):
    """An imported effect carries its mark and its citation."""
    assert {(row["imported"], bool(row["source"])) for row in rows(site, "effects.csv")} == {("True", True)}


def test_votes_are_published_without_names(site):
    """No reviewer's name stands anywhere on the site."""
    texts = [path.read_bytes() for path in site.rglob("*") if path.is_file()]
    assert not any(b"reviewer-one" in text for text in texts)


def test_votes_are_counted_apart_from_imports(site):
    """Imported decisions are never counted as votes."""
    counted = {
        (row["kind"], row["stage"], row["verdict"]): int(row["n"]) for row in rows(site, "decisions.csv")
    }
    assert counted[("vote", "full text", "exclude")] == 2
    assert sum(n for (kind, _, _), n in counted.items() if kind == "vote") == 4


def test_pmid_lists_hold_the_reports_of_their_status(site):
    """Each list holds the PMIDs of its reports and no others."""
    lists = {
        name: (site / f"data/{name}.pmid.txt").read_text().split()
        for name in ("included", "excluded", "pending")
    }
    expected = {"included": "FGI", "excluded": "K", "pending": "HLM"}
    assert lists == {name: [str(ord(letter)) for letter in letters] for name, letters in expected.items()}


def test_ris_holds_a_record_per_report(site):
    """The reference list holds one entry for each included report."""
    assert (site / "data/included.ris").read_text().count("TY  - ") == 8


def test_no_abstract_leaves_the_house(put, tmp_path, reports):
    """Abstracts and their word lists are not ours to publish."""
    secret = {
        key: replace(
            one,
            records=tuple(
                replace(r, abstract="SECRETABSTRACT", keywords=("SECRETWORD",)) for r in one.records
            ),
        )
        for key, one in reports.items()
    }
    root = put(tmp_path / "s", reports=secret).root
    assert not any(b"SECRET" in path.read_bytes() for path in root.rglob("*") if path.is_file())


def test_studies_fall_into_their_lists(snapshot):
    """Included, pending, held and flagged studies each stand in their own list."""
    found = evidence(snapshot)
    assert ([one.label for one in found.included], [one.label for one in found.pending]) == (
        [f"Study {letter}" for letter in "ABCDEFGI"],
        ["Study D", "Study E", "Study I"][2:],
    )
    assert ([one.label for one in found.held], [one.title for one in found.flagged]) == (
        ["Study H"],
        ["A trial of L in Y"],
    )


def test_atom_feed_holds_editions_and_status_entries(site):
    """The feed has one entry for each edition and status entry, the newest first."""
    titles = [one.findtext(f"{ATOM}title") for one in ET.parse(site / "feed.xml").iter(f"{ATOM}entry")]
    assert titles == ["Edition 2.0.0", "Searched", "Edition 1.0.0"]


def test_feeds_name_entries_alike(site):
    """Both feeds give an entry the same lasting name."""
    names = [one.findtext(f"{ATOM}id") for one in ET.parse(site / "feed.xml").iter(f"{ATOM}entry")]
    assert names == [item["id"] for item in json.loads((site / "feed.json").read_text())["items"]]


def test_feed_names_stay(material, ledger, snapshot):
    """A later entry leaves the names of the earlier ones alone."""
    later = replace(ledger.status_entries[0], id="s2", at=NOW)
    grown = living(
        replace(material, ledger=replace(ledger, status_entries=(*ledger.status_entries, later))), NOW
    )
    assert {item.id for item in feed_items(snapshot)} < {item.id for item in feed_items(grown)}


def test_empty_feed_is_dated_by_the_page(material):
    """A feed without entries carries the page's moment, not the machine's clock."""
    empty = living(replace(material, ledger=Ledger()), NOW)
    assert ET.fromstring(atom(empty, ())).findtext(f"{ATOM}updated") == NOW.isoformat()


def test_feed_text_is_inert(material, ledger):
    """Markup in a status entry reaches feed readers as text, control characters not at all."""
    odd = replace(ledger.status_entries[0], text="<img onerror=x>\x00")
    snapshot = living(replace(material, ledger=replace(ledger, status_entries=(odd,))), NOW)
    summaries = [
        one.text for one in ET.fromstring(atom(snapshot, feed_items(snapshot))).iter(f"{ATOM}summary")
    ]
    assert "&lt;img onerror=x&gt;" in summaries


def test_moderators_table_has_a_row_for_each_coefficient(site, snapshot):
    """Intercept and slope of each moderator, with what is left between studies."""
    found = rows(site, "moderators.csv")
    assert [row["coefficient"] for row in found[:2]] == ["intercept", "dose"]
    assert (found[1]["estimate"], found[1]["tau2"], found[1]["pval_permuted"]) == (
        "0.0123",
        "0.0078",
        "0.012",
    )
    assert len(found) == 2 * len(snapshot.syntheses)


def test_small_study_table_has_a_row_for_each_look(site):
    """A test has its p-value, an adjusted pool its interval; absent values are empty cells."""
    found = rows(site, "small_study.csv")
    assert (found[0]["look"], found[0]["pval"], found[0]["estimate"]) == ("egger", "0.0321", "")
    assert (found[1]["look"], found[1]["pval"], found[1]["ci_ub"]) == ("trim and fill", "", "0.19")


def test_signals_table_tells_three_states(site):
    """A signal that cannot be computed is told from one that did not fire."""
    assert {row["state"] for row in rows(site, "signals.csv")} == {"not fired", "not computable"}


def test_impact_table_sums_to_the_change(site, ledger):
    """The steps of the newest edition, in their order, sum to the whole change of the estimate."""
    found = rows(site, "impact.csv")
    first, last = (one.numbers.estimate for one in (ledger.syntheses[0], ledger.syntheses[-1]))
    assert [int(row["step"]) for row in found] == list(range(1, len(found) + 1))
    assert {row["study"] for row in found if row["group"] == "new studies"} == {"Study F", "Study G"}
    assert sum(float(row["change"]) for row in found) == pytest.approx(last - first, abs=1e-12)


def test_release_has_the_same_steps(site):
    """The release's steps are those of the table."""
    (found,) = json.loads((site / "release.json").read_text())["impact"]
    assert [step["cause"] for step in found["steps"]] == [row["cause"] for row in rows(site, "impact.csv")]
