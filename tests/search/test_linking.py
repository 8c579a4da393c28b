"""Linking: only identical identifiers merge, the rest is suggested, and nothing is lost."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.ids import ReportId
from review.record import Correction, Record
from search.linking import DEFAULT_CONFIDENCE, Duplicate, Linking, ListIndex, Sibling, link, title_key
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


def told(record: Record, known: Record = KNOWN) -> Duplicate | Sibling | None:
    """Return what linking says of `record` and the known one."""
    linking = against_known(record, known=[known])
    return next(iter((*linking.duplicates, *linking.siblings)), None)


def is_duplicate(record: Record, known: Record = KNOWN) -> bool:
    """Return whether `record` is called a duplicate of the known one, at whatever confidence."""
    return isinstance(told(record, known), Duplicate)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"pmid": "11", "title": "Another title"}, "same PMID"),
        ({"doi": "https://doi.org/10.1234/X"}, "same DOI, same title"),
        ({"doi": "10.1234/x", "title": "Effect of X on Y in adults: a randomized controlled trial"}, "near"),
        ({"pmcid": "5.1"}, "same PMCID, same title"),
        ({"doi": "10.1234/x", "title": ""}, "same DOI, no title"),
    ],
)
def test_identical_identifiers_merge(changes: dict[str, object], rule: str) -> None:
    """The same PMID, and the same DOI or PMCID under the same title, is the same report."""
    known = replace(KNOWN, pmcid="PMC5")
    (found,) = against_known(replace(SEEN, **changes), known=[known]).duplicates
    assert (found.report, found.merges, found.confidence) == ("pubmed:11", True, 1.0)
    assert rule in found.rule


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
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
        (
            {"title": "Effect of X on Y in adults: a randomised controled trial", "pages": "", "volume": ""},
            "near title, same first author, no place that differs",
        ),
        ({"pages": "", "volume": ""}, "same title, same first author, no place that differs"),
        ({"authors": ("Doe, Jane A.",), "pages": "e101"}, "same title, same first page"),
        ({"doi": "10.1234/y"}, "same title, same first page, but different DOI"),
        ({"pmid": "11", "doi": "10.1234/y"}, "same PMID, same title, but different DOI"),
        ({"doi": "10.1234/x", "pages": "201-9"}, "same DOI, same title, but different first page"),
        ({"doi": "10.1234/x", "title": "The effect of X on Y in adults"}, "same DOI, another title"),
        (
            {"title": "Wirkung von X auf Y bei Erwachsenen"},
            "another title, same journal, volume, first page and first author",
        ),
        (
            {"title": "Effect of X on Y in adults: a randomised controlled trial of Z beside care as usual"},
            "one title begins the other, same first page",
        ),
    ],
)
def test_what_is_alike_is_suggested(changes: dict[str, object], rule: str) -> None:
    """A report that identifiers do not settle stays new, and is shown to people with the rule."""
    linking = against_known(record := replace(SEEN, **changes))
    (found,) = linking.duplicates
    assert (found.merges, found.rule, linking.new) == (False, rule, (record,))
    assert found.confidence >= DEFAULT_CONFIDENCE


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        (
            {"authors": ("Poe E",), "year": 1990},
            "same PMID, another title, but another first author and 25 years apart",
        ),
        ({"year": 1990}, "same PMID, another title, but 25 years apart"),
        ({"authors": ("Poe E",)}, "same PMID, another title, but another first author"),
        ({"authors": ()}, "same PMID, another title, but no first author to compare"),
    ],
)
def test_a_pmid_on_another_document_is_suggested(changes: dict[str, object], rule: str) -> None:
    """A PMID under another title, by another author or of another year, hides nothing: people are asked."""
    record = replace(SEEN, pmid="11", title="Quite another study of grass in summer meadows", **changes)
    linking = against_known(record)
    (found,) = linking.duplicates
    assert (found.merges, found.rule, linking.new) == (False, rule, (record,))
    assert found.confidence >= DEFAULT_CONFIDENCE


def test_a_pmid_on_a_title_that_many_share_needs_an_author() -> None:
    """One PMID on two replies by two authors is shown, not merged."""
    known = replace(KNOWN, title="Reply")
    (found,) = against_known(replace(known, source="files", authors=("Poe E",)), known=[known]).duplicates
    assert (found.merges, found.confidence >= DEFAULT_CONFIDENCE) == (False, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another title", "year": 2017},
        {"title": "The effect of X on Y in adults: a randomised", "authors": ("Poe E",)},
        {"title": "", "authors": (), "year": None},
        {"authors": (), "year": 1990},
    ],
)
def test_a_pmid_merges_where_title_or_author_and_year_agree(changes: dict[str, object]) -> None:
    """A corrected or translated title, a mangled author or an early year do not part one PMID."""
    (found,) = against_known(replace(SEEN, pmid="11", **changes)).duplicates
    assert (found.merges, found.rule) == (True, "same PMID")


@pytest.mark.parametrize(
    "changes",
    [
        {"year": 2018},
        {"authors": (), "pages": "", "volume": "", "year": None},
        {
            "title": "Effect of X on Y in adults: a randomised controlled study",
            "pages": "",
            "volume": "",
        },
        {"doi": "10.1234/x", "title": "The effect of X on Y in children and their parents", "authors": ()},
    ],
)
def test_a_doubtful_duplicate_is_not_shown_unasked(changes: dict[str, object]) -> None:
    """Years apart, too little to go by, or one DOI under two titles, is kept below the default."""
    (found,) = against_known(replace(SEEN, **changes)).duplicates
    assert not found.merges
    assert found.confidence < DEFAULT_CONFIDENCE


@pytest.mark.parametrize(
    "changes",
    [
        {"pmid": "12", "pages": ""},
        {"doi": "10.1234/y", "volume": "", "pages": ""},
        {"volume": "13", "pages": ""},
        {"pages": "201-9"},
        {"authors": ("Poe E",), "pages": ""},
    ],
)
def test_one_title_in_two_places_is_two_reports(changes: dict[str, object]) -> None:
    """Different identifiers, places or authors under one title are at most siblings."""
    assert not is_duplicate(replace(SEEN, **changes))


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (
            "Graded exercise for X in older adults with Y. Part 1",
            "Graded exercise for X in older adults with Y. Part 2",
            "part",
        ),
        (
            "Graded exercise for X in older adults with Y I",
            "Graded exercise for X in older adults with Y II",
            "part",
        ),
        (
            "Graded exercise for X in older adults with Y",
            "Graded exercise for X in older adults with Y: protocol",
            "protocol",
        ),
        (
            "Graded exercise for X in older adults with Y: 6-month results",
            "Graded exercise for X in older adults with Y: 12-month results",
            "follow-up",
        ),
        (
            "Graded exercise for X in older adults with Y",
            "Graded exercise for X in older adults with Y: follow-up",
            "follow-up",
        ),
        (
            "Graded exercise for X in older adults with Y: six week results",
            "Graded exercise for X in older adults with Y: two week results",
            "follow-up",
        ),
        (
            "Graded exercise for X in older adults with Y",
            "Erratum: Graded exercise for X in older adults with Y",
            "erratum",
        ),
        (
            "Protocol for a randomised trial of graded exercise for X in older adults with Y",
            "Graded exercise for X in older adults with Y: a randomised controlled trial",
            "protocol",
        ),
        (
            "Graded exercise for X in older adults with Y",
            "Graded exercise for X in older adults with Y: secondary analysis of a trial",
            "secondary analysis",
        ),
    ],
)
def test_parts_of_a_story_are_siblings(one: str, other: str, kind: str) -> None:
    """Parts, protocols, follow-ups and errata are shown as such, never as one report, in whatever place."""
    found = told(replace(SEEN, title=one), replace(SEEN, accession="b", title=other))
    assert isinstance(found, Sibling)
    assert (found.kind, found.confidence >= DEFAULT_CONFIDENCE) == (kind, True)


@pytest.mark.parametrize("title", ["Editorial", "Reply", "In reply", "Author's response"])
def test_a_short_title_needs_author_and_place(title: str) -> None:
    """A title that many reports bear is not enough, with an author or with a page alone."""
    known = replace(SEEN, accession="b", title=title)
    assert not is_duplicate(replace(known, accession="c", authors=()), known)
    assert not is_duplicate(replace(known, accession="c", pages="", volume=""), known)
    assert is_duplicate(replace(known, accession="c"), known)


def test_one_registration_makes_siblings() -> None:
    """Reports under other titles that name one trial number are siblings, and the number is the evidence."""
    known = replace(KNOWN, registrations=("NCT01234567",))
    other = replace(SEEN, title="What came of Z", authors=(), pages="", abstract="Registered: NCT 01234567.")
    found = told(other, known)
    assert isinstance(found, Sibling)
    assert "same registration NCT01234567" in found.evidence


def test_a_registry_entry_is_a_sibling_of_its_report() -> None:
    """What a register holds of a trial is no duplicate of the trial's report, under whatever title."""
    entry = Record(source="clinicaltrials", accession="NCT01234567", title=KNOWN.title)
    found = told(replace(KNOWN, registrations=("NCT01234567",)), entry)
    assert isinstance(found, Sibling)
    assert found.kind == "registry entry"


def test_one_registry_entry_from_two_sources_merges() -> None:
    """The number that a register's entry stands under is its identifier."""
    entry = Record(source="clinicaltrials", accession="NCT01234567", title="X for Y")
    (found,) = against_known(replace(entry, source="files", title="A trial of X"), known=[entry]).merged
    assert found.rule == "same registration"


@pytest.mark.parametrize(
    "changes",
    [{"doi": "10.1101/2020.01.02.20000001"}, {"publication_types": ("Preprint",)}, {"journal": "medRxiv"}],
)
def test_a_preprint_is_a_sibling_of_the_article(changes: dict[str, object]) -> None:
    """A preprint under the article's title is another document about one study."""
    found = told(replace(SEEN, **{"volume": "", "pages": "", **changes}))
    assert isinstance(found, Sibling)
    assert (found.kind, found.confidence >= DEFAULT_CONFIDENCE) == ("preprint", True)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("ErratumFor", "erratum"),
        ("RetractionOf", "retraction"),
        ("UpdateOf", "update"),
        ("PreprintOf", "preprint"),
        ("ReferenceResult", "registry entry"),
        ("SomethingElse", "SomethingElse"),
    ],
)
def test_a_stated_correction_is_a_sibling(kind: str, shown: str) -> None:
    """What a source ties to a report by its PMID is told, whatever its title."""
    note = Record(
        source="pubmed",
        accession="99",
        pmid="99",
        title="Note",
        corrections=(Correction(kind=kind, pmid="11"),),
    )
    found = told(note)
    assert isinstance(found, Sibling)
    assert (found.kind, found.confidence) == (shown, 0.99)


def test_a_correction_that_came_first_is_found() -> None:
    """A report that arrives after its erratum is tied to it as well."""
    note = Record(
        source="pubmed",
        accession="99",
        pmid="99",
        title="Note",
        corrections=(Correction(kind="ErratumFor", citation="J X. 2015. doi: 10.1234/x"),),
    )
    found = told(KNOWN, note)
    assert isinstance(found, Sibling)


def test_one_trial_name_and_an_author_make_siblings() -> None:
    """Reports that give the trial one name are siblings where they share an author, else strangers."""
    known = replace(KNOWN, title="X for Y: the ABXY randomised trial")
    later = replace(
        SEEN, title="What became of adults in the ABXY study", authors=("Poe E", "Roe R"), pages=""
    )
    assert isinstance(told(later, known), Sibling)
    assert told(replace(later, authors=("Poe E",)), known) is None


def test_strangers_are_new_without_a_hint() -> None:
    """Records that share nothing are new."""
    linking = against_known(replace(SEEN, title="Something else", pages="1-8"))
    assert (linking.duplicates, linking.siblings) == ((), ())


def test_records_of_one_batch_are_linked() -> None:
    """The second of two records with one DOI merges into the first."""
    first = replace(SEEN, doi="10.1234/x")
    linking = against_known(first, replace(first, accession="b"), known=[])
    assert (linking.new, [each.report for each in linking.merged]) == ((first,), ["files:a"])


def test_a_chain_leads_to_the_first_report() -> None:
    """A record that merges with a merged record belongs to the report of that one."""
    second = replace(SEEN, accession="b", doi="10.1234/x", pmcid="PMC5")
    third = replace(SEEN, accession="c", pmcid="PMC5")
    assert {each.report for each in against_known(second, third).merged} == {"pubmed:11"}


def test_a_merged_record_that_fits_another_report_too_is_told() -> None:
    """A record with one report's PMID and another's DOI merges into the first; the second is suggested."""
    known = [replace(KNOWN, doi=""), replace(SEEN, accession="z", doi="10.1234/x", pages="", volume="")]
    linking = against_known(replace(SEEN, pmid="11", doi="10.1234/x"), known=known)
    first, second = linking.duplicates
    assert (first.report, first.merges, second.report, second.merges) == ("pubmed:11", True, "files:z", False)


def test_what_is_told_already_is_not_told_again() -> None:
    """A second record of a report does not repeat the hints that the first one gave."""
    known = [KNOWN, replace(KNOWN, accession="12", pmid="12", doi="10.1234/y", title=f"{KNOWN.title} Part 2")]
    linking = against_known(replace(SEEN, pmid="11"), known=known)
    assert (len(linking.merged), linking.suggested, linking.siblings) == (1, (), ())


def test_a_conflict_inside_the_report_keeps_out() -> None:
    """A record that the batch has just added to a known report keeps out one that conflicts with it."""
    known = replace(SEEN, accession="k", pmid="11")
    first = replace(SEEN, accession="a", pmid="11", doi="10.1234/x")
    second = replace(SEEN, accession="b", doi="10.1234/y", pmid="11", title="Another title")
    linking = against_known(first, second, known=[known])
    assert ([each.record for each in linking.merged], linking.new) == ([first], (second,))


@pytest.mark.parametrize("shared", [{"pmid": "11"}, {"pmcid": "PMC5"}])
def test_a_report_keeps_out_what_conflicts_with_a_record_of_the_index(shared: dict[str, str]) -> None:
    """Found only by what the batch added to it, a known report is still weighed with all its records."""
    first = replace(SEEN, pmid="11", pmcid="PMC5", volume="13")
    second = replace(SEEN, accession="b", doi="10.1234/y", volume="13", **shared)
    known = replace(KNOWN, title="Wirkung von X auf Y bei Erwachsenen", volume="", pages="")
    linking = against_known(first, second, known=[known])
    assert ([each.record for each in linking.merged], linking.new) == ([first], (second,))


def test_an_index_of_three_look_ups_is_enough() -> None:
    """An index that cannot be asked for many keys at once finds what it knows by PMID, DOI and title."""

    class Plain:
        def __init__(self, index: ListIndex) -> None:
            self.by_pmid, self.by_doi = index.by_pmid, index.by_doi
            self.by_title_key = index.by_title_key

    known = ListIndex([(KNOWN.report_id, KNOWN)])
    found = [
        link([replace(SEEN, **change)], Plain(known)) for change in ({}, {"doi": "10.1234/x"}, {"pmid": "11"})
    ]
    assert [(len(each.duplicates), len(each.merged)) for each in found] == [(1, 0), (1, 1), (1, 1)]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Effects of the X upon Y in adults: a randomised controlled trial", "pages": "101"},
        {"title": "Teh effect of X on Y in adults: a randomised controlled trial"},
        {"title": "X on Y in adults (abstract)"},
    ],
)
def test_a_place_finds_a_title_with_an_early_slip(changes: dict[str, object]) -> None:
    """A title whose beginning differs is found by where it stands."""
    assert told(replace(SEEN, **changes)) is not None


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


@law
@given(BATCH, BATCH)
def test_every_record_goes_to_one_place(known: list[Record], records: list[Record]) -> None:
    """Each record merges once or is new, never both; suggestions come beside that."""
    linking = against_known(*records, known=known)
    placed = [each.record for each in linking.merged] + list(linking.new)
    assert sorted(record.id for record in placed) == sorted(record.id for record in records)


@law
@given(BATCH, BATCH)
def test_no_report_ever_gains_a_second_identifier(known: list[Record], records: list[Record]) -> None:
    """Whatever merges, no report gains a second PMID or a second DOI."""
    linking = against_known(*records, known=known)
    held: dict[ReportId, list[Record]] = {record.report_id: [record] for record in (*known, *linking.new)}
    for each in linking.merged:
        held[each.report].append(each.record)
    assert all(len({record.pmid for record in several} - {""}) <= 1 for several in held.values())
    assert all(len({record.doi for record in several} - {""}) <= 1 for several in held.values())


@law
@given(BATCH, BATCH)
def test_only_identical_identifiers_merge(known: list[Record], records: list[Record]) -> None:
    """Records without PMID and DOI never merge, and what merges says which identifier is the same."""
    bare = [replace(record, pmid="", doi="") for record in records]
    assert against_known(*bare, known=known).merged == ()
    assert all(each.rule.startswith("same ") for each in against_known(*records, known=known).merged)


def test_trials_that_differ_by_a_number_do_not_merge_by_a_pmid():
    """One PMID on two titles that differ in a number, without a page that agrees, is for people."""
    one, other = (replace(KNOWN, title=f"Online therapy for pain: trial number {n}") for n in (5, 44))
    known = replace(one, source="baseline", accession="a", doi="", pages="")
    (found,) = against_known(other, known=[known]).duplicates
    assert (found.merges, found.confidence >= DEFAULT_CONFIDENCE) == (False, True)
