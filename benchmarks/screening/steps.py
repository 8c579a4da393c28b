"""Our side of speed.py: one step in a process of its own; prints a JSON of CPU seconds and memory in MB."""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from texts import SEED, drawn

sys.path.append(str(Path(__file__).parents[1]))
from machine import memory, peak

from classifier.catch_up import CatchUp
from classifier.grade import Grade
from classifier.pool import Pool, build_pool
from classifier.ranker import Ranker
from classifier.stream import score_stream
from review.record import Record

AT = datetime(2026, 11, 22, tzinfo=UTC)
T = TypeVar("T")
WEEK, INCLUDED, NEAR, BACKGROUND = 500, 15, 49, 1000


def pool(records: int, labelled: int) -> dict[str, float]:
    """Vectorise drawn records once, and rank all again after labels."""
    imports = memory()
    known = list(made(records))
    texts = memory()
    vectorise, built = timed(lambda: build_pool(known))
    highest = peak()
    rows = np.random.default_rng(SEED).choice(records, labelled, replace=False)
    labels = {int(row): "placebo" in known[row].abstract for row in rows}
    again = statistics.median(rank_again(built, labels) for _ in range(5))
    return {
        "vectorise": vectorise,
        "again": again,
        "imports": imports,
        "texts": texts,
        "peak": highest,
        "terms": built.n_terms,
        "cells": sum(block.nnz for block in built.blocks),
    }


def rank_again(built: Pool, labels: dict[int, bool]) -> float:
    """Return the CPU seconds of training and ranking the pool."""
    screening = CatchUp(built, seed=1)
    return timed(lambda: (screening.learn(labels), screening.next(1)))[0]


def week() -> dict[str, float]:
    """Train on a young review with a week's records at hand, then score and rank them."""
    new = list(made(WEEK, seed=SEED + 1))
    ranker, train = trained(new)
    score, _ = timed(lambda: ranker.scores(new))
    rank, _ = timed(lambda: ranker.rank(new, at=AT))
    return {"train": train, "score": score, "rank": rank}


def stream(records: int) -> dict[str, float]:
    """Score drawn records that are never held together."""
    ranker, _ = trained()
    begun, start = memory(), time.process_time()
    count = sum(1 for _ in score_stream(ranker, made(records)))
    spent = time.process_time() - start - drawing_takes(records)
    return {"begun": begun, "peak": peak(), "seconds": spent, "count": count}


def drawing_takes(records: int) -> float:
    """Return the CPU seconds of drawing so many, from two small draws: reading the real ones is fixed."""
    few, many = (timed(lambda n=n: sum(1 for _ in made(n)))[0] for n in (5_000, 25_000))
    return few + (many - few) * (records - 5_000) / 20_000


def trained(waiting: Sequence[Record] = ()) -> tuple[Ranker, float]:
    """Return a ranker trained on 64 judged records and 1,000 more, and the CPU seconds of training."""
    known = made(100_000)
    included = list(islice((one for one in known if "placebo" in one.abstract), INCLUDED))
    near, background = list(islice(known, NEAR)), list(islice(known, BACKGROUND))
    grades = [Grade.INCLUDED] * INCLUDED + [Grade.FULL_TEXT_EXCLUDED] * NEAR
    given = {"background": background, "waiting": waiting}
    train, ranker = timed(lambda: Ranker(seed=1).fit([*included, *near], grades, **given))
    return ranker, train


def made(count: int, *, seed: int = SEED) -> Iterator[Record]:
    """Yield drawn texts as records."""
    for at, (title, abstract) in enumerate(drawn(count, seed=seed)):
        yield Record(source="drawn", accession=f"{seed}-{at}", title=title, abstract=abstract)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return the CPU seconds of some work, and its result."""
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


STEPS = {"pool": pool, "week": week, "stream": stream}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](*map(int, sys.argv[2:]))))
