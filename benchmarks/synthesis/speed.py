"""How fast pooling is beside metafor, PyMARE and statsmodels: one fit, large fits, thousands of fits.

Run as ``python benchmarks/synthesis/speed.py``; ``--write`` also writes the tables into
docs/reference/performance.md, ``--peer`` takes the Python of an environment with PyMARE and statsmodels,
``--rounds`` and ``--batch`` make it shorter. The packages run by turns, each in a process of its own on one
core, on the same sets. CPU time counts, without the start of a process, so that other work on the machine
slows all of them alike. About four minutes.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from draws import one_set, write_sets
from peers import metafor, missing, ours, pymare, python_of_peers
from rich.progress import track

sys.path.append(str(Path(__file__).parents[1]))
from machine import machine
from page import write_section

SMALL, LARGE, SEEDS = (15, 100, 1000), (2, 5, 15, 100, 1000, 10_000, 100_000), (1, 2, 3)
GROWTH = (1_000, 10_000, 100_000, 1_000_000)
Figures = dict[str, Any]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Pooling: speed")
    parser.add_argument("--rounds", type=int, default=3, help="turns; the median counts")
    parser.add_argument("--batch", type=int, default=10_000, help="sets of 15 at once")
    parser.add_argument("--peer", type=Path, help="Python of an environment with PyMARE and statsmodels")
    parser.add_argument("--write", action="store_true", help="also write docs/reference/performance.md")
    asked = parser.parse_args()
    python = python_of_peers(asked.peer)
    rounds = [one_round(python, asked.batch) for _ in track(range(asked.rounds), "By turns", transient=True)]
    growth = [ours("growth.py", str(k)) for k in GROWTH]
    text = "\n\n".join(
        [
            f"Medians of {asked.rounds} turns, CPU time on one core; {machine()}.",
            fits(rounds),
            batches(rounds, asked.batch),
            large(growth),
            *missing(python),
        ]
    )
    print(text)
    if asked.write:
        write_section("pooling speed", text)


def one_round(python: Path | None, batch: int) -> dict[str, Figures | None]:
    """Return what each package needs, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        small, wide = Path(folder, "small.csv"), Path(folder, "wide.csv")
        write_sets(small, [one_set(k, seed) for k in SMALL for seed in SEEDS])
        write_sets(wide, [one_set(k, 1) for k in LARGE])
        return {
            "metafor": metafor("speed.R", small, "20"),
            "ours": ours("our_speed.py", small, "20", str(batch)),
            "pymare": pymare(python, "speed.py", small, "20", str(batch)),
            "ours, wide": ours("our_speed.py", wide, "20", "10"),
            "pymare, wide": pymare(python, "speed.py", wide, "20", "10"),
        }


def figure(rounds: list[dict[str, Figures | None]], side: str, name: str, k: int) -> float:
    """Return the median over turns and sets of k studies; nan where the package is missing."""
    found = [
        spent
        for each in rounds
        if (figures := each[side])
        for size, spent in zip(figures["k"], figures[name], strict=True)
        if size == k
    ]
    return statistics.median(found) if found else float("nan")


def fits(rounds: list[dict[str, Figures | None]]) -> str:
    """Return the tables of one fit."""
    lines = [
        "One REML fit, milliseconds. *Fit*: `pool()`, `rma()`, PyMARE's `fit()`. *Full*: with prediction",
        "interval and Q-profile interval of tau2 (`predict()`, `confint()`; PyMARE: `summary()`, tables).",
        "",
        "| k | | metafor | PyMARE | ours | metafor / ours | PyMARE / ours |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    for k in SMALL:
        for name in ("fit", "full"):
            r, py, own = (figure(rounds, side, name, k) for side in ("metafor", "pymare", "ours"))
            lines.append(
                f"| {k:,} | {name} | {r:,.2f} | {py:.2f} | {own:.2f} | {r / own:,.0f} | {py / own:.1f} |"
            )
    lines += ["", "| k | PyMARE's REML fit | ours | ratio | statsmodels, Paule-Mandel | ours | ratio |"]
    lines += ["|---:|---:|---:|---:|---:|---:|---:|"]
    for k in LARGE:
        py, own = figure(rounds, "pymare, wide", "fit", k), figure(rounds, "ours, wide", "fit", k)
        sm, pm = figure(rounds, "pymare, wide", "statsmodels", k), figure(rounds, "ours, wide", "pm", k)
        lines.append(
            f"| {k:,} | {py:.2f} | {own:.2f} | {py / own:.1f} | {sm:.2f} | {pm:.2f} | {sm / pm:.1f} |"
        )
    return "\n".join(lines)


def batches(rounds: list[dict[str, Figures | None]], n: int) -> str:
    """Return the table of many sets at once."""
    one = figure(rounds, "metafor", "fit", SMALL[0])
    lines = [
        f"{n:,} sets of 15 at once, milliseconds a set. PyMARE's two-dimensional call returns estimates,",
        "standard errors and tau2, ours every number of `pool`; metafor has no such call (one `rma()` of 15:",
        f"{one:.2f}).",
        "",
        "| estimator | PyMARE | ours | PyMARE / ours |",
        "|---|---:|---:|---:|",
    ]
    names = list((rounds[0]["ours"] or {})["batch"])
    for name in names:
        own = statistics.median((each["ours"] or {})["batch"][name] for each in rounds)
        theirs = [each["pymare"]["batch"].get(name) for each in rounds if each["pymare"]]
        if not theirs or theirs[0] is None:
            lines.append(f"| {name} | | {own:.4f} | |")
        else:
            middle = statistics.median(theirs)
            lines.append(f"| {name} | {middle:.4f} | {own:.4f} | {middle / own:.1f} |")
    return "\n".join(lines)


def large(growth: list[Figures]) -> str:
    """Return the table of large sets."""
    lines = [
        "One REML fit of many studies, ours, in a process of its own:",
        "",
        "| k | CPU s | microseconds a study | memory above the data, MB |",
        "|---:|---:|---:|---:|",
    ]
    for one in growth:
        k, seconds, memory = one["k"], one["seconds"], one["memory"]
        lines.append(f"| {k:,} | {seconds:.4f} | {1e6 * seconds / k:.2f} | {memory:.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
