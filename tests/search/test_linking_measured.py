"""Linking, measured on sets that people labelled and that nothing here was fitted to."""

import csv
import gzip
import json
from collections import Counter
from io import StringIO
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import parse

from review.record import Record
from search.files.citation_fields import bare_doi, year_in
from search.linking import DEFAULT_CONFIDENCE, Duplicate, Linking, ListIndex, link, title_key
from search.readers import read


def test_the_asysd_set(shared_data: Path) -> None:
    """Of 1,845 labelled records 1,260 of 1,261 duplicates are found, and 1 of 584 others is suggested too."""
    labelled = asysd(shared_data)
    found = shown(link((record for _, record in labelled), ListIndex()))
    hits = Counter(label for label, record in labelled if record.id in found)
    # The one that is missed stands first of a group all of whose members are labelled as duplicates.
    assert (hits["duplicate"] >= 1260, hits["unique"] <= 1) == (True, True)


def test_halves_of_the_asysd_set_agree(shared_data: Path) -> None:
    """Nothing hangs on one half of the groups: each has sensitivity 0.998 and specificity 0.994 at least."""
    groups: dict[str, list[tuple[str, Record]]] = {}
    for label, record in asysd(shared_data):
        groups.setdefault(title_key(record.title), []).append((label, record))
    for start in (0, 1):
        half = [pair for group in list(groups.values())[start::2] for pair in group]
        half.sort(key=lambda pair: pair[0] != "unique")
        found = shown(link((record for _, record in half), ListIndex()))
        rates = {
            label: [record.id in found for said, record in half if said == label]
            for label in ("duplicate", "unique")
        }
        assert sum(rates["duplicate"]) / len(rates["duplicate"]) >= 0.998
        assert sum(rates["unique"]) / len(rates["unique"]) <= 0.006


def test_what_merges_is_labelled_a_duplicate(shared_data: Path) -> None:
    """None of the 584 records that people kept merges by itself."""
    labelled = asysd(shared_data)
    merged = {each.record.id for each in link((record for _, record in labelled), ListIndex()).merged}
    kept = [record.title for label, record in labelled if label == "unique" and record.id in merged]
    assert (len(merged) > 800, kept) == (True, [])


def test_the_copper_set(shared_data: Path) -> None:
    """Of 505 records, the 281 labelled as members of a group are found with an F1 of at least 0.98."""
    with gzip.open(shared_data / "dedupe/copper-505.endnote.xml.gz") as file:
        elements = parse(file).getroot().findall("records/record")
    records = [_record(number, element) for number, element in enumerate(elements)]
    said = {record.id for record, element in zip(records, elements, strict=True) if _text(element, "caption")}
    linking = link(records, ListIndex())
    found = shown(linking) | {str(each.report) for each in linking.duplicates if _is_shown(each)}
    right = len(said & found)
    assert (len(records), len(said)) == (505, 281)
    assert 2 * right / (len(said) + len(found)) >= 0.98


def asysd(shared_data: Path) -> list[tuple[str, Record]]:
    """Read the set with its labels, those that people kept first."""
    path = shared_data / "dedupe/asysd-labelled-1845.csv.gz"
    rows = csv.DictReader(StringIO(gzip.decompress(path.read_bytes()).decode("cp1252"), newline=""))
    labels = [row["source"] for row in rows]
    labelled = sorted(zip(labels, read(path).records, strict=True), key=lambda pair: pair[0] != "unique")
    assert (labels.count("duplicate"), labels.count("unique")) == (1261, 584)
    return labelled


def shown(linking: Linking) -> set[str]:
    """Return the records that merge or are suggested as duplicates at the default confidence."""
    return {each.record.id for each in linking.duplicates if _is_shown(each)}


def _is_shown(each: Duplicate) -> bool:
    return each.confidence >= DEFAULT_CONFIDENCE


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
    """Of 482 reports of trials of one field, parts and follow-ups among them, none is taken for another."""
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
    parts = {each.record.title for each in linking.siblings if each.confidence >= DEFAULT_CONFIDENCE}
    assert any("Part 2: 11-month" in title for title in parts)
