"""Weak labels for the design tag: which records report randomised trials, as far as their corpus tells.

Nobody read these records for their design: those that somebody did read (tests/classifier/design_read.csv)
are given no label here, so that they stay a test. Labels come from membership (a corpus of trials, studies
that a drug review included), from titles that name another design, and from publication types where an export
has them. Where none of these tells, the label is None and the record is neither learned from nor counted.
"""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from review.record import Record
from search import readers

__all__ = ["PROTOCOL", "Labelled", "corpora", "families"]

PROTOCOL = 0.25
"""The label of a trial's protocol: no report, though indexers typed many as randomised trials until 2019."""

_READ = Path(__file__).parents[2] / "tests/classifier/design_read.csv"
_PROTOCOL = re.compile(r"\bprotocol\b", re.IGNORECASE)
_REVIEW = re.compile(
    r"systematic review|meta.?analy|\breviews?\b|guidelines?\b|case reports?\b|overview", re.IGNORECASE
)
_MIXED = re.compile(
    r"rationale|\bdesign (?:of|and)\b|cost.effectiveness|critical appraisal|pooled", re.IGNORECASE
)
_OBSERVED = re.compile(
    r"retrospective|cohort|cross.sectional|case.control|survey|report of .{1,20} cases?", re.IGNORECASE
)
_RANDOM = re.compile(r"random|\brcts?\b|double.?(?:blind|mask)|placebo", re.IGNORECASE)
_TRIAL_TYPE = "Randomized Controlled Trial"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A record with where it is from and what it is taken for: 1, 0, `PROTOCOL`, or None for unknown."""

    corpus: str
    record: Record
    label: float | None


def corpora(data: Path) -> list[Labelled]:
    """Return every record of the development data once, in a fixed order."""
    found: dict[str, Labelled] = {}
    for one in _all(data):
        found.setdefault(re.sub(r"\W", "", one.record.title.casefold())[:80], one)
    read = set(_read())
    return [
        replace(one, label=None) if (one.corpus, one.record.accession) in read else one
        for one in found.values()
    ]


def _read() -> Iterator[tuple[str, str]]:
    with _READ.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["corpus"], row["id"]


def _all(data: Path) -> Iterator[Labelled]:
    yield from _pool(data / "pain/rct-pool-4470.jsonl.gz")
    yield from _pain(data / "pain/records.jsonl")
    for path in sorted((data / "screening").glob("*.csv.gz")):
        yield from _screened(path)
    for path in (
        *sorted((data / "dedupe/exports").glob("[crz]*.gz")),
        data / "dedupe/copper-505.endnote.xml.gz",
    ):
        yield from _export(path)
    yield from _asysd(data / "dedupe/asysd-labelled-1845.csv.gz")


def _pool(path: Path) -> Iterator[Labelled]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        if row["abstract"]:
            named = f"{row['title']} {row['subjects']}"
            yield Labelled("trial pool", _record(row["pmcid"], row["title"], row["abstract"]), _member(named))


def _member(named: str) -> float | None:
    if _PROTOCOL.search(named):
        return PROTOCOL
    return None if _REVIEW.search(named) or _MIXED.search(named) else 1.0


def _pain(path: Path) -> Iterator[Labelled]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        title = row["title"] or ""
        if not row["abstract"]:
            continue
        label = _member(title) if row["group"] in {"included", "later-trial"} else None
        if _PROTOCOL.search(title):
            label = PROTOCOL
        elif _REVIEW.search(title):
            label = 0.0
        yield Labelled("pain", _record(row["pmid"] or str(number), title, row["abstract"]), label)


def _screened(path: Path) -> Iterator[Labelled]:
    name = path.name.partition(".")[0]
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    ids = table["pmid"].where(table["pmid"] != "", table["id"])
    for key, title, body, included in zip(
        ids, table["title"], table["abstract"], table["label_included"], strict=True
    ):
        record = _record(key, title, body)
        if name.startswith("Cohen"):
            yield Labelled(name, record, _of_drug_review(title, included=included == "1"))
        else:
            yield Labelled(name, record, _of_no_trials(record))


def _of_drug_review(title: str, *, included: bool) -> float | None:
    if _REVIEW.search(title) or _OBSERVED.search(title):
        return 0.0
    return 1.0 if included and not _MIXED.search(title) else None


def _of_no_trials(record: Record) -> float | None:
    """Return 0 in a corpus on another kind of study, unless the words are those of a trial: some slip in."""
    if _PROTOCOL.search(record.title):
        return None
    return (
        None
        if _RANDOM.search(f"{record.title} {record.abstract}") and not _REVIEW.search(record.title)
        else 0.0
    )


def _export(path: Path) -> Iterator[Labelled]:
    corpus = next((name for name in ("copper", "zotero", "citesource") if name in path.name), "others")
    for number, record in enumerate(readers.read(gzip.decompress(path.read_bytes())).records):
        types = " ".join((*record.publication_types, *record.keywords))
        label = 1.0 if _TRIAL_TYPE in types else _of_no_trials(record)
        yield Labelled(corpus, _record(f"{path.name}:{number}", record.title, record.abstract), label)


def _asysd(path: Path) -> Iterator[Labelled]:
    text = gzip.decompress(path.read_bytes()).decode("cp1252", "replace")
    for row in csv.DictReader(io.StringIO(text)):
        record = _record(row["record_id"], row["title"], row["abstract"])
        yield Labelled("asysd", record, _of_no_trials(record))


def _record(key: str, title: str | None, abstract: str | None) -> Record:
    return Record(source="corpus", accession=key, title=title or "", abstract=abstract or "")


def families(found: Iterable[Labelled]) -> list[str]:
    """Return the family that each record is left out with: the ten drug reviews are one."""
    return ["drug reviews" if one.corpus.startswith("Cohen") else one.corpus for one in found]
