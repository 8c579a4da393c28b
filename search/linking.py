"""Which records are reports seen before, and which may tell of a study seen before: two relations, never one.

Only identical identifiers merge by themselves. What else is alike is suggested to people, with its evidence
and a confidence; different PMIDs or DOIs never merge.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, runtime_checkable

from review.ids import RecordId, ReportId
from review.link import LIKELY
from review.record import Record, Report
from search.links.candidates import Candidate, candidates
from search.links.keys import filed_under, keys_of, title_key
from search.links.listing import ListIndex
from search.links.placing import Weighed, place
from search.links.same_report import Verdict

__all__ = [
    "DEFAULT_CONFIDENCE",
    "Duplicate",
    "KeyIndex",
    "LinkIndex",
    "Linking",
    "ListIndex",
    "Sibling",
    "filed_under",
    "link",
    "title_key",
]

DEFAULT_CONFIDENCE = LIKELY
"""From here on a suggestion is shown unasked; the weaker ones are kept for who asks."""

_SAME = ReportId("")
"""Stands for the report itself."""

_AT_ONCE = 500
"""Records whose keys are looked up together."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record that is, or may be, the same document as `report`, and the rule that says so.

    Parameters
    ----------
    confidence
        0 to 1, by the rule's own measure; not a probability.
    merges
        True only for identical identifiers: the record stands for `report` from now on. Otherwise it is a
        suggestion, and the record a report of its own until people agree.
    through
        The report under which the record that it matches names itself. It is `report`, or became `report` by
        a link that may be taken back: a link to `through` goes with it, there and back.
    """

    record: Record
    report: ReportId
    rule: str
    confidence: float = 1.0
    merges: bool = True
    through: ReportId = _SAME

    def __post_init__(self) -> None:
        object.__setattr__(self, "through", self.through or self.report)


@dataclass(frozen=True, slots=True)
class Sibling:
    """A hint that a record and `report` may tell of one study; the evidence begins with the kind."""

    record: Record
    report: ReportId
    evidence: str
    confidence: float = 0.5
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """Where records went: each merges by one of `duplicates`, or is in `new`.

    Parameters
    ----------
    duplicates
        Those that merge, and suggestions; a record may have several suggestions, beside merging too.
    siblings
        Hints, on new records and on merged ones that say more than their report did before.
    """

    duplicates: tuple[Duplicate, ...]
    siblings: tuple[Sibling, ...]
    new: tuple[Record, ...]

    @property
    def merged(self) -> tuple[Duplicate, ...]:
        """The records that are reports seen before: one entry for each."""
        return tuple(one for one in self.duplicates if one.merges)

    @property
    def suggested(self) -> tuple[Duplicate, ...]:
        """What may be one report, for people to say."""
        return tuple(one for one in self.duplicates if not one.merges)


class LinkIndex(Protocol):
    """Reports that are known, found by what their records carry."""

    def by_pmid(self, pmid: str) -> Sequence[Report]:
        """Return the reports with a record of that PMID."""
        ...

    def by_doi(self, doi: str) -> Sequence[Report]:
        """Return the reports with a record of that DOI, whatever its case."""
        ...

    def by_title_key(self, key: str) -> Sequence[Report]:
        """Return the reports with a record whose title has that `title_key`."""
        ...


@runtime_checkable
class KeyIndex(Protocol):
    """An index that files records under all their keys (`filed_under`), and is asked for many at once."""

    def by_keys(self, keys: Collection[str]) -> Mapping[str, Sequence[Report]]:
        """Return the reports under each key; keys that nothing is filed under may be left out."""
        ...


def link(records: Iterable[Record], index: LinkIndex) -> Linking:
    """Tell apart records of reports that `index` or an earlier one of `records` holds, and new ones.

    Parameters
    ----------
    records
        Not known by source and accession: the caller has taken those out.
    index
        What is known. One that is a `KeyIndex` too is asked for many keys at once, and finds more.

    Notes
    -----
    The same PMID merges unless title, and first author or year, speak against it; the same DOI, PMCID or
    register's number where title, page and the other identifiers do not. Titles that differ by a number,
    a part, or a word such as *protocol* or *follow-up* are two reports, and may be siblings.
    """
    batch = ListIndex()
    linked = _Linked()
    rest = iter(records)
    while several := list(islice(rest, _AT_ONCE)):
        keyed = [(record, keys_of(record)) for record in several]
        known = _known(index, {key for _, keys in keyed for key in keys.asked})
        for record, keys in keyed:
            found = _candidates(keys.asked, known, batch)
            stands_for = linked.take(record, place(record, found))
            for one in found:
                if one.report.id == stands_for:
                    batch.adopt(one.report)
            batch.file(stands_for, record, keys.filed)
    return Linking(
        duplicates=tuple(linked.duplicates), siblings=tuple(linked.siblings), new=tuple(linked.new)
    )


@dataclass(slots=True)
class _Linked:
    """What has been found so far."""

    duplicates: list[Duplicate] = field(default_factory=list)
    siblings: list[Sibling] = field(default_factory=list)
    new: list[Record] = field(default_factory=list)
    went: dict[RecordId, ReportId] = field(default_factory=dict)

    def take(self, record: Record, weighed: Sequence[Weighed]) -> ReportId:
        """Note what was found for a record; return the report it stands for."""
        stands_for = record.report_id
        for one in weighed:
            if one.verdict:
                sure = one.verdict
                self.duplicates.append(self._duplicate(record, one, sure))
                stands_for = one.report if sure.merges else stands_for
            elif tie := one.kinship:
                self.siblings.append(
                    Sibling(record, one.report, tie.evidence, confidence=tie.confidence, kind=tie.kind)
                )
        if not any(one.verdict and one.verdict.merges for one in weighed):
            self.new.append(record)
        return stands_for

    def _duplicate(self, record: Record, one: Weighed, sure: Verdict) -> Duplicate:
        # A record that merged a moment ago names no report that anything could be written under yet.
        through = self.went.get(RecordId(one.through), one.through)
        if sure.merges:
            self.went[record.id] = through
        return Duplicate(record, one.report, sure.rule, sure.confidence, sure.merges, through)


def _known(index: LinkIndex, keys: Collection[str]) -> Mapping[str, Sequence[Report]]:
    return index.by_keys(keys) if isinstance(index, KeyIndex) else dict(_one_by_one(index, keys))


def _one_by_one(index: LinkIndex, keys: Collection[str]) -> Iterator[tuple[str, Sequence[Report]]]:
    look_up = {"pmid": index.by_pmid, "doi": index.by_doi, "title": index.by_title_key}
    for key in keys:
        kind, _, value = key.partition(" ")
        if kind in look_up:
            yield key, look_up[kind](value)


def _candidates(
    keys: Sequence[str], known: Mapping[str, Sequence[Report]], batch: ListIndex
) -> list[Candidate]:
    recent = batch.by_keys(keys)
    found = candidates(keys, (recent, known))
    # A report of the index may have gained records in the batch.
    return [one.joined(batch.records(one.report.id)) for one in found]
