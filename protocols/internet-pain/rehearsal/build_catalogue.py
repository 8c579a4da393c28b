"""Builds catalogue.jsonl and near-misses.txt from the development data; README.md says what they hold.

Run in the repository with PYTHONPATH=. as ``python <this file> DATA_FOLDER [OUT_FOLDER]``.
"""

import gzip
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime
from itertools import count
from pathlib import Path

from documents import Document, documents

from review.record import Record
from search.blocks import Blocks
from search.blocks import read as read_blocks
from search.catalogue import write
from search.query.indexed import Indexed
from search.rehearsal.word_index import indexed_record, phrases_of
from search.strategy import parse

HERE = Path(__file__).resolve().parent
STRATEGY = HERE.parent / "search-pubmed.txt"
FIRST_PLACEHOLDER = 900_000_000
BACKGROUND = 2_000
ASSUMED_ENTRY = (7, 1)  # month and day, where only the year is known

ONLINE = (
    (re.compile(r"Epub (\d{4} [A-Z][a-z]{2} \d{1,2})"), "%Y %b %d"),
    (re.compile(r"published online (\d{1,2} [A-Z][a-z]{2} \d{4})"), "%d %b %Y"),
    (re.compile(r"(\d{4} [A-Z][a-z]{2} \d{1,2})\. Online ahead of print"), "%Y %b %d"),
)


def main(data: Path, out: Path) -> None:
    """Write both files to a folder."""
    blocks = read_blocks(STRATEGY)
    phrases = phrases_of(*(block.strategy for block in blocks.blocks))
    known = list(numbered(documents(data)))
    pool = [indexed_record(record, phrases) for record in background(data, known)]
    chosen = choose(pool, blocks)
    entries = [indexed_record(entry(one), phrases) for one in known]
    write(out / "catalogue.jsonl", entries + chosen)
    near = write_near_misses(out / "near-misses.txt", known)
    print(f"{len(entries)} documents ({near} near-misses), {len(chosen)} background articles")


def numbered(known: list[Document]) -> Iterator[Document]:
    """Give each document its accession: the PMID, or the next placeholder where none was seen."""
    placeholders = count(FIRST_PLACEHOLDER)
    for one in known:
        yield one | {"accession": one["pmid"] or str(next(placeholders))}


def entry(one: Document) -> Record:
    """Make the record of a document, with its abstract; what is not known of it stands in its notes."""
    entered, assumed = entry_day(one)
    return Record(
        source="pubmed",
        accession=one["accession"],
        pmid=one["accession"],
        title=one["title"] or f"[Title not seen] {one['label']}",
        abstract=one["abstract"],
        authors=tuple(one["authors"]),
        journal=one["journal"],
        year=one["year"],
        volume=one["volume"],
        issue=one["issue"],
        pages=one["pages"],
        doi=one["doi"],
        pmcid=one["pmcid"],
        publication_types=tuple(one["publication_types"]),
        mesh=tuple(one["mesh"]),
        keywords=tuple(one["keywords"]),
        registrations=(one["registration"],) if one["registration"] else (),
        entered=entered,
        notes=(*notes(one), assumed),
    )


def notes(one: Document) -> list[str]:
    """Say of an entry what was not seen, not verified or assumed."""
    doubts = (
        ("PMID is a placeholder: none was seen in the sources", not one["pmid"]),
        ("DOI not verified, left out", bool(one["doi_claimed"])),
        ("title not seen in the sources", not one["title"]),
        ("year taken from the label of the study: none was seen", not one["year_seen"]),
        ("abstract not seen: nothing of it is indexed", not one["abstract"]),
        ("abstract seen in part: the index is incomplete", bool(one["abstract"]) and one["truncated"]),
        ("MeSH headings seen in part", bool(one["mesh"]) and one["mesh_partial"]),
    )
    return [text for text, holds in doubts if holds] + list[str](one["notes"])


def entry_day(one: Document) -> tuple[date, str]:
    """Return the day of entry and what was assumed: the day of online publication, or 1 July of the year."""
    for pattern, form in ONLINE:
        found = pattern.search(one["online"])
        if found:
            day = datetime.strptime(found.group(1), form).date()  # noqa: DTZ007 - a day has no zone
            return day, "entry date assumed: the day of online publication"
    return date(one["year"], *ASSUMED_ENTRY), "entry date assumed: only the year is known"


def background(data: Path, known: list[Document]) -> list[Record]:
    """Return the articles of the pool that have a PMID and are none of the documents, each once."""
    with gzip.open(data / "pain/rct-pool-4470.jsonl.gz", "rt", encoding="utf-8") as lines:
        pool = [json.loads(line) for line in lines]
    taken = {mark for one in known for mark in marks(one)}
    wanted = [article for article in pool if article["pmid"] and not marks(article) & taken]
    return list({article["pmid"]: entry(pooled(article)) for article in wanted}.values())


def marks(one: Document) -> set[tuple[str, str]]:
    """Return what tells an article from another: its identifiers and its title."""
    return {(key, one[key].lower()) for key in ("pmid", "doi", "pmcid", "title") if one[key]}


def pooled(article: Document) -> Document:
    """Give an article of the pool the keys of a document."""
    texts = ("pmid", "pmcid", "doi", "title", "journal", "abstract")
    absent = ("label", "volume", "issue", "pages", "doi_claimed", "registration", "online")
    return {
        **dict.fromkeys(absent, ""),
        **{key: article[key] or "" for key in texts},
        "accession": article["pmid"],
        "authors": [name.strip() for name in article["authors"] if name.strip()],
        "year": article["year"],
        "year_seen": True,
        "keywords": article["keywords"],
        "truncated": False,
        "publication_types": [],
        "mesh": [],
        "mesh_partial": False,
        "notes": [],
    }


def choose(pool: list[Record], blocks: Blocks) -> list[Record]:
    """Take what the blocks `population AND design` match, then fill up by the SHA-256 of the PMID.

    Nothing but the two blocks and the hash decides: no label of any review is looked at.
    """
    strategy = parse(blocks.joined("population AND design"))
    by_hash = sorted(pool, key=lambda record: hashlib.sha256(record.accession.encode()).hexdigest())
    matching = [record for record in by_hash if strategy.matches(Indexed(record))]
    chosen = {record.accession for record in matching}
    rest = [record for record in by_hash if record.accession not in chosen]
    return matching + rest[: max(0, BACKGROUND - len(matching))]


def write_near_misses(path: Path, known: list[Document]) -> int:
    """Write the accessions of the near-misses, one a line; return how many."""
    near = sorted(int(one["accession"]) for one in known if one["group"] == "near-miss")
    path.write_text("".join(f"{number}\n" for number in near), encoding="utf-8")
    return len(near)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else HERE)
