"""Where a record holds less than PubMed indexes, offline evaluation says so instead of missing in silence."""

import pytest

from review.record import Record
from search.strategy import parse

RECORD = Record(
    source="pubmed",
    accession="900000001",
    pmid="900000001",
    title="A trial of X in Y",
    abstract="Relief of Z.",
    authors=("Tester AB", "Other C"),
    journal="The journal of tests",
    year=2014,
    pages="101-9, 120",
    doi="10.9999/test.1",
    language="spa",
    registrations=("NCT99999999",),
    orcids=("0000-0001-2345-6789", ""),
    status="PubMed-not-MEDLINE",
)

LESS = [
    "english[la]",
    "J Tests[ta]",
    "1234-5678[ta]",
    "aspirin[tw]",
    "hospital[all]",
    '"general hospital"',
    "hospital",
    '"S0000-0000(00)00000-0"[aid]',
    '"S0000-0000(00)00000-0"[lid]',
    "120[pg]",
    "genbank[si]",
    "ISRCTN 00000001[si]",
    "0000000121032683[auid]",
    "tester, anna[au]",
    "anna tester[1au]",
    "carla other[lastau]",
    "2013[dp]",
    "2014/07[crdt]",
]

HELD = [
    "rats[ti]",
    "rats[tiab]",
    "rats[ot]",
    "doe j[au]",
    "doe[1au]",
    "doe*[lastau]",
    "7[uid]",
    "13[vi]",
    "4[ip]",
    "NCT00000001[si]",
    "10.9999/test.2[aid]",
    "PMC1[aid]",
    "10.9999/test.2[lid]",
    "clinicaltrials.gov/NCT00000001[si]",
    "0000-0002-0000-0000[auid]",
    "orcid 0000-0002-0000-000X[auid]",
]


@pytest.mark.parametrize("query", LESS)
def test_what_a_record_holds_in_part_is_left_open(query):
    """PubMed may find the record although what is held of it does not match: neither yes nor no."""
    assert parse(query).could_match(RECORD) is None


@pytest.mark.parametrize("query", LESS)
def test_what_a_record_holds_in_part_is_a_limit(query):
    """A strategy with such a term says so, once and with the term."""
    (limit,) = parse(query).offline_limits()
    assert query.partition("[")[0].strip('"') in limit.replace("2013:", "").replace("2014/07:", "")


@pytest.mark.parametrize("query", HELD)
def test_what_a_record_holds_whole_is_decided(query):
    """Where a record holds all that PubMed indexes, not to match is a no, and no limit is told."""
    strategy = parse(query)
    assert (strategy.could_match(RECORD), strategy.offline_limits()) == (False, ())


@pytest.mark.parametrize("query", ["2014[edat]", "2014[lr]"])
def test_a_day_that_is_not_known_is_left_open(query):
    """A record without the day in question may fall into any range."""
    assert parse(query).could_match(RECORD) is None


def test_other_names_of_a_heading_are_left_open():
    """PubMed takes a heading's other names for it, without the narrower ones too."""
    strategy = parse("computer-assisted therapy[mh:noexp]")
    record = Record(source="s", accession="1", title="T", mesh=("Therapy, Computer-Assisted",))
    assert (strategy.could_match(record), len(strategy.offline_limits())) == (None, 1)


def test_a_limit_inside_a_not_is_left_open():
    """What a NOT may take out at PubMed is neither found nor lost."""
    assert parse("trial[ti] NOT aspirin[tw]").could_match(RECORD) is None
