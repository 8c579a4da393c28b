"""A review that sets aside, over several cycles on a stand-in: set aside, audited, found out, put back."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import requests

from classifier.ranker import Ranker
from flows.by_hand.views import status_view, waiting_list
from flows.place import Place, find_place, open_place_store
from flows.settings import Settings
from flows.steps.cycle import Cycle, run_cycle
from flows.steps.drift import look_for_drift
from flows.steps.setting_aside import set_aside_and_draw, standing_now
from review.audit import PutBack, QueueWord
from review.decision import Decision, Stage, Verdict
from review.drift import Level
from review.ids import ReportId, Reviewer
from review.prisma import BASELINE, prisma_flow
from review.screening import Status, settle
from review.searching import Window
from search.limiter import Unlimited
from search.pubmed import PubMed
from search.standin.server import StandIn
from store.store import Store

from .conftest import HastyClock

SET_ASIDE = """promise = 0.9
set_aside = true
audit_per_cycle = 5
stopping = ["hypergeometric", "audit", "in a row"]
"""
ADA = Reviewer("ada")
RunCycle = Callable[[Place, Store, int], Cycle]


@pytest.fixture(scope="module", autouse=True)
def _promising() -> Iterator[None]:
    """Let every model of this module promise: whether a model may is tested where it is decided."""
    with pytest.MonkeyPatch.context() as patch:
        model = Ranker.model

        def promised(self: Ranker, at: datetime) -> object:
            made = model(self, at)
            given = {name: getattr(made, name) for name in made.__slots__}
            return type(made)(**{**given, "promised": True, "promise_withdrawn": ""})

        patch.setattr(Ranker, "model", promised)
        yield


@pytest.fixture(scope="module")
def folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the pain review that sets aside below 0.9, which its 15 included studies can promise.

    It searches by its block of designs alone, so that much of what comes does not look like its trials.
    """
    copied = tmp_path_factory.mktemp("review") / "pain"
    shutil.copytree(root / "protocols/internet-pain", copied)
    path = copied / "protocol.toml"
    text = path.read_text().replace("promise = 0.95\nset_aside = false\naudit_per_cycle = 10\n", SET_ASIDE)
    text = text.replace('background   = "population AND design"\n', "")
    path.write_text(text.replace("reviewers_per_report = 2", "reviewers_per_report = 1"))
    strategy = copied / "search-pubmed.txt"
    strategy.write_text(strategy.read_text()[strategy.read_text().index("[design]") :])
    return copied


@pytest.fixture(scope="module")
def cycle(catalogue) -> Iterator[RunCycle]:
    """Run the cycle of one year on the stand-in."""
    with StandIn(catalogue) as standin, requests.Session() as session:
        pubmed = PubMed(
            standin.url,
            "rehearsal@example.org",
            "living-review",
            session=session,
            limiter=Unlimited(),
            clock=HastyClock(),
            deadline=120.0,
        )

        def run(place: Place, store: Store, year: int) -> Cycle:
            now = datetime(year + 1, 1, 1, 12, tzinfo=UTC)
            window = Window(date(year, 1, 1), date(year, 12, 31))
            return run_cycle(place, store, pubmed, clock=lambda: now, window=window)

        yield run


@pytest.fixture(scope="module")
def first(folder: Path, cycle: RunCycle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the review after its first cycle, to be copied."""
    place = find_place(folder, Settings(home=tmp_path_factory.mktemp("first")))
    with open_place_store(place) as store:
        cycle(place, store, 2015)
    return place.home.parent


@pytest.fixture
def place(folder: Path, first: Path, tmp_path: Path) -> Place:
    """The review after its first cycle."""
    shutil.copytree(first, tmp_path / "var")
    return find_place(folder, Settings(home=tmp_path / "var"))


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """Its store."""
    with open_place_store(place) as opened:
        yield opened


def _vote(store: Store, report: ReportId, verdict: Verdict, stage: Stage = Stage.SCREENING) -> None:
    at = datetime(2016, 2, 1, tzinfo=UTC)
    store.decide(
        Decision(report=report, stage=stage, verdict=verdict, reviewer=ADA, at=at, criteria_version=1)
    )


def _conserved(place: Place, store: Store) -> None:
    """Every report is in one PRISMA box, and what waits is the queue and what is set aside."""
    ledger = store.ledger()
    settlements = settle(ledger, place.protocol)
    flow = prisma_flow(ledger, settlements)
    baseline = {one.report for one in ledger.sightings if one.source == BASELINE}
    waits = {one for one, found in settlements.items() if found.status is Status.AWAITING_SCREENING}
    queue = {ReportId(row.report) for row in waiting_list(place.protocol, store, 10_000)}
    aside = {ReportId(row.report) for row in waiting_list(place.protocol, store, 10_000, set_aside=True)}
    assert queue | aside == waits
    assert not queue & aside
    assert flow.awaiting_screening == len(waits - baseline)


def test_what_falls_below_the_promised_line_is_set_aside(place, store):
    """The first cycle sets aside the unflagged, all but those that chance drew for audit."""
    (draw,) = store.ledger().audit_draws
    unflagged = {one.report for one in store.latest_suggestions().values() if not one.flagged}
    aside = set(standing_now(place.protocol, store).reports)
    assert len(draw.drawn) == 5
    assert set(draw.set_aside) == unflagged
    assert aside == unflagged - set(draw.drawn)
    _conserved(place, store)


def test_a_cycle_run_twice_draws_once(place, store, cycle):
    """The same cycle again sets nothing aside and draws nobody."""
    before = store.ledger().audit_draws
    cycle(place, store, 2015)
    assert store.ledger().audit_draws == before


def test_a_run_broken_off_before_the_draw_sets_aside_nothing(folder, first, cycle, tmp_path, monkeypatch):
    """Between ranking and draw everything is in the queue; the next run draws what the first would have."""
    place = find_place(folder, Settings(home=tmp_path / "broken"))
    monkeypatch.setattr("flows.steps.cycle.set_aside_and_draw", _broken)
    with open_place_store(place) as store:
        with pytest.raises(KeyboardInterrupt):
            cycle(place, store, 2015)
        assert standing_now(place.protocol, store).reports == ()
        monkeypatch.undo()
        cycle(place, store, 2015)
        (draw,) = store.ledger().audit_draws
    with open_place_store(find_place(folder, Settings(home=first))) as unbroken:
        assert draw == unbroken.ledger().audit_draws[0]


def _broken(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_clean_audit_bounds_what_was_missed(place, store):
    """Once the drawn are read and none is relevant, the bound is told with its n."""
    (draw,) = store.ledger().audit_draws
    for report in draw.drawn:
        _vote(store, report, Verdict.EXCLUDE)
    view = status_view(place.protocol, store, datetime(2016, 3, 1, tzinfo=UTC))
    assert (view.audit.read, view.audit.relevant, view.audit.covered) == (5, 0, len(draw.set_aside))
    assert 0 < view.audit.at_most < len(draw.set_aside)
    assert view.promise_withdrawn == ""
    assert any("5 are read and 0 of them relevant" in one for one in view.sentences)
    _conserved(place, store)


def test_a_relevant_report_among_the_drawn_brings_everything_back(place, store, cycle):
    """The audit finds what the line missed: the promise is withdrawn, and nothing is set aside any more."""
    (draw,) = store.ledger().audit_draws
    found, *rest = draw.drawn
    for stage in Stage:
        _vote(store, found, Verdict.INCLUDE, stage)
    for report in rest:
        _vote(store, report, Verdict.EXCLUDE)
    now = standing_now(place.protocol, store)
    assert now.reports == ()
    assert (now.audit.relevant, now.audit.read) == (1, 5)
    assert "is withdrawn: at least 1 relevant among those set aside" in now.withdrawn
    _conserved(place, store)
    done = cycle(place, store, 2016)
    assert len(store.ledger().audit_draws) == 1
    assert done.withdrawn == standing_now(place.protocol, store).withdrawn != ""
    _conserved(place, store)


def test_cycles_add_up(place, store, cycle):
    """A second cycle draws from what is newly below the line, and drift is looked at against the first."""
    (draw,) = store.ledger().audit_draws
    for report in draw.drawn:
        _vote(store, report, Verdict.EXCLUDE)
    cycle(place, store, 2016)
    _, second = store.ledger().audit_draws
    assert not set(second.set_aside) & set(draw.set_aside)
    audit = standing_now(place.protocol, store).audit
    assert audit.of == len(draw.set_aside) + len(second.set_aside)
    assert audit.covered == len(draw.set_aside)
    drift = store.ledger().drifts[-1]
    assert drift.new == sum(one.at == second.at for one in store.first_said().values())
    assert {one.name: one.level for one in drift.checks}["scores"] is not Level.TOO_FEW
    _conserved(place, store)


def test_a_person_puts_a_report_back_and_undoes_it(place, store):
    """A word brings one report back, another one sets it aside again."""
    one = standing_now(place.protocol, store).reports[0]
    at = datetime(2016, 2, 1, tzinfo=UTC)
    store.put_back(PutBack(report=one, word=QueueWord.BACK, by=ADA, at=at))
    assert one not in standing_now(place.protocol, store).reports
    _conserved(place, store)
    store.put_back(PutBack(report=one, word=QueueWord.ASIDE, by=ADA, at=at))
    assert one in standing_now(place.protocol, store).reports
    _conserved(place, store)


def test_a_vote_brings_a_report_back(place, store):
    """What somebody voted on waits in the queue, whatever became of the vote."""
    one = standing_now(place.protocol, store).reports[0]
    _vote(store, one, Verdict.INCLUDE)
    _vote(store, one, Verdict.WITHDRAWN)
    assert one not in standing_now(place.protocol, store).reports
    _conserved(place, store)


def test_the_protocol_can_stop_setting_aside(place, store):
    """With `set_aside = false` everything is back, and nothing more is drawn."""
    path = place.folder / "protocol.toml"
    text = path.read_text()
    try:
        path.write_text(text.replace("set_aside = true", "set_aside = false"))
        now = find_place(place.folder, Settings(home=place.home.parent))
        assert standing_now(now.protocol, store).reports == ()
        assert set_aside_and_draw(now.protocol, store, datetime(2016, 2, 1, tzinfo=UTC)) is None
    finally:
        path.write_text(text)


def test_a_promise_that_is_raised_brings_everything_back(place, store):
    """Asked for more than the line in force promises, status sets nothing aside and gives both numbers."""
    raised = replace(place.protocol, classifier=replace(place.protocol.classifier, promise=0.95))
    at = datetime(2016, 3, 1, tzinfo=UTC)
    assert status_view(place.protocol, store, at).set_aside > 0
    view = status_view(raised, store, at)
    assert view.set_aside == 0
    assert any("the line in force promises 0.9, the protocol asks 0.95" in one for one in view.sentences)
    assert set_aside_and_draw(raised, store, at) is None


def test_a_withdrawal_by_drift_is_taken_back_with_the_votes_that_caused_it(place, store):
    """A look that finds again what an earlier one found holds; the same twice is one row."""
    at = datetime(2016, 3, 1, tzinfo=UTC)
    drawn = store.ledger().audit_draws[0].drawn
    for verdict, level in ((Verdict.INCLUDE, Level.WITHDRAWN), (Verdict.WITHDRAWN, Level.TOO_FEW)):
        for report in drawn:
            _vote(store, report, verdict)
        look = look_for_drift(place.protocol, store, at)
        assert look_for_drift(place.protocol, store, at) == look
        assert store.ledger().drifts[-1] == look
        assert {one.name: one.level for one in look.checks}["recall"] is level
    assert standing_now(place.protocol, store).withdrawn == ""
    assert len(store.ledger().drifts) == 3
