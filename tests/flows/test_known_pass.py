"""The pass over everything known: each finding told once, nothing changed, and a clock of its own."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from flows.by_hand.views import status_view
from flows.cli.app import main
from flows.steps.findings import Known, findings, untold
from flows.steps.known_pass import look_again
from flows.steps.surveillance import search_pubmed
from review.record import Correction, Record
from review.searching import SECOND_LOOK, RunStatus
from search.standin.faults import Fault, FaultKind
from search.standin.server import StandIn

from .conftest import NOW

TRIAL = Record(
    source="pubmed",
    accession="700000001",
    pmid="700000001",
    title="A trial of X in Y",
    entered=date(2019, 1, 1),
)
OTHER = replace(TRIAL, accession="700000002", pmid="700000002", title="A second trial of X in Y")
ERRATUM = Correction(kind="ErratumIn", pmid="900000009", citation="J Tests. 2019;1:2")
DOWN = Fault(kind=FaultKind.PAGE, route="efetch", times=40)


@pytest.fixture
def look(place, store, client):
    """Look again at what the store holds, on a PubMed that holds `records`."""

    def run(*records, faults=(), now=NOW):
        with StandIn(records, faults=faults, today=NOW.date()) as standin:
            return look_again(place.protocol, store, client(standin), clock=lambda: now)

    return run


@pytest.fixture
def known(store):
    """Two trials that are known."""
    store.add_records([TRIAL, OTHER], NOW)


def _told(now, before=TRIAL):
    known = Known(report=before.report_id, record=before)
    return {(one.kind, one.text) for one in findings(known, now, NOW)}


CHANGES = [
    ({"abstract": "Relief was measured."}, ("abstract added", "PubMed now has an abstract")),
    ({"mesh": ("Pain", "Humans")}, ("MeSH added", "PubMed now indexes it: Pain, Humans")),
    ({"title": "Another title of X"}, ("title changed", "PubMed now says: Another title of X")),
    (
        {"corrections": (ERRATUM,)},
        ("erratum", "erratum in J Tests. 2019;1:2 (PMID 900000009)"),
    ),
    (
        {"corrections": (Correction(kind="RetractionIn", citation="J Tests. 2020;1:3"),)},
        ("retraction", "retracted in J Tests. 2020;1:3"),
    ),
    (
        {"corrections": (Correction(kind="ExpressionOfConcernIn", pmid="900000008"),)},
        ("expression of concern", "expression of concern in (PMID 900000008)"),
    ),
    (
        {"corrections": (Correction(kind="RepublishedIn", citation="J Tests. 2021;2:1"),)},
        ("republication", "republished in J Tests. 2021;2:1"),
    ),
    (
        {"corrections": (Correction(kind="UpdateIn", citation="J Tests. 2022;2:1"),)},
        ("update", "updated in J Tests. 2022;2:1"),
    ),
    (
        {"publication_types": ("Retracted Publication",)},
        ("retraction", "PubMed calls it: Retracted Publication"),
    ),
]


@pytest.mark.parametrize(("change", "told"), CHANGES, ids=[told[0] for _, told in CHANGES])
def test_a_change_is_told_with_its_evidence(change, told):
    """Each kind of change makes one notice that says what PubMed says."""
    assert _told(replace(TRIAL, **change)) == {told}


def test_a_comment_of_others_is_no_finding():
    """A letter about a trial does not change what the trial is worth."""
    assert _told(replace(TRIAL, corrections=(Correction(kind="CommentIn", pmid="900000007"),))) == set()


def test_a_title_that_differs_in_signs_only_is_no_finding():
    """Another way to read brackets and stops is not another title."""
    assert _told(replace(TRIAL, title="[A trial of X, in Y].")) == set()


def test_what_a_table_never_held_is_not_news():
    """A report of the published review has no abstract in our table; that PubMed has one changes nothing."""
    table = replace(TRIAL, source="baseline", title="Label 2019")
    assert _told(replace(TRIAL, abstract="Relief.", mesh=("Pain",)), before=table) == set()


def test_what_a_reference_text_gains_is_news():
    """The text of a report of the published review came from PubMed: what PubMed adds to it later is told."""
    text = replace(TRIAL, source="baseline", accession="pubmed/700000001")
    now = replace(TRIAL, abstract="Relief.", mesh=("Pain",), title="Another title of X")
    assert {kind for kind, _ in _told(now, before=text)} == {"abstract added", "MeSH added", "title changed"}


def test_a_retraction_that_stood_there_at_first_sight_is_told():
    """A trial that was retracted before we saw it is as retracted as any."""
    retracted = replace(TRIAL, publication_types=("Retracted Publication",))
    assert _told(retracted, before=retracted) == {("retraction", "PubMed calls it: Retracted Publication")}


def test_a_second_erratum_is_a_second_notice():
    """Only the same finding is told once; indexing is told once whatever it says."""
    known = Known(report=TRIAL.report_id, record=TRIAL)
    first = tuple(findings(known, replace(TRIAL, corrections=(ERRATUM,), mesh=("Pain",)), NOW))
    other = replace(ERRATUM, pmid="900000010")
    later = replace(TRIAL, corrections=(ERRATUM, other), mesh=("Pain", "Humans"))
    again = findings(known, later, NOW + timedelta(days=31))
    assert [one.text for one in untold(again, first)] == ["erratum in J Tests. 2019;1:2 (PMID 900000010)"]


def test_a_pass_is_told_once(store, known, look):
    """Looking twice at the same PubMed tells nothing twice, and leaves two runs in the log."""
    changed = replace(TRIAL, abstract="Relief was measured.")
    assert [one.kind for one in look(changed, OTHER).notices] == ["abstract added"]
    assert look(changed, OTHER).notices == ()
    assert [run.source for run in store.ledger().runs] == [SECOND_LOOK, SECOND_LOOK]


def test_a_pass_finds_no_new_records(known, look):
    """What is looked at again is known: nothing is queued, and the clock moves."""
    run = look(TRIAL, OTHER).run
    assert (run.status, run.counts.retrieved, run.counts.known) == (RunStatus.COMPLETE, 2, 2)
    assert run.window.end == NOW.date()


def test_a_record_that_went_away_is_deleted(known, look):
    """A PMID that PubMed gives no record for, asked by itself, is told as gone."""
    done = look(OTHER)
    assert [(one.report, one.kind) for one in done.notices] == [("pubmed:700000001", "deleted")]
    assert done.run.status is RunStatus.COMPLETE


def test_a_pass_that_fails_tells_nothing_false(store, known, look):
    """A PubMed that does not answer has deleted nothing: the run failed, and its days stay open."""
    done = look(TRIAL, OTHER, faults=(DOWN,))
    assert (done.run.status, done.notices, done.exit_code) == (RunStatus.FAILED, (), 1)
    assert [gap.source for gap in store.open_gaps()] == [SECOND_LOOK]


def test_a_later_pass_makes_good(store, known, look):
    """The next complete pass closes the gap, sees what changed meanwhile, and sets the clock."""
    look(TRIAL, OTHER, faults=(DOWN,))
    done = look(replace(TRIAL, mesh=("Pain",)), OTHER, now=NOW + timedelta(days=31))
    assert (store.open_gaps(), [one.kind for one in done.notices]) == ((), ["MeSH added"])
    assert store.cursor(SECOND_LOOK) == (NOW + timedelta(days=31)).date()


def test_a_failure_part_way_is_visible(store, look):
    """The first batch is told, the second is not: a partial run that says how many are left."""
    numbers = map(str, range(800_000, 800_300))
    many = [replace(TRIAL, accession=one, pmid=one, title=f"Trial {one}") for one in numbers]
    store.add_records(many, NOW)
    changed = [replace(one, abstract="Relief.") for one in many]
    first_comes = Fault(kind=FaultKind.FUTURE_DTD, route="efetch")
    done = look(*changed, faults=(first_comes, DOWN))
    assert (done.run.status, len(done.notices), len(done.run.missing)) == (RunStatus.PARTIAL, 200, 100)
    assert "100 known records were not looked at" in done.run.message


def test_a_failure_in_asking_for_one_alone_loses_no_finding(store, known, look):
    """What was delivered is told though PubMed fails when it is asked again for what it left out."""
    retracted = replace(OTHER, publication_types=("Retracted Publication",))
    omitted = Fault(kind=FaultKind.OMITTED, route="efetch", times=1)
    none = Fault(kind=FaultKind.NO_RECORDS, route="efetch", times=1)
    done = look(TRIAL, retracted, faults=(omitted, none, DOWN))
    assert (done.run.status, [one.kind for one in done.notices]) == (RunStatus.PARTIAL, ["retraction"])
    assert [pmid for pmid, _ in done.run.missing] == [TRIAL.pmid]
    assert [gap.source for gap in store.open_gaps()] == [SECOND_LOOK]


SPOILT = [(FaultKind.DELETED, 1), (FaultKind.MERGED, 2), (FaultKind.OMITTED, 2), (FaultKind.REORDERED, 2)]


@pytest.mark.parametrize(("kind", "times"), SPOILT)
def test_an_answer_that_was_spoilt_tells_nothing_false(known, look, kind, times):
    """What an answer leaves out is asked for by itself before anybody is told that it is gone."""
    done = look(TRIAL, OTHER, faults=(Fault(kind=kind, route="efetch", times=times),))
    assert (done.notices, done.run.status) == ((), RunStatus.COMPLETE)


def test_a_merged_record_names_where_it_went(known, look):
    """A PMID that always leads to another one is told with that one."""
    kinds = (FaultKind.OMITTED, FaultKind.MERGED)
    omitted, merged = (Fault(kind=kind, route="efetch", times=2) for kind in kinds)
    told = look(TRIAL, OTHER, faults=(omitted, merged)).notices
    assert [one.text for one in told] == ["PMID 700000001 now leads to PMID 999999999"]


def test_status_tells_when_the_pass_is_late(place, store, client, clock, catalogue):
    """Whoever asks how current the review is, is told that nobody looked for retractions since."""
    with StandIn(catalogue) as standin:
        pubmed = client(standin)
        search_pubmed(place.protocol, place.blocks(), store, pubmed, clock=clock)
        look_again(place.protocol, store, pubmed, clock=clock)
    late = status_view(place.protocol, store, NOW + timedelta(days=40)).sentences
    assert any("last looked at again on 2020-01-01" in one and "overdue" in one for one in late)


@pytest.fixture
def command(root, tmp_path, monkeypatch, capsys):
    """The command line on the pain review, with a stand-in."""

    def run(standin, *arguments):
        monkeypatch.setenv("LIVING_REVIEW_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("LIVING_REVIEW_EUTILS_URL", standin.url)
        with pytest.raises(SystemExit) as end:
            main(["run", "--review", str(root / "protocols" / "internet-pain"), *arguments])
        return end.value.code, capsys.readouterr()

    return run


def test_people_can_start_a_pass(command):
    """The command looks again instead of searching, and prints the run and its notices."""
    with StandIn([]) as standin:
        code, said = command(standin, "--known-pass", "--json")
    found = json.loads(said.out)
    assert (code, found["run"]["source"], found["notices"]) == (0, SECOND_LOOK, [])


def test_a_pass_takes_no_days(command):
    """Everything known is looked at again: days would leave some of it out."""
    with StandIn([]) as standin:
        code, said = command(standin, "--known-pass", "--since", "2020-01-01")
    assert code == 2
    assert "found --known-pass with days" in said.err
