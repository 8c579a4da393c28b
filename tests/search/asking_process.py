"""A process of its own that asks a stand-in from several threads, all under one limit.

Arguments: address, file of the limit, spacing in seconds, threads, questions for each thread.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from search.clocks import MonotonicClock
from search.limiter import SpacedLimiter
from search.pubmed import PubMed

CLOCK = MonotonicClock()
URL, FILE, SPACING, THREADS, QUESTIONS = sys.argv[1:]


def ask(_: int) -> int:
    """Count as often as told, with a client of one's own."""
    limiter = SpacedLimiter(Path(FILE), float(SPACING), CLOCK)
    with requests.Session() as session:
        pubmed = PubMed(URL, "a@b.org", "test", session=session, limiter=limiter, clock=CLOCK, attempts=12)
        return sum(pubmed.count("trial[ti]") for _ in range(int(QUESTIONS)))


if __name__ == "__main__":
    with ThreadPoolExecutor(int(THREADS)) as pool:
        sys.stdout.write(f"{sum(pool.map(ask, range(int(THREADS))))}\n")
