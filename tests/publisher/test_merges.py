"""Reports that became one document: counted, told apart by who said so, and never in an edition before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from publisher.flowchart import steps
from publisher.prisma_table import prisma_rows
from publisher.snapshot import archived, living
from review.ids import RecordId
from review.ledger import Ledger
from review.link import DuplicateLink, LinkHint, Relation
from review.record import Report

from .conftest import NOW, report_of

ONE, OTHER = report_of("L"), report_of("M")


@pytest.fixture
def merged(material):
    """Return the review after a person said that two of its new reports are one document."""
    at = material.ledger.editions[-1].at + timedelta(days=1)
    link = DuplicateLink(record=RecordId(OTHER), report=ONE, rule="said so", at=at, by="lena")
    reports = dict(material.reports)
    both = (*reports[ONE].records, *reports.pop(OTHER).records)
    return replace(
        material,
        ledger=replace(material.ledger, duplicates=(*material.ledger.duplicates, link)),
        reports={**reports, ONE: Report(id=ONE, records=both)},
    )


def _hinted(material, *hints) -> Ledger:
    return replace(material.ledger, link_hints=(*material.ledger.link_hints, *hints))


def _hint(confidence: float) -> LinkHint:
    return LinkHint(
        report=ONE,
        other=OTHER,
        evidence="same title",
        at=NOW,
        relation=Relation.DUPLICATE,
        confidence=confidence,
    )


def test_the_box_of_duplicates_says_who_removed_them(merged):
    """One number stands in the box, and beside it how many rest on identifiers and how many on people."""
    boxes = [box for step in steps(living(merged, NOW).flow) for box in step.leaves]
    (found,) = [box for box in boxes if box.id == "duplicates"]
    assert (found.n, dict(found.detail)) == (2, {"by identical identifiers": 1, "by people": 1})


def test_the_table_has_both_numbers(merged):
    """The box's row holds the sum, and two rows below it the parts."""
    found = {row[0]: row[-1] for row in prisma_rows(living(merged, NOW).flow)}
    names = ("duplicates", "duplicates_by_identifiers", "duplicates_by_people")
    assert [found[name] for name in names] == ["2", "1", "1"]


def test_an_edition_does_not_know_later_merges(material, merged):
    """An edition built anew after a merge is the one that was built before it."""
    edition = material.ledger.editions[-1]
    before, after = archived(material, edition), archived(merged, edition)
    assert (after.flow, after.settlements) == (before.flow, before.settlements)
    assert {OTHER, ONE} <= after.material.reports.keys()


def test_a_report_of_an_edition_keeps_its_own_records(material, merged):
    """What became one document later is listed with the records that each report had."""
    edition = material.ledger.editions[-1]
    assert archived(merged, edition).material.reports[OTHER] == material.reports[OTHER]


def test_what_was_flagged_stays_flagged(merged, suggestions):
    """A flag of a report that became another counts for that one where none was said of it."""
    flagged = replace(suggestions[0], report=OTHER, flagged=True)
    snapshot = living(replace(merged, suggestions=(flagged,)), NOW)
    assert snapshot.flagged == {ONE}


def test_the_page_says_what_waits_for_a_person(front, material):
    """Suggested duplicates are counted for readers, each pair once."""
    page = front(ledger=_hinted(material, _hint(0.7), _hint(0.9)))
    assert "1 pair of reports may be one document" in page


def test_the_page_says_that_nothing_waits(front):
    """Without a guess the page says so."""
    assert "No suggested duplicate waits for a person." in front()
