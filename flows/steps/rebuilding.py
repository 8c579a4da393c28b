"""A model of the past, trained again from the ledger: the same bytes, or a plain word why not."""

from collections.abc import Mapping

from classifier.ranker import Ranker
from flows.errors import Refused
from flows.steps.labels import labelled
from flows.steps.ranking import train, waiting_reports
from review.ids import ModelId, ReportId
from review.ledger import Ledger
from review.protocol import Protocol
from review.record import Record, Report
from review.screening import settle
from review.suggestion import Model
from store.store import Store

__all__ = ["rebuild"]


def rebuild(protocol: Protocol, store: Store, model: ModelId) -> Ranker:
    """Train a model again from what was known when it was trained.

    Raises
    ------
    Refused
        Where the ledger has no such model; where the store does not hold a report it learned from; or where
        the digest differs: the protocol's settings, the method or the libraries are others, a text was
        changed, or something was written at the very instant of the model, after it.
    """
    card = _card(store, model)
    then = store.ledger().as_of(card.at)
    settlements = settle(then, protocol)
    labels = labelled(then, settlements)
    known = {*labels, *waiting_reports(settlements)}
    reports = _as_known(store.reports(known), then)
    gone = sorted(known - set(reports))
    if gone:
        raise Refused(
            f"rebuild: {model}: found no report {gone[0]} ({len(gone)} in all); expected every report it "
            "learned from: the store does not hold their records, so that its training set is gone"
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


def _as_known(reports: Mapping[ReportId, Report], then: Ledger) -> dict[ReportId, Report]:
    """Return the reports as they stood then: with the records seen by then, and apart if they were."""
    records = {record.id: record for report in reports.values() for record in report.records}
    known: dict[ReportId, list[Record]] = {}
    for one in then.sightings:
        if one.record in records:
            seen = known.setdefault(one.report, [])
            # The record that names a report comes first.
            seen.insert(0 if ReportId(one.record) == one.report else len(seen), records[one.record])
    return {name: Report(id=name, records=tuple(seen)) for name, seen in known.items()}


def _difference(ranker: Ranker, card: Model) -> str:
    digest = ranker.training_.digest()
    if digest != card.training_digest:
        return f"the training set {digest[:16]} where it had been {card.training_digest[:16]}: texts changed"
    return (
        f"{ranker.model_id_} from the same training set: the seed or the promise of the protocol, the method "
        "or the libraries are others now"
    )
