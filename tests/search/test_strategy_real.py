"""Strategies put to the real records that lie beside the repository."""

import gzip

import pytest

from review.record import Record
from search.pubmed_xml import read
from search.strategy import Indexed, parse


@pytest.fixture(scope="module")
def records(shared_data):
    """The distinct real records, each ready to be asked."""
    with gzip.open(shared_data / "pubmed/distinct-496.xml.gz") as stream:
        return [Indexed(one) for one in read(stream) if isinstance(one, Record)]


def asked(heading: str) -> list[str]:
    """Every way to ask for one heading as MEDLINE writes it."""
    name, *qualifiers = heading.replace("*", "").split("/")
    pairs = [f'"{name}/{one}"[mh:noexp] AND "{one}"[sh]' for one in qualifiers]
    return [f'"{name}"[mh:noexp]', *pairs, *([f'"{name}"[majr]'] if "*" in heading else [])]


def test_every_heading_finds_its_record(records):
    """Each heading of each record, alone, with each subheading, and as a major topic, finds the record."""
    missed = [
        query
        for one in records
        for heading in one.record.mesh
        for query in asked(heading)
        if not parse(query).matches(one)
    ]
    assert (sum(len(one.record.mesh) for one in records) > 2_000, missed) == (True, [])


def test_every_record_is_in_its_range_of_pmids(records):
    """A range of one PMID finds one record, and the range of all finds all."""
    pmids = [int(one.record.pmid) for one in records]
    first, whole = parse(f"{pmids[0]}:{pmids[0]}[uid]"), parse(f"{min(pmids)}:{max(pmids)}[uid]")
    assert (sum(map(first.matches, records)), sum(map(whole.matches, records))) == (1, len(records))
