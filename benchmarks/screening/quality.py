"""The start and the later years of a living review, ranked beside ASReview's default, all in one run.

Run as ``python benchmarks/screening/quality.py``. *Tiny start*: 15 included and 49 excluded at full text are
known, with presumed negatives drawn without a look at their labels; the rest is ranked. *Time-split*: all
that was published up to a year is known with its grade; what came after is ranked. Both ways rank the same
records; both see the texts of all of them. ``--draws`` says how many tiny starts a set, ``--first`` the
seed of the first, ``--peer`` takes an environment that holds ASReview, ``--write`` writes table and plot into
docs/reference/performance.md. About ten minutes of CPU time.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from comparison import Compared, compare, lines, listed
from elas import ASREVIEW, elas_scores, peer_python
from plot import draw_differences
from sets import NAMES, load

sys.path.append(str(Path(__file__).parents[1]))
from machine import machine
from page import PAGE, write_section

from classifier.evaluation import Labelled, Split, time_split, tiny_start

Named = tuple[str, Split]

SHARES = (0.4, 0.5, 0.6, 0.7, 0.8)
"""Of the records, by year, that are known in a time-split."""
FEWEST_KNOWN, FEWEST_TO_FIND = 8, 5
"""Included records before and after a cut, below which a measure rests on too few."""
FEWEST_LEFT = 20
"""Included records of a set, beyond the 15 of the start, from which on its measures are averaged."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Ranking beside ASReview")
    parser.add_argument("--draws", type=int, default=20, help="tiny starts a set")
    parser.add_argument("--first", type=int, default=401, help="seed of the first draw")
    parser.add_argument("--peer", type=Path, help="Python of an environment with ASReview")
    parser.add_argument("--write", action="store_true", help="also write docs/reference/performance.md")
    asked = parser.parse_args()
    reviews = [load(name) for name in NAMES]
    starts = list(tiny_starts(reviews, range(asked.first, asked.first + asked.draws)))
    later = list(time_splits(reviews))
    python = peer_python(asked.peer)
    tiny = compare(starts, elas_scores(python, starts), "Tiny starts")
    time = compare(later, elas_scores(python, later), "Time-splits")
    enough = {one.name for one in reviews if one.included.sum() - 15 >= FEWEST_LEFT}
    text = page(tiny, time, enough, asked.draws, asked.first)
    print(text)
    if asked.write:
        write_section("ranking quality", text)
        draw_differences(
            {"Tiny start": tiny, "Time-split": time},
            PAGE.parents[1] / "images" / "ranking-beside-asreview.svg",
        )


def tiny_starts(reviews: Sequence[Labelled], seeds: Sequence[int]) -> Iterator[Named]:
    """Yield the starts of each review that can hold one."""
    for review in reviews:
        if review.worth_reading is not None:
            for seed in seeds:
                if start := tiny_start(review, seed=seed):
                    yield review.name, start


def time_splits(reviews: Sequence[Labelled]) -> Iterator[Named]:
    """Yield the cuts of each review that has years and both labels, each year once."""
    for review in reviews:
        if review.years is None or review.worth_reading is None:
            continue
        years = np.sort(review.years)
        for year in dict.fromkeys(int(years[int(share * len(years))]) for share in SHARES):
            known = review.included[review.years <= year].sum()
            enough = known >= FEWEST_KNOWN and review.included.sum() - known >= FEWEST_TO_FIND
            if enough and (split := time_split(review, year)):
                yield review.name, split


def page(tiny: Compared, time: Compared, enough: set[str], draws: int, first: int) -> str:
    """Return both tables in Markdown."""
    main_sets = {name: rows for name, rows in tiny.items() if name in enough}
    left = f"{len(main_sets)} sets with at least {FEWEST_LEFT} included left to find"
    cuts = sum(len(rows) for rows in time.values())
    return "\n".join(
        [
            f"{ASREVIEW} (ELAS u4) beside `classifier.Ranker`; {machine()}.",
            "Means over sets of the means over their draws or cuts; intervals: paired bootstrap over sets.",
            "",
            f"**Tiny start**, {left}, {draws} draws each (seeds {first} to {first + draws - 1}):",
            "",
            *lines(main_sets),
            "",
            f"**Time-split**, {len(time)} sets, {cuts} cuts:",
            "",
            *lines(time),
            "",
            "Each set, ASReview's figure and ours:",
            "",
            *listed({"tiny start": tiny, "time-split": time}),
        ]
    )


if __name__ == "__main__":
    main()
