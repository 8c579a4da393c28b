"""What is done by hand follows the rules of the desk."""

import csv
import json
import shutil

import pytest

from flows.by_hand.check_review import check_review
from flows.by_hand.deciding import cast_vote
from flows.by_hand.exporting import export_reports
from flows.by_hand.importing import import_citations
from flows.by_hand.new_review import make_review
from flows.by_hand.signing import sign_candidates
from flows.by_hand.strategy_check import Asked
from flows.cli.app import main
from flows.errors import Refused
from flows.steps.baseline import take_in_baseline
from flows.steps.resynthesis import resynthesise
from review.edition import Notice
from review.effect import ArmMeans
from review.ids import Reviewer
from review.people import Account, Role
from review.protocol_reader import read_protocol
from review.published_effects import read_effects
from review.record import Record
from review.screening import Status, settle
from review.studies import included_studies
from search.recall import Hit, Standing
from search.standin.server import StandIn
from triage.errors import DeskError

from .conftest import NOW

RIS = "TY  - JOUR\nTI  - A trial of X in Y\nAU  - Author, A\nPY  - 2020\nDO  - 10.9999/x.{n}\nER  - \n\n"


@pytest.fixture
def people(store):
    """A lead, a reviewer and a reader, and one report that waits."""
    for name, role in (("lena", Role.LEAD), ("rosa", Role.REVIEWER), ("ruth", Role.READER)):
        store.add_account(Account(name=Reviewer(name), role=role), "hash", at=NOW)
    store.add_records([Record(source="pubmed", accession="1", title="A trial of X in Y")], NOW)


@pytest.fixture
def vote(place, store, people):
    """Cast a vote on the one report."""

    def cast(verdict="include", **more):
        asked = {
            "report": "pubmed:1",
            "stage": "screening",
            "reviewer": "rosa",
            "reason": "",
            "study": "",
            "note": "",
        }
        return cast_vote(place.protocol, store, verdict=verdict, now=NOW, **{**asked, **more})

    return cast


def test_a_vote_counts(vote):
    """One vote by hand is one vote: the report waits for the second."""
    assert vote().status is Status.AWAITING_SECOND_VOTE


WRONG = [
    ({"report": "pubmed:2"}, "no report 'pubmed:2'"),
    ({"verdict": "perhaps"}, "verdict: found 'perhaps'"),
    ({"verdict": "ongoing"}, "verdict: found 'ongoing'"),
    ({"verdict": "withdrawn"}, "nothing to take back"),
    ({"stage": "abstract"}, "stage: found 'abstract'"),
    ({"reviewer": "ruth"}, "found no right"),
    ({"reviewer": "nobody"}, "found none; expected an active one"),
    ({"stage": "full text", "verdict": "exclude"}, "choose the first reason"),
    ({"stage": "full text", "verdict": "include"}, "Name the study"),
    ({"stage": "full text", "study": "A 2020"}, "settled in the meantime"),
]


@pytest.mark.parametrize(("changes", "sentence"), WRONG)
def test_a_vote_that_cannot_be_is_refused(vote, store, changes, sentence):
    """Each slip is told, and nothing is written."""
    with pytest.raises((Refused, DeskError), match=sentence):
        vote(**changes)
    assert store.ledger().decisions == ()


def test_a_report_excluded_at_screening_takes_no_full_text_vote(vote):
    """What two people excluded is settled: by hand as at the desk, only a third person reopens it."""
    vote("exclude", reviewer="lena")
    vote("exclude")
    with pytest.raises(DeskError, match="settled in the meantime"):
        vote(stage="full text", study="A 2020")


def test_a_vote_that_stands_is_undone_first(vote):
    """A second thought needs the first one taken back."""
    vote("include")
    with pytest.raises(DeskError, match="Undo that first"):
        vote("exclude")


def test_a_vote_in_a_conflict_stays(vote):
    """Who is part of a conflict does not end it by giving in."""
    vote("include", reviewer="lena")
    vote("exclude")
    with pytest.raises(DeskError, match="part of a conflict"):
        vote("withdrawn")


def test_a_vote_is_taken_back(vote):
    """One's own single vote can be withdrawn."""
    vote("include")
    assert vote("withdrawn").status is Status.AWAITING_SCREENING


def test_only_a_lead_signs(place, store, people):
    """A reviewer's signature is refused."""
    with pytest.raises(Refused, match="expected lead"):
        sign_candidates(place.protocol, store, "rosa", "publish", "new", now=NOW)


@pytest.fixture
def retracted(place, store, people):
    """The baseline pooled, and a retraction notice on a pooled study's report."""
    take_in_baseline(place.folder, place.protocol, store, NOW)
    kept = resynthesise(place.protocol, store, NOW)
    pooled = {row.study for one in kept for row in one.rows}
    studies = included_studies(settle(store.ledger(), place.protocol))
    report = next(studies[study].reports[0] for study in sorted(pooled))
    store.add_notice(Notice(report=report, kind="retraction", text="Retracted.", at=NOW))


def test_a_retracted_report_bars_publishing(place, store, retracted):
    """What the desk would not publish is not published by hand, and nothing is signed."""
    with pytest.raises(Refused, match="has a retraction notice"):
        sign_candidates(place.protocol, store, "lena", "publish", "New.", now=NOW)
    assert store.ledger().update_decisions == ()


def test_a_retracted_report_does_not_bar_holding(place, store, retracted):
    """To hold is always allowed."""
    assert sign_candidates(place.protocol, store, "lena", "hold", "Retracted.", now=NOW).syntheses


def test_a_signature_covers_what_waits(place, store, people):
    """A lead signs every candidate by its digest."""
    take_in_baseline(place.folder, place.protocol, store, NOW)
    kept = resynthesise(place.protocol, store, NOW)
    sign_candidates(place.protocol, store, "lena", "publish", "The baseline.", now=NOW)
    assert store.ledger().update_decisions[-1].syntheses == tuple(
        sorted((one.digest for one in kept), key=_order(kept))
    )


def _order(kept):
    keys = {one.digest: one.key for one in kept}
    return keys.__getitem__


def test_a_file_is_accounted_for(place, store, tmp_path):
    """Every citation of a file is new, known, a duplicate or rejected; the second time all are known."""
    file = tmp_path / "export.ris"
    file.write_text(
        "".join(RIS.replace("{n}", str(n)).replace("X", f"X{n}") for n in range(3)), encoding="utf-8"
    )
    first = import_citations(place.protocol, store, file, "Embase", through=NOW.date(), now=NOW)
    second = import_citations(place.protocol, store, file, "Embase", through=NOW.date(), now=NOW)
    assert (first.read, first.new + first.duplicates, second.known, second.new) == (3, 3, 3, 0)
    assert store.cursor("Embase") == NOW.date()


def test_an_unnamed_source_is_refused(place, store, tmp_path):
    """A file of a source that the protocol does not name is no part of the review's search."""
    file = tmp_path / "export.ris"
    file.write_text(RIS, encoding="utf-8")
    with pytest.raises(Refused, match="expected one that the protocol names"):
        import_citations(place.protocol, store, file, "Scopus", through=None, now=NOW)


def test_an_export_holds_what_was_asked_for(place, store, tmp_path):
    """The included reports of the baseline come out as RIS entries."""
    take_in_baseline(place.folder, place.protocol, store, NOW)
    out = tmp_path / "included.ris"
    assert export_reports(place.protocol, store, "included", out) == 15
    assert out.read_text("utf-8").count("TY  - ") == 15


def test_a_new_review_passes_its_check(tmp_path):
    """The folder that 'new' makes is read back without a complaint."""
    make_review(tmp_path / "my-review")
    report = check_review(tmp_path / "my-review")
    assert ("Where it starts", ("0 studies included and 0 excluded, in 0 reports.",)) in [
        (heading, sentences[:1]) for heading, sentences in report.sections
    ]


def test_a_new_table_of_effects_takes_means_of_both_arms(tmp_path):
    """The header that 'new' writes has a column for every part of a result told by its arms' means."""
    make_review(tmp_path / "my-review")
    path, protocol = tmp_path / "my-review/baseline/effects.csv", read_protocol(tmp_path / "my-review")
    where = {"study": "A 2020", "outcome": "main", "comparison": "control", "timepoint": "post"}
    what = {"stratum": "all", "measure": "SMD", "better": "lower", "months": "6", "source": "Table 2"}
    arms = {"m1i": "3.1", "sd1i": "1.5", "n1i": "20", "m2i": "4.2", "sd2i": "1.4", "n2i": "22"}
    with path.open("a", encoding="utf-8", newline="") as file:
        columns = path.read_text("utf-8").strip().split(",")
        csv.DictWriter(file, columns).writerow({**where, **what, **arms})
    (read,) = read_effects(path, protocol)
    assert read.estimate.arms == ArmMeans(m1i=3.1, sd1i=1.5, n1i=20, m2i=4.2, sd2i=1.4, n2i=22)
    assert read.estimate.months == 6


def test_a_folder_that_is_used_is_left_alone(tmp_path):
    """'new' never writes into a folder that holds something."""
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="expected a folder that is new or empty"):
        make_review(tmp_path)


def _rewritten(folder, old, new):
    """A new review whose strategy file has other words."""
    make_review(folder)
    path = folder / "search-pubmed.txt"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
    return folder


def _section(report, heading):
    return dict(report.sections)[heading]


def test_a_typo_in_the_strategy_is_told_by_check(tmp_path):
    """A lower-case operator, which PubMed would read as a word, is refused with its place in the file."""
    folder = _rewritten(tmp_path / "r", "(replace[tiab] OR", "(replace[tiab] or")
    with pytest.raises(
        Refused, match=r"search-pubmed\.txt: block population, line 5, column 16: 'or' is read"
    ):
        check_review(folder)


def test_what_adds_nothing_is_told_and_not_refused(tmp_path):
    """An idle term is a sentence of the check, with block and line."""
    folder = _rewritten(tmp_path / "r", "(replace[tiab] OR", "(replace[tiab] OR replace[ti] OR")
    said = _section(check_review(folder), "What to look at in its strategy")
    assert any(one.startswith("note: block population, line 5, column 19: replace[ti]") for one in said)


def test_check_names_the_block_that_loses_each_trial(place):
    """Of the pain review's references each lost one comes with the block that loses it."""
    check = check_review(place.folder).strategy
    lost = {one.study: one.losing for one in check.offline.of(Standing.EXCLUDED, Hit.NO)}
    assert (lost["Everitt 2013"], lost["Spunt 1996"]) == (("population",), ("therapy",))
    assert check.offline.of(Standing.INCLUDED, Hit.NO) == ()


def test_a_narrowed_block_loses_included_studies_visibly(place, tmp_path):
    """A block that is cut down is named beside the included studies and canaries that it loses."""
    folder = shutil.copytree(place.folder, tmp_path / "cut")
    path = folder / "search-pubmed.txt"
    text = path.read_text("utf-8")
    therapy = text[text.index("[therapy]") : text.index("[design]")]
    path.write_text(text.replace(therapy, "[therapy]\nhypnosis[tiab]\n\n"), encoding="utf-8")
    said = _section(check_review(folder), "What its strategy finds")
    assert any("LOSES" in one and "Bromberg 2011 (block therapy" in one for one in said)


def test_check_tells_what_changed_since_a_former_version(place, tmp_path):
    """Against a former strategy file each change is a sentence with its block."""
    former = tmp_path / "former.txt"
    text = (place.folder / "search-pubmed.txt").read_text("utf-8")
    former.write_text(text.replace(" OR sciatica[tiab]", ""), encoding="utf-8")
    report = check_review(place.folder, Asked(against=former))
    assert _section(report, "What changed in its strategy") == ("block population: added sciatica[tiab].",)


def test_full_records_let_more_be_judged(place, tmp_path):
    """A report of which only the title was known is judged once its record is given."""
    file = tmp_path / "full.ris"
    file.write_text(
        RIS.replace("{n}", "1").replace(
            "10.9999/x.1", "10.1016/j.pec.2006.02.003\nAB  - Words about coping."
        ),
        "utf-8",
    )
    folder = shutil.copytree(place.folder, tmp_path / "full")
    reports = folder / "baseline/reports.csv"
    with reports.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    study = next(row for row in rows if row["study"] == "Weingart 2008")
    study |= {"doi": "10.1016/j.pec.2006.02.003", "doi_verified": "yes"}
    with reports.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    found = check_review(folder, Asked(records=(file,))).strategy.offline
    assert next(one.found for one in found.studies if one.study == "Weingart 2008") is Hit.NO


def test_pubmed_is_asked_block_by_block(place, catalogue, client):
    """Online each block is asked for the references with a PMID, and those without stay unjudged."""
    with StandIn(catalogue) as standin:
        check = check_review(place.folder, Asked(pubmed=client(standin))).strategy
    assert {one.block for one in check.online.blocks} == {"population", "delivery", "therapy", "design"}
    assert check.online.of(Standing.CANARY, Hit.NO) == ()
    assert len(check.online.of(Standing.INCLUDED, Hit.YES)) > 5


def test_a_review_without_a_search_has_no_strategy_to_check(root):
    """A review that is not searched is checked without one."""
    report = check_review(root / "protocols/bcg-tuberculosis")
    assert (
        report.strategy,
        "this review is not searched" in _section(report, "What its strategy finds")[0],
    ) == (
        None,
        True,
    )


def test_the_command_prints_tables_and_json(root, capsys, tmp_path, monkeypatch):
    """People get a table of blocks and losses, machines everything as JSON."""
    monkeypatch.setenv("LIVING_REVIEW_HOME", str(tmp_path))
    folder = str(root / "protocols/internet-pain")
    main_without_exit(["check", "--review", folder, "--terms"])
    told = capsys.readouterr().out
    main_without_exit(["check", "--review", folder, "--json"])
    machine = json.loads(capsys.readouterr().out)
    assert "Offline: reports found by each block" in told
    assert "Block therapy: what catches each report" in told
    assert [block["block"] for block in machine["strategy"]["offline"]["blocks"]] == machine["strategy"][
        "blocks"
    ]


def main_without_exit(arguments):
    """Run a command that ends with exit code 0."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 0
