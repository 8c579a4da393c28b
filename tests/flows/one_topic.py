"""Made-up records of a review with one topic, dated days, for tests that train on them."""

from datetime import UTC, datetime

import numpy as np

from review.decision import ImportedDecision, Stage, Verdict
from review.record import Record

__all__ = ["decided", "january", "made_up_records"]

FILLER = [f"filler{at}" for at in range(120)]


def january(number: int) -> datetime:
    """Return a day of January 2020."""
    return datetime(2020, 1, number, tzinfo=UTC)


def made_up_records(prefix: str, n: int) -> list[Record]:
    """Made-up records: every third speaks of the topic."""
    rng = np.random.default_rng(n)
    return [
        Record(
            source="pubmed",
            accession=f"{prefix}{at}",
            title=" ".join([*rng.choice(FILLER, 8), *(["topic1", "topic2"] if at % 3 == 0 else [])]),
            year=2019,
        )
        for at in range(n)
    ]


def decided(records: list[Record], day: int) -> list[ImportedDecision]:
    """Full-text decisions of one day: what is of the topic is included."""
    return [
        ImportedDecision(
            report=record.report_id,
            stage=Stage.FULL_TEXT,
            verdict=Verdict.INCLUDE if "topic1" in record.title else Verdict.EXCLUDE,
            source="Somebody 2020",
            at=january(day),
            reason="" if "topic1" in record.title else "population",
        )
        for record in records
    ]
