"""What happened in the synthetic review: runs, sightings, votes, editions."""

from datetime import date, datetime

from review.decision import Decision, ImportedDecision, Stage, Verdict
from review.edition import Edition, UpdateDecision, UpdateVerdict
from review.ids import EditionId, RecordId, Reviewer, RunId
from review.ledger import Sighting
from review.result import (
    Synthesis,
)
from review.searching import BlockCount, RunCounts, RunStatus, SearchRun, Window
from tests.publisher.synthetic import BASELINE, NEW, SOURCE, day, report_of, study_of


def sightings() -> tuple[Sighting, ...]:
    old = [("baseline", letter, day(2019)) for letter in BASELINE]
    new = [("pubmed", letter, day(2020, 12)) for letter in NEW]
    first = [
        Sighting(record=RecordId(report_of(letter)), report=report_of(letter), source=source, at=when)
        for source, letter, when in (*old, *new)
    ]
    twice = Sighting(record=RecordId("pubmed:99"), report=report_of("F"), source="pubmed", at=day(2020, 12))
    return (*first, twice)


def imported(letter: str, verdict: Verdict, when: datetime, **more: str) -> ImportedDecision:
    return ImportedDecision(
        report=report_of(letter),
        stage=Stage.FULL_TEXT,
        verdict=verdict,
        source=SOURCE,
        at=when,
        study=study_of(letter),
        **more,
    )


def vote(letter: str, verdict: Verdict, stage: Stage, who: str, reason: str = "") -> Decision:
    return Decision(
        report=report_of(letter),
        stage=stage,
        verdict=verdict,
        reviewer=Reviewer(who),
        at=day(2020, 12, 20),
        criteria_version=2,
        reason=reason,
    )


def run(number: int, when: datetime, start: date, counts: RunCounts, status: RunStatus) -> SearchRun:
    return SearchRun(
        id=RunId(f"pubmed-{number:04}"),
        source="pubmed",
        strategy_sha256="0" * 64,
        protocol_version=2,
        query="synthetic[tiab] AND trial[pt]",
        window=Window(start, when.date()),
        started=when,
        ended=when,
        status=status,
        counts=counts,
        blocks=(BlockCount("population", 40),),
    )


def edition(number: int, when: datetime, found: tuple[Synthesis, ...], signer: str | None) -> Edition:
    digests = tuple(one.digest for one in found)
    return Edition(
        id=EditionId(f"{number}.0.0"),
        number=number,
        at=when,
        syntheses=digests,
        decision=UpdateDecision(
            verdict=UpdateVerdict.PUBLISH,
            reason=f"Reason of edition {number}.",
            signer=Reviewer(signer) if signer else None,
            at=when,
            syntheses=digests,
        ),
        protocol_version=2,
        previous=EditionId(f"{number - 1}.0.0") if number > 1 else None,
        changes=(f"Change of edition {number}.",),
    )
