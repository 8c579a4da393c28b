"""Linking: duplicates are merged with caution, siblings are hints, and nothing is lost."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.ids import ReportId
from review.record import Record
from search.linking import Linking, ListIndex, link, title_key
from tests.search.wire import law

KNOWN = Record(
    source="pubmed",
    accession="11",
    pmid="11",
    doi="10.1234/x",
    title="The effect of X on Y in adults: a randomised controlled trial.",
    authors=("Doe JA", "Roe R"),
    journal="Journal of X",
    year=2015,
    volume="12",
    pages="101-9",
)
SEEN = replace(KNOWN, source="files", accession="a", pmid="", doi="")


def against_known(*records: Record, known: Iterable[Record] = (KNOWN,)) -> Linking:
    """Link `records` to the known ones."""
    return link(records, ListIndex([(record.report_id, record) for record in known]))


def is_duplicate(record: Record, known: Record = KNOWN) -> bool:
    """Return whether `record` is merged with `known`."""
    return bool(against_known(record, known=[known]).duplicates)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"pmid": "11", "title": "Another title"}, "same PMID"),
        ({"doi": "https://doi.org/10.1234/X"}, "same DOI, same title"),
        ({}, "same title, same first page"),
        (
            {"title": "Effect of X on Y in adults - a randomised controlled trial"},
            "same title, same first page",
        ),
        (
            {"title": "The effect of <i>X</i> on Y in adults: a randomised controled trial"},
            "near title, same first page",
        ),
        ({"year": 2017}, "same title, same first page"),
        ({"pages": "", "volume": ""}, "same title, same first author, no place that differs"),
        ({"authors": ("Doe, Jane A.",), "pages": "e101"}, "same title, same first page"),
    ],
)
def test_a_report_seen_again_is_a_duplicate(changes: dict[str, object], rule: str) -> None:
    """The same identifier, or the same title in the same place, is the same report, and the rule is told."""
    (found,) = against_known(replace(SEEN, **changes)).duplicates
    assert (found.report, found.rule) == ("pubmed:11", rule)


@pytest.mark.parametrize(
    "changes",
    [
        {"pmid": "12"},
        {"doi": "10.1234/y"},
        {"pmid": "12", "doi": "10.1234/x"},
        {"pmid": "11", "doi": "10.1234/y"},
        {"year": 2018},
        {"pages": "201-9"},
        {"volume": "13", "pages": ""},
        {"authors": (), "pages": "", "volume": ""},
        {"doi": "10.1234/x", "title": "The effect of X on Y in children and their parents"},
    ],
)
def test_a_doubt_leaves_two_reports(changes: dict[str, object]) -> None:
    """Different identifiers, places or years, or too little to go by, never merge."""
    linking = against_known(replace(SEEN, **changes))
    assert (len(linking.duplicates), len(linking.new)) == (0, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Exercise for X in Y. Part 1", "Exercise for X in Y. Part 2"),
        ("Exercise for X in Y I", "Exercise for X in Y II"),
        ("Exercise for X in adults with Y", "Exercise for X in adults with Y: protocol"),
        (
            "Exercise for X in adults with Y: 6-month results",
            "Exercise for X in adults with Y: 12-month results",
        ),
        ("Exercise for X in adults with Y", "Exercise for X in adults with Y: follow-up"),
        (
            "Exercise for X in adults with Y: six week results",
            "Exercise for X in adults with Y: two week results",
        ),
        ("Exercise for X in adults with Y", "Erratum: Exercise for X in adults with Y"),
    ],
)
def test_parts_of_a_story_are_never_one_report(one: str, other: str) -> None:
    """Parts, protocols, follow-ups and errata differ from each other even in the same place."""
    assert not is_duplicate(replace(SEEN, title=one), replace(SEEN, accession="b", title=other))


@pytest.mark.parametrize("title", ["Editorial", "Reply", "In reply", "Author's response"])
def test_a_short_title_needs_author_and_place(title: str) -> None:
    """A title that many reports bear is not enough, with an author or with a page alone."""
    known = replace(SEEN, accession="b", title=title)
    assert not is_duplicate(replace(known, accession="c", authors=()), known)
    assert not is_duplicate(replace(known, accession="c", pages="", volume=""), known)
    assert is_duplicate(replace(known, accession="c"), known)


def test_a_sibling_is_a_hint_with_evidence() -> None:
    """A new report that begins like a known one by the same author is shown with the evidence."""
    later = replace(
        KNOWN, accession="12", pmid="12", doi="10.1234/y", title=f"{KNOWN.title} 12-month follow-up"
    )
    linking = against_known(later)
    assert [each.report for each in linking.siblings] == ["pubmed:11"]
    assert linking.siblings[0].evidence.endswith("same first author, different PMID")


def test_conflicting_identifiers_are_shown() -> None:
    """A PMID with another DOI is not merged, but shown to people."""
    linking = against_known(replace(SEEN, pmid="11", doi="10.1234/y"))
    assert linking.siblings[0].evidence == "same PMID, titles agree to 100%, same first author, different DOI"


def test_strangers_are_new_without_a_hint() -> None:
    """Records that share nothing are new."""
    linking = against_known(replace(SEEN, title="Something else"))
    assert (linking.duplicates, linking.siblings) == ((), ())


def test_records_of_one_batch_are_linked() -> None:
    """The second of two equal records in one batch is a duplicate of the first."""
    linking = against_known(SEEN, replace(SEEN, accession="b"), known=[])
    assert (linking.new, [each.report for each in linking.duplicates]) == ((SEEN,), ["files:a"])


def test_a_chain_leads_to_the_first_report() -> None:
    """A record that resembles a duplicate belongs to the report of that duplicate."""
    second = replace(SEEN, accession="b", doi="10.1234/x", pages="")
    third = replace(second, accession="c", authors=(), volume="")
    linking = against_known(second, third)
    assert {each.report for each in linking.duplicates} == {"pubmed:11"}


def test_a_duplicate_is_not_chained_past_a_conflict() -> None:
    """A record without identifiers does not bring together two that differ in theirs."""
    other = replace(KNOWN, accession="12", pmid="12", doi="10.1234/y")
    linking = against_known(SEEN, other)
    assert [each.record for each in linking.duplicates] == [SEEN]
    assert linking.new == (other,)


def test_the_key_survives_spelling() -> None:
    """Case, accents, markup, articles and Greek letters do not change the key of a title."""
    assert title_key("The <i>Café</i> β-blockers") == title_key("CAFE beta blockers") == "cafebetablockers"


WORDS = st.sampled_from(["exercise", "pain", "trial", "adults", "of", "II", "protocol", "6-month", "β"])
SOME = st.builds(
    Record,
    source=st.just("files"),
    accession=st.uuids().map(str),
    title=st.lists(WORDS, max_size=6).map(" ".join),
    authors=st.sampled_from([(), ("Doe J",), ("Roe, R.",)]),
    year=st.sampled_from([None, 2010, 2012, 2020]),
    volume=st.sampled_from(["", "1", "2"]),
    pages=st.sampled_from(["", "1-9", "11"]),
    doi=st.sampled_from(["", "10.1234/a", "10.1234/b"]),
    pmid=st.sampled_from(["", "1", "2"]),
)
BATCH = st.lists(SOME, max_size=12, unique_by=lambda record: record.accession)


def test_a_conflict_inside_the_batch_is_seen() -> None:
    """A record that the batch has just added to a known report keeps out one that conflicts with it."""
    known = replace(SEEN, accession="k", pmid="11")
    first = replace(SEEN, accession="a", doi="10.1234/x")
    second = replace(SEEN, accession="b", doi="10.1234/y", pmid="11", title="Another title")
    linking = against_known(first, second, known=[known])
    assert ([each.record for each in linking.duplicates], linking.new) == ([first], (second,))


@law
@given(BATCH, BATCH)
def test_every_record_goes_to_one_place(known: list[Record], records: list[Record]) -> None:
    """Each record is a duplicate or new, and hints are on new ones only."""
    linking = against_known(*records, known=known)
    placed = [each.record for each in linking.duplicates] + list(linking.new)
    assert sorted(record.id for record in placed) == sorted(record.id for record in records)
    assert {each.record for each in linking.siblings} <= set(linking.new)


@law
@given(BATCH, BATCH)
def test_no_report_ever_holds_two_identifiers_of_a_kind(known: list[Record], records: list[Record]) -> None:
    """Whatever is merged, no report gains a second PMID or a second DOI."""
    linking = against_known(*records, known=known)
    held: dict[ReportId, list[Record]] = {record.report_id: [record] for record in (*known, *linking.new)}
    for each in linking.duplicates:
        held[each.report].append(each.record)
    assert all(len({record.pmid for record in several} - {""}) <= 1 for several in held.values())
    assert all(len({record.doi for record in several} - {""}) <= 1 for several in held.values())
