"""Which records a strategy finds offline."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.record import Record
from search.strategy import Indexed, parse
from search.words import folded_words
from tests.search import pain

RECORD = Record(
    source="pubmed",
    accession="900000001",
    pmid="900000001",
    title="A trial of Web-based self-management in Crohn's disease",
    abstract="Randomised pátients. Relief of chronic pain; coping was measured online.",
    authors=("Tester AB", "Other C"),
    journal="Journal of Tests",
    year=2014,
    volume="12",
    issue="3",
    pages="101-9",
    doi="10.9999/Test.1",
    language="eng",
    publication_types=("Randomized Controlled Trial",),
    mesh=("*Chronic Pain/therapy", "Therapy, Computer-Assisted", "Humans"),
    keywords=("internet", "pain relief"),
    registrations=("NCT99999999",),
    entered=date(2014, 7, 1),
)


@pytest.mark.parametrize(
    "query",
    [
        '"web based"[tiab]',
        '"web-based"[ti]',
        "web-based[tiab]",
        "patients[ab]",
        "PÁTIENTS[tiab]",
        '"crohn s disease"[ti]',
        "internet[tiab]",
        "internet[ot]",
        '"chronic pain"[tiab]',
        '"self-manag*"[tiab]',
        "random*[tiab]",
        '"relief pain"[tiab:~2]',
        "chronic pain[mh]",
        '"therapy, computer-assisted"[mh]',
        "chronic pain/therapy[mh]",
        "chronic pain[majr]",
        "therapy[sh]",
        "randomized controlled trial[pt]",
        "900000001[uid]",
        "900000001[pmid]",
        "tester[au]",
        "tester ab[1au]",
        "other c[lastau]",
        "journal of tests[ta]",
        "12[vi] AND 3[ip] AND 101[pg]",
        "10.9999/test.1[aid]",
        "NCT99999999[si]",
        "eng[la]",
        "humans[tw]",
        "tests pain internet",
        "2014[dp]",
        "2013:2015/03[dp]",
        "2014/07[edat]",
        "2014/07/01:2014/07/01[crdt]",
        "pain[xyz]",
    ],
)
def test_found(query):
    """The record is found by each of these."""
    assert parse(query).matches(RECORD)


@pytest.mark.parametrize(
    "query",
    [
        '"pain relief of"[tiab]',
        '"disease randomised"[tiab]',
        '"internet pain"[tiab]',
        "internet[ti]",
        "internet[ab]",
        "rando[tiab]",
        "web*[tiab]",
        "r*ndomised[tiab]",
        '"pain online"[tiab:~1]',
        "pain[mh]",
        "computer-assisted[mh]",
        "humans[majr]",
        "humans[tiab]",
        "controlled trial[pt]",
        "test[au]",
        "other c[1au]",
        "2015[dp]",
        "2010:2013[dp]",
        "2014/07/02:3000[edat]",
        "notanyday[edat]",
        "hasabstract[filter]",
        "pain[tiab] NOT humans[mh]",
    ],
)
def test_not_found(query):
    """The record is found by none of these."""
    assert not parse(query).matches(RECORD)


@pytest.mark.parametrize(
    ("headings", "kept"), [(("Animals",), False), (("Animals", "Humans"), True), ((), True)]
)
def test_animal_studies_are_taken_out(headings, kept):
    """The customary animal filter drops what is about animals only."""
    record = Record(source="pubmed", accession="1", title="A trial", mesh=headings)
    assert parse("trial[ti] NOT (animals[mh] NOT humans[mh])").matches(record) is kept


def test_words_of_an_index_stand_for_the_abstract():
    """Where keywords are an index of the abstract, a question about the abstract goes to them."""
    record = Record(
        source="pubmed", accession="1", title="T", keywords=("pain", "web based"), index_only=True
    )
    assert parse('pain[ab] AND "web-based"[tiab]').matches(record)


def test_record_without_dates_fits_no_range():
    """A record without year and entry day is found by no date range."""
    assert not parse("1800:3000[dp] OR 1800:3000[edat]").matches(Record(source="s", accession="1", title="T"))


@given(st.text())
def test_folding_twice_changes_nothing(text):
    """Folded words fold to themselves."""
    assert [word for part in folded_words(text) for word in folded_words(part)] == folded_words(text)


@given(
    st.lists(st.sampled_from(["pain", "web", "site"]), min_size=1, max_size=6), st.sampled_from(["AND", "OR"])
)
def test_joined_words_are_sets(words, operator):
    """OR finds a record that has one of the words, AND one that has all, NOT exactly the others."""
    record = Indexed(Record(source="s", accession="1", title="web site"))
    held = [word in {"web", "site"} for word in words]
    joined = f" {operator} ".join(f"{word}[ti]" for word in words)
    expected = all(held) if operator == "AND" else any(held)
    assert (parse(joined).matches(record), parse(f"web[ti] NOT ({joined})").matches(record)) == (
        expected,
        not expected,
    )


def test_real_query_has_no_findings(shared_data):
    """The strategy of the pain review is read without a finding."""
    assert [parse(block).lint() for block in pain.blocks(shared_data).values()] == [()] * 4


def test_real_query_finds_its_sanity_set(shared_data):
    """Offline, the real query finds every record of its sanity set that has a text here."""
    query, wanted = parse(pain.query(shared_data)), pain.sanity_set(shared_data)
    there = [row for row in pain.own_rows(shared_data) if row["pmid"] in wanted and row["abstract"]]
    assert len(there) == 15
    assert [row["pmid"] for row in there if not query.matches(pain.as_record(row))] == []


def test_real_query_leaves_the_background_out(shared_data):
    """Of thousands of trials on other topics the real query finds a few in a thousand."""
    query = parse(pain.query(shared_data))
    found = [query.matches(pain.as_record(row)) for row in pain.background_rows(shared_data)]
    assert 0 < sum(found) < len(found) / 100
