"""Made-up records of a review with one topic, dated days, for tests that train on them."""

from datetime import UTC, datetime

import numpy as np

from review.record import Record

__all__ = ["january", "made_up_records"]

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
