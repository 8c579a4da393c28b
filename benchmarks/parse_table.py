"""Reading 5,000 records of PubMed XML, beside other readers, all in one run and each in a process of its own.

Run as ``make bench-parsing`` or ``python benchmarks/parse_table.py``; ``--write`` also writes the table into
docs/reference/performance.md, ``--file`` takes another sample. The table says which readers are missing.
"""

import argparse
import gzip
import importlib.util
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

from machine import machine, peak
from rich.progress import track

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "../shared/data/pubmed/distinct-496.xml.gz"
PAGE = ROOT / "docs/reference/performance.md"
MARKS = "<!-- parse table -->", "<!-- end of parse table -->"
ARTICLE = re.compile(rb"<PubmedArticle>.*?</PubmedArticle>\s*", re.DOTALL)


def bare_expat(path: str) -> int:
    """Tokenise without a handler: no element is looked at."""
    from xml.parsers import expat  # noqa: PLC0415 - a process loads only the reader it measures

    parser = expat.ParserCreate()
    with Path(path).open("rb") as stream:
        while chunk := stream.read(1 << 18):
            parser.Parse(chunk)
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by position
    return 0


def ours(path: str) -> int:
    """Read every field of every record."""
    from search.pubmed_xml import read  # noqa: PLC0415 - as above

    with Path(path).open("rb") as stream:
        return sum(1 for _ in read(stream))


def lxml_iterparse(path: str) -> int:
    """Build and drop the tree of each record; no field is read."""
    from lxml import etree  # noqa: PLC0415 - as above

    count = 0
    for _, element in etree.iterparse(path, tag="PubmedArticle"):
        count += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return count


def pubmed_parser(path: str) -> int:
    """Read the fields that pubmed_parser reads by default; it takes gzip only: stored, not packed."""
    from pubmed_parser import parse_medline_xml  # noqa: PLC0415 - as above

    return sum(1 for _ in parse_medline_xml(f"{path}.gz"))


def bio_entrez(path: str) -> int:
    """Read the whole set into memory, as Bio.Entrez does with PubMed."""
    from Bio import Entrez  # noqa: PLC0415 - as above

    with Path(path).open("rb") as stream:
        return len(Entrez.read(stream)["PubmedArticle"])


READERS: dict[str, tuple[str, Callable[[str], int]]] = {
    "bare expat, no handlers": ("xml.parsers.expat", bare_expat),
    "search.pubmed_xml": ("search", ours),
    "lxml iterparse, no fields": ("lxml", lxml_iterparse),
    "pubmed_parser": ("pubmed_parser", pubmed_parser),
    "Bio.Entrez.read": ("Bio", bio_entrez),
}
BARE, OURS = list(READERS)[:2]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The parse table")
    parser.add_argument("--file", type=Path, default=SAMPLE, help="PubMed XML to repeat, plain or gzipped")
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--times", type=int, default=3, help="repetitions; the median counts")
    parser.add_argument("--write", action="store_true", help="also write docs/reference/performance.md")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(measure(chosen.one, str(chosen.file))))
    elif chosen.prepare:
        repeat(chosen.file, chosen.records, chosen.prepare)
    elif not chosen.file.is_file():
        print(f"parse table: {chosen.file} is not there; name a PubMed XML file with --file")
    else:
        show(chosen.file, chosen.records, chosen.times, write=chosen.write)


def show(sample: Path, records: int, times: int, *, write: bool) -> None:
    """Print the table of all readers over `records` records."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.xml"
        prepare(sample, records, path)
        size = path.stat().st_size
        runs = [name for _ in range(times) for name in READERS if importlib.util.find_spec(READERS[name][0])]
        done = [(name, run(name, path)) for name in track(runs, "Reading", transient=True)]
        grown = tenfold(sample, records, Path(folder))
    text = table(done, f"{records:,} records, {size / 1e6:.0f} MB", grown)
    print(text)
    if write:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.partition(MARKS[0])[0], page.partition(MARKS[1])[2]
        PAGE.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}", encoding="utf-8")


def tenfold(sample: Path, records: int, folder: Path) -> float:
    """Return our peak of memory, in MB, over ten times the records."""
    path = folder / "more.xml"
    prepare(sample, records * 10, path)
    return run(OURS, path)["peak"]


def prepare(sample: Path, records: int, path: Path) -> None:
    """Write the set in a process of its own: a parent's peak of memory may be handed down."""
    itself = [
        sys.executable,
        __file__,
        "--prepare",
        str(path),
        "--file",
        str(sample),
        "--records",
        str(records),
    ]
    subprocess.run(itself, check=True, cwd=ROOT)  # noqa: S603 - ourselves


def repeat(sample: Path, records: int, path: Path) -> None:
    """Write a set that repeats the articles of a sample."""
    packed = sample.read_bytes()
    data = gzip.decompress(packed) if packed.startswith(b"\x1f\x8b") else packed
    head, articles = data[: data.index(b"<PubmedArticle>")], ARTICLE.findall(data)
    with path.open("wb") as plain, gzip.open(f"{path}.gz", "wb", compresslevel=0) as stored:
        for piece in (head, *islice(cycle(articles), records), b"</PubmedArticleSet>\n"):
            plain.write(piece)
            stored.write(piece)


def run(name: str, path: Path) -> dict[str, float]:
    """Return seconds, peak of memory and count of one reader in a fresh process."""
    command = [sys.executable, __file__, "--one", name, "--file", str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603 - ourselves
    return json.loads(done.stdout)


def measure(name: str, path: str) -> dict[str, float]:
    """Read once; CPU seconds of user and system, without the start of Python."""
    begun = time.process_time()
    count = READERS[name][1](path)
    seconds = time.process_time() - begun
    return {
        "seconds": seconds,
        "peak": peak(),
        "count": count,
    }


def table(done: list[tuple[str, dict[str, float]]], what: str, grown: float) -> str:
    """Return the table in Markdown."""
    medians = {name: statistics.median(one["seconds"] for n, one in done if n == name) for name, _ in done}
    peaks = {name: max(one["peak"] for n, one in done if n == name) for name, _ in done}
    lines = [
        f"| {name} | {medians[name]:.2f} | {medians[name] / medians[BARE]:.2f} | "
        f"{medians[name] / medians[OURS]:.2f} | {peaks[name]:.0f} |"
        if name in medians
        else f"| {name} | not installed | | | |"
        for name in READERS
    ]
    times = len(done) // len(medians)
    return "\n".join(
        [
            f"{what}; medians of {times} runs, each in a process of its own; {machine()}.",
            "",
            "| reader | CPU s | times bare expat | times ours | peak MB |",
            "|---|---:|---:|---:|---:|",
            *lines,
            "",
            f"Over ten times as many records our peak is {grown:.0f} MB.",
        ]
    )


if __name__ == "__main__":
    main()
