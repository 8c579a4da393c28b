"""What the present method would have done, year by year: trained on what was known, ranking what came next.

By the ledger where it spans years: what was known is what had been decided by the end of the year before,
and what came is what was first seen in the year. A review whose decisions were all written down at once is
cut by the year of publication instead: decisions on older reports then count as known, whenever they were
made. The texts are those held today, which may be fuller than what was there to read at the time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import partial

import numpy as np

from classifier.evaluation import Split, run, with_ranker
from classifier.evaluation.history import Fate, Ranked, fate_of
from classifier.evaluation.judged import Judged, judge
from classifier.evaluation.protocols import Said
from classifier.grade import Grade
from classifier.training import TrainingSetError
from flows.steps.labels import graded
from review.ids import ModelId, ReportId
from review.ledger import Ledger
from review.protocol import Protocol
from review.record import Record, Report
from review.screening import Settlement, settle
from store.store import Store

__all__ = ["CutBy", "Year", "Years", "by_years"]

Advance = Callable[[int, str], None]


class CutBy(StrEnum):
    """What says in which year a report came."""

    LEDGER = "the day on which it was first seen"
    PUBLICATION = "its year of publication"


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One year: what was known at its beginning, and how what came in it was ranked.

    Parameters
    ----------
    known_included, known_others
        Reports that the training knew as included, and as judged otherwise.
    came
        Reports that came in the year.
    judged
        None where nothing could be ranked or there was nothing to find; then `cannot_say` says why.
    """

    year: int
    known_included: int
    known_others: int
    came: int
    judged: Judged | None
    cannot_say: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """All years, and what they say together; `pooled` is None where no year says anything."""

    cut_by: CutBy
    years: tuple[Year, ...]
    pooled: Judged | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What is cut into years."""

    protocol: Protocol
    store: Store
    ledger: Ledger
    settlements: Mapping[ReportId, Settlement]
    reports: Mapping[ReportId, Report]
    came: Mapping[ReportId, int]
    cut_by: CutBy

    def fate(self, report: ReportId) -> Fate:
        return fate_of(self.settlements.get(report))

    def arrived(self, year: int) -> list[ReportId]:
        return [report for report, when in self.came.items() if when == year]

    def known(self, year: int) -> dict[ReportId, Grade]:
        """Return the grades that were known before a year began."""
        if self.cut_by is CutBy.PUBLICATION:
            labels = graded(self.settlements)
            return {report: grade for report, grade in labels.items() if self.came.get(report, year) < year}
        before = self.ledger.as_of(datetime(year, 1, 1, tzinfo=UTC) - timedelta(microseconds=1))
        means = self.ledger.means()
        labels = graded(settle(before, self.protocol))
        return {means.get(report, report): grade for report, grade in labels.items()}


def by_years(protocol: Protocol, store: Store, *, advance: Advance = lambda _done, _what: None) -> Years:
    """Train at the beginning of each year and rank what came in it.

    Only years in which something included came, and years that the training cannot serve, are listed.

    Parameters
    ----------
    advance
        Told how many years are done, and which one is at work.
    """
    case, known = _cut(protocol, store)
    done: list[Year] = []
    ranked: list[Ranked] = []
    for number, (year, labels) in enumerate(known.items()):
        advance(number, f"training as at the beginning of {year}")
        outcome, rows = _one(case, year, labels)
        done.append(outcome)
        ranked.extend(rows)
    pooled = judge(ranked, seed=protocol.classifier.seed) if ranked else None
    return Years(cut_by=case.cut_by, years=tuple(done), pooled=pooled, sentence=_sentence(done, pooled))


def _cut(protocol: Protocol, store: Store) -> tuple[_Case, dict[int, dict[ReportId, Grade]]]:
    """Cut by the ledger, or where that gives no year by the years of publication."""
    case = _case(protocol, store, CutBy.LEDGER)
    known = _usable(case)
    if not known:
        case = _case(protocol, store, CutBy.PUBLICATION)
        known = _usable(case)
    return case, known


def _case(protocol: Protocol, store: Store, cut_by: CutBy) -> _Case:
    ledger = store.ledger()
    settlements = settle(ledger, protocol)
    reports = store.reports(settlements)
    came = _first_seen(ledger) if cut_by is CutBy.LEDGER else _published(reports)
    return _Case(
        protocol=protocol,
        store=store,
        ledger=ledger,
        settlements=settlements,
        reports=reports,
        came=came,
        cut_by=cut_by,
    )


def _first_seen(ledger: Ledger) -> dict[ReportId, int]:
    first: dict[ReportId, int] = {}
    for one in ledger.sightings:
        first[one.report] = min(one.at.year, first.get(one.report, one.at.year))
    return first


def _published(reports: Mapping[ReportId, Report]) -> dict[ReportId, int]:
    years = {report: found.record.year for report, found in reports.items()}
    return {report: year for report, year in years.items() if year is not None}


def _usable(case: _Case) -> dict[int, dict[ReportId, Grade]]:
    """Return the years in which something included came after something included was known, with what was."""
    found = sorted({when for report, when in case.came.items() if case.fate(report) is Fate.INCLUDED})
    known = {year: case.known(year) for year in found}
    return {year: labels for year, labels in known.items() if Grade.INCLUDED in labels.values()}


def _one(case: _Case, year: int, labels: Mapping[ReportId, Grade]) -> tuple[Year, list[Ranked]]:
    came = [report for report in case.arrived(year) if report not in labels]
    included = list(labels.values()).count(Grade.INCLUDED)
    about = partial(
        Year, year=year, known_included=included, known_others=len(labels) - included, came=len(came)
    )
    split = _split(case, year, labels, came)
    try:
        said = run(split, with_ranker(seed=_seed(case), recall=case.protocol.classifier.promise)).said
    except TrainingSetError as problem:
        return about(judged=None, cannot_say=f"cannot say: {problem}"), []
    rows = list(_rows(case, year, came, said))
    return about(judged=judge(rows, seed=_seed(case))), rows


def _seed(case: _Case) -> int:
    return case.protocol.classifier.seed


def _split(case: _Case, year: int, labels: Mapping[ReportId, Grade], came: Sequence[ReportId]) -> Split:
    return Split(
        name=str(year),
        judged=[case.reports[report].record for report in labels],
        grades=list(labels.values()),
        background=_apart(case.store.background(date(year - 1, 12, 31)), case.reports.values()),
        ranked=[case.reports[report].record for report in came],
        included=np.array([case.fate(report) is Fate.INCLUDED for report in came], dtype=bool),
    )


def _apart(background: Iterable[Record], reports: Iterable[Report]) -> list[Record]:
    pmids = {record.pmid for report in reports for record in report.records if record.pmid}
    return [record for record in background if record.pmid not in pmids]


def _rows(case: _Case, year: int, came: Sequence[ReportId], said: Said) -> Iterator[Ranked]:
    order = sorted(range(len(came)), key=lambda i: (-said.scores[i], came[i]))
    for rank, i in enumerate(order, start=1):
        yield Ranked(
            report=came[i],
            model=ModelId(f"as at the beginning of {year}"),
            rank=rank,
            of=len(came),
            flagged=said.flagged is None or bool(said.flagged[i]),
            at=datetime(year, 1, 1, tzinfo=UTC),
            fate=case.fate(came[i]),
            probability=None if said.probabilities is None else float(said.probabilities[i]),
        )


def _sentence(years: Sequence[Year], pooled: Judged | None) -> str:
    if pooled is None:
        return "Cannot say: n years with an included report to learn from and another to find is 0."
    return f"{len(years)} years, each ranked by a model of the years before it. {pooled.sentence}"
