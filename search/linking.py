"""Which records are reports seen before, and which may tell of a study seen before: two relations, never one.

Different PMIDs or DOIs are never merged here, however alike the rest: that is for people, who get a hint.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from review.ids import ReportId
from review.record import Record, Report
from search.files.citation_fields import bare_doi
from search.links.likeness import Likeness, Titles, compare, normal_title

__all__ = ["Duplicate", "LinkIndex", "Linking", "ListIndex", "Sibling", "link", "title_key"]

_KEY = 32
_YEARS = 2
"""Labels, online and print dates of one report were seen up to two years apart."""
_DISTINCT = 25
"""Letters below which a title (*Editorial*, *Reply*) says too little by itself."""
_HINTED = 0.8


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record that is the same document as `report`, and the rule that says so."""

    record: Record
    report: ReportId
    rule: str


@dataclass(frozen=True, slots=True)
class Sibling:
    """A hint that a new record and `report` may tell of one study, or be one document after all."""

    record: Record
    report: ReportId
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """Where records went: each is in `duplicates` or in `new`; `siblings` are hints on new ones."""

    duplicates: tuple[Duplicate, ...]
    siblings: tuple[Sibling, ...]
    new: tuple[Record, ...]


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


@dataclass(slots=True)
class ListIndex:
    """An index in memory, of pairs of a report and a record of it."""

    pairs: Iterable[tuple[ReportId, Record]] = ()
    _records: dict[ReportId, list[Record]] = field(default_factory=dict)
    _reports: dict[str, dict[ReportId, None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for report, record in self.pairs:
            self.add(report, record)

    def add(self, report: ReportId, record: Record) -> None:
        """Let `record` be found as one of `report`."""
        self._records.setdefault(report, []).append(record)
        for key in (f"pmid {record.pmid}", f"doi {_doi(record)}", f"title {title_key(record.title)}"):
            if not key.endswith(" "):
                self._reports.setdefault(key, {})[report] = None

    def records(self, report: ReportId) -> tuple[Record, ...]:
        """Return the records of `report`; none where it is not known."""
        return tuple(self._records.get(report, ()))

    def by_pmid(self, pmid: str) -> tuple[Report, ...]:
        """Return the reports with a record of that PMID."""
        return self._found(f"pmid {pmid}")

    def by_doi(self, doi: str) -> tuple[Report, ...]:
        """Return the reports with a record of that DOI, whatever its case."""
        return self._found(f"doi {doi.lower()}")

    def by_title_key(self, key: str) -> tuple[Report, ...]:
        """Return the reports with a record whose title has that `title_key`."""
        return self._found(f"title {key}")

    def _found(self, key: str) -> tuple[Report, ...]:
        reports = self._reports.get(key, {})
        return tuple(Report(id=report, records=self.records(report)) for report in reports)


def title_key(title: str) -> str:
    """Return what titles of one report have in common: their first 32 letters and digits, normalised.

    It finds candidates. Two titles with one key need not be the same.
    """
    return normal_title(title)[:_KEY]


def link(records: Iterable[Record], index: LinkIndex) -> Linking:
    """Tell apart records of reports that `index` or an earlier one of `records` holds, and new ones.

    Parameters
    ----------
    records
        Not known by source and accession: the caller has taken those out.
    index
        What is known.

    Notes
    -----
    Identifiers go first, then a cautious rule: the same title (or one with a slip in it), not more than two
    years apart, with the same first page, or the same first author where no page or volume speaks against
    it. Titles that differ by a number, a part, or a word such as *protocol* or *follow-up* are never one.
    """
    batch = ListIndex()
    duplicates: list[Duplicate] = []
    siblings: list[Sibling] = []
    new: list[Record] = []
    for record in records:
        candidates = tuple(_candidates(record, index, batch))
        duplicate = next(_duplicates(record, candidates), None)
        if duplicate is not None:
            duplicates.append(duplicate)
            batch.add(duplicate.report, record)
        else:
            new.append(record)
            siblings.extend(_siblings(record, candidates))
            batch.add(record.report_id, record)
    return Linking(duplicates=tuple(duplicates), siblings=tuple(siblings), new=tuple(new))


def _candidates(record: Record, index: LinkIndex, batch: ListIndex) -> Iterator[Report]:
    """Give each report that shares a key once, with those of its records that came earlier in the batch."""
    found = {report.id: report for where in (batch, index) for report in _look_up(record, where)}
    for report in found.values():
        yield Report(id=report.id, records=tuple(dict.fromkeys((*report.records, *batch.records(report.id)))))


def _look_up(record: Record, index: LinkIndex) -> Iterator[Report]:
    if record.pmid:
        yield from index.by_pmid(record.pmid)
    if doi := _doi(record):
        yield from index.by_doi(doi)
    if key := title_key(record.title):
        yield from index.by_title_key(key)


def _duplicates(record: Record, candidates: Sequence[Report]) -> Iterator[Duplicate]:
    for report in candidates:
        if not any(_conflict(record, known) for known in report.records):
            rules = (_rule(record, known) for known in report.records)
            yield from (Duplicate(record, report.id, rule) for rule in rules if rule)


def _conflict(one: Record, other: Record) -> str:
    """Return the kind of identifier that both have and that differs."""
    pairs = (("PMID", one.pmid, other.pmid), ("DOI", _doi(one), _doi(other)))
    return next((kind for kind, mine, theirs in pairs if mine and theirs and mine != theirs), "")


def _rule(one: Record, other: Record) -> str:
    """Return the rule by which two records without conflicting identifiers are one report, or nothing."""
    if one.pmid and one.pmid == other.pmid:
        return "same PMID"
    like = compare(one, other)
    if like.titles is Titles.OTHER:
        return ""
    if _doi(one) and _doi(one) == _doi(other):
        return f"same DOI, {like.titles.value} title"
    if (like.years or 0) > _YEARS:
        return ""
    return _by_place(like, short=len(normal_title(one.title)) < _DISTINCT)


def _by_place(like: Likeness, *, short: bool) -> str:
    if like.page and (like.author if short else like.author is not False or like.volume):
        return f"{like.titles.value} title, same first page"
    spoken_against = like.page is False or like.volume is False
    if like.author and not spoken_against and (like.volume or not short):
        return f"{like.titles.value} title, same first author, no place that differs"
    return ""


def _siblings(record: Record, candidates: Sequence[Report]) -> Iterator[Sibling]:
    for report in candidates:
        evidence = next(filter(None, (_evidence(record, known) for known in report.records)), "")
        if evidence:
            yield Sibling(record, report.id, evidence)


def _evidence(one: Record, other: Record) -> str:
    shared = [
        kind
        for kind, mine, theirs in (("PMID", one.pmid, other.pmid), ("DOI", _doi(one), _doi(other)))
        if mine and mine == theirs
    ]
    like = compare(one, other)
    alike = like.author is not False and (like.author or like.closeness >= _HINTED)
    if not shared and not alike:
        return ""
    seen = (
        *(f"same {kind}" for kind in shared),
        f"titles agree to {like.closeness:.0%}",
        *(("same first author",) if like.author else ()),
        *((f"different {kind}",) if (kind := _conflict(one, other)) else ()),
    )
    return ", ".join(seen)


def _doi(record: Record) -> str:
    return (bare_doi(record.doi) or record.doi.strip()).lower()
