"""What linking found, as the rows that a commit writes."""

from collections.abc import Iterable
from datetime import datetime

from review.ids import ReportId
from review.link import DuplicateLink, LinkHint
from review.record import Record
from search.linking import Linking

__all__ = ["duplicate_links", "link_hints", "sightings"]


def sightings(records: Iterable[Record], linking: Linking) -> list[tuple[Record, ReportId]]:
    """Return each record with the report it stands for: its own, or the one it duplicates."""
    stands_for = {duplicate.record.id: duplicate.report for duplicate in linking.duplicates}
    return [(record, stands_for.get(record.id, record.report_id)) for record in records]


def duplicate_links(linking: Linking, at: datetime) -> list[DuplicateLink]:
    """Return the links of the records that are reports seen before."""
    return [
        DuplicateLink(record=one.record.id, report=one.report, rule=one.rule, at=at)
        for one in linking.duplicates
    ]


def link_hints(linking: Linking, at: datetime) -> list[LinkHint]:
    """Return the hints that two reports may tell of one study."""
    return [
        LinkHint(report=one.record.report_id, other=one.report, evidence=one.evidence, at=at)
        for one in linking.siblings
    ]
