"""Which records a strategy finds offline."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.record import Record
from search.strategy import Indexed, Severity, parse
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
    orcids=("https://orcid.org/0000-0001-2345-6789", ""),
    revised=date(2015, 2, 3),
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
        "chronic pain/th[mh]",
        "th[sh]",
        "chronic pain/therapy[majr]",
        "1:900000001[uid]",
        '"900000001"[uid] : "900000009"[uid]',
        "7 900000001",
        "random*d[tiab]",
        '"self manag* crohn*"[ti] OR "self-man*ment in crohn*"[ti]',
        "tester a[au]",
        "english[la]",
        "clinicaltrials.gov/NCT99999999[si]",
        "orcid 0000-0001-2345-6789[auid]",
        "NCT99999999[tw]",
        "2015/02[lr]",
        "therapy, comp*assisted[mh]",
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
        "therapy[mh]",
        "computer-assisted/therapy[mh]",
        "2:899999999[uid]",
        "7 8",
        "random*z[tiab]",
        '"self-man*ment crohn*"[ti]',
        '"tester a"[au]',
        "chi[la]",
        "2016[lr]",
    ],
)
def test_not_found(query):
    """The record is found by none of these."""
    assert not parse(query).matches(RECORD)


@pytest.mark.parametrize(
    ("heading", "query", "found"),
    [
        ("*Pain/psychology", "pain[majr]", True),
        ("*Pain/psychology", "pain/psychology[majr]", True),
        ("Pain/*psychology", "pain[majr]", True),
        ("Pain/*psychology", "pain/psychology[majr]", True),
        ("Pain/drug therapy/*psychology", "pain/psychology[majr]", True),
        ("Pain/drug therapy/*psychology", "pain/drug therapy[majr]", False),
        ("Pain/drug therapy/*psychology", "pain/dt[mh] AND pain/px[mh] AND dt[sh] AND px[sh]", True),
        ("Pain/administration & dosage", "ad[sh] AND pain/administration and dosage[mh]", True),
        ("Pain/psychology", "pain[majr]", False),
    ],
)
def test_stars_of_headings_and_subheadings(heading, query, found):
    """A major topic is starred at the heading or at a subheading; each subheading counts by itself."""
    record = Record(source="pubmed", accession="1", title="A trial", mesh=(heading,))
    assert parse(query).matches(record) is found


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("web[ti]", True),
        ("rats[ti]", False),
        ("pain[mh]", None),
        ("pain[mh:noexp]", None),
        ("clinical trial[pt:noexp]", False),
        ("web[ti] AND x[filter]", None),
        ("rats[ti] AND x[filter]", False),
        ("web[ti] NOT rats[mh]", None),
        ("web[ti] NOT humans[mh]", False),
        ("web[ti] OR x[filter]", True),
        ("clinical trial[pt]", None),
        ("2013[dp]", None),
    ],
)
def test_what_hangs_on_pubmed_is_left_open(query, answer):
    """Three answers: found, lost, or hanging on what only PubMed can evaluate."""
    assert parse(query).could_match(RECORD) is answer


@pytest.mark.parametrize(("status", "answer"), [("", None), ("MEDLINE", None), ("PubMed-not-MEDLINE", False)])
def test_headings_that_are_not_known_may_be_there(status, answer):
    """A record without headings may have some in PubMed, unless its status says that it was not indexed."""
    record = Record(source="pubmed", accession="1", title="A trial", status=status)
    assert parse("pain[mh:noexp]").could_match(record) is answer


def test_proximity_in_an_index_of_words_is_left_open():
    """An index of words has no order, so that nearness cannot be told from it."""
    record = Record(source="s", accession="1", title="T", keywords=("pain", "relief"), index_only=True)
    assert parse('"pain relief"[tiab:~3]').could_match(record) is None


def test_offline_limits_name_what_they_are_about():
    """The limits of offline evaluation are sentences with the terms that they concern."""
    limits = parse('pain[mh] OR a[filter] OR word OR "two words"[ti] OR 2014[dp]').offline_limits()
    assert [limit.rpartition(": ")[2] for limit in limits] == [
        "pain[mh].",
        "a[filter].",
        "word.",
        "two words[ti].",
        "2014:2014[dp].",
    ]


def test_words_alone_have_no_offline_limits():
    """A query of tagged words is evaluated as PubMed does."""
    assert parse("pain[tiab] AND 2014[edat]").offline_limits() == ()


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


def test_real_query_has_nothing_but_notes(shared_data):
    """The strategy of the pain review is read without an error or a warning."""
    found = [one for block in pain.blocks(shared_data).values() for one in parse(block).lint()]
    assert [one for one in found if one.severity is not Severity.NOTE] == []


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
