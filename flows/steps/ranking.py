"""Train on what people decided, and say of every waiting report how likely it is to matter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from classifier.background import presumed_negatives
from classifier.grade import Grade
from classifier.labels import Label
from classifier.ranker import Ranker
from flows.errors import Refused
from flows.steps.labels import graded, labelled
from review.ids import ReportId
from review.prisma import BASELINE
from review.protocol import ClassifierPlan, Protocol
from review.record import Record, Report
from review.screening import Settlement, Status, settle
from review.searching import Window
from review.suggestion import InForce, Model, Suggestion
from search.blocks import Blocks
from search.pubmed import PubMed
from store.store import Store

__all__ = [
    "BACKGROUND_LIMIT",
    "Ranking",
    "evaluate_model",
    "fetch_background",
    "graded",
    "rank_waiting",
    "train",
    "waiting_reports",
]

BACKGROUND_LIMIT = 1000
"""Presumed negatives in training: more brought nothing in the comparison of ``classifier``'s notes."""

_WAITING = {Status.AWAITING_SCREENING, Status.AWAITING_SECOND_VOTE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The model of one training and what it said of the waiting reports, best first."""

    model: Model
    suggestions: tuple[Suggestion, ...]


def rank_waiting(protocol: Protocol, store: Store, now: datetime) -> Ranking | None:
    """Rank every report that waits for screening; None where none waits or nothing was ever included.

    The model is named by the digest of what it learned from, so a second call with the same ledgers writes
    nothing. Where a decision was taken back since, it may be a model of before, which is put in force again.
    """
    ledger = store.ledger()
    settlements = settle(ledger, protocol)
    waiting = waiting_reports(settlements)
    labels = labelled(ledger, settlements)
    if not waiting or not _any_included(labels.values()):
        return None
    reports = store.reports({*waiting, *labels})
    ranker = train(protocol.classifier, reports, labels, settlements, store.background())
    model = ranker.model(now)
    store.add_model(model)
    records = [reports[report].record for report in waiting]
    suggestions = tuple(ranker.rank(records, at=now, reports=waiting))
    store.add_suggestions(suggestions)
    store.put_in_force(InForce(model=model.id, at=now))
    return Ranking(model=model, suggestions=suggestions)


def evaluate_model(protocol: Protocol, store: Store, now: datetime) -> Model:
    """Train on everything decided so far and return the model card with its cross-validated figures.

    Raises
    ------
    Refused
        When nothing was ever included: there is nothing to learn from.
    """
    ledger = store.ledger()
    settlements = settle(ledger, protocol)
    labels = labelled(ledger, settlements)
    if not _any_included(labels.values()):
        raise Refused("evaluate: found no included report; expected at least one; decide on some first")
    reports = store.reports({*waiting_reports(settlements), *labels})
    return train(protocol.classifier, reports, labels, settlements, store.background()).model(now)


def waiting_reports(settlements: Mapping[ReportId, Settlement]) -> list[ReportId]:
    """Return the reports that wait for a vote at screening."""
    return [report for report, found in settlements.items() if found.status in _WAITING]


def fetch_background(
    protocol: Protocol, blocks: Blocks, store: Store, pubmed: PubMed, *, until: date, now: datetime
) -> int:
    """Fetch presumed negatives, drawn without looking at any label; return how many are new.

    They come from a wider question (`search.pubmed.background`) than the review's own, and never enter the
    queue or a count. The window is always the whole span to `until`, not the run's own: a run that was broken
    off and begun again draws the same records.
    """
    plan = protocol.search.pubmed
    held = {one.id for one in store.background()}
    if plan is None or not plan.background or len(held) >= BACKGROUND_LIMIT:
        return 0
    window = Window(min(plan.since, until), until)
    query = f"({blocks.joined(plan.background)}) NOT ({blocks.full()})"
    pmids = pubmed.search(query, _answerable(query, pubmed, window)).pmids
    candidates = [Record(source="pubmed", accession=pmid, title="") for pmid in pmids]
    # What is held is not fetched again: it may read otherwise by now, and a record is written once.
    known = store.known([one.id for one in candidates]) | held
    drawn = presumed_negatives(
        candidates, BACKGROUND_LIMIT - len(held), seed=protocol.classifier.seed, exclude=known
    )
    fetched = pubmed.fetch([one.accession for one in drawn])
    return store.add_background(fetched.records, now)


def _answerable(query: str, pubmed: PubMed, window: Window, limit: int = 9_999) -> Window:
    """Return the latest part of the window that holds no more records than one answer may."""
    while window.start < window.end and pubmed.count(query, window) > limit:
        middle = window.start + (window.end - window.start + window.end.resolution) // 2
        window = Window(min(middle, window.end), window.end)
    return window


def train(
    plan: ClassifierPlan,
    reports: Mapping[ReportId, Report],
    labels: Mapping[ReportId, Label],
    settlements: Mapping[ReportId, Settlement],
    background: Iterable[Record],
) -> Ranker:
    """Train on the labelled reports, each called by its study where it tells of one, with what waits at hand.

    A record that is among the reports is no presumed negative, under whatever name it was drawn.
    """
    records = [reports[report].record for report in labels]
    waiting = [reports[report].record for report in waiting_reports(settlements)]
    names = [_name(reports[report], settlements[report]) for report in labels]
    return Ranker(seed=plan.seed, recall=plan.promise).fit(
        records,
        list(labels.values()),
        background=_presumed(background, [*records, *waiting]),
        names=names,
        waiting=waiting,
    )


def _any_included(labels: Iterable[Label]) -> bool:
    return any(one.grade is Grade.INCLUDED for one in labels)


def _presumed(background: Iterable[Record], known: Iterable[Record]) -> list[Record]:
    """Return the background without what became known since it was drawn."""
    rows = list(known)
    ids, pmids = {record.id for record in rows}, {record.pmid for record in rows if record.pmid}
    return [record for record in background if record.id not in ids and record.pmid not in pmids]


def _name(report: Report, settlement: Settlement) -> str:
    if settlement.study:
        return settlement.study
    return report.record.title if report.record.source != BASELINE else report.id
