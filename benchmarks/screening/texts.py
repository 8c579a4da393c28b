"""Texts of any number, drawn sentence by sentence from real abstracts; nothing but the standard library.

Titles are real ones; an abstract has as many sentences as some real one (none, where that one was missing),
each drawn from all of them. Sentences repeat, so that the vocabulary grows more slowly than that of as many
real records: pairs that cross from one sentence to the next are all that is new.
"""

import csv
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

__all__ = ["SEED", "drawn"]

SEED = 20261122
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def drawn(count: int, *, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """Yield titles and abstracts, the same for the same seed."""
    titles, abstracts = zip(*real(), strict=True)
    sentences = [sentence for abstract in abstracts for sentence in split(abstract)]
    lengths = [len(split(abstract)) for abstract in abstracts]
    chance = random.Random(seed)  # noqa: S311 - a draw, not a secret
    for _ in range(count):
        yield chance.choice(titles), ". ".join(chance.choices(sentences, k=chance.choice(lengths)))


def real() -> Iterator[tuple[str, str]]:
    """Yield title and abstract of every record of the labelled sets and of the pool of trials."""
    csv.field_size_limit(1 << 30)
    for path in sorted((DATA / "screening").glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            yield from ((row["title"], row["abstract"]) for row in csv.DictReader(lines))
    with gzip.open(DATA / "pain" / "rct-pool-4470.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from ((row["title"] or "", row.get("abstract") or "") for row in map(json.loads, lines))


def split(abstract: str) -> list[str]:
    """Return the sentences of an abstract, roughly."""
    return [sentence for sentence in abstract.split(". ") if sentence]
