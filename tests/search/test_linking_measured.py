"""Linking, measured on sets that people labelled and that nothing here was fitted to."""

import csv
import gzip
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import parse

from review.record import Record
from search.files.citation_fields import bare_doi, year_in
from search.linking import ListIndex, link
from search.readers import read


def test_the_asysd_set(shared_data: Path) -> None:
    """Of 1,845 labelled records, at least 99.8 % of duplicates are merged, and at most 0.2 % of others."""
    path = shared_data / "dedupe/asysd-labelled-1845.csv.gz"
    rows = csv.DictReader(StringIO(gzip.decompress(path.read_bytes()).decode("cp1252"), newline=""))
    labels = [row["source"] for row in rows]
    labelled = sorted(zip(labels, read(path).records, strict=True), key=lambda pair: pair[0] != "unique")
    linking = link((record for _, record in labelled), ListIndex())
    merged = {each.record.id for each in linking.duplicates}
    hits = {
        label: sum(record.id in merged for said, record in labelled if said == label) for label in set(labels)
    }
    assert labels.count("duplicate") == 1261
    assert hits["duplicate"] / 1261 >= 0.998
    assert hits["unique"] / 584 <= 0.002


def test_the_copper_set(shared_data: Path) -> None:
    """Of 505 records, those labelled as members of a group are found with an F1 of at least 0.99."""
    with gzip.open(shared_data / "dedupe/copper-505.endnote.xml.gz") as file:
        elements = parse(file).getroot().findall("records/record")
    records = [_record(number, element) for number, element in enumerate(elements)]
    said = {record.id for record, element in zip(records, elements, strict=True) if _text(element, "caption")}
    found = set(_grouped(records))
    right = len(said & found)
    assert (len(records), len(said)) == (505, 281)
    assert 2 * right / (len(said) + len(found)) >= 0.99


def _grouped(records: list[Record]) -> Iterator[str]:
    """Give every record that was merged, and the one it was merged with."""
    for each in link(records, ListIndex()).duplicates:
        yield each.record.id
        yield each.report


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else "".join(found.itertext()).strip()


def _record(number: int, element: Element) -> Record:
    authors = element.iterfind("contributors/authors/author")
    return Record(
        source="files",
        accession=str(number),
        title=_text(element, "titles/title"),
        authors=tuple("".join(author.itertext()) for author in authors),
        journal=_text(element, "titles/secondary-title"),
        year=year_in(_text(element, "dates/year")),
        volume=_text(element, "volume"),
        pages=_text(element, "pages"),
        doi=bare_doi(_text(element, "electronic-resource-num")),
    )


def test_reports_of_one_field_are_not_merged(shared_data: Path) -> None:
    """Of 482 reports of trials of one field, with parts and follow-ups among them, no two are merged."""
    lines = (shared_data / "pain/records.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    # Without identifiers nothing but the titles, years and authors is left to keep them apart.
    records = [
        Record(
            source="files",
            accession=str(number),
            title=row["title"] or "",
            authors=tuple(row["authors"] or ()),
            year=row["year"],
        )
        for number, row in enumerate(rows)
    ]
    linking = link(records, ListIndex())
    assert (len(linking.new), linking.duplicates) == (482, ())
    parts = {each.record.title for each in linking.siblings}
    assert any("Part 2: 11-month" in title for title in parts)
