"""What linking found, as the rows that a commit writes."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from review.ids import RecordId, ReportId
from review.link import DuplicateLink, LinkHint, Relation
from review.record import Record
from search.linking import Duplicate, Linking, Sibling

__all__ = ["duplicate_links", "link_hints", "sightings"]


def sightings(records: Iterable[Record], linking: Linking) -> list[tuple[Record, ReportId]]:
    """Return each record with the report it stands for: its own, or the one that its link names."""
    named = {one.record.id: one.through for one in linking.merged}
    return [(record, named.get(record.id, record.report_id)) for record in records]


def duplicate_links(linking: Linking, at: datetime) -> list[DuplicateLink]:
    """Return the links of the records that are reports seen before.

    A link names the record that was matched, not the report that it stands for at present: where people set
    the two apart again, what matched the one goes with it.
    """
    return [
        DuplicateLink(record=one.record.id, report=one.through, rule=one.rule, at=at)
        for one in linking.merged
    ]


def link_hints(linking: Linking, at: datetime) -> list[LinkHint]:
    """Return each hint that two reports may be one document, or tell of one study, once: the surest."""
    hints: dict[tuple[ReportId, ReportId, Relation], LinkHint] = {}
    for hint in _hints(linking, at):
        ends = (hint.report, hint.other, hint.relation)
        if hint.report != hint.other and (ends not in hints or hint.confidence > hints[ends].confidence):
            hints[ends] = hint
    return list(hints.values())


def _hints(linking: Linking, at: datetime) -> Iterator[LinkHint]:
    stands_for = _stands_for(linking)

    def hint(found: Duplicate | Sibling, evidence: str, relation: Relation) -> LinkHint:
        return LinkHint(
            report=stands_for.get(found.record.id, found.record.report_id),
            other=found.report,
            evidence=evidence,
            at=at,
            relation=relation,
            confidence=found.confidence,
        )

    yield from (hint(one, one.rule, Relation.DUPLICATE) for one in linking.suggested)
    yield from (hint(one, one.evidence, Relation.SIBLING) for one in linking.siblings)


def _stands_for(linking: Linking) -> dict[RecordId, ReportId]:
    return {one.record.id: one.report for one in linking.merged}
