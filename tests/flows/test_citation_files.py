"""Citation files in and out of a review: what a preview shows, and what an export gives back."""

import json

import pytest
from typer.testing import CliRunner

from flows.by_hand.exporting import export_reports
from flows.by_hand.importing import import_citations
from flows.cli.app import app
from flows.errors import Refused
from flows.steps.baseline import take_in_baseline
from review.merging import open_hints
from review.record import Record
from search.notes import label_note
from search.readers import read
from tests.flows.conftest import NOW

RIS = (
    "TY  - JOUR\nTI  - A trial of X in Y\nAU  - Doe, J.\nAU  - Roe, R.\nAU  - Poe, E.\nPY  - 2020\n"
    "DO  - 10.9999/x.1\nLB  - 1\nZZ  - z\nER  - \nTY  - JOUR\nPY  - 2021\nER  - \n"
)


@pytest.fixture
def file(tmp_path):
    """An export with one good entry and one without a title."""
    path = tmp_path / "export.ris"
    path.write_text(RIS, encoding="utf-8")
    return path


@pytest.fixture
def shown(file, root, tmp_path):
    """What the command line prints of it for people, or as JSON, with its exit code."""

    def ask(*options):
        review = str(root / "protocols/internet-pain")
        words = ["import", str(file), "--review", review, "--source", "Embase", "--preview", *options]
        return CliRunner(env={"LIVING_REVIEW_HOME": str(tmp_path / "home")}).invoke(app, words)

    return ask


def test_a_preview_tells_how_a_file_is_understood(place, store, file):
    """Format, encoding, first records, fields and remarks are told, and nothing is written."""
    told = import_citations(place.protocol, store, file, "Embase", through=None, now=NOW, write=False)
    first = told.first[0]
    assert (told.format, told.encoding, first.title, first.year) == (
        "RIS",
        "UTF-8",
        "A trial of X in Y",
        2020,
    )
    assert [one.name for one in told.fields if not one.becomes] == ["TY (type of reference)", "ZZ"]
    assert "1 entries bring labels" in told.remarks[0]
    assert store.ledger().runs == ()


def test_a_preview_is_printed_for_people(shown):
    """People see the first entries, what fields become, what was rejected, and the code for a part."""
    done = shown()
    assert done.exit_code == 3
    for words in (
        "Read as RIS, UTF-8",
        "Doe, J.; Roe, R. and 1 more",
        "nothing: not read",
        "line 11: no title",
    ):
        assert words in done.output


def test_a_preview_is_printed_for_machines(shown):
    """As JSON the same is data."""
    told = json.loads(shown("--json").stdout)
    assert (told["read"], told["rejected"], told["written"]) == (
        1,
        [{"line": 11, "reason": "no title"}],
        False,
    )


@pytest.fixture
def take_in(place, store, tmp_path):
    """Take in a file with one entry of PubMed's."""

    def taken(title, author, year, source="Embase"):
        path = tmp_path / "one.ris"
        entry = (
            f"TY  - JOUR\nTI  - {title}\nAU  - {author}\nPY  - {year}\nAN  - 12345678\nDB  - PubMed\nER  - \n"
        )
        path.write_text(entry, encoding="utf-8")
        told = import_citations(place.protocol, store, path, source, through=None, now=NOW)
        return told.new, told.known, told.duplicates

    return taken


def test_a_wrong_pmid_loses_no_document(take_in, store):
    """A second document under one PMID, from whichever source, is a report of its own and shown beside."""
    take_in("A trial of X in Y", "Doe, J.", 2020)
    told = [take_in("A study of grass in meadows", "Roe, K.", 1990, name) for name in ("Embase", "CENTRAL")]
    assert told == [(1, 0, 0), (0, 0, 1)]
    (hint,) = open_hints(store.ledger().link_hints, ())
    assert hint.evidence.startswith("same PMID, another title, but another first author")


def test_a_file_that_is_taken_in_again_is_known(take_in):
    """The same entry of the same source is known the second time, with or without a PMID."""
    take_in("A trial of X in Y", "Doe, J.", 2020)
    assert take_in("A trial of X in Y", "Doe, J.", 2020) == (0, 1, 0)


@pytest.mark.parametrize("ending", [".ris", ".csv", ".xlsx", ".bib"])
def test_an_export_reads_back(place, store, tmp_path, ending):
    """Each format gives the included reports back, labelled with where they stand."""
    take_in_baseline(place.folder, place.protocol, store, NOW)
    out = tmp_path / f"included{ending}"
    export_reports(place.protocol, store, "included", out)
    records = read(out).records
    assert len(records) == 15
    assert all(label_note("included") in record.notes for record in records)


def test_an_export_for_excel_is_guarded(place, store, tmp_path):
    """With the flag nothing in the table is computed, and it reads back as it was."""
    store.add_records([Record(source="pubmed", accession="1", title="=1+1")], NOW)
    out = tmp_path / "all.csv"
    export_reports(place.protocol, store, "all", out, excel=True)
    assert "'=1+1" in out.read_text("utf-8")
    assert read(out).records[0].title == "=1+1"


@pytest.mark.parametrize(
    ("name", "excel", "says"),
    [("x.doc", False, r"expected \.ris, \.csv, \.xlsx, \.bib"), ("x.ris", True, "leave --excel out")],
)
def test_an_export_that_cannot_be_written_is_refused(place, store, tmp_path, name, excel, says):
    """An unknown ending, or a guard where nothing needs one, is refused in a sentence."""
    with pytest.raises(Refused, match=says):
        export_reports(place.protocol, store, "all", tmp_path / name, excel=excel)


def test_what_does_not_fit_a_cell_is_refused(place, store, tmp_path):
    """An abstract too long for a spreadsheet refuses the export and leaves no file."""
    store.add_records([Record(source="pubmed", accession="1", title="T", abstract="a" * 40_000)], NOW)
    with pytest.raises(Refused, match="40,000 characters of abstract"):
        export_reports(place.protocol, store, "all", tmp_path / "x.xlsx")
    assert not list(tmp_path.glob("*.xlsx"))
