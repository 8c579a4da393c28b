"""Which references a strategy finds, and which block loses one."""

import pytest

from review.record import Record
from search.blocks import read
from search.recall import Hit, Reference, Standing, recall, recall_of_answers

BLOCKS = read("[population]\npain[tiab] OR ache*[tiab]\n[design]\ntrial[ti] NOT (rats[mh] OR mice[tiab])\n")


def reference(
    label: str, title: str = "", *, standing=Standing.INCLUDED, study: str = "", **more
) -> Reference:
    """A reference whose words are known, unless it has no title."""
    record = (
        Record(source="pubmed", accession=label, title=title, **{"abstract": "Text.", **more})
        if title
        else None
    )
    return Reference(
        label=label, study=study or label, standing=standing, title=title, pmid=label, record=record
    )


def outcome(block: str, one: Reference):
    """What one block makes of one reference."""
    found = recall(BLOCKS, [one])
    return next(row.outcomes[0] for row in found.blocks if row.block == block)


def test_the_block_that_loses_a_study_is_named():
    """A lost study comes with the block that loses it, and only with that."""
    lost = recall(BLOCKS, [reference("1", "A trial of fatigue")]).of(Standing.INCLUDED, Hit.NO)
    assert [(one.study, one.losing) for one in lost] == [("1", ("population",))]


def test_terms_that_catch_are_named():
    """Each report comes with the terms of the block that are in it."""
    assert outcome("population", reference("1", "A trial of pain and aches")).terms == (
        "pain[tiab]",
        "ache*[tiab]",
    )


def test_a_not_that_takes_a_report_out_is_named():
    """A report lost to a NOT has the terms that matched, and those that took it out."""
    lost = outcome("design", reference("1", "A trial of pain in mice"))
    assert (lost.found, lost.terms, lost.taken_out_by) == (Hit.NO, ("trial[ti]",), ("mice[tiab]",))


def test_a_title_alone_can_catch_but_not_lose():
    """Where no abstract is known, a report is found by its title, or not judged."""
    bare = reference("1", "A trial of fatigue", abstract="")
    assert (outcome("design", bare).found, outcome("population", bare).found) == (Hit.YES, Hit.UNKNOWN)


def test_an_unknown_report_is_not_judged():
    """A report of which nothing is known is listed as not judged."""
    found = recall(BLOCKS, [reference("1")])
    assert [one.study for one in found.of(Standing.INCLUDED, Hit.UNKNOWN)] == ["1"]


@pytest.mark.parametrize(("status", "perhaps"), [("", True), ("PubMed-not-MEDLINE", False)])
def test_what_a_heading_may_find_is_said(status, perhaps):
    """A lost report that PubMed may find by a heading not known offline is marked so."""
    blocks = read("[population]\npain[mh]\n")
    lost = recall(blocks, [reference("1", "A trial", status=status)]).studies[0]
    assert (lost.found, lost.perhaps) == (Hit.NO, perhaps)


def test_a_study_is_found_by_any_of_its_reports():
    """A study of which one report is found is not lost."""
    reports = [reference("1", "A trial of fatigue", study="S"), reference("2", "A trial of pain", study="S")]
    assert [(one.study, one.found) for one in recall(BLOCKS, reports).studies] == [("S", Hit.YES)]


def test_included_and_excluded_are_kept_apart():
    """To lose an excluded study is not counted among the included ones."""
    found = recall(BLOCKS, [reference("1", "A trial of fatigue", standing=Standing.EXCLUDED)])
    assert (len(found.of(Standing.EXCLUDED, Hit.NO)), found.of(Standing.INCLUDED, Hit.NO)) == (1, ())


def test_answers_of_pubmed_are_put_together_alike():
    """What PubMed found per block gives the same tables; without a PMID a report is not judged."""
    nameless = Reference(label="2", study="2", standing=Standing.INCLUDED)
    found = recall_of_answers([reference("1"), nameless], {"population": {"1"}, "design": set()})
    assert [(one.study, one.found, one.losing) for one in found.studies] == [
        ("1", Hit.NO, ("design",)),
        ("2", Hit.UNKNOWN, ()),
    ]
