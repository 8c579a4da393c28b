"""Records of which a model knows no word: a score in the middle must not put them out of sight."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier.evaluation import Split
from classifier.evaluation.protocols import with_ranker
from classifier.ranker import Ranker
from review.ids import RecordId, ReportId
from review.ledger import Ledger, Sighting
from review.protocol import ClassifierPlan
from review.protocol_reader import read_protocol
from review.record import Record
from review.screening import settle
from review.setting_aside import Line, newly_below
from review.suggestion import Suggestion

AT = datetime(2026, 1, 1, tzinfo=UTC)
UNREADABLE = [
    Record(
        source="test",
        accession="other script",
        title="随机对照试验",
        abstract="РАНДОМИЗИРОВАННОЕ исследование",
    ),
    Record(source="test", accession="empty", title=""),
]


@pytest.fixture(scope="module")
def ranker(made_up: Any) -> Ranker:
    """A model whose line stands above the middle."""
    fitted = Ranker(seed=1).fit(made_up.records, made_up.grades, background=made_up.background)
    fitted.line_ = replace(fitted.line_, value=0.9)
    return fitted


@pytest.fixture(scope="module")
def said(ranker: Ranker, made_up: Any) -> dict[str, Suggestion]:
    """What the model says of the unreadable, among others."""
    suggested = ranker.rank([*UNREADABLE, *made_up.fresh], at=AT)
    return {one.report: one for one in suggested}


def test_what_cannot_be_read_is_flagged_for_a_person(said: dict[str, Suggestion], made_up: Any) -> None:
    """It is flagged below any line, without probability or reasons; others below the line are not flagged."""
    for record in UNREADABLE:
        one = said[record.id]
        assert (one.score, one.flagged, one.probability, one.terms) == (0.5, True, None, ())
        assert (one.nearest_included, one.nearest_excluded) == ("", "")
    readable = [said[record.id] for record in made_up.fresh]
    assert all(one.flagged == (one.score >= 0.9) for one in readable)
    assert not all(one.flagged for one in readable)
    assert all(one.probability is not None for one in readable)


def test_an_evaluation_flags_them_too(made_up: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What judges the flags sees those that the review would see."""
    monkeypatch.setattr("classifier.threshold.floor", lambda _: 15)
    split = Split(
        name="made up",
        judged=made_up.records,
        grades=made_up.grades,
        background=made_up.background,
        ranked=[*UNREADABLE, *made_up.fresh],
        included=np.array([False, False, *made_up.relevant]),
    )
    said = with_ranker(seed=1)(split)
    assert said.flagged is not None
    assert said.flagged[:2].all()
    assert not said.flagged[2:].all()


def test_setting_aside_never_takes_what_cannot_be_read(
    ranker: Ranker, said: dict[str, Suggestion], root: Path
) -> None:
    """Below a promised line stand records in the middle of the scores, but none that no model can read."""
    protocol = read_protocol(root / "protocols" / "internet-pain")
    card = replace(ranker.model(AT), promised=True, promise_withdrawn="")
    reports = tuple(map(ReportId, said))
    seen = (Sighting(record=RecordId(one), report=one, source="files", at=AT) for one in reports)
    ledger = Ledger(sightings=tuple(seen), models=(card,))
    lines = {one: Line(card.id, flagged=said[one].flagged) for one in reports}
    plan = ClassifierPlan(promise=card.recall, set_aside=True, audit_per_cycle=2)
    aside = newly_below(ledger, settle(ledger, protocol), lines, plan)
    assert any(said[one].score > 0.5 for one in aside)
    assert not {record.id for record in UNREADABLE} & set(aside)
