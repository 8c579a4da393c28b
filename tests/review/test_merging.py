"""Reports become one document and two again, and nothing is lost on the way."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.decision import Basis, Decision, ImportedDecision, Resolution, Stage, Verdict
from review.edition import Notice
from review.effect import AnalysisKey, Better, Effect, Estimate
from review.ids import EffectId, RecordId, ReportId, Reviewer, StudyId
from review.ledger import Ledger, Sighting
from review.link import DuplicateLink, HintAnswer, HintWord, LinkHint, Relation, StudyLink
from review.merging import closes_ring, joins, open_hints, standing
from review.prisma import BASELINE, prisma_flow
from review.screening import settle
from review.studies import included_studies, usable_estimates

from .conftest import NOON, search_run

NAMES = ("pubmed:1", "pubmed:2", "pubmed:3", "registry:4", "baseline:5", "baseline:6")
STUDIES = ("Study A", "Study B")
TIMES = st.integers(0, 50).map(lambda hours: NOON + timedelta(hours=hours))
reports = st.sampled_from(NAMES).map(ReportId)
stages = st.sampled_from(Stage)
verdicts = st.sampled_from([one for one in Verdict if one is not Verdict.WITHDRAWN])
studies = st.sampled_from(STUDIES).map(StudyId)


def _seen(name: str, report: str = "") -> Sighting:
    source = name.partition(":")[0]
    return Sighting(record=RecordId(name), report=ReportId(report or name), source=source, at=NOON)


def _link(record: str, report: str, *, by: str = "lena", at: datetime = NOON) -> DuplicateLink:
    return DuplicateLink(record=RecordId(record), report=ReportId(report), rule="said so", at=at, by=by)


def _effect(number: int, report: ReportId, study: StudyId, at: datetime) -> Effect:
    estimate = Estimate(
        study=study,
        label=study,
        key=AnalysisKey("c", "o", "t", "s"),
        measure="SMD",
        better=Better.LOWER,
        value=-0.25,
        se=0.125,
    )
    return Effect(id=EffectId(f"e{number}"), estimate=estimate, report=report, by=Reviewer("ada"), at=at)


def _many(rows: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(rows, max_size=8).map(tuple)


decisions = _many(
    st.builds(
        Decision,
        report=reports,
        stage=stages,
        verdict=st.sampled_from(Verdict),
        reviewer=st.sampled_from(["ada", "ben", "cem"]).map(Reviewer),
        at=TIMES,
        criteria_version=st.just(1),
        study=st.none() | studies,
    )
)
resolutions = _many(
    st.builds(
        Resolution,
        report=reports,
        stage=stages,
        verdict=verdicts,
        by=st.just(Reviewer("judy")),
        basis=st.just(Basis.ADJUDICATOR),
        at=TIMES,
        study=st.none() | studies,
    )
)
imported = _many(
    st.builds(
        ImportedDecision,
        report=reports,
        stage=stages,
        verdict=verdicts,
        source=st.just("a review"),
        at=TIMES,
        study=st.none() | studies,
    )
)
links = _many(st.builds(StudyLink, report=reports, study=studies, by=st.just("lena"), at=TIMES))
results = st.lists(st.tuples(reports, studies, TIMES), max_size=4).map(
    lambda found: tuple(_effect(number, *one) for number, one in enumerate(found))
)
merges = _many(st.builds(_link, st.sampled_from(NAMES), st.sampled_from(NAMES), at=TIMES))


NO_MERGES = st.just(())


@st.composite
def ledgers(draw, duplicates=NO_MERGES):
    """Make a ledger in which six reports and a record seen as one of them were judged any way."""
    return Ledger(
        sightings=(*map(_seen, NAMES), _seen("pubmed:7", "pubmed:1")),
        runs=(search_run(retrieved=4, duplicates=1, queued=3), search_run("registry", retrieved=1, queued=1)),
        duplicates=(_link("pubmed:7", "pubmed:1", by=""), *draw(duplicates)),
        decisions=draw(decisions),
        resolutions=draw(resolutions),
        imported_decisions=draw(imported),
        study_links=draw(links),
        effects=draw(results),
    )


def _folds(ledger, protocol):
    settlements = settle(ledger, protocol)
    return (
        settlements,
        prisma_flow(ledger, settlements),
        included_studies(settlements),
        usable_estimates(ledger, protocol),
        ledger.sightings,
    )


def _with(ledger, *more):
    return replace(ledger, duplicates=(*ledger.duplicates, *more))


@given(ledger=ledgers(), pair=st.permutations(NAMES).map(lambda names: names[:2]))
def test_merging_and_setting_apart_is_the_identity(protocol, ledger, pair):
    """After a merge was taken back every fold says what it said before."""
    one, other = pair
    merged = _with(ledger, _link(one, other))
    assert _folds(_with(merged, _link(one, one)), protocol) == _folds(ledger, protocol)


@given(ledger=ledgers(), names=st.permutations(NAMES))
def test_the_order_of_unrelated_merges_makes_no_difference(protocol, ledger, names):
    """Two merges of four reports are the same whichever comes first."""
    first, second = _link(names[0], names[1]), _link(names[2], names[3])
    assert _folds(_with(ledger, first, second), protocol) == _folds(_with(ledger, second, first), protocol)


@given(ledger=ledgers(duplicates=merges))
def test_the_numbers_add_up_after_any_merges(protocol, ledger):
    """Whatever was merged and set apart, records are duplicates or reports, and reports are in one box."""
    flow = prisma_flow(ledger, settle(ledger, protocol))
    assert sum(n for _, n in flow.identified) == flow.duplicates + flow.reports == 5


@given(ledger=ledgers(duplicates=merges))
def test_merges_leave_what_was_identified_and_brought_along(protocol, ledger):
    """What was found, and what the published review included, is history that no merge changes."""
    flow = prisma_flow(ledger, settle(ledger, protocol))
    before = replace(ledger, duplicates=())
    apart = prisma_flow(before, settle(before, protocol))
    assert (flow.identified, flow.previous_reports, flow.previous_studies) == (
        apart.identified,
        apart.previous_reports,
        apart.previous_studies,
    )


@given(ledger=ledgers(duplicates=merges), when=TIMES)
def test_an_earlier_day_does_not_know_later_merges(ledger, when):
    """The ledger as of a day is the one that was made of the rows of that day alone."""
    rows = ledger.as_written
    early = {name: tuple(one for one in getattr(rows, name) if one.at <= when) for name in rows.__slots__}
    assert ledger.as_of(when) == Ledger(**early, runs=ledger.runs)


@given(ledger=ledgers(duplicates=merges))
def test_a_record_stands_for_a_report_that_stands_for_itself(ledger):
    """No chain is left unfollowed, whatever rows were written."""
    means = ledger.means()
    assert all(means[report] == report for report in means.values())


@given(ledger=ledgers(duplicates=merges))
def test_no_row_names_a_report_that_became_another(ledger):
    """Every row that a fold reads stands under a report of the ledger."""
    means = ledger.means()
    rows = (*ledger.decisions, *ledger.resolutions, *ledger.imported_decisions, *ledger.effects)
    assert all(means[row.report] == row.report for row in rows)


def test_every_record_of_a_merged_report_goes_along():
    """One row on the naming record moves a report with all its records."""
    ledger = Ledger(
        sightings=(_seen("pubmed:1"), _seen("pubmed:2"), _seen("pubmed:3", "pubmed:2")),
        duplicates=(_link("pubmed:2", "pubmed:1"),),
    )
    assert {one.report for one in ledger.sightings} == {"pubmed:1"}


def test_a_record_may_be_set_apart_alone():
    """A record that was seen as a duplicate can become a report of its own."""
    ledger = Ledger(
        sightings=(_seen("pubmed:1"), _seen("pubmed:2", "pubmed:1")),
        duplicates=(_link("pubmed:2", "pubmed:1", by=""), _link("pubmed:2", "pubmed:2")),
    )
    assert [one.report for one in ledger.sightings] == ["pubmed:1", "pubmed:2"]


def test_a_ring_is_refused():
    """A row by which a report would stand for itself by way of another changes nothing."""
    pairs = [(RecordId(name), ReportId(name)) for name in NAMES[:2]]
    rows = [_link("pubmed:1", "pubmed:2"), _link("pubmed:2", "pubmed:1")]
    assert standing(pairs, rows) == {"pubmed:1": "pubmed:2", "pubmed:2": "pubmed:2"}
    assert closes_ring({RecordId("pubmed:1"): ReportId("pubmed:2")}, rows[1])


def test_a_link_to_what_nobody_saw_changes_nothing():
    """A report cannot stand for one that is not in the ledger."""
    pairs = [(RecordId("pubmed:1"), ReportId("pubmed:1"))]
    assert standing(pairs, [_link("pubmed:1", "pubmed:9")]) == dict(pairs)


def test_notices_and_hints_go_along():
    """What was noticed or guessed of a report counts for the one it became."""
    ledger = Ledger(
        sightings=(_seen("pubmed:1"), _seen("pubmed:2")),
        duplicates=(_link("pubmed:2", "pubmed:1"),),
        notices=(Notice(report=ReportId("pubmed:2"), kind="erratum", text="", at=NOON),),
        link_hints=(_hint("pubmed:3", "pubmed:2"),),
    )
    assert (ledger.notices[0].report, ledger.link_hints[0].other) == ("pubmed:1", "pubmed:1")


def test_a_copy_keeps_what_was_written(protocol):
    """A ledger copied with other editions still knows which reports its rows were written under."""
    ledger = Ledger(
        sightings=(_seen("pubmed:1"), _seen("pubmed:2")),
        duplicates=(_link("pubmed:2", "pubmed:1", at=NOON + timedelta(days=1)),),
    )
    copy = replace(ledger, editions=())
    assert [one.report for one in copy.as_of(NOON).sightings] == ["pubmed:1", "pubmed:2"]


def _hint(one: str, other: str, confidence: float = 0.9, relation: Relation = Relation.DUPLICATE):
    return LinkHint(
        report=ReportId(one),
        other=ReportId(other),
        evidence="same title",
        at=NOON,
        relation=relation,
        confidence=confidence,
    )


def _answer(one: str, other: str, word: HintWord = HintWord.TWO_DOCUMENTS) -> HintAnswer:
    return HintAnswer(report=ReportId(one), other=ReportId(other), word=word, by="lena", at=NOON)


def test_the_surest_hint_comes_first():
    """Guesses are asked in the order of their confidence, each pair once, siblings not at all."""
    hints = (
        _hint("a", "b", 0.6),
        _hint("c", "d", 0.8),
        _hint("b", "a", 0.7),
        _hint("e", "f", 1, Relation.SIBLING),
    )
    assert [one.confidence for one in open_hints(hints, (), at_least=0)] == [0.8, 0.7]


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        ((_answer("b", "a"),), 0),
        ((_answer("a", "b"), _answer("a", "b", HintWord.WITHDRAWN)), 1),
        ((_answer("a", "c"),), 1),
    ],
)
def test_an_answered_hint_is_not_asked_again(answers, left):
    """A pair that a person called two documents is closed until that word is taken back."""
    assert len(open_hints((_hint("a", "b"),), answers)) == left


def test_a_pair_that_is_one_document_is_not_asked():
    """A guess that came true is no question any more."""
    assert open_hints((_hint("a", "a"),), ()) == ()


def test_of_two_reports_the_first_keeps_its_name():
    """Pairs that hang together become one document under the report that was seen first."""
    pairs = [(ReportId("c"), ReportId("b")), (ReportId("c"), ReportId("a")), (ReportId("b"), ReportId("a"))]
    assert list(joins(pairs, [ReportId(name) for name in "abc"])) == [("c", "b"), ("b", "a")]


def test_a_report_of_the_published_review_takes_new_records_in(protocol):
    """A new record of a known report is a duplicate, whichever of the two keeps its name."""
    seen = (_seen("baseline:5"), _seen("pubmed:1"))
    ledgers = [
        Ledger(sightings=seen, duplicates=(_link(*names),))
        for names in (("pubmed:1", "baseline:5"), ("baseline:5", "pubmed:1"))
    ]
    flows = [prisma_flow(ledger, settle(ledger, protocol)) for ledger in ledgers]
    assert [(flow.duplicates, flow.duplicates_by_people, flow.reports) for flow in flows] == [(1, 1, 0)] * 2


def test_who_removed_the_duplicates_is_told_apart(protocol):
    """Of the duplicates it is known how many rest on identifiers and how many on a person's word."""
    ledger = Ledger(
        sightings=(_seen("pubmed:1"), _seen("pubmed:2"), _seen("pubmed:3", "pubmed:1")),
        duplicates=(_link("pubmed:3", "pubmed:1", by=""), _link("pubmed:2", "pubmed:1")),
    )
    flow = prisma_flow(ledger, settle(ledger, protocol))
    assert (flow.duplicates, flow.duplicates_by_identifiers, flow.duplicates_by_people) == (2, 1, 1)
    assert BASELINE not in dict(flow.identified)
