"""How fast the ranking is beside ASReview: vectorising 100,000 records, ranking them again, a week, a stream.

Run as ``python benchmarks/screening/speed.py``; ``--write`` also writes the table into
docs/reference/performance.md, ``--peer`` takes an environment that holds ASReview, ``--records``,
``--streamed`` and ``--times`` make it shorter. Each figure comes from a process of its own on one core; the
two sides run by turns, so that a busy machine slows both. About ten minutes of CPU time.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from elas import ASREVIEW, peer_python
from rich.progress import track

sys.path.append(str(Path(__file__).parents[1]))
from machine import machine
from page import write_section

HERE = Path(__file__).parent
LABELLED = 1000
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Ranking: speed")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--streamed", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=3, help="repetitions; the median counts")
    parser.add_argument("--peer", type=Path, help="Python of an environment with ASReview")
    parser.add_argument("--write", action="store_true", help="also write docs/reference/performance.md")
    asked = parser.parse_args()
    python, sizes = peer_python(asked.peer).absolute(), (asked.records, LABELLED)
    pools, weeks = [], []
    for _ in track(range(asked.times), "Vectorising by turns", transient=True):
        pools.append((step(python, HERE / "peer" / "speed.py", *sizes), ours("pool", *sizes)))
        weeks.append(ours("week"))
    streams = [ours("stream", count) for count in (asked.streamed // 10, asked.streamed)]
    text = "\n\n".join([pool_table(pools, asked.records), week_lines(weeks), stream_lines(streams)])
    print(text)
    if asked.write:
        write_section("ranking speed", text)


def ours(name: str, *sizes: int) -> dict[str, float]:
    """Run one of our steps."""
    return step(Path(sys.executable), HERE / "steps.py", name, *sizes)


def step(python: Path, script: Path, *arguments: str | int) -> dict[str, float]:
    """Return what a script measures in a process of its own, on one core."""
    command = [python, "-W", "ignore", script, *map(str, arguments)]
    env = {**os.environ, **ONE_CORE}
    # ASReview leaves a cache where it is started.
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=env, cwd=folder)  # noqa: S603 - ours
    return json.loads(done.stdout)


def pool_table(pools: list[tuple[dict[str, float], dict[str, float]]], records: int) -> str:
    """Return the table of both sides in Markdown."""
    rows = (
        (f"vectorise {records:,} records, CPU s", "vectorise", "", ".1f"),
        ("peak memory while doing so, MB", "peak", "", ".0f"),
        ("of it above what stood after imports", "peak", "imports", ".0f"),
        ("of it above what stood with the texts loaded", "peak", "texts", ".0f"),
        (f"train on {LABELLED:,} labels and rank all, CPU s", "again", "", ".3f"),
    )
    lines = []
    for label, name, less, shape in rows:
        theirs, mine = (
            statistics.median(side[name] - side.get(less, 0) for side in all_)
            for all_ in zip(*pools, strict=True)
        )
        lines.append(f"| {label} | {theirs:{shape}} | {mine:{shape}} | {mine / theirs:.2f} |")
    theirs, mine = pools[0]
    terms = f"Distinct terms {theirs['terms']:,} and {mine['terms']:,}"
    cells = f"cells {theirs['cells']:,} and {mine['cells']:,}"
    how = f"{ASREVIEW}; medians of {len(pools)} runs by turns, each in a process of its own on one core"
    return "\n".join(
        [
            f"{how}; {machine()}.",
            "",
            "| | ASReview (ELAS u4) | ours | ours / theirs |",
            "|---|---:|---:|---:|",
            *lines,
            "",
            f"{terms}, {cells}: theirs has pairs across title and abstract, ours words of weight 0.",
        ]
    )


def week_lines(weeks: list[dict[str, float]]) -> str:
    """Return what a weekly batch takes."""
    train, score, rank = (
        statistics.median(one[name] for one in weeks) for name in ("train", "score", "rank")
    )
    return (
        f"A week's 500 records: {score:.2f} CPU s to read and score them, {rank:.2f} with reasons, nearest "
        f"records and trial tag; training on 64 judged records and 1,000 presumed negatives, with the texts "
        f"of the week at hand, {train:.2f}."
    )


def stream_lines(streams: list[dict[str, float]]) -> str:
    """Return what a stream takes."""
    few, many = streams
    return (
        f"Streamed through a trained ranker: {many['count']:,} records in {many['seconds']:.0f} CPU s; peak "
        f"{few['peak']:.0f} MB after {few['count']:,}, {many['peak']:.0f} MB after {many['count']:,}; "
        f"{many['begun']:.0f} MB stood before. Drawing the texts is not counted."
    )


if __name__ == "__main__":
    main()
