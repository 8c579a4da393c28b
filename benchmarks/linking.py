"""Linking, measured: 100,000 records against an index of 1,000,000 known ones, on one core.

Run as ``python benchmarks/linking.py [records] [known]``; with ``--store`` against an SQLite store.
Titles, names and numbers are drawn by a seed from made-up words, as often as words of a language come (Zipf);
two in five of the records tell of known ones, under other identifiers or with a slip in them.
"""

import argparse
import random
import string
import tempfile
import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from machine import machine, peak

from review.record import Record, Report
from search.linking import DEFAULT_CONFIDENCE, ListIndex, filed_under, link, title_key

SEED = 20261122
BATCH = 20_000
AT = datetime(2026, 11, 22, tzinfo=UTC)
SYLLABLES = [a + b for a in "bcdfghklmnprstvz" for b in "aeiou"]


class Words:
    """Made-up words and names, drawn as often as words come."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.words = self._made(20_000, 2, 5)
        self.weights = list(accumulate(1 / rank for rank in range(3, len(self.words) + 3)))
        self.names = [name.title() for name in self._made(40_000, 2, 4)]
        self.abstracts = [" ".join(self._drawn(220)) for _ in range(500)]

    def title(self) -> str:
        """Return a title of 6 to 18 words; two in nine say what kind of report it is."""
        kind = self.chance.choice(("",) * 7 + (": a randomised controlled trial", ": protocol"))
        return " ".join(self._drawn(self.chance.randint(6, 18))) + kind

    def _drawn(self, count: int) -> list[str]:
        return self.chance.choices(self.words, cum_weights=self.weights, k=count)

    def _made(self, count: int, least: int, most: int) -> list[str]:
        made: dict[str, None] = {}
        while len(made) < count:
            made["".join(self.chance.choices(SYLLABLES, k=self.chance.randint(least, most)))] = None
        return list(made)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("records", type=int, nargs="?", default=100_000)
    parser.add_argument("known", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--store", action="store_true")
    asked = parser.parse_args()
    chance = random.Random(SEED)  # noqa: S311 - made-up records need no secrecy
    words = Words(chance)
    known = [made(words, chance, number) for number in range(asked.known)]
    records = list(incoming(words, chance, known, asked.records))
    print(machine())
    print(f"{len(records):,} records against {len(known):,} known; before linking {peak():,.0f} MB")
    measure_store(records, known) if asked.store else measure_list(records, known)


def made(words: Words, chance: random.Random, number: int) -> Record:
    """Return a made-up record."""
    page = chance.randint(1, 1900)
    return Record(
        source="files",
        accession=str(number),
        title=words.title(),
        authors=tuple(
            f"{name} {chance.choice(string.ascii_uppercase)}" for name in chance.choices(words.names, k=4)
        ),
        journal=f"Journal of {words.words[chance.randint(0, 3000)]}",
        year=chance.randint(1985, 2026),
        volume=str(chance.randint(1, 90)),
        pages=f"{page}-{page + 9}",
        doi=f"10.9999/x.{number}" if chance.random() < 0.85 else "",
        pmid=str(number) if chance.random() < 0.7 else "",
        registrations=(f"NCT{number // 3:08d}",) if chance.random() < 0.1 else (),
    )


def incoming(words: Words, chance: random.Random, known: list[Record], count: int) -> Iterator[Record]:
    """Yield records of which two in five tell of a known one, each with an abstract."""
    for number in range(count):
        new = made(words, chance, len(known) + number)
        one = changed(chance.choice(known), new, chance) if chance.random() < 0.4 else new
        yield replace(one, source="files", accession=f"new-{number}", abstract=chance.choice(words.abstracts))


def changed(one: Record, new: Record, chance: random.Random) -> Record:
    """Return a known record as another source would have it."""
    bare = replace(one, pmid="", doi="", registrations=())
    letter = chance.randrange(len(one.title))
    return chance.choice(
        (
            replace(bare, doi=one.doi),
            bare,
            replace(bare, title=one.title[:letter] + one.title[letter + 1 :]),
            replace(bare, volume="", pages="", title=one.title.upper()),
            replace(new, title=f"{one.title}: 12-month follow-up", authors=one.authors),
        )
    )


def measure_list(records: list[Record], known: list[Record]) -> None:
    """Index a list in memory and link."""
    begun = time.process_time()
    index = Counted([(record.report_id, record) for record in known])
    print(f"index built in {time.process_time() - begun:.1f} CPU s; {peak():,.0f} MB")
    report(records, index)


def measure_store(records: list[Record], known: list[Record]) -> None:
    """Put the known ones into a store, and link against it."""
    from store.store import open_store  # noqa: PLC0415 - the other measurement must not load it

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'store.db'}"
        with open_store(url, create=True, title_key=title_key, link_keys=filed_under) as store:
            for start in range(0, len(known), BATCH):
                store.add_records(known[start : start + BATCH], AT)
            begun = time.process_time()
            index = store.link_index()
            print(f"keys filed in {time.process_time() - begun:.1f} CPU s")
            report(records, index)


def report(records: list[Record], index) -> None:  # noqa: ANN001 - any LinkIndex
    """Link and print what it took."""
    begun, wall = time.process_time(), time.perf_counter()
    linking = link(records, index)
    spent = time.process_time() - begun
    shown = sum(one.confidence >= DEFAULT_CONFIDENCE for one in linking.suggested)
    print(
        f"linked in {spent:.1f} CPU s, {time.perf_counter() - wall:.1f} s by the clock: "
        f"{len(records) / spent:,.0f} records/s; {peak():,.0f} MB at the most"
    )
    print(f"{len(linking.merged):,} merged, {shown:,} suggested, {len(linking.siblings):,} siblings")
    if isinstance(index, Counted):
        print(f"{index.looked_up:,} keys looked up, {index.compared:,} reports compared")


class Counted(ListIndex):
    """A list that counts what it is asked for."""

    looked_up = 0
    compared = 0

    def by_keys(self, keys: Collection[str]) -> dict[str, tuple[Report, ...]]:
        """Count keys, and what is found under them."""
        found = super().by_keys(keys)
        self.looked_up += len(keys)
        self.compared += sum(map(len, found.values()))
        return found


if __name__ == "__main__":
    main()
