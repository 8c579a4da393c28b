"""What linking found becomes rows: merges for the service, hints for people; a store links as a list does."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.steps.linked import duplicate_links, link_hints, sightings
from review.link import DuplicateLink, Relation
from review.record import Record
from search.linking import ListIndex, filed_under, link, title_key
from store.store import open_store

AT = datetime(2026, 1, 2, 3, tzinfo=UTC)
KNOWN = Record(
    source="files",
    accession="known",
    title="The effect of X on Y in older adults with Z: a randomised controlled trial",
    authors=("Doe JA",),
    journal="Journal of X",
    year=2015,
    volume="12",
    pages="101-9",
    doi="10.1234/x",
    registrations=("NCT01234567",),
)
SAME = replace(KNOWN, accession="same")
ALIKE = replace(KNOWN, accession="alike", doi="", registrations=())
LATER = replace(KNOWN, accession="later", doi="10.1234/y", title="What became of X", pages="1-8")
NEW = Record(source="files", accession="new", title="Something else entirely")
RECORDS = (SAME, ALIKE, LATER, NEW)


@pytest.fixture
def linking():
    """Link one record of each kind."""
    return link(RECORDS, ListIndex([(KNOWN.report_id, KNOWN)]))


def test_only_what_merges_stands_for_another_report(linking):
    """A suggested duplicate is a report of its own until people agree."""
    stands_for = {record.accession: report for record, report in sightings(RECORDS, linking)}
    assert stands_for == {
        "same": "files:known",
        "alike": "files:alike",
        "later": "files:later",
        "new": "files:new",
    }


def test_a_merge_is_a_link_with_its_rule(linking):
    """The service ties identical identifiers, and says which."""
    (row,) = duplicate_links(linking, AT)
    assert (row.record, row.report, row.rule, row.by) == (
        "files:same",
        "files:known",
        "same DOI, same title",
        "",
    )


def test_suggestions_are_hints_of_their_relation(linking):
    """People see what may be one document apart from what may be one study, each once."""
    hints = {(hint.report, hint.other): hint for hint in link_hints(linking, AT)}
    alike, later = hints["files:alike", "files:known"], hints["files:later", "files:known"]
    assert (alike.relation, alike.confidence, len(hints)) == (Relation.DUPLICATE, 0.98, 2)
    assert (later.relation, "NCT01234567" in later.evidence) == (Relation.SIBLING, True)


def test_a_hint_on_a_merged_record_is_on_its_report():
    """What a merged record says of another report is said of the report it stands for."""
    other = replace(ALIKE, accession="other", pmid="7")
    both = replace(KNOWN, accession="both", pmid="7")
    known = ListIndex([(one.report_id, one) for one in (replace(KNOWN, pages="", volume=""), other)])
    linking = link([both], known)
    merged = {row.report for row in duplicate_links(linking, AT)}
    (hint,) = link_hints(linking, AT)
    assert {hint.report, hint.other} == {"files:known", "files:other"}
    assert merged == {hint.report}


@pytest.fixture
def joined(tmp_path):
    """A store with two reports that a person said are one document."""
    with open_store(
        f"sqlite:///{tmp_path / 'store.db'}", create=True, title_key=title_key, link_keys=filed_under
    ) as store:
        other = Record(source="files", accession="other", title="Another document entirely, told anew")
        store.add_records([other, KNOWN], AT)
        row = DuplicateLink(record=KNOWN.id, report=other.report_id, rule="made up", at=AT, by="lena")
        store.link_duplicates([row])
        yield store


def _take_in(store, *records):
    linking = link(records, store.link_index())
    store.add_records(
        [record for record, _ in sightings(records, linking)], AT, duplicates=duplicate_links(linking, AT)
    )


def test_what_was_linked_goes_with_the_record_that_it_matched(joined):
    """A record found through a report that became another leaves with it when the two are set apart."""
    again = replace(SAME, accession="again", doi="", pmcid="PMC5")
    _take_in(joined, replace(SAME, pmcid="PMC5"), again)
    _take_in(joined, replace(again, accession="third"))
    assert [len(one.records) for one in joined.reports().values()] == [5]
    joined.link_duplicates(
        [DuplicateLink(record=KNOWN.id, report=KNOWN.report_id, rule="set apart", at=AT, by="lena")]
    )
    assert [one.accession for one in joined.report(KNOWN.report_id).records] == [
        "known",
        "same",
        "again",
        "third",
    ]


def test_a_store_links_as_a_list_does(tmp_path):
    """The same records against the same known ones give the same, whatever holds them."""
    with open_store(
        f"sqlite:///{tmp_path / 'store.db'}", create=True, title_key=title_key, link_keys=filed_under
    ) as store:
        store.add_records([KNOWN], AT)
        assert link(RECORDS, store.link_index()) == link(RECORDS, ListIndex([(KNOWN.report_id, KNOWN)]))
