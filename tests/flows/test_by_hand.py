"""What is done by hand follows the rules of the desk."""

import pytest

from flows.by_hand.check_review import check_review
from flows.by_hand.deciding import cast_vote
from flows.by_hand.exporting import export_reports
from flows.by_hand.importing import import_citations
from flows.by_hand.new_review import make_review
from flows.by_hand.signing import sign_candidates
from flows.errors import Refused
from flows.steps.baseline import take_in_baseline
from flows.steps.resynthesis import resynthesise
from review.edition import Notice
from review.ids import Reviewer
from review.people import Account, Role
from review.record import Record
from review.screening import Status, settle
from review.studies import included_studies
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


def test_a_folder_that_is_used_is_left_alone(tmp_path):
    """'new' never writes into a folder that holds something."""
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="expected a folder that is new or empty"):
        make_review(tmp_path)


def test_a_typo_in_the_strategy_is_told_by_check(place, tmp_path):
    """A lower-case operator, which PubMed would read as a word, is a finding with its place."""
    make_review(tmp_path / "r")
    path = tmp_path / "r" / "search-pubmed.txt"
    path.write_text(
        path.read_text("utf-8").replace("(replace[tiab] OR", "(replace[tiab] or", 1), encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"search-pubmed\.txt"):
        check_review(tmp_path / "r")
