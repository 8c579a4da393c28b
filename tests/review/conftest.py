"""A small protocol and ledgers for it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from review.decision import Decision, Stage, Verdict
from review.ids import RecordId, ReportId, Reviewer, RunId, StudyId
from review.ledger import Ledger, Sighting
from review.protocol import Protocol
from review.protocol_reader import read_protocol
from review.searching import RunCounts, RunStatus, SearchRun, Window

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
REPORT = ReportId("pubmed:1")


def search_run(source: str = "pubmed", **counts: int) -> SearchRun:
    """Return a complete run of a source with these counts."""
    return SearchRun(
        id=RunId(f"{source}-0001"),
        source=source,
        strategy_sha256="",
        protocol_version=1,
        query="q",
        window=Window(date(2026, 1, 1), date(2026, 1, 5)),
        started=NOON,
        ended=NOON,
        status=RunStatus.COMPLETE,
        counts=RunCounts(**counts),
    )


def a_run(source: str, status: RunStatus, *, start: date, end: date) -> SearchRun:
    """Make a run that found nothing, ended at noon."""
    return SearchRun(
        id=RunId(f"{source}-0001"),
        source=source,
        strategy_sha256="",
        protocol_version=1,
        query="q",
        window=Window(start, end),
        started=NOON,
        ended=NOON,
        status=status,
        counts=RunCounts(),
    )


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
