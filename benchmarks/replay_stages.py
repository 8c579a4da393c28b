"""How long each stage of a replayed year takes, as a share of the whole: medians over the years, in one run.

Run as ``make bench-replay``. It replays the bundled review in a temporary home.
"""

import statistics
import sys
import tempfile
import time
from collections import defaultdict
from datetime import date
from pathlib import Path

from flows.place import find_place
from flows.pubmed_client import make_pubmed
from flows.replay.material import read_material
from flows.replay.replay import replay
from flows.settings import Settings

REVIEW = Path(__file__).resolve().parents[1] / "protocols" / "internet-pain"
LAST_DAY = date(2026, 11, 22)


def main() -> None:
    """Replay once and print the table."""
    with tempfile.TemporaryDirectory() as home:
        place = find_place(REVIEW, Settings(home=Path(home)), rehearsal=True)
        stages, whole = measure(place)
    print(f"whole replay: {whole:.1f} s of CPU time, Python {sys.version.split()[0]}")
    print("| stage | median s a year | share of the whole |")
    print("|---|---|---|")
    for stage, seconds in sorted(stages.items(), key=lambda pair: -sum(pair[1])):
        print(f"| {stage} | {statistics.median(seconds):.2f} | {sum(seconds) / whole:.0%} |")


def measure(place) -> tuple[dict[str, list[float]], float]:  # noqa: ANN001 - a Place, as find_place makes it
    """Return CPU seconds by stage, one entry a year, and of the whole."""
    stages: dict[str, list[float]] = defaultdict(list)
    last = ["reading the rehearsal", time.process_time()]
    begun = last[1]

    def note(_done: int, what: str) -> None:
        now = time.process_time()
        stages[str(last[0]).split(": ")[-1]].append(now - float(last[1]))
        last[:] = [what, now]

    material = read_material(place)
    replay(place, material, lambda url: make_pubmed(place.settings, url), today=LAST_DAY, progress=note)
    note(0, "")
    return stages, time.process_time() - begun


if __name__ == "__main__":
    main()
