"""A decision that is taken back brings the model of before back: its scores and its look for drift."""

from dataclasses import replace

import pytest

from flows.by_hand.views import waiting_list
from flows.place import open_place_store
from flows.steps.drift import look_for_drift
from flows.steps.ranking import rank_waiting
from review.decision import Decision, ImportedDecision, Stage, Verdict
from review.ids import Reviewer, StudyId
from review.in_force import model_in_force
from review.record import Record
from tests.flows.one_topic import january, made_up_records


def _decided(record: Record) -> ImportedDecision:
    included = "topic1" in record.title
    return ImportedDecision(
        report=record.report_id,
        stage=Stage.FULL_TEXT,
        verdict=Verdict.INCLUDE if included else Verdict.EXCLUDE,
        source="Somebody 2020",
        at=january(2),
        reason="" if included else "population",
    )


OLD, NEW = made_up_records("1", 24), made_up_records("2", 9)


def _fill(store):
    store.add_records([*OLD, *NEW], january(1))
    store.import_decisions([_decided(one) for one in OLD])


def _vote(store, verdict, day):
    """Let two people say the same of one report at both stages."""
    study = StudyId("Made up 2020") if verdict is Verdict.INCLUDE else None
    for stage in Stage:
        said = Decision(
            report=NEW[1].report_id,
            stage=stage,
            verdict=verdict,
            reviewer=Reviewer("ada"),
            at=january(day),
            criteria_version=1,
            study=study if stage is Stage.FULL_TEXT else None,
        )
        store.decide(said)
        store.decide(replace(said, reviewer=Reviewer("ben")))


def _cycle(place, store, day):
    """Rank and look for drift; return the model."""
    ranking = rank_waiting(place.protocol, store, january(day))
    look_for_drift(place.protocol, store, january(day))
    return ranking.model


def _scores(place, store):
    return {row.report: row.score for row in waiting_list(place.protocol, store, 100)}


@pytest.fixture
def before(place, store):
    """Rank, and return model and scores; since then two people included one more, and it was learned from."""
    _fill(store)
    first = _cycle(place, store, 3)
    scores = _scores(place, store)
    _vote(store, Verdict.INCLUDE, 4)
    second = _cycle(place, store, 5)
    assert second.id != first.id
    assert model_in_force(store.ledger()) == second
    return first, scores


def test_a_decision_taken_back_brings_the_model_of_before_back(place, store, before):
    """The list is scored as it was, and the next look for drift is at the model of before."""
    first, scores = before
    _vote(store, Verdict.WITHDRAWN, 6)
    assert _cycle(place, store, 7).id == first.id
    assert store.ledger().drifts[-1].model == first.id
    assert model_in_force(store.ledger()) == first
    assert _scores(place, store) == scores
    assert model_in_force(store.ledger().as_of(january(6))) != first


def test_the_same_run_again_writes_nothing(place, store, before):
    """Neither with the model of before in force, nor with any other, does a second run add a row."""
    for verdict, day in ((Verdict.WITHDRAWN, 6), (Verdict.INCLUDE, 9)):
        _vote(store, verdict, day)
        _cycle(place, store, day + 1)
        written = store.generation()
        _cycle(place, store, day + 2)
        assert store.generation() == written
    assert len(store.ledger().in_force) == 4


@pytest.mark.parametrize("at", ["add_model", "add_suggestions", "put_in_force"])
def test_a_run_broken_off_recovers(place, store, before, at, monkeypatch, tmp_path):
    """Broken off before any of its writes and begun again, a run leaves what an unbroken one leaves."""
    other = replace(place, home=tmp_path / "unbroken")
    with open_place_store(other) as unbroken:
        _fill(unbroken)
        _cycle(place, unbroken, 3)
        for verdict, day in ((Verdict.INCLUDE, 4), (Verdict.WITHDRAWN, 6)):
            _vote(unbroken, verdict, day)
            _cycle(place, unbroken, day + 1)
        _vote(store, Verdict.WITHDRAWN, 6)
        monkeypatch.setattr(type(store), at, _broken)
        with pytest.raises(KeyboardInterrupt):
            _cycle(place, store, 7)
        monkeypatch.undo()
        _cycle(place, store, 7)
        assert store.digest() == unbroken.digest()


def _broken(*_):
    raise KeyboardInterrupt
