"""A small protocol and ledgers for it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from review.decision import Decision, Stage, Verdict
from review.ids import RecordId, ReportId, Reviewer, StudyId
from review.ledger import Ledger, Sighting
from review.protocol import Protocol
from review.protocol_reader import read_protocol

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
REPORT = ReportId("pubmed:1")


@pytest.fixture(scope="session")
def protocol(root: Path) -> Protocol:
    """The pain review's protocol."""
    return read_protocol(root / "protocols" / "internet-pain")


@pytest.fixture
def vote() -> Callable[..., Decision]:
    """Make a vote on the one report."""

    def make(who: str, verdict: Verdict, stage: Stage = Stage.SCREENING, **more: object) -> Decision:
        study = StudyId("Study A") if verdict in {Verdict.INCLUDE, Verdict.SIBLING} else None
        return Decision(
            stage=stage,
            verdict=verdict,
            reviewer=Reviewer(who),
            at=NOON,
            criteria_version=1,
            **{"report": REPORT, "study": study, **more},
        )

    return make


@pytest.fixture
def seen() -> Callable[..., Ledger]:
    """Make a ledger in which the one report was sighted and the given decisions stand."""

    def make(*decisions: Decision, **more: object) -> Ledger:
        sighting = Sighting(record=RecordId(REPORT), report=REPORT, source="pubmed", at=NOON)
        return Ledger(sightings=(sighting,), decisions=decisions, **more)

    return make
