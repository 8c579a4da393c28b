"""A made-up review: records of made-up words, so that nothing in them can be mistaken for a real trial."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from classifier.grade import Grade
from review.record import Record

FILLER = [f"filler{i}" for i in range(300)]
TOPIC = [f"topic{i}" for i in range(12)]
NEAR = [f"near{i}" for i in range(12)]


@dataclass(frozen=True)
class MadeUpReview:
    """Judged records with their grades, a background, and fresh records with the truth about them."""

    records: list[Record]
    grades: list[Grade]
    background: list[Record]
    fresh: list[Record]
    relevant: list[bool]


def _record(rng: np.random.Generator, name: str, salt: list[str]) -> Record:
    words = rng.permutation([*rng.choice(FILLER, 40), *(rng.choice(salt, 6) if salt else [])]).tolist()
    return Record(source="test", accession=name, title=" ".join(words[:10]), abstract=" ".join(words[10:]))


def make_review(seed: int, *, included: int = 15, near: int = 20, background: int = 120) -> MadeUpReview:
    """Included records share topic words, near-misses a few of them, the background none."""
    rng = np.random.default_rng(seed)
    yes = [_record(rng, f"yes{i}", TOPIC) for i in range(included)]
    nearly = [_record(rng, f"near{i}", [*TOPIC[:4], *NEAR]) for i in range(near)]
    others = [_record(rng, f"other{i}", []) for i in range(background)]
    fresh = [_record(rng, f"fresh{i}", TOPIC if i % 10 == 0 else []) for i in range(100)]
    return MadeUpReview(
        records=yes + nearly,
        grades=[Grade.INCLUDED] * included + [Grade.FULL_TEXT_EXCLUDED] * near,
        background=others,
        fresh=fresh,
        relevant=[i % 10 == 0 for i in range(100)],
    )


@pytest.fixture(scope="session")
def made_up() -> MadeUpReview:
    """Return a made-up review of the size of a young living review."""
    return make_review(1)


@pytest.fixture(scope="session")
def make() -> Callable[..., MadeUpReview]:
    """Return a maker of made-up reviews of other sizes."""
    return make_review
