"""A model of the past, trained again from the ledger: the same bytes, or a plain word why not."""

from collections.abc import Mapping
from dataclasses import replace

from classifier.ranker import Ranker
from flows.errors import Refused
from flows.steps.labels import labelled
from flows.steps.ranking import train, waiting_reports
from review.ids import ModelId, ReportId
from review.ledger import Ledger
from review.protocol import Protocol
from review.record import Report
from review.screening import settle
from review.suggestion import Model
from store.store import Store

__all__ = ["rebuild"]


def rebuild(protocol: Protocol, store: Store, model: ModelId) -> Ranker:
    """Train a model again from what was known when it was trained.

    Raises
    ------
    Refused
        Where the ledger has no such model; where a report it learned from has become part of another one
        since; or where the digest differs: the protocol's settings, the method or the libraries are others,
        or a text was changed.
    """
    card = _card(store, model)
    then = store.ledger().as_of(card.at)
    settlements = settle(then, protocol)
    labels = labelled(then, settlements)
    known = {*labels, *waiting_reports(settlements)}
    reports = _as_seen(store.reports(known), then)
    gone = sorted(known - set(reports))
    if gone:
        raise Refused(
            f"rebuild: {model}: found no report {gone[0]} ({len(gone)} in all); expected every report it "
            "learned from: they have become part of others since, so that its training set is gone"
        )
    background = store.background(held=card.at)
    ranker = train(protocol.classifier, reports, labels, settlements, background)
    if ranker.model_id_ != model:
        raise Refused(f"rebuild: {model}: found {_difference(ranker, card)}; expected the same digest")
    return ranker


def _card(store: Store, model: ModelId) -> Model:
    cards = {one.id: one for one in store.ledger().models}
    if model not in cards:
        raise Refused(
            f"rebuild: found no model {model} among {len(cards)}; expected the identifier of one: "
            "see the suggestions or the model cards"
        )
    return cards[model]


def _as_seen(reports: Mapping[ReportId, Report], then: Ledger) -> dict[ReportId, Report]:
    """Return the reports with the records alone through which they had been seen by then."""
    seen = {one.record for one in then.sightings}
    kept = {
        name: replace(report, records=tuple(one for one in report.records if one.id in seen))
        for name, report in reports.items()
    }
    return {name: report for name, report in kept.items() if report.records}


def _difference(ranker: Ranker, card: Model) -> str:
    digest = ranker.training_.digest()
    if digest != card.training_digest:
        return f"the training set {digest[:16]} where it had been {card.training_digest[:16]}: texts changed"
    return (
        f"{ranker.model_id_} from the same training set: the seed or the promise of the protocol, the method "
        "or the libraries are others now"
    )
