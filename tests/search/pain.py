"""The pain review's real query and records, as they lie beside the repository."""

import gzip
import json
import re
from pathlib import Path

from review.record import Record

NAMES = ("population", "delivery", "therapy", "design")


def blocks(folder: Path) -> dict[str, str]:
    """Read the four blocks of the query file, each from its heading to the note below it."""
    text = (folder / "pain/query.txt").read_text()
    found = re.findall(r"^(?:#[123] | 4a )[^\n]*\n(.*?)\n(?= note| 4b)", text, re.DOTALL | re.MULTILINE)
    return dict(zip(NAMES, found, strict=True))


def query(folder: Path) -> str:
    """Join the four blocks by AND."""
    return " AND ".join(f"({block})" for block in blocks(folder).values())


def sanity_set(folder: Path) -> set[str]:
    """Read the PMIDs that the query must find."""
    text = (folder / "pain/query.txt").read_text()
    return set(re.findall(r"\b\d{8}\b", text[text.index("SANITY SET") :]))


def own_rows(folder: Path) -> list[dict]:
    """Read the records collected for the review."""
    return [json.loads(line) for line in (folder / "pain/records.jsonl").read_text().splitlines()]


def background_rows(folder: Path) -> list[dict]:
    """Read the trials of every other field."""
    with gzip.open(folder / "pain/rct-pool-4470.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines]


def as_record(row: dict, accession: str = "") -> Record:
    """Make a full record of a row."""
    lists = {key: tuple(row.get(key) or ()) for key in ("keywords", "mesh", "publication_types", "authors")}
    texts = {key: row.get(key) or "" for key in ("title", "abstract", "doi", "pmid", "journal")}
    return Record(
        source="pubmed", accession=accession or texts["pmid"], year=row.get("year"), **texts, **lists
    )
